"""`grader grade`: one submission in, results.json and a table out."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from grader import lateness
from grader.assignment import Assignment, load
from grader.commands.progress import Progress
from grader.errors import GraderError
from grader.exporters import gradescope, terminal
from grader.outcomes import Run, to_json, write_json
from grader.session import Options, grade


def run(options: argparse.Namespace) -> int:
    """Grade, write what was asked for, print the table; 2 if nothing could be graded.

    Raises GraderError when the grader cannot do its job; results.json then says so.
    """
    writer = Writer(options)
    writer.placeholder()
    try:
        assignment = load(options.assignment)
        writer.assess(assignment)
        with Progress() as progress:
            graded = grade(
                Options(
                    path=options.path,
                    data=options.data,
                    tape=options.tape,
                    seconds=options.seconds,
                    save=writer.save,
                    watcher=progress,
                    assignment=assignment,
                )
            )
    except Exception as error:
        writer.failed(error)
        raise
    print(terminal.render(graded))
    if sys.stdout.isatty():
        for note in gradescope.staff_notes(graded):
            print(f"for staff: {note}")
    else:  # the platform's log, which only instructors see
        print(gradescope.staff_report(graded))
    return 2 if graded.error else 0


class Writer:
    """Rewrites the files that were asked for, after every check and at the end."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._results = options.results
        self._outcomes = options.outcomes
        self._metadata: dict[str, Any] = {}
        self._notes: list[str] = []
        if options.metadata is not None:
            self._metadata, self._notes = lateness.read_metadata(options.metadata)
        self._late: lateness.Lateness | None = None

    def placeholder(self) -> None:
        """The result that stands if nothing else is ever written."""
        if self._results is not None:
            write_json(self._results, gradescope.placeholder("The grader did not get to the end."))

    def assess(self, assignment: Assignment) -> None:
        """Judge lateness, from the platform's metadata only."""
        if self._metadata:
            policy = lateness.Policy.from_table(assignment.table.get("dates", {}))
            self._late = lateness.assess(self._metadata, policy)

    def save(self, run: Run) -> None:
        """Write the run as it stands."""
        for note in self._notes:
            if note not in run.staff_notes:
                run.staff_notes.append(note)
        if self._late is not None:
            self._late.apply(run)
        if self._outcomes is not None:
            write_json(self._outcomes, to_json(run))
        if self._results is not None:
            write_json(self._results, gradescope.export(run))

    def failed(self, error: Exception) -> None:
        """Say in results.json that the grader, not the student, is at fault."""
        if self._results is not None:
            write_json(
                self._results,
                gradescope.placeholder(
                    "The grader could not do its job. This is not your fault; "
                    "the course staff can see the reason.",
                    staff=str(error) if isinstance(error, GraderError) else repr(error),
                ),
            )
