"""The last line of `grader check`: what to do next."""

from __future__ import annotations

import shlex

from grader.errors import DataUnavailable
from grader.exporters import summary
from grader.outcomes import Run, Status


def next_step(run: Run, folder: str) -> str:
    """A sentence, and beneath it the command to type where there is one.

    `folder` is what the user gave as the folder to check. Tasks come in their order: one
    that fails comes before a later one that is not started. Empty when nothing was graded.
    """
    if run.error:
        return ""
    for check in run.checks:
        if check.status is not Status.FAILED:
            continue
        rerun = _command("check", folder, "--only", check.number)
        if summary.is_not_started(check):
            what = f"{summary.awaited(check)[0]} (task {check.number}) is not started"
        else:
            what = f"{check.number} {summary.head(check)} fails"
        return f"Next: {what}. To check it alone:{rerun}"
    open_checks = [check for check in run.checks if check.status is not Status.PASSED]
    if any(case.reason == DataUnavailable.reason for c in open_checks for case in c.cases):
        tried = _command("check", folder, "--data", "practice")
        return f"Next: nothing fails. To try the accuracies on practice images:{tried}"
    if open_checks:
        return "Next: nothing fails. What could not be checked is explained above."
    if run.left_out:
        return f"Next: these checks pass. To run all of them:{_command('check', folder)}"
    return f"Next: everything passes. To build the archive to hand in:{_command('pack', folder)}"


def _command(name: str, folder: str, *arguments: str) -> str:
    place = [] if folder == "." else [folder]
    return "\n  " + shlex.join(["grader", name, *place, *arguments])
