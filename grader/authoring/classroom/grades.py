"""grades.csv: a row for each student, a column for each check, for spreadsheets and programs.

Every cell is quoted. A student number is written as ="0042": plain quotes are taken off by
spreadsheets before they look at a cell, so that 0042 would become 42, and an apostrophe in front
would stay; as a formula whose value is a text it keeps its zeros in Excel, LibreOffice and Google
Sheets alike. A program takes the two signs off again. Other texts come from students: one that a
spreadsheet would run as a formula gets an apostrophe in front.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from grader.authoring.classroom import records
from grader.authoring.classroom.records import NOBODY, Record, Student
from grader.lateness import parse_instant
from grader.replacing import replacing
from grader.text import clean

NAME = "grades.csv"
FIRST = ("name", "sid", "email", "key", "submitted", "total", "late penalty %", "max")
LAST = "remark"

_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*", re.ASCII)
_FORMULA = tuple("=+-@|%\uff1d\uff0b\uff0d\uff20")  # ASCII, and the same in full width
_EARLIEST = datetime.min.replace(tzinfo=timezone.utc)
_MARK = "\ufeff"  # without it, Excel takes UTF-8 for its own encoding


def write(out: Path, graded: Iterable[Record], gone: Collection[str] = ()) -> int:
    """Write the table, in one step; how many rows it has. Raises OSError.

    `gone` are keys whose submission is no longer there: one counts for whoever has no other.
    """
    newest = _one_each(graded, gone, by_name=bool(records.is_anonymous(out)))
    rows = [(student, record, _scores(out, record)) for student, record in newest]
    checks = sorted({number for *_, scores in rows for number in scores["checks"]}, key=_order)
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
    writer.writerow([*FIRST, *checks, LAST])
    for student, record, scores in rows:
        writer.writerow(_row(student, record, scores, checks))
    with replacing(out / NAME) as file:
        file.write((_MARK + stream.getvalue()).encode())
    return len(rows)


def counted(out: Path, graded: Iterable[Record], gone: Collection[str] = ()) -> set[str]:
    """The keys of the submissions that count for somebody; the others were handed in again."""
    by_name = bool(records.is_anonymous(out))
    return {record.key for _, record in _one_each(graded, gone, by_name=by_name)}


def text(value: str) -> str:
    """A cell that shows this text, in one line, and never runs it."""
    line = " ".join(clean(value).split())
    return f"'{line}" if line.startswith(_FORMULA) else line


def identifier(value: str) -> str:
    """A cell that spreadsheets keep as the text it is, leading zeros and all."""
    return f'="{value}"' if _NUMBER.fullmatch(value) else text(value)


def _one_each(
    graded: Iterable[Record], gone: Collection[str], *, by_name: bool
) -> list[tuple[Student, Record]]:
    """Each student with the submission that counts: of those that are there, the last.

    A submission of nobody known has a row of its own.
    """
    found: dict[object, tuple[Student, Record]] = {}
    for record in sorted(graded, key=lambda one: (one.key not in gone, _instant(one), one.key)):
        for student in record.students or (NOBODY,):
            found[_identity(student, record, by_name=by_name)] = (student, record)
    return sorted(found.values(), key=lambda pair: (pair[0].name.casefold(), pair[1].key))


def _instant(record: Record) -> datetime:
    return parse_instant(record.submitted_at) or _EARLIEST


def _identity(student: Student, record: Record, *, by_name: bool) -> object:
    """What two submissions of one student have in common; a pseudonym is all that it is."""
    known = student.email.casefold() or student.sid or (student.name if by_name else "")
    return known or (record.key, student.name)


def _scores(out: Path, record: Record) -> dict[str, Any]:
    """Points as results.json has them, which is what students see: exact to a hundredth."""
    results = records.results(out, record.key) or {}
    tests = [test for test in results.get("tests", []) if isinstance(test, dict)]
    return {
        # Where nothing was graded, results.json has a 0 that nobody earned.
        "total": "" if record.run is None else results.get("score", ""),
        "max": round(sum(float(test.get("max_score", 0)) for test in tests), 2) if tests else "",
        "checks": {str(test.get("number", "")): test.get("score", "") for test in tests},
    }


def _row(
    student: Student, record: Record, scores: dict[str, Any], checks: Sequence[str]
) -> list[object]:
    run = record.run
    cells = [
        text(student.name),
        identifier(student.sid),
        text(student.email),
        text(record.key),
        text(record.submitted_at),
        scores["total"],
        "" if run is None else f"{float(run.penalty * 100):g}",
        scores["max"],
    ]
    cells += [scores["checks"].get(number, "") for number in checks]
    problem = record.failure or ("" if run is None else run.error)
    return [*cells, text(problem.split("\n")[0])]


def _order(number: str) -> list[tuple[int, str]]:
    pieces = re.findall(r"[0-9]+|[^0-9]+", number)
    return [(int(piece), "") if piece.isdecimal() else (-1, piece) for piece in pieces]
