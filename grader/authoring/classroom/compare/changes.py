"""What changed between two gradings: per student and check, with the reasons.

Checks' points are those before a late penalty, which has a change of its own where it is
another. A submission that one grading failed at has one change, that of the whole, and so has
one with points that the new grading does not have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from grader.authoring.classroom.compare import causes
from grader.authoring.classroom.compare.candidates import (
    Between,
    Cause,
    Kind,
    between,
    graded,
)
from grader.authoring.classroom.compare.pairs import Pair, Single, pair
from grader.authoring.classroom.compare.reading import Grading
from grader.authoring.classroom.records import Record, Student
from grader.outcomes import CheckOutcome, Run

LATE, WHOLE = "late", "whole"
NOTHING = Fraction(0)


@dataclass(frozen=True)
class Change:
    """Other points than before; None where a grading has no such check, or none at all.

    `check` is a number, `LATE` for the late penalty (its points are what it takes, below 0) or
    `WHOLE` for a submission that one of the gradings failed at, or that is gone. `cases` are the
    names of those that fail and did not before. `causes` is never empty.
    """

    check: str
    title: str
    old: Fraction | None
    new: Fraction | None
    causes: tuple[Cause, ...]
    cases: tuple[str, ...] = ()

    @property
    def difference(self) -> Fraction:
        """Points gained, below 0 for a fall."""
        return (self.new or NOTHING) - (self.old or NOTHING)


@dataclass(frozen=True)
class Standing:
    """One submission's two gradings; `key` is that of the new one, where it is there.

    The scores are None where the submission could not be graded, or is not there.
    """

    key: str
    old_key: str
    students: tuple[Student, ...]
    old: Fraction | None
    new: Fraction | None
    changes: tuple[Change, ...]

    @property
    def difference(self) -> Fraction:
        """Points gained in all, below 0 for a fall."""
        return (self.new or NOTHING) - (self.old or NOTHING)


@dataclass(frozen=True)
class CheckTotal:
    """What a check's changes amount to in the class."""

    check: str
    title: str
    falls: int
    rises: int
    difference: Fraction


@dataclass(frozen=True)
class Comparison:
    """Two gradings of a class: `standings` are in both, the others in one of them.

    They have the order of their keys, which may tell names where nothing else does: what is
    shown is in an order of what is shown. `between` says for each kind of candidate in how many
    submissions it is met.
    """

    old_place: Path
    new_place: Path
    standings: tuple[Standing, ...]
    appeared: tuple[Standing, ...]
    vanished: tuple[Standing, ...]
    between: tuple[tuple[Cause, int], ...]

    def falls(self, name: Callable[[Standing], str]) -> list[tuple[Standing, Change]]:
        """Every fall of a check, the greatest first, equal ones in the order of their names."""
        rows = ((one, change) for one in self._former for change in one.changes)
        return sorted(
            ((one, change) for one, change in rows if change.difference < 0),
            key=lambda row: (row[1].difference, name(row[0]), _order(row[1].check)),
        )

    def changed(self, name: Callable[[Standing], str]) -> list[Standing]:
        """Those with any change, the greatest loss in all first, equal ones by their names."""
        found = (one for one in self._former if one.changes)
        return sorted(found, key=lambda one: (one.difference, name(one)))

    def mean(self, *, new: bool) -> Fraction:
        """The mean score of those who are in both; one that could not be graded counts 0."""
        scores = [(one.new if new else one.old) or NOTHING for one in self.standings]
        return sum(scores, NOTHING) / len(scores) if scores else NOTHING

    def by_check(self) -> list[CheckTotal]:
        """The checks with any change, those that cost the class most first."""
        rows: dict[str, list[Change]] = {}
        for one in self._former:
            for change in one.changes:
                rows.setdefault(change.check, []).append(change)
        totals = [
            CheckTotal(
                check,
                changes[0].title,
                sum(change.difference < 0 for change in changes),
                sum(change.difference > 0 for change in changes),
                sum((change.difference for change in changes), NOTHING),
            )
            for check, changes in rows.items()
        ]
        return sorted(totals, key=lambda total: (total.difference, _order(total.check)))

    def by_reason(self) -> list[tuple[tuple[Kind, ...], int, int]]:
        """The kinds of causes that came together, with falls and rises, the most frequent first."""
        falls: Counter[tuple[Kind, ...]] = Counter()
        rises: Counter[tuple[Kind, ...]] = Counter()
        for one in self._former:
            for change in one.changes:
                kinds = tuple(dict.fromkeys(cause.kind for cause in change.causes))
                (falls if change.difference < 0 else rises)[kinds] += 1
        everything = falls + rises
        return [(kinds, falls[kinds], rises[kinds]) for kinds, _ in everything.most_common()]

    @property
    def _former(self) -> tuple[Standing, ...]:
        """All of the old grading: those who have something to lose."""
        return (*self.standings, *self.vanished)


def compare(old: Grading, new: Grading) -> Comparison:
    """Hold two gradings against each other, student by student."""
    pairing = pair(old.records, new.records)
    met: Counter[Cause] = Counter()
    standings = []
    for both in pairing.pairs:
        found = between(both.old, both.new)
        met.update(_met(found))
        standings.append(_standing(both, found))
    return Comparison(
        old.place,
        new.place,
        tuple(standings),
        tuple(map(_appeared, pairing.appeared)),
        tuple(map(_vanished, pairing.vanished)),
        tuple(met.most_common()),
    )


def score(record: Record) -> Fraction | None:
    """What a submission got; None where it could not be graded."""
    run = graded(record)
    return None if run is None else run.score


def _standing(both: Pair, found: Between) -> Standing:
    old, new = both.old, both.new
    return Standing(
        new.key,
        old.key,
        both.students,
        score(old),
        score(new),
        tuple(change for change in _changes(old, new, found) if change.difference),
    )


def _appeared(single: Single) -> Standing:
    key = single.record.key
    return Standing(key, key, single.students, None, score(single.record), ())


def _vanished(single: Single) -> Standing:
    key, had = single.record.key, score(single.record)
    changes = (_whole(had, None, causes.of_vanishing()),) if had else ()
    return Standing(key, key, single.students, had, None, changes)


def _changes(old: Record, new: Record, found: Between) -> Iterator[Change]:
    """Every check's two results, and the penalty's, with the reasons of what differs."""
    before, after = graded(old), graded(new)
    if before is None or after is None:
        if before is not after:
            failed = old if before is None else new
            why = causes.of_failure(failed, found, now=after is None)
            yield _whole(score(old), score(new), why)
        return
    former = {check.number: check for check in before.checks}
    for check in after.checks:
        yield _change(former.pop(check.number, None), check, before, found)
    for check in former.values():
        why = causes.of_absence(check.number, after, gone=True)
        yield Change(check.number, check.title, check.points, None, why)
    if before.penalty != after.penalty:
        took, takes = (-run.points * run.penalty for run in (before, after))
        why = causes.of_lateness(before, after, found)
        yield Change(LATE, "the late penalty", took, takes, why)


def _change(old: CheckOutcome | None, new: CheckOutcome, before: Run, found: Between) -> Change:
    if old is None:
        why = causes.of_absence(new.number, before, gone=False)
        return Change(new.number, new.title, None, new.points, why)
    if old.points == new.points:
        return Change(new.number, new.title, old.points, new.points, ())
    why = causes.of_check(old, new, found)
    fell = causes.cases_that_fell(old, new)
    return Change(new.number, new.title, old.points, new.points, why, fell)


def _whole(old: Fraction | None, new: Fraction | None, why: tuple[Cause, ...]) -> Change:
    return Change(WHOLE, "the whole submission", old, new, why)


def _met(found: Between) -> list[Cause]:
    """The candidates of one submission, worded so that equal ones are counted together."""
    files = [Cause(Kind.FILES, "students' files changed")]
    images = [] if found.images is None else [found.images]
    return [*(files if found.files or found.bytes_changed else []), *found.causes, *images]


def _order(check: str) -> tuple[int, ...]:
    """Numbers in their order, then the late penalty and the whole."""
    pieces = check.split(".")
    return tuple(map(int, pieces)) if all(map(str.isdecimal, pieces)) else (10**6,)
