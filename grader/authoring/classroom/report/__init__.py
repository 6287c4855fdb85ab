"""The report of a graded class: OUT/report.html, and a page for each submission.

    records ─▶ statistics, clusters, near misses, troubles ─▶ page (templates, figures) ─▶ HTML

Pages lie beside the records. Where these have names, an anonymous report is a folder of its
own, OUT/anonymous, in which nothing names anybody, so that it can be given away whole. Its order
is that of the pseudonyms: that of the keys, with a list of the class, would tell who is who.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from grader.assignment import Assignment
from grader.authoring.classroom import grades, records
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
    gone: Collection[str] = (),
) -> Path:
    """Write the report of the class in `out`, and what is new of students' pages; its path.

    Figures and tables are of the submissions that count in grades.csv: of who handed in again, the
    last. `gone` are keys whose submission is no longer there; `sections` come after the report's
    own. Raises ClassError where `out` holds no class or a damaged record, OSError where a page
    cannot be written.
    """
    from grader.authoring.classroom.report import page, pages

    everybody = list(records.each(out))
    names = naming.of(out, everybody, anonymous=anonymous)
    place = names.place(out)
    told = sorted(map(names.record, everybody), key=lambda record: names.folder(record.key))
    for record in told:
        pages.write(out, record, names, assignment.title)
    counted = grades.counted(out, everybody, gone)
    counting = [record for record in told if record.key in counted]
    earlier = [record for record in told if record.key not in counted]
    text = page.report(counting, names, assignment, sections, earlier)
    pages.write_text(place / REPORT, text)
    if place != out:
        naming.write_who_is_who(out, everybody, names)
    return place / REPORT
