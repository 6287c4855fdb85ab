"""A student's page: what the student sees on Gradescope, and, folded, what staff see."""

from __future__ import annotations

from typing import Any

from grader.authoring.classroom.records import Record
from grader.authoring.classroom.report import page
from grader.authoring.classroom.report.names import Names
from grader.authoring.gradescope import site


def page_of(record: Record, results: dict[str, Any] | None, names: Names, title: str) -> str:
    """The page; `record` and `results` name nobody where `names` are anonymous.

    `results` is what Gradescope would get, None where nothing was written.
    """
    seen = shown = None
    if results is not None:
        document = {"outcome": "graded", "results": results, "seconds": record.seconds}
        shown = site.from_document(document)
        seen = site.student(shown)
    return page.render(
        "student.html.j2",
        title=title,
        who=names.label(record),
        record=record,
        page=seen,
        staff=None if shown is None else site.instructor(shown),
    )
