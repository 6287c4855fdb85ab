"""What staff should look at: limits that bit, what could not be graded, flags, and who was late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

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
ON_TIME, UNKNOWN = "on-time", "unknown"
_CUT_SHORT = "the grading did not run to its end"
MANY = 4
"""Checks: who meets one limit in so many has met it once, in what all of them run."""


_Said: TypeAlias = tuple[str, str, str]  # a check's number or '', the kind, the words


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
    """Something in words for staff, in plain text; `keys` are all of whom just this is said."""

    number: str
    kind: str
    text: str
    keys: tuple[str, ...]


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
    return _grouped((record.key, said) for record in records for said in _lacking(record))


def flags(records: Sequence[Record]) -> list[Trouble]:
    """What is odd about a submission and costs nothing, by kind."""
    found = _grouped(
        (key, (str(flag.get("check", "")), str(flag.get("kind", "")), str(flag.get("text"))))
        for key, run in graded(records)
        for flag in run.flags
    )
    return sorted(found, key=lambda trouble: (trouble.kind, trouble.number))


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
        if _status(run) not in (ON_TIME, UNKNOWN)
    ]
    return sorted(found, key=lambda entry: (-entry.penalty, -entry.days, entry.status))


def undated(records: Sequence[Record]) -> int:
    """Of how many it is not known whether they were late: no due date, or no time of handing in."""
    return sum(_status(run) == UNKNOWN for _, run in graded(records))


def _status(run: Run) -> str:
    """How late it was; a run of which nothing was told, as of a folder of zips, is 'unknown'."""
    return str(run.late.get("status", UNKNOWN))


def _limits(check: CheckOutcome) -> set[str]:
    reasons = {case.reason for case in check.cases if case.status is not Status.PASSED}
    found = reasons & LIMITS.keys()
    if check.status is Status.NOT_RUN:
        found.add("not-run")
    total, done = figure(check, "images"), figure(check, "images_predicted")
    if total is not None and done is not None and done < total:
        found.add("images")
    return found


def _grouped(said: Iterable[tuple[str, _Said]]) -> list[Trouble]:
    """What is said of whom, each once, in the order in which it comes up first."""
    found: dict[_Said, list[str]] = {}
    for key, what in said:
        found.setdefault(what, []).append(key)
    return [Trouble(*what, tuple(keys)) for what, keys in found.items()]


def _lacking(record: Record) -> Iterator[_Said]:
    """Why a submission was not graded, or not wholly; nothing where it was."""
    if record.run is None:
        yield "", "the grader failed", record.failure or "no reason is known"
    elif record.run.error:
        yield "", "cannot be opened", record.run.error
    else:
        yield from _in_part(record.run, record.failure)


def _in_part(run: Run, failure: str) -> Iterator[_Said]:
    """Why a run is not whole, and which of its checks the grader could not make."""
    if not run.complete:
        yield "", "cut short", ": ".join(filter(None, (_CUT_SHORT, failure)))
    for check in run.checks:
        if summary.is_grader_fault(check):
            text = f"{check.title}: could not be checked ({check.reason})"
            yield check.number, "the grader's fault", text
