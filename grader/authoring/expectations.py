"""The outcome that a sample submission must get, and how a run differs from it.

`submissions/NAME/expected.toml` says

    points = "12.5"             the total; a decimal or a fraction
    error = "the limit is"      the whole is unusable, for a reason that contains this
    notes = ["Git LFS pointer"] each must be part of some note for the student
    flags = ["noise"]           kinds of flags for staff, each of which must be there
    only = ["1.5", "1.6"]       these checks suffice; the others are not run
    default = { status = "passed" }

    [checks."1.3"]              by number, where it differs from the default
    status = "failed"
    reason = "exception"
    points = "0"
    hint = ["overlap", "+="]    each must be part of what the student reads about the check
    hinted = true               a likely mistake must be named, or with false must not be

    [unprivileged]              what differs where the grader is an ordinary user
    points = "11"

A list of statuses or reasons holds alternatives, for what may turn out in several ways;
of several hints each must be there, in upper or lower case. Without `points`, a check that
passed must have all of its points, and any other none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from grader.outcomes import CheckOutcome, Run, Status

TOTAL = "total"
_SHOWN = 300  # characters of a check's text that a difference quotes


@dataclass(frozen=True)
class Difference:
    """What came out otherwise: `where` is a check's number, or what of the whole run."""

    where: str
    expected: str
    got: str

    def __str__(self) -> str:
        return f"{self.where}: expected {self.expected}, got {self.got}"


@dataclass(frozen=True)
class Verdict:
    """What one check must say; no reasons means that any will do."""

    statuses: tuple[str, ...]
    reasons: tuple[str, ...] = ()
    points: Fraction | None = None
    hints: tuple[str, ...] = ()
    hinted: bool | None = None

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Verdict:
        """Read one entry; raises ValueError with the reason if it makes no sense."""
        unknown = sorted(set(table) - {"status", "reason", "points", "hint", "hinted"})
        statuses = _words(table.get("status", ()))
        if unknown or not statuses:
            message = f"a verdict has status, reason, points, hint and hinted, not {dict(table)}"
            raise ValueError(message)
        hinted = table.get("hinted")
        if not isinstance(hinted, bool | None):
            message = f"hinted is true or false, not {hinted!r}"
            raise ValueError(message)  # noqa: TRY004  one kind for all that a file may say wrongly
        for status in statuses:
            Status(status)
        points = Fraction(str(table["points"])) if "points" in table else None
        reasons, hints = _words(table.get("reason", ())), _words(table.get("hint", ()))
        return cls(statuses, reasons, points, hints, hinted)

    def mismatches(self, check: CheckOutcome) -> Iterator[Difference]:
        """Each way in which `check` came out otherwise."""
        status = check.status.value
        if status not in self.statuses:
            got = f"{status} ({check.reason})" if check.reason else status
            yield Difference(check.number, " or ".join(self.statuses), got)
        elif self.reasons and check.reason not in self.reasons:
            expected = f"reason {' or '.join(self.reasons)}"
            yield Difference(check.number, expected, check.reason or "none")
        points = self.points
        if points is None:
            points = check.max_points if check.status is Status.PASSED else Fraction(0)
        if check.points != points:
            got = f"{check.points} of {check.max_points} points"
            yield Difference(check.number, f"{points} points", got)
        text = told(check)
        for hint in self.hints:
            if hint.casefold() not in text.casefold():
                yield Difference(check.number, f"the words {hint!r}", _beginning(text))
        if self.hinted is not None and self.hinted != bool(check.hint):
            wanted = "a hint" if self.hinted else "no hint"
            yield Difference(check.number, wanted, _beginning(check.hint))


@dataclass(frozen=True)
class Expected:
    """The outcome of a whole submission; `points` None means that the total is not looked at."""

    points: Fraction | None = None
    error: str = ""
    notes: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    default: Verdict = field(default_factory=lambda: Verdict(("passed",)))
    checks: Mapping[str, Verdict] = field(default_factory=dict)
    unprivileged: Expected | None = None

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Expected:
        """Read expected.toml; raises ValueError with the reason if it makes no sense."""
        known = {"points", "error", "notes", "flags", "only", "default", "checks", "unprivileged"}
        unknown = sorted(set(table) - known)
        if unknown:
            message = f"an expected outcome has no entry {', '.join(unknown)}"
            raise ValueError(message)
        checks = table.get("checks", {})
        differing = table.get("unprivileged")
        return cls(
            points=Fraction(str(table["points"])) if "points" in table else None,
            error=str(table.get("error", "")),
            notes=_words(table.get("notes", ())),
            flags=_words(table.get("flags", ())),
            only=_words(table.get("only", ())),
            default=Verdict.from_table(table.get("default", {"status": "passed"})),
            checks={number: Verdict.from_table(entry) for number, entry in checks.items()},
            unprivileged=None if differing is None else cls.from_table(_with(table, differing)),
        )

    def graded_by(self, uid: int) -> Expected:
        """What is expected where the grader runs as the user `uid`."""
        return self if uid == 0 or self.unprivileged is None else self.unprivileged

    def mismatches(self, run: Run) -> list[Difference]:
        """Each way in which `run` came out otherwise; none if it is as it must be."""
        found = []
        if self.error not in run.error or bool(self.error) != bool(run.error):
            expected = f"the words {self.error!r}" if self.error else "none"
            found.append(Difference("error", expected, repr(run.error) if run.error else "none"))
        if self.points is not None and run.points != self.points:
            got = f"{run.points} of {run.max_points} points"
            found.append(Difference(TOTAL, f"{self.points} points", got))
        found += [
            Difference("notes", f"the words {wanted!r}", repr(run.notes))
            for wanted in self.notes
            if not any(wanted in note for note in run.notes)
        ]
        raised = {flag["kind"] for flag in run.flags}
        found += [
            Difference("flags", f"one of the kind {kind!r}", repr(sorted(raised)))
            for kind in self.flags
            if kind not in raised
        ]
        numbers = {check.number for check in run.checks}
        found += [
            Difference(number, "a check", "none") for number in self.checks if number not in numbers
        ]
        for check in run.checks:
            found += self.checks.get(check.number, self.default).mismatches(check)
        if not run.checks and not self.error:
            found.append(Difference("checks", "some", "none"))
        return found


def _with(table: Mapping[str, Any], differing: Mapping[str, Any]) -> dict[str, Any]:
    """The table of an expected outcome with some of its entries put in place of its own."""
    checks = {**table.get("checks", {}), **differing.get("checks", {})}
    merged = {**table, **differing, "checks": checks}
    del merged["unprivileged"]
    return merged


def told(check: CheckOutcome) -> str:
    """All that the student reads about a check beside its title: hint, remarks, cases."""
    messages = dict.fromkeys(case.message for case in check.cases)
    return "\n".join(text for text in (check.hint, *check.remarks, *messages) if text)


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    if len(line) > _SHOWN:
        line = f"{line[:_SHOWN]}…"
    return repr(line) if line else "no words"


def _words(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
