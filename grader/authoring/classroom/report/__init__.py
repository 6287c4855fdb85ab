"""The report of a graded class: OUT/report.html, and a page for each submission.

    records ─▶ statistics, clusters, near misses, troubles ─▶ page (templates, figures) ─▶ HTML

Pages lie beside the records. Where these have names, an anonymous report is a folder of its
own, OUT/anonymous, in which nothing names anybody, so that it can be given away whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader.assignment import Assignment
from grader.authoring.classroom import records
from grader.authoring.classroom.report import names as naming
from grader.authoring.classroom.report.sections import Section

__all__ = ["REPORT", "Section", "write"]

REPORT = "report.html"


def write(
    out: Path,
    assignment: Assignment,
    *,
    anonymous: bool = False,
    sections: Sequence[Section] = (),
) -> Path:
    """Write the report of the class in `out`, and what is new of students' pages; its path.

    `sections` come after the report's own. Raises ClassError where `out` holds no class or a
    damaged record, OSError where a page cannot be written.
    """
    from grader.authoring.classroom.report import page, pages

    everybody = list(records.each(out))
    names = naming.of(out, everybody, anonymous=anonymous)
    place = names.place(out)
    told = [names.record(record) for record in everybody]
    for record in told:
        pages.write(out, record, names, assignment.title)
    pages.write_text(place / REPORT, page.report(told, names, assignment, sections))
    if place != out:
        naming.write_who_is_who(out, everybody, names)
    return place / REPORT
