"""What staff should look at: limits that bit, what could not be graded, flags, and who was late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.authoring.classroom.records import Record
from grader.authoring.classroom.report.near_misses import figure
from grader.authoring.classroom.report.statistics import graded, number_order
from grader.errors import (
    MemoryLimitExceeded,
    OutOfTime,
    TimeLimitExceeded,
    WorkerCrashed,
)
from grader.exporters import summary
from grader.outcomes import CheckOutcome, Run, Status

LIMITS = {
    TimeLimitExceeded.reason: "a check's time",
    MemoryLimitExceeded.reason: "a worker's memory",
    OutOfTime.reason: "the time of the whole run",
    "not-run": "the time of the whole run, before the check began",
    WorkerCrashed.reason: "the interpreter died",
    "archive": "the archive: too large, or files are missing",
    "images": "images that there was no time for count as wrong",
}
ON_TIME = "on-time"
MANY = 4
"""Checks: who meets one limit in so many has met it once, in what all of them run."""


@dataclass(frozen=True)
class Bite:
    """A limit that ended something; `keys` are whose it was.

    `number` is the check's; '' for those who met it in `MANY` checks or more.
    """

    limit: str
    number: str
    title: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Trouble:
    """Something about one submission, in words for staff; plain text."""

    key: str
    number: str
    kind: str
    text: str


@dataclass(frozen=True)
class Late:
    """A submission after its due date; `penalty` is a share of the points."""

    key: str
    created_at: str
    due: str
    status: str
    days: int
    penalty: float
    notice: str


def bites(records: Sequence[Record]) -> list[Bite]:
    """The limits that bit: in many checks first, then in their order, what bit most first."""
    found: dict[tuple[str, str], list[str]] = {}
    titles: dict[str, str] = {}
    for key, run in graded(records):
        for check in run.checks:
            titles.setdefault(check.number, check.title)
            for limit in _limits(check):
                found.setdefault((limit, check.number), []).append(key)
    met = Counter((limit, key) for (limit, _), keys in found.items() for key in keys)
    for (limit, number), keys in list(found.items()):
        found[limit, number] = [key for key in keys if met[limit, key] < MANY]
    for limit, key in met:
        if met[limit, key] >= MANY:
            found.setdefault((limit, ""), []).append(key)
    titles[""] = f"{MANY} checks or more"
    entries = [
        Bite(LIMITS[limit], number, titles[number], tuple(keys))
        for (limit, number), keys in found.items()
        if keys
    ]
    return sorted(entries, key=lambda e: (number_order(e.number), -len(e.keys), e.limit))


def ungraded(records: Sequence[Record]) -> list[Trouble]:
    """What could not be graded: by the grader's fault, by the submission's, or in part."""
    found = []
    for record in records:
        if record.run is None:
            reason = record.failure or "no reason is known"
            found.append(Trouble(record.key, "", "the grader failed", reason))
        elif record.run.error:
            found.append(Trouble(record.key, "", "cannot be opened", record.run.error))
        else:
            found += _in_part(record.key, record.run)
    return found


def flags(records: Sequence[Record]) -> list[Trouble]:
    """What is odd about a submission and costs nothing, by kind."""
    found = [
        Trouble(key, str(flag.get("check", "")), str(flag.get("kind", "")), str(flag.get("text")))
        for key, run in graded(records)
        for flag in run.flags
    ]
    return sorted(found, key=lambda trouble: (trouble.kind, trouble.number, trouble.key))


def late(records: Sequence[Record]) -> list[Late]:
    """Who handed in after the due date, the latest first."""
    found = [
        Late(
            key=key,
            created_at=str(run.late.get("created_at", "")),
            due=str(run.late.get("due", "")),
            status=str(run.late["status"]),
            days=int(run.late.get("days") or 0),
            penalty=float(run.penalty),
            notice=str(run.late.get("notice", "")),
        )
        for key, run in graded(records)
        if run.late.get("status", ON_TIME) != ON_TIME
    ]
    return sorted(found, key=lambda entry: (-entry.penalty, -entry.days, entry.status, entry.key))


def _limits(check: CheckOutcome) -> set[str]:
    reasons = {case.reason for case in check.cases if case.status is not Status.PASSED}
    found = reasons & LIMITS.keys()
    if check.status is Status.NOT_RUN:
        found.add("not-run")
    total, done = figure(check, "images"), figure(check, "images_predicted")
    if total is not None and done is not None and done < total:
        found.add("images")
    return found


def _in_part(key: str, run: Run) -> Iterator[Trouble]:
    """Why a run is not whole, and which of its checks the grader could not make."""
    if not run.complete:
        yield Trouble(key, "", "cut short", "the grading did not run to its end")
    for check in run.checks:
        if summary.is_grader_fault(check):
            text = f"{check.title}: could not be checked ({check.reason})"
            yield Trouble(key, check.number, "the grader's fault", text)
