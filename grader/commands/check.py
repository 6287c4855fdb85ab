"""`grader check`: the student's own run of the same checks, before submitting."""

from __future__ import annotations

import argparse

from grader.assignment import load
from grader.commands.next_step import next_step
from grader.commands.progress import Progress
from grader.evaluation import images
from grader.exporters import terminal
from grader.forecast import forecast
from grader.outcomes import Run, Status, to_json, write_json
from grader.selection import Selection
from grader.session import Options, grade


def run(options: argparse.Namespace) -> int:
    """Check a folder; 0 if nothing failed, 1 if something did, 2 if it is unusable.

    With `--watch`, checks again after every save until Ctrl-C, which is status 130.
    Raises GraderError when the grader cannot do its job, `--data` cannot be read, or a
    check that does not exist was selected.
    """
    assignment = load(options.assignment)
    if options.data is not None:
        images.load(images.locate(options.data))  # a path mistyped here is the user's to know

    def save(graded: Run) -> None:
        if options.outcomes is not None:
            write_json(options.outcomes, to_json(graded))

    def closing(graded: Run) -> str:
        return terminal.wrapped(next_step(graded, str(options.path)))

    def show(graded: Run) -> None:
        print(terminal.render(graded))
        if not graded.error:
            print(terminal.wrapped(forecast(graded, assignment).text()))
            print(f"\n{closing(graded)}", flush=True)

    wanted = Options(
        path=options.path.resolve(),
        data=options.data,
        tape=options.tape,
        seconds=options.seconds,
        selection=selection(options.part, options.only),
        save=save,
        assignment=assignment,
    )
    if options.watch:
        from grader.commands.watch import watch

        return exit_status(watch(wanted, assignment, show, closing))
    with Progress() as wanted.watcher:
        graded = grade(wanted)
    show(graded)
    return exit_status(graded)


def exit_status(graded: Run) -> int:
    """0 if nothing failed, 1 if something did, 2 if nothing could be graded."""
    if graded.error:
        return 2
    return 1 if any(check.status is Status.FAILED for check in graded.checks) else 0


def selection(part: str | None, only: list[str] | None) -> Selection:
    """Which checks `--part` and `--only` ask for; '1.2,1.4' are two."""
    listed = [part or "", *",".join(only or []).split(",")]
    return Selection(frozenset(number.strip() for number in listed) - {""})
