"""Who is just short: of a threshold, or of full credit by a single case.

Before a threshold or a case is changed, these are the ones to look at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.authoring.classroom.records import Record
from grader.authoring.classroom.report.statistics import graded, number_order
from grader.outcomes import CheckOutcome, Status

NEAR = 0.02  # of accuracy: two percentage points
_PLACES = 6
_FEWEST_CASES = 3  # of fewer, one alone is no detail


@dataclass(frozen=True)
class Threshold:
    """An accuracy at or below `threshold`, by less than `NEAR`."""

    number: str
    title: str
    key: str
    accuracy: float
    threshold: float

    @property
    def short(self) -> float:
        """How much is missing, in percentage points."""
        return round(100 * (self.threshold - self.accuracy), _PLACES)


@dataclass(frozen=True)
class LastCase:
    """The one case of a check that stands between these submissions and full credit."""

    number: str
    title: str
    case: str
    lost: Fraction
    keys: tuple[str, ...]


def thresholds(records: Sequence[Record]) -> list[Threshold]:
    """Whose accuracy is just too low, the nearest first."""
    found = []
    for key, run in graded(records):
        for check in run.checks:
            accuracy = figure(check, "accuracy")
            if accuracy is None:
                continue
            found += [
                Threshold(check.number, check.title, key, accuracy, limit)
                for limit in limits(check)
                # as floats, 0.8 - 0.78 is more than 0.02
                if 0 <= round(limit - accuracy, _PLACES) <= NEAR
            ]
    return sorted(found, key=lambda miss: (number_order(miss.number), miss.short))


def last_cases(records: Sequence[Record]) -> list[LastCase]:
    """Who lacks one case of a check, by case, what most lack first."""
    groups: dict[tuple[str, str], list[str]] = {}
    lost: dict[tuple[str, str], tuple[str, Fraction]] = {}
    for key, run in graded(records):
        for check in run.checks:
            missing = [case for case in check.cases if case.status is not Status.PASSED]
            if len(missing) != 1 or len(check.cases) < _FEWEST_CASES:
                continue
            (case,) = missing
            if case.status is Status.FAILED:
                groups.setdefault((check.number, case.name), []).append(key)
                lost[check.number, case.name] = (check.title, case.max_points - case.points)
    entries = [
        LastCase(number, lost[number, case][0], case, lost[number, case][1], tuple(keys))
        for (number, case), keys in groups.items()
    ]
    return sorted(entries, key=lambda e: (-len(e.keys), number_order(e.number), e.case))


def figure(check: CheckOutcome, name: str) -> float | None:
    """A fact that is a number, or None."""
    value = check.facts.get(name)
    return float(value) if isinstance(value, (int, float)) else None


def limits(check: CheckOutcome) -> list[float]:
    """The accuracies that a network is held to."""
    given = check.facts.get("thresholds")
    return [float(limit) for limit in given] if isinstance(given, list) else []
