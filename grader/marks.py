"""Decorators of a check: gradescope-utils' own, and six that it does not have.

    @number("1.2")
    @weight(1.75)
    @cases(CONVOLUTIONS)
    @limit(cpu_seconds=10)
    @exercises("modules/convolution.py", "Conv2D.forward", "Conv2D.backward")
    def test_conv_backward(part1, case, tape):
        '''Conv2D.backward: dx, dw and db'''

They only set attributes on the function; `grader.plugin` reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

from gradescope_utils.autograder_utils.decorators import (
    leaderboard,
    number,
    partial_credit,
    tags,
    visibility,
    weight,
)

from grader.diagnosis.family import Family

Check = TypeVar("Check", bound=Callable[..., None])

CORE = "core"
WIDE = "wide"
DEFAULT_CPU_SECONDS = 10.0


@dataclass(frozen=True)
class Case:
    """One configuration of a check.

    `name` is what the student reads ("padding 0"). `domain` is CORE for what the
    course itself uses, else WIDE. `share` fixes this case's part of the check's
    points; without it the core cases divide the core share evenly, the wide ones the rest.
    """

    name: str
    domain: str = CORE
    share: Fraction | None = None

    def properties(self) -> dict[str, bool]:
        """What is true of this configuration, by the words that a student reads.

        When a check fails exactly where one of them is true, its hint says so.
        """
        return {}


def cases(entries: Sequence[Case]) -> Callable[[Check], Check]:
    """Run the check once for each entry, which it gets as its `case` argument."""

    def mark(check: Check) -> Check:
        check.__cases__ = tuple(entries)  # type: ignore[attr-defined]
        return check

    return mark


def limit(cpu_seconds: float) -> Callable[[Check], Check]:
    """Give the check its own limit of CPU seconds, all cases together."""

    def mark(check: Check) -> Check:
        check.__cpu_seconds__ = cpu_seconds  # type: ignore[attr-defined]
        return check

    return mark


def advice(text: str) -> Callable[[Check], Check]:
    """Say what makes the code that the check runs faster or smaller: a sentence or two.

    Students read it, as plain text, when the check is slow or needs much memory.
    """

    def mark(check: Check) -> Check:
        check.__advice__ = text  # type: ignore[attr-defined]
        return check

    return mark


def handout(section: str) -> Callable[[Check], Check]:
    """Name the section of the handout to look at when the check fails, by its heading."""

    def mark(check: Check) -> Check:
        check.__handout__ = section  # type: ignore[attr-defined]
        return check

    return mark


@dataclass(frozen=True)
class Exercise:
    """Functions of the student's that a check runs, by qualified name, and their file.

    `when` says in which cases, `unless` names a file that may do the same in its place.
    """

    path: str
    functions: tuple[str, ...]
    when: Callable[[Any], bool]
    unless: str

    def concerns(self, case: Case) -> bool:
        """Whether this case runs the functions."""
        return self.when(case)


def exercises(
    path: str, *functions: str, when: Callable[[Any], bool] = lambda _: True, unless: str = ""
) -> Callable[[Check], Check]:
    """Name functions that the check runs, and their file in the part's folder.

    A case that fails while one of them is as the template has it is "not started", not
    "wrong"; where there are several, the first is named. May be repeated.
    """

    def mark(check: Check) -> Check:
        added = Exercise(path, functions, when, unless)
        # Decorators work from the bottom up, and are read from the top down.
        check.__exercises__ = (added, *getattr(check, "__exercises__", ()))  # type: ignore[attr-defined]
        return check

    return mark


def diagnosed(families: Mapping[str, Family]) -> Callable[[Check], Check]:
    """Name the likely mistake when the check fails: its known families, by their keys.

    Their fingerprints are on the tape; see `grader.diagnosis`.
    """

    def mark(check: Check) -> Check:
        check.__families__ = families  # type: ignore[attr-defined]
        return check

    return mark


def shares(entries: Sequence[Case], core_share: Fraction) -> list[Fraction]:
    """Each case's part of the check's points; they add up to 1.

    A domain without cases leaves its share to the other one.
    """
    fixed = sum((case.share for case in entries if case.share is not None), Fraction(0))
    free = [case for case in entries if case.share is None]
    cores = sum(case.domain == CORE for case in free)
    wides = len(free) - cores
    rest = 1 - fixed
    if not wides:
        core_total, wide_total = rest, Fraction(0)
    elif not cores:
        core_total, wide_total = Fraction(0), rest
    else:
        core_total, wide_total = rest * core_share, rest * (1 - core_share)
    return [
        case.share
        if case.share is not None
        else (core_total / cores if case.domain == CORE else wide_total / wides)
        for case in entries
    ]


__all__ = [
    "CORE",
    "WIDE",
    "Case",
    "Exercise",
    "advice",
    "cases",
    "diagnosed",
    "exercises",
    "handout",
    "leaderboard",
    "limit",
    "number",
    "partial_credit",
    "shares",
    "tags",
    "visibility",
    "weight",
]
