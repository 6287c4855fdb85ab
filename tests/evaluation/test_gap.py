"""How far the accuracies on two sets of images may lie apart."""

import numpy as np
import pytest

from grader.evaluation.gap import ALLOWANCE, Count, bound


def test_more_images_allow_less():
    """What chance may do shrinks with both sets; the allowance stays."""
    small = bound(Count(850, 1000), Count(170, 200))
    middle = bound(Count(8500, 10_000), Count(1700, 2000))
    large = bound(Count(8_500_000, 10_000_000), Count(8_500_000, 10_000_000))
    assert small > middle > large > ALLOWANCE
    assert large == pytest.approx(ALLOWANCE, abs=1e-3)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_network_that_is_always_right_or_wrong_has_a_bound(share):
    """No variance in what was seen is no certainty."""
    assert bound(Count(int(100 * share), 100), Count(int(100 * share), 100)) > ALLOWANCE


@pytest.mark.parametrize("share", [0.1, 0.4, 0.65, 0.9, 0.99])
def test_honest_networks_stay_below_it_without_the_allowance(share):
    """Of 20 000 networks that are equally good on both sets, at most a few pass what Z allows."""
    rng = np.random.default_rng(3)
    public = rng.binomial(10_000, share, 20_000)
    private = rng.binomial(2000, share, 20_000)
    over = sum(
        p / 10_000 - q / 2000 > bound(Count(p, 10_000), Count(q, 2000)) - ALLOWANCE
        for p, q in zip(public.tolist(), private.tolist())
    )
    assert over <= 4


@pytest.mark.parametrize(
    ("public", "private", "over"),
    [(0.4654, 0.4353, False), (0.6536, 0.6160, False), (0.8904, 0.8801, False), (0.97, 0.6, True)],
)
def test_measured_gaps_are_told_apart(public, private, over):
    """What honest networks lose on a perturbed copy is below, a look-up or over-training above."""
    known, unknown = Count(int(10_000 * public), 10_000), Count(int(2000 * private), 2000)
    assert (known.share - unknown.share > bound(known, unknown)) is over
