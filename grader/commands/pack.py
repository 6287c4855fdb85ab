"""`grader pack`: the archive to hand in, with only what is graded."""

from __future__ import annotations

import argparse

from grader.assignment import load
from grader.intake import Layout, pack


def run(options: argparse.Namespace) -> int:
    """Build the archive and say what is in it.

    Raises UnusableSubmission when there is nothing to pack, or too much.
    """
    assignment = load(None)
    report = pack(options.path.resolve(), Layout.from_table(assignment.table), options.output)
    print(report.text())
    return 0
