"""Shares as per cent."""

from fractions import Fraction

import pytest

from grader.authoring.classroom.report import percent


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0%"),
        (1.0, "100%"),
        (249 / 302, "82%"),
        (1195 / 1200, "99.6%"),
        (5 / 1200, "0.4%"),
        (1 / 12_000, "<0.1%"),
        (11_999 / 12_000, ">99.9%"),
    ],
)
def test_counted(share, text):
    """A rate is whole; it is 0% for none only and 100% for all only."""
    assert percent.counted(share) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Fraction(1, 8), "12.5%"),
        (0.375, "37.5%"),
        (0.8, "80%"),
        (0.29, "29%"),
        (Fraction(2, 15), "13.33%"),
        (0, "0%"),
        (1, "100%"),
    ],
)
def test_given(share, text):
    """What somebody has set is told with its decimals, and without those of floats."""
    assert percent.given(share) == text
