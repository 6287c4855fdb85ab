"""From what a failed check showed to what is said about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.diagnosis.factors import Properties, simplest
from grader.diagnosis.family import Family
from grader.diagnosis.library import Library
from grader.diagnosis.match import Explanation, explain
from grader.diagnosis.sketch import Seen


@dataclass(frozen=True)
class Diagnosis:
    """What is known about the mistakes behind one failed check.

    `mistakes` has an entry for each: the families that fit it equally well, by their keys.
    `complete` says that they explain all that is wrong. `only_when` is a property that
    exactly the failing configurations share, '' if there is none.
    """

    mistakes: tuple[tuple[str, ...], ...] = ()
    complete: bool = False
    only_when: str = ""

    def __bool__(self) -> bool:
        return bool(self.mistakes or self.only_when)


def diagnose(
    seen: Mapping[str, Seen],
    library: Library | None,
    families: Mapping[str, Family],
    failing: Sequence[Properties],
    passing: Sequence[Properties],
) -> Diagnosis:
    """Match what the check showed, and look for what the failing configurations share.

    Families that nobody has words for are left out.
    """
    found: Explanation | None = explain(seen, library) if library is not None else None
    mistakes = tuple(
        known
        for alternatives in (found.mistakes if found else ())
        if (known := tuple(family for family in alternatives if family in families))
    )
    complete = found is not None and found.complete and len(mistakes) == len(found.mistakes)
    return Diagnosis(mistakes, complete, simplest(failing, passing))
