"""How sure an accuracy is that was measured on a part of the images."""

from math import comb

import pytest

from grader.evaluation.intervals import wilson

ENDLESS = 10**12


@pytest.mark.parametrize(
    ("right", "asked", "low", "high"),
    [
        (0, 1, 0.0, 0.793457),
        (1, 10, 0.017876, 0.404150),
        (10, 100, 0.055229, 0.174367),
        (90, 100, 0.825633, 0.944771),
    ],
)
def test_without_an_end_of_images_it_is_wilsons(right, asked, low, high):
    """Among endlessly many images the interval is that of the usual tables."""
    assert wilson(right, asked, ENDLESS) == pytest.approx((low, high), abs=1e-5)


@pytest.mark.parametrize(("right", "asked"), [(0, 50), (20, 50), (50, 50)])
def test_every_bound_is_where_the_score_test_turns(right, asked):
    """At each bound the distance is z standard deviations of a draw without replacement."""
    total = 400
    share = right / asked
    for p in wilson(right, asked, total):
        if not (right / total < p < (right + total - asked) / total):
            continue
        variance = p * (1 - p) / asked * (total - asked) / (total - 1)
        assert (share - p) ** 2 == pytest.approx(1.959964**2 * variance)


def test_more_images_make_it_narrower_and_all_of_them_certain():
    """With all images predicted nothing is left to guess."""
    widths = [high - low for low, high in (wilson(n // 2, n, 1000) for n in (10, 100, 500, 1000))]
    assert widths == sorted(widths, reverse=True)
    assert wilson(500, 1000, 1000) == (0.5, 0.5)


@pytest.mark.parametrize(("right", "asked", "total"), [(0, 9, 10), (9, 9, 10), (1, 2, 3)])
def test_what_was_counted_bounds_it(right, asked, total):
    """Right answers stay right, and wrong ones wrong, whatever the others are."""
    low, high = wilson(right, asked, total)
    assert right / total <= low <= high <= (right + total - asked) / total


@pytest.mark.parametrize(("asked", "total"), [(10, 200), (100, 200), (180, 200), (30, 1000)])
def test_it_holds_the_truth_about_as_often_as_it_says(asked, total):
    """Averaged over all possible truths, 94 to 96 of 100 samples have it in their interval."""
    covered = []
    for truth in range(0, total + 1, total // 100):
        chance = 0.0
        for right in range(max(0, asked + truth - total), min(asked, truth) + 1):
            low, high = wilson(right, asked, total)
            if low - 1e-12 <= truth / total <= high + 1e-12:
                ways = comb(truth, right) * comb(total - truth, asked - right)
                chance += ways / comb(total, asked)
        covered.append(chance)
    assert 0.94 < sum(covered) / len(covered) < 0.96


@pytest.mark.parametrize(("right", "asked", "total"), [(0, 0, 5), (3, 2, 5), (1, 6, 5), (-1, 2, 5)])
def test_what_is_no_sample_is_refused(right, asked, total):
    """More right than asked, more asked than there are, or none at all."""
    with pytest.raises(ValueError, match="is no sample"):
        wilson(right, asked, total)
