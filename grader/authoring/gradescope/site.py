"""The two pages that the site shows of a run: the instructor's, and the student's.

The container's harness leaves a record; `read` takes it in, `instructor` and `student` make
pages of it, and `complaints` says what is wrong with the results.json that the run wrote.
Where the platform's behaviour is not known, the student's page shows less rather than more.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.authoring.gradescope.site_views import show
from grader.errors import GraderError
from grader.exporters import lint

__all__ = ["complaints", "from_document", "instructor", "parse", "read", "show", "student"]

RECORD = "record.json"
RAW = "results.raw"
OUTCOMES = ("graded", "lost", "timed-out")
NO_TOTAL = "not shown"

_ALWAYS = "visible"
_WHEN = {
    "hidden": "never shown to students",
    "after_due_date": "shown after the due date",
    "after_published": "shown once grades are published",
}
_LONGEST_VALUE = 160
_STAFF_NOTES = "staff_notes"
_ROUNDING = 1e-6


@dataclass(frozen=True)
class Record:
    """What the harness recorded of one run; memory in MB, None where it is not known.

    `results` is what the platform keeps; `raw` are the bytes of results.json as it was found,
    none where it was not there. `outcomes` is what the grader left of every case, as text, ''
    where the image has an older grader.
    """

    outcome: str
    reason: str
    results: dict[str, Any]
    stdout: str
    exit_status: int | None
    seconds: float
    peak_mb: float | None = None
    peak_anon_mb: float | None = None
    memory_limit_mb: float | None = None
    oom_kills: int | None = None
    leftover: tuple[str, ...] = ()
    raw: bytes = b""
    outcomes: str = ""


@dataclass(frozen=True)
class Passage:
    """A text in one of the platform's formats."""

    text: str
    format: str = "text"


@dataclass(frozen=True)
class Item:
    """One test; `note` is when students see it, and empty where they always do."""

    number: str
    name: str
    score: float | None
    max_score: float | None
    status: str
    output: Passage
    note: str = ""


@dataclass(frozen=True)
class Page:
    """One view of a run, everything in the order in which it is shown."""

    title: str
    score: str
    notices: tuple[str, ...] = ()
    staff_notes: tuple[str, ...] = ()
    output: Passage | None = None
    tests: tuple[Item, ...] = ()
    leaderboard: tuple[tuple[str, str], ...] = ()
    stdout: str | None = None
    facts: tuple[tuple[str, str], ...] = ()


def read(path: Path) -> Record:
    """The record in this folder or file, with the raw results beside it; raises GraderError."""
    place = path / RECORD if path.is_dir() else path
    raw = place.with_name(RAW)
    try:
        return parse(place.read_bytes(), raw.read_bytes() if raw.is_file() else b"")
    except OSError as error:
        message = f"{place} cannot be read ({error.strerror}): the container recorded no run"
        raise GraderError(message) from error


def parse(content: bytes, raw: bytes = b"") -> Record:
    """The record from its bytes and those of results.json; raises GraderError if it is none."""
    try:
        return from_document(json.loads(content), raw)
    except (ValueError, RecursionError) as error:
        raise GraderError(f"this is no record of a run: {error}") from error


def from_document(document: object, raw: bytes = b"") -> Record:
    """The record from its JSON; raises GraderError where it is none."""
    if not isinstance(document, dict):
        raise GraderError("this is no record of a run: it holds no object")
    outcome, results = document.get("outcome"), document.get("results")
    if outcome not in OUTCOMES or not isinstance(results, dict):
        raise GraderError("this is no record of a run: it has no outcome, or no results")
    leftover = document.get("leftover")
    return Record(
        outcome=outcome,
        reason=_string(document.get("reason")),
        results=results,
        stdout=_string(document.get("stdout")),
        exit_status=_whole(document.get("exit_status")),
        seconds=_number(document.get("seconds")) or 0.0,
        peak_mb=_number(document.get("peak_mb")),
        peak_anon_mb=_number(document.get("peak_anon_mb")),
        memory_limit_mb=_number(document.get("memory_limit_mb")),
        oom_kills=_whole(document.get("oom_kills")),
        leftover=tuple(map(str, leftover)) if isinstance(leftover, list) else (),
        raw=raw,
        outcomes=_string(document.get("outcomes")),
    )


def instructor(record: Record) -> Page:
    """Everything: hidden tests, stdout, what the run cost, and what needs attention."""
    tests = _items(record)
    return Page(
        title="INSTRUCTOR'S PAGE",
        score=_score(record.results, tests),
        notices=tuple(_notices(record, tests)),
        staff_notes=tuple(map(str, _staff_notes(record))),
        output=_passage(record.results, "output_format"),
        tests=tests,
        leaderboard=_leaderboard(record),
        stdout=record.stdout,
        facts=tuple(_facts(record)),
    )


def student(record: Record, *, after_due: bool = False, published: bool = False) -> Page:
    """What is left for the student, now: one test that is not shown hides the total, too."""
    open_now = {_ALWAYS}
    open_now |= {"after_due_date"} if after_due else set()
    open_now |= {"after_published"} if published else set()
    state = [
        "after the due date" if after_due else "before the due date",
        "grades published" if published else "grades not published",
    ]
    title = f"STUDENT'S PAGE, {', '.join(state)}"
    if _visibility(record.results) not in open_now:
        return Page(title, NO_TOTAL, ("Nothing of this run is shown to the student now.",))
    everything = _items(record)
    tests = tuple(
        item
        for item, table in zip(everything, _sorted_tests(record), strict=True)
        if _visibility(table) in open_now
    )
    stdout_is_open = record.results.get("stdout_visibility", "hidden") in open_now
    return Page(
        title=title,
        score=_score(record.results, tests) if len(tests) == len(everything) else NO_TOTAL,
        output=_passage(record.results, "output_format"),
        tests=tests,
        leaderboard=_leaderboard(record),
        stdout=record.stdout if stdout_is_open else None,
    )


def complaints(record: Record) -> list[str]:
    """What is wrong with results.json as it was found; an empty list if nothing is."""
    return lint.inspect(record.raw) if record.raw else ["it is not there, or it is empty"]


def _items(record: Record) -> tuple[Item, ...]:
    inherited = _string(record.results.get("test_output_format"))
    return tuple(
        Item(
            number=_string(table.get("number")),
            name=_string(table.get("name")),
            score=_number(table.get("score")),
            max_score=_number(table.get("max_score")),
            status=_status(table),
            output=_passage(table, "output_format", inherited) or Passage(""),
            note="" if _visibility(table) == _ALWAYS else _when(_visibility(table)),
        )
        for table in _sorted_tests(record)
    )


def _sorted_tests(record: Record) -> list[dict[str, Any]]:
    """The tests by number, 1.2 before 1.10; those without one come last, as they are."""
    tests = record.results.get("tests")
    tables = [t for t in tests if isinstance(t, dict)] if isinstance(tests, list) else []
    return sorted(tables, key=lambda table: _natural(_string(table.get("number"))))


def _natural(number: str) -> tuple[bool, list[tuple[int, str]]]:
    pieces = re.findall(r"[0-9]+|[^0-9]+", number)
    return not number, [(int(p), "") if p.isdecimal() else (-1, p) for p in pieces]


def _status(table: dict[str, Any]) -> str:
    """As given; otherwise all points are a pass."""
    given = table.get("status")
    if given in lint.STATUSES:
        return str(given)
    score, most = _number(table.get("score")), _number(table.get("max_score"))
    if score is None or most is None:
        return ""
    return "passed" if score >= most else "failed"


def _score(results: dict[str, Any], tests: tuple[Item, ...]) -> str:
    """The total: as given at the top, or the sum of the tests; with the maximum if known."""
    total = _number(results.get("score"))
    if total is None:
        total = sum(item.score or 0 for item in tests)
    most = _maximum(tests)
    return f"{total:.10g} of {most:.10g}" if most else f"{total:.10g}"


def _maximum(tests: tuple[Item, ...]) -> float:
    return sum(item.max_score or 0 for item in tests)


def _notices(record: Record, tests: tuple[Item, ...]) -> Iterator[str]:
    """What an instructor should know before students do."""
    if record.outcome != "graded":
        what = "timed out" if record.outcome == "timed-out" else "is lost"
        yield f"The run {what}: {record.reason}. The student has score 0 and no tests."
    if record.exit_status:
        yield f"run_autograder ended with status {record.exit_status}; it should be 0."
    if record.oom_kills:
        limit = f" (limit {record.memory_limit_mb:g} MB)" if record.memory_limit_mb else ""
        yield f"The container's memory ran out{limit}: processes killed: {record.oom_kills}."
    if record.leftover:
        yield f"Processes outlived the run: {', '.join(record.leftover)}."
    yield from _about_visibility(record.results, tests)
    yield from _about_points(record.results, tests)


def _about_visibility(results: dict[str, Any], tests: tuple[Item, ...]) -> Iterator[str]:
    if _visibility(results) != _ALWAYS:
        yield f"The whole run is {_when(_visibility(results))}."
    closed = ", ".join(f"{item.number or item.name} ({item.note})" for item in tests if item.note)
    if closed:
        yield f"Students see no total while a test is not shown to them: {closed}."
    stdout = results.get("stdout_visibility", "hidden")
    if stdout in lint.VISIBILITIES and stdout != "hidden":
        yield f"stdout is {_when(stdout)}."


def _about_points(results: dict[str, Any], tests: tuple[Item, ...]) -> Iterator[str]:
    total, most = _number(results.get("score")), _maximum(tests)
    if total is not None and most and total > most + _ROUNDING:
        yield f"The score, {total:g}, is above the maximum, {most:g}: the site shows it as it is."
    above = [
        item.number or item.name
        for item in tests
        if item.score is not None and item.max_score is not None and item.score > item.max_score
    ]
    if above:
        yield f"More points than their maximum, shown as they are: {', '.join(above)}."


def _facts(record: Record) -> Iterator[tuple[str, str]]:
    """What the run cost, and extra_data in short."""
    yield "outcome", record.outcome
    if record.exit_status is not None:
        yield "exit status", str(record.exit_status)
    yield "time", f"{record.seconds:.1f} s"
    figures = {
        "peak": record.peak_mb,
        "without file cache": record.peak_anon_mb,
        "limit": record.memory_limit_mb,
    }
    known = [f"{name} {value:.0f} MB" for name, value in figures.items() if value is not None]
    if known:
        yield "memory", ", ".join(known)
    extra = record.results.get("extra_data")
    for key, value in extra.items() if isinstance(extra, dict) else ():
        if key != _STAFF_NOTES and value not in ("", [], {}, None):
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            short = text[:_LONGEST_VALUE] + "…" if len(text) > _LONGEST_VALUE else text
            yield f"extra_data.{key}", short


def _staff_notes(record: Record) -> list[Any]:
    extra = record.results.get("extra_data")
    notes = extra.get(_STAFF_NOTES) if isinstance(extra, dict) else None
    return notes if isinstance(notes, list) else []


def _leaderboard(record: Record) -> tuple[tuple[str, str], ...]:
    board = record.results.get("leaderboard")
    entries = board if isinstance(board, list) else []
    return tuple(
        (str(entry["name"]), str(entry["value"]))
        for entry in entries
        if isinstance(entry, dict) and "name" in entry and "value" in entry
    )


def _passage(table: dict[str, Any], key: str, inherited: str = "") -> Passage | None:
    """The table's output, in its own format or the inherited one; None for no text."""
    text = _string(table.get("output"))
    return Passage(text, _string(table.get(key)) or inherited or "text") if text else None


def _visibility(table: dict[str, Any]) -> str:
    """As given; what the platform does not know counts as hidden."""
    given = table.get("visibility", _ALWAYS)
    return given if given in lint.VISIBILITIES else "hidden"


def _when(visibility: str) -> str:
    return _WHEN.get(visibility, "shown to students")


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _number(value: object) -> float | None:
    """The finite number, or None."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        number = float(value)
    except OverflowError:  # an integer beyond every float
        return None
    return number if math.isfinite(number) else None
