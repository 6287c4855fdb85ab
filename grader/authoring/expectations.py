"""The outcome that a sample submission must get, and how a run differs from it.

    [outcome]
    points = "12.5"             the total; a decimal or a fraction
    error = "the limit is"      the whole is unusable, for a reason that contains this
    notes = ["Git LFS pointer"] each must be part of some note for the student
    default = { status = "passed" }

    [outcome.checks]            by number, where it differs from the default
    "1.3" = { status = "failed", reason = "exception", points = "0" }
    "1.4" = { status = ["failed", "unchecked"], reason = ["time-limit", "out-of-time"] }

A list holds alternatives, for what may turn out in several ways. Without `points`, a
check that passed must have all of its points, and any other none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from grader.outcomes import CheckOutcome, Run, Status


@dataclass(frozen=True)
class Verdict:
    """What one check must say; no reasons means that any will do."""

    statuses: tuple[str, ...]
    reasons: tuple[str, ...] = ()
    points: Fraction | None = None

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Verdict:
        """Read one entry; raises ValueError with the reason if it makes no sense."""
        unknown = sorted(set(table) - {"status", "reason", "points"})
        statuses = _alternatives(table.get("status", ()))
        if unknown or not statuses:
            message = f"a verdict has status, reason and points, not {dict(table)}"
            raise ValueError(message)
        for status in statuses:
            Status(status)
        points = Fraction(str(table["points"])) if "points" in table else None
        return cls(statuses, _alternatives(table.get("reason", ())), points)

    def mismatches(self, check: CheckOutcome) -> Iterator[str]:
        """Sentences about each way in which `check` came out otherwise."""
        status = check.status.value
        if status not in self.statuses:
            yield f"{check.number} is {status} ({check.reason}), not {' or '.join(self.statuses)}"
        elif self.reasons and check.reason not in self.reasons:
            yield f"{check.number} {status} for {check.reason!r}, not {' or '.join(self.reasons)}"
        points = self.points
        if points is None:
            points = check.max_points if check.status is Status.PASSED else Fraction(0)
        if check.points != points:
            yield f"{check.number} got {check.points} of {check.max_points} points, not {points}"


@dataclass(frozen=True)
class Expected:
    """The outcome of a whole submission; `points` None means that the total is not looked at."""

    points: Fraction | None = None
    error: str = ""
    notes: tuple[str, ...] = ()
    default: Verdict = field(default_factory=lambda: Verdict(("passed",)))
    checks: Mapping[str, Verdict] = field(default_factory=dict)

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Expected:
        """Read [outcome]; raises ValueError with the reason if it makes no sense."""
        unknown = sorted(set(table) - {"points", "error", "notes", "default", "checks"})
        if unknown:
            message = f"[outcome] has no entry {', '.join(unknown)}"
            raise ValueError(message)
        checks = table.get("checks", {})
        return cls(
            points=Fraction(str(table["points"])) if "points" in table else None,
            error=str(table.get("error", "")),
            notes=tuple(table.get("notes", ())),
            default=Verdict.from_table(table.get("default", {"status": "passed"})),
            checks={number: Verdict.from_table(entry) for number, entry in checks.items()},
        )

    def mismatches(self, run: Run) -> list[str]:
        """Sentences about each way in which `run` came out otherwise; none if it is as it must."""
        found = []
        if self.error not in run.error or bool(self.error) != bool(run.error):
            found.append(f"the error is {run.error!r}, not {self.error!r}")
        if self.points is not None and run.points != self.points:
            found.append(f"{run.points} of {run.max_points} points, not {self.points}")
        found += [
            f"no note says {wanted!r} among {run.notes}"
            for wanted in self.notes
            if not any(wanted in note for note in run.notes)
        ]
        numbers = {check.number for check in run.checks}
        found += [f"there is no check {number}" for number in self.checks if number not in numbers]
        for check in run.checks:
            found += self.checks.get(check.number, self.default).mismatches(check)
        if not run.checks and not self.error:
            found.append("no check was run")
        return found


def _alternatives(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
