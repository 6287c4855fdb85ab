"""Exact points as numbers that add up."""

from fractions import Fraction

import pytest

from grader.exporters.points import shares, shown


@pytest.mark.parametrize(
    ("points", "text"),
    [("7", "7"), ("10", "10"), ("0", "0"), ("5/4", "1.25"), ("1/3", "0.33"), ("200", "200")],
)
def test_shown(points, text):
    """At most two decimals, and no zeros at the end."""
    assert shown(Fraction(points)) == text


def test_thirds_add_up():
    """Three thirds make one, though each is shown with two decimals."""
    assert shares([Fraction(1, 3)] * 3) == [0.34, 0.33, 0.33]


def test_never_above_the_cap():
    """What is rounded up stays below its cap, and full points are exactly the maximum."""
    maxima = shares([Fraction(7, 3)] * 3)
    assert shares([Fraction(7, 3)] * 3, maxima) == maxima
    assert shares([Fraction(999, 1000)], [0.99]) == [0.99]


def test_nothing_stays_nothing():
    """A check without points gets none of what rounding leaves over."""
    values = [Fraction(0), Fraction(1, 3), Fraction(2, 3)]
    assert shares(values, [1.0, 1.0, 1.0]) == [0.0, 0.33, 0.67]
    assert shares([]) == []
