"""`grader check`: the student's own run of the same checks, before submitting."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from grader import images
from grader.assignment import load
from grader.commands.progress import Progress
from grader.errors import ConfigurationError
from grader.exporters import terminal
from grader.forecast import forecast
from grader.outcomes import Run, Status, to_json, write_json
from grader.session import Options, grade


def run(options: argparse.Namespace) -> int:
    """Check a folder; 0 if nothing failed, 1 if something did, 2 if it is unusable.

    Raises GraderError when the grader cannot do its job, `--data` cannot be read, or no
    check was selected.
    """
    assignment = load(options.assignment)
    if options.data is not None:
        images.load(images.locate(options.data))  # a path mistyped here is the user's to know

    def save(graded: Run) -> None:
        if options.outcomes is not None:
            write_json(options.outcomes, to_json(graded))

    with Progress() as progress:
        graded = grade(
            Options(
                path=options.path.resolve(),
                data=options.data,
                tape=options.tape,
                seconds=options.seconds,
                keep=selection(options.part, options.only),
                save=save,
                watcher=progress,
                assignment=assignment,
            )
        )
    print(terminal.render(graded))
    if graded.error:
        return 2
    if not graded.checks:
        raise ConfigurationError(
            f"there is no check {options.only or options.part}: give a part as `--part 1`, "
            "or a check as `--only 1.2`"
        )
    print(forecast(graded, assignment).text())
    return 1 if any(check.status is Status.FAILED for check in graded.checks) else 0


def selection(part: str | None, only: str | None) -> Callable[[str], bool] | None:
    """Which checks `--part` and `--only` ask for; None for all."""
    if only is not None:
        return lambda number: number == only
    if part is not None:
        return lambda number: number.split(".")[0] == part
    return None
