"""The report of a graded class: OUT/report.html, and a page for each submission.

    records ─▶ statistics, clusters, near misses, troubles ─▶ page (templates, figures) ─▶ HTML

With names, pages lie beside the records. An anonymous report is a folder of its own,
OUT/anonymous, in which nothing names anybody, so that it can be given away whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader.assignment import Assignment
from grader.authoring.classroom import records
from grader.authoring.classroom.report import names as naming
from grader.authoring.classroom.report.sections import Section
from grader.replacing import READABLE, replacing

__all__ = ["REPORT", "Section", "write"]

REPORT = "report.html"


def write(
    out: Path,
    assignment: Assignment,
    *,
    anonymous: bool = False,
    sections: Sequence[Section] = (),
) -> Path:
    """Write the report and the students' pages of the class in `out`; gives the report's path.

    `sections` come after the report's own. Raises ClassError where `out` holds no class or a
    damaged record, OSError where a page cannot be written.
    """
    from grader.authoring.classroom.report import page, student

    everybody = list(records.each(out))
    names = naming.of(out, everybody, anonymous=anonymous)
    place = names.place(out)
    told = [names.record(record) for record in everybody]
    for record in told:
        results = names.scrubbed(records.results(out, record.key))
        text = student.page_of(record, results, names, assignment.title)
        folder = place / records.SUBMISSIONS / names.folder(record.key)
        _write(folder / naming.PAGE, text)
    _write(place / REPORT, page.report(told, names, assignment, sections))
    return place / REPORT


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path, READABLE) as file:
        file.write(text.encode("utf-8", "replace"))
