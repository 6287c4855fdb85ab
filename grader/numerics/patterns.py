"""What a wrong array looks like beside the right one, in words that give no value away."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

# Of the largest right entry, like `grader.numerics.compare.TOLERANCE`.
TOLERANCE = 1e-5
_LEAST = 6  # entries; in smaller arrays, patterns are there by chance


def pattern(got: Array, right: Array) -> str:
    """How `got` relates to `right`, which it does not equal: both of one shape.

    A clause such as "the last two axes are swapped", or '' if nothing is recognised.
    """
    if got.shape != right.shape or right.size < _LEAST:
        return ""
    scale = TOLERANCE * (float(np.abs(right).max()) or 1.0)
    if not np.abs(got).max() > scale:
        return "all entries are 0"
    for words, candidate in _rearranged(right):
        if candidate.shape == got.shape and np.abs(got - candidate).max() <= scale:
            return words
    return _where(np.abs(got - right) <= scale, right != 0)


def _rearranged(right: Array) -> list[tuple[str, Array]]:
    """Arrays that the right one becomes by a single step."""
    found = [("the sign is the opposite", -right)]
    if right.ndim > 1:
        found += [
            ("the last two axes are swapped", np.swapaxes(right, -1, -2)),
            ("the first two axes are swapped", np.swapaxes(right, 0, 1)),
            ("rows and columns are in reverse order", right[..., ::-1, ::-1]),
            ("the rows are in reverse order", right[..., ::-1, :]),
            ("the columns are in reverse order", right[..., ::-1]),
        ]
    return found


def _where(fits: Array, matters: Array) -> str:
    """Which entries are right, where that is all along an axis but for its first or last.

    What the axes mean differs from array to array, so they are told by their numbers. An
    entry that does not matter is right without any work, since 0 is right there.
    """
    for axis in range(fits.ndim):
        others = tuple(other for other in range(fits.ndim) if other != axis)
        whole = np.asarray(fits.all(axis=others))
        earned = whole & np.asarray(matters.any(axis=others))
        for kind, slices in (("right", whole), ("wrong", ~whole)):
            if len(slices) > 1 and slices.sum() == 1 and (slices[0] or slices[-1]) and earned.any():
                place = "first" if slices[0] else "last"
                what = f"slice along axis {axis}" if fits.ndim > 1 else "entry"
                return f"only the {place} {what} is {kind}"
    return ""
