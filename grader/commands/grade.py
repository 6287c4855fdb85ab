"""`grader grade`: one submission in, results.json and a table out."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from grader import lateness, ratelimit
from grader.assignment import Assignment, load
from grader.commands.progress import Progress
from grader.errors import GraderError
from grader.exporters import gradescope, kept, terminal
from grader.outcomes import Run, to_json, write_json
from grader.session import Options, grade


def run(options: argparse.Namespace) -> int:
    """Grade, write what was asked for, print the table; 2 if nothing could be graded.

    A submission that the rate limit refuses keeps an earlier score, and the status is 0.
    Raises GraderError when the grader cannot do its job; results.json then says so,
    unless that is what cannot be written.
    """
    writer = Writer(options)
    writer.placeholder()
    try:
        assignment = load(options.assignment)
        writer.assess(assignment)
        refusal = writer.keep_earlier(assignment, options.path)
        if refusal:
            print(refusal)
            writer.require_written()
            return 0
        with Progress() as progress:
            graded = grade(
                Options(
                    path=options.path,
                    data=options.data,
                    private=options.private,
                    tape=options.tape,
                    seconds=options.seconds,
                    save=writer.save,
                    watcher=progress,
                    assignment=assignment,
                    demand=assignment.demanded_isolation,
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
    writer.require_written()
    return 2 if graded.error else 0


class Writer:
    """Rewrites the files that were asked for, after every check and at the end.

    What cannot be written now, because the disk or the memory is full, does not stop the
    grading: the file that is there stays, and the next time may be better.
    """

    def __init__(self, options: argparse.Namespace) -> None:
        self._results: Path | None = options.results
        self._outcomes: Path | None = options.outcomes
        self._unwritten: dict[Path, Exception] = {}
        self._run: Run | None = None
        self._metadata: dict[str, Any] = {}
        self._notes: list[str] = []
        self._asked = options.metadata is not None
        if options.metadata is not None:
            self._metadata, self._notes = lateness.read_metadata(options.metadata)
        self._late: lateness.Lateness | None = None
        self._limit: ratelimit.Verdict | None = None

    def placeholder(self) -> None:
        """The result that stands if nothing else is ever written."""
        begun = gradescope.placeholder("The grader did not get to the end.")
        self._write(self._results, lambda: begun)

    def assess(self, assignment: Assignment) -> None:
        """Judge lateness and the rate limit, from the platform's metadata only."""
        if not self._asked:
            return
        policy = lateness.Policy.of(assignment)
        if self._metadata:
            self._late = lateness.assess(self._metadata, policy)
        if assignment.rate_limit.submissions:
            self._limit = ratelimit.decide(self._metadata, assignment.rate_limit, policy.zone)
            self._notes += self._limit.staff_notes

    def keep_earlier(self, assignment: Assignment, submission: Path) -> str:
        """Write the earlier result if the rate limit refuses this one: what to print, or ''."""
        limit = self._limit
        if limit is None or limit.kept is None:
            return ""
        limit.staff_notes = list(self._notes)
        document = kept.export(limit, limit.kept, assignment.max_points)
        run = Run(
            assignment=assignment.title,
            submission=submission.name,
            error=kept.reason(limit),
            staff_notes=limit.staff_notes,
            complete=True,
        )
        self._write(self._outcomes, lambda: to_json(run))
        self._write(self._results, lambda: document)
        notes = [f"note: {note}" for note in limit.staff_notes]
        return "\n".join([kept.report(limit, limit.kept), *notes])

    def save(self, run: Run) -> None:
        """Write the run as it stands."""
        self._run = run
        for note in self._notes:
            if note not in run.staff_notes:
                run.staff_notes.append(note)
        if self._late is not None:
            self._late.apply(run)
        self._write(self._outcomes, lambda: to_json(run))
        counts = run.complete and bool(run.checks) and not run.error
        self._write(self._results, lambda: self._recorded(gradescope.export(run), graded=counts))

    def require_written(self) -> None:
        """Raise GraderError if a file is not as it should be, in spite of all attempts."""
        for path, error in self._unwritten.items():
            message = (
                f"{path} could not be written ({str(error) or type(error).__name__}), and what "
                "stands there is older: make room and grade again"
            )
            raise GraderError(message)

    def failed(self, error: Exception) -> None:
        """Say in results.json that the grader, not the student, is at fault.

        What was graded before keeps its points.
        """
        reason = str(error) if isinstance(error, GraderError) else repr(error)
        if self._run is None or not self._run.checks:
            document = gradescope.placeholder(
                "The grader could not do its job. This is not your fault; "
                "the course staff can see the reason.",
                staff=reason,
            )
            self._write(self._results, lambda: self._recorded(document, graded=False))
            return
        self._run.staff_notes.append(f"the grader stopped before the end: {reason}")
        # What ended the run may be the run itself; then the file that is there stays.
        with contextlib.suppress(Exception):
            self.save(self._run)

    def _recorded(self, document: dict[str, Any], *, graded: bool) -> dict[str, Any]:
        """The document with what the next submission's rate limit needs to know of this one."""
        record = {} if self._limit is None else self._limit.record(graded=graded)
        if record:
            document["extra_data"][ratelimit.RECORD] = record
        return document

    def _write(self, path: Path | None, make: Callable[[], object]) -> None:
        """Write what `make` gives to `path`, if that was asked for; take note of a failure."""
        if path is None:
            return
        try:
            write_json(path, make())
        except (OSError, MemoryError) as error:
            self._unwritten[path] = error
        else:
            self._unwritten.pop(path, None)
