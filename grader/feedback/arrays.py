"""Arrays that are wrong: what came, and in words what should have come."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from grader.errors import WrongResult
from grader.feedback.text import code
from grader.numerics.compare import Difference

_SMALL = 4
_LARGEST = 1000
_EXACT = 1e-6


def wrong_result(
    differences: Mapping[str, Difference], meaning: Mapping[str, str], advice: str = ""
) -> WrongResult:
    """The error for arrays that are wrong, with a sentence of advice.

    `meaning` says what each array should be, in words; a check shows that once, whatever the
    number of its cases.
    """
    text = f"{wrong_arrays(differences)} {advice}".rstrip()
    expected = {name: meaning[name] for name in differences if name in meaning}
    return WrongResult(text, expected=expected)


def wrong_arrays(differences: Mapping[str, Difference]) -> str:
    """What came in place of each array: a sentence or two for each."""
    return " ".join(_sentence(name, item) for name, item in differences.items())


def _sentence(name: str, item: Difference) -> str:
    subject = f"`{name}`"
    if item.kind == "none":
        return f"{subject} is None: nothing was computed or returned."
    if item.kind == "type":
        return f"{subject} is a {code(item.note)}, not an array."
    if item.kind == "shape":
        expected = item.expected_shape or "a single number"
        return f"{subject} has shape {item.got_shape}, expected {expected}."
    if item.kind == "finite" and item.total == 1:
        return f"{subject} is NaN or infinite."
    if item.kind == "finite":
        return (
            f"{subject} has {item.wrong} of {item.total} entries that are NaN or infinite, "
            f"the first at index {item.worst}."
        )
    return f"{subject}{_values(item)}"


def _values(item: Difference) -> str:
    """What is wrong in values of the right shape, as the rest of a sentence about the array."""
    if item.total == 1:  # no ratio: who knows their number and its ratio knows the right one
        return " has a wrong value."
    if item.ratio is not None:
        return f": every entry {_ratio(item.ratio)}."
    if item.wrong == item.total:
        text = ": all entries are wrong."
    else:
        count = f"{item.wrong} of {item.total}"
        text = f": {count} entries are wrong, the worst at index {item.worst}."
    return f"{text} What it looks like: {item.pattern}." if item.pattern else text


def _ratio(ratio: float) -> str:
    """A constant ratio, in numbers only where it is one that a mistake makes.

    Any other number may come from the right values: with it and the own array, a student
    could compute them.
    """
    near = Fraction(ratio).limit_denominator(_LARGEST)
    size, parts = abs(near.numerator), near.denominator
    small = max(size, parts) <= _SMALL or min(size, parts) <= 1
    if size > _LARGEST or not small or abs(ratio - near) > _EXACT * abs(near):
        return "is off by one and the same factor"
    if near in (0, -1):
        return "is 0" if near == 0 else "has the opposite sign"
    return f"is {near} times what it should be" if parts == 1 else f"is {near} of what it should be"
