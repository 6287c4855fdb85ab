"""What is known of a class in numbers: of the whole, and of each check.

A check's *discrimination* is the correlation of its points with those of all other checks
together (the corrected item-total correlation; for a check that is right or wrong, a
point-biserial correlation). The check itself is left out of the total, or it would correlate
with itself: S. Henrysson, Correction of item-total correlations in item analysis,
Psychometrika 28 (1963), 211-218.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from grader.authoring.classroom.records import NOBODY, Record
from grader.authoring.classroom.report import mistakes
from grader.exporters import summary
from grader.outcomes import CheckOutcome, Run, Status

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

MOST_HINTS = 5
_FEWEST = 3  # submissions for a correlation


@dataclass(frozen=True)
class Whole:
    """The class: counts, and statistics of the points before any late penalty.

    Of `submissions`, `graded` were opened and graded, and `unopened` could not be opened. `points`
    are those of both, 0 for each of the latter; `scored` is the mean after the penalty. All are 0
    where nobody was graded.
    """

    submissions: int
    students: int
    graded: int
    unopened: int
    most: float
    mean: float = 0.0
    median: float = 0.0
    low: float = 0.0
    high: float = 0.0
    full: int = 0
    scored: float = 0.0
    points: tuple[float, ...] = ()


@dataclass(frozen=True)
class Hint:
    """A likely mistake that the grader named: for staff, as students read it, and whose it is."""

    title: str
    text: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class CheckFigures:
    """One check over all submissions that were graded with it; times in CPU seconds.

    `discrimination` is None where it is not defined: everybody has the same points.
    `worst` has the key of who took longest.
    """

    number: str
    title: str
    most: float
    count: int
    passed: int
    share: float
    discrimination: float | None
    median_seconds: float
    worst_seconds: float
    worst: str
    limit: float
    not_started: int
    unchecked: int
    hints: tuple[Hint, ...]

    @property
    def rate(self) -> float:
        """The share of submissions that pass."""
        return self.passed / self.count if self.count else 0.0


@dataclass(frozen=True)
class _Entry:
    """One check of one submission: its points, and those of all other checks."""

    key: str
    check: CheckOutcome
    points: Fraction
    rest: Fraction


def graded(records: Sequence[Record]) -> list[tuple[str, Run]]:
    """Keys and runs of what was graded, in order."""
    return [(record.key, record.run) for record in records if record.run is not None]


def whole(records: Sequence[Record]) -> Whole:
    """The figures of the class; a submission that could not be opened has 0 points."""
    runs = [run for _, run in graded(records)]
    points = [float(run.points) for run in runs]
    most = float(max((run.max_points for run in runs), default=0))
    unopened = sum(bool(run.error) for run in runs)
    if not points:
        return Whole(len(records), _people(records), 0, 0, most)
    low, high = np.percentile(points, [25, 75])
    return Whole(
        submissions=len(records),
        students=_people(records),
        graded=len(runs) - unopened,
        unopened=unopened,
        most=most,
        mean=statistics.fmean(points),
        median=statistics.median(points),
        low=float(low),
        high=float(high),
        full=sum(most > 0 and earned >= most for earned in points),
        scored=statistics.fmean(
            earned * (1 - float(run.penalty)) for earned, run in zip(points, runs)
        ),
        points=tuple(points),
    )


def checks(records: Sequence[Record]) -> list[CheckFigures]:
    """The figures of each check, in the order in which the runs name them."""
    found: dict[str, list[_Entry]] = {}
    for key, run in graded(records):
        points = [check.points for check in run.checks]
        total = sum(points, Fraction(0))
        for check, own in zip(run.checks, points):
            found.setdefault(check.number, []).append(_Entry(key, check, own, total - own))
    return [_figures(entries) for _, entries in sorted(found.items(), key=_by_number)]


def number_order(number: str) -> tuple[tuple[int, str], ...]:
    """Orders check numbers as people do: 1.2 before 1.10."""
    return tuple((int(p), "") if p.isdecimal() else (-1, p) for p in number.split("."))


def item_rest(points: Array, rest: Array) -> float | None:
    """The correlation (-1 to 1) of a check's points with those of all others; both (runs,).

    `rest` has to come from exact fractions: sums of floats are never quite the same, and where all
    others have the same points the correlation would be one with rounding errors.
    """
    if len(points) < _FEWEST or np.ptp(points) == 0 or np.ptp(rest) == 0:
        return None
    return float(np.corrcoef(points, rest)[0, 1])


def _people(records: Sequence[Record]) -> int:
    """How many handed in: who is in two groups is one, and so is nobody known of a submission."""
    everybody = [(who, record.key) for record in records for who in record.students or (NOBODY,)]
    return len({key if who == NOBODY else who for who, key in everybody})


def _by_number(item: tuple[str, object]) -> tuple[tuple[int, str], ...]:
    return number_order(item[0])


def _figures(entries: list[_Entry]) -> CheckFigures:
    outcomes = [entry.check for entry in entries]
    first = outcomes[0]
    earned = [entry.points for entry in entries]
    points = np.array([float(own) for own in earned])
    rest = np.array([float(entry.rest) for entry in entries])
    most = max(check.max_points for check in outcomes)
    times = [(e.check.cpu_seconds, e.key) for e in entries if e.check.cpu_seconds > 0]
    worst_seconds, worst = max(times, key=lambda pair: pair[0], default=(0.0, ""))
    return CheckFigures(
        number=first.number,
        title=first.title,
        most=float(most),
        count=len(outcomes),
        passed=sum(map(summary.earned, outcomes)),
        share=float(sum(earned) / (len(earned) * most)) if most else 0.0,
        discrimination=item_rest(points, rest),
        median_seconds=statistics.median([seconds for seconds, _ in times] or [0.0]),
        worst_seconds=worst_seconds,
        worst=worst,
        limit=first.cpu_limit,
        not_started=sum(map(summary.is_not_started, outcomes)),
        unchecked=sum(check.status in (Status.UNCHECKED, Status.NOT_RUN) for check in outcomes),
        hints=_hints(entries),
    )


def _hints(entries: list[_Entry]) -> tuple[Hint, ...]:
    """The commonest ones: those of the same mistakes together, however sure they sound."""
    groups: dict[object, list[_Entry]] = {}
    for entry in entries:
        if entry.check.hint:
            groups.setdefault(mistakes.identity(entry.check), []).append(entry)
    ordered = sorted(groups.values(), key=lambda group: (-len(group), group[0].check.hint))
    return tuple(
        Hint(
            title=mistakes.title(group[0].check),
            text=statistics.mode(entry.check.hint for entry in group),
            keys=tuple(entry.key for entry in group),
        )
        for group in ordered[:MOST_HINTS]
    )
