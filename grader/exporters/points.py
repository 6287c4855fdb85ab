"""Exact points as the decimals that a table shows, such that the table adds up."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

PLACES = 100  # two decimals


def shown(points: Fraction) -> str:
    """The points with at most two decimals and no trailing zeros: '7', '1.25', '0.3'."""
    return f"{float(points):.2f}".rstrip("0").rstrip(".")


def shares(values: Sequence[Fraction], caps: Sequence[float] | None = None) -> list[float]:
    """Round each value to two decimals so that the sum is the rounded sum of the values.

    The values are rounded down, and what is then missing goes to those with the largest
    remainders. None exceeds its cap; a value without points stays without.
    """
    exact = [value * PLACES for value in values]
    tops = [ceil(value) for value in exact]
    if caps is not None:
        tops = [min(top, round(cap * PLACES)) for top, cap in zip(tops, caps, strict=True)]
    units = [min(floor(value), top) for value, top in zip(exact, tops, strict=True)]
    lacking = round(sum(exact, Fraction(0))) - sum(units)
    for index in sorted(range(len(units)), key=lambda index: units[index] - exact[index]):
        if lacking > 0 and units[index] < tops[index]:
            units[index] += 1
            lacking -= 1
    return [unit / PLACES for unit in units]
