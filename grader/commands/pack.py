"""`grader pack`: the archive to hand in, with only what is graded."""

from __future__ import annotations

import argparse

from grader.assignment import load
from grader.errors import UnusableSubmission
from grader.intake import Layout, Limits, pack


def run(options: argparse.Namespace) -> int:
    """Build the archive and say what is in it.

    Raises UnusableSubmission when there is nothing to pack, too much, or the output
    would overwrite something that is no archive.
    """
    assignment = load(None)
    layout = Layout.from_table(assignment.table)
    limits = Limits(archive_mb=int(assignment.limits.archive_mb))
    options.output.parent.mkdir(parents=True, exist_ok=True)
    try:
        report = pack(options.path.resolve(), layout, options.output, limits)
    except FileExistsError as error:
        raise UnusableSubmission(f"{error}: choose another file with -o") from error
    print(report.text())
    return 0
