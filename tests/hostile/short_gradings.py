"""`grader grade` of a few checks again and again, each in a process that is forked ready.

    python short_gradings.py

A line is JSON: {"archive": path, "results": path, "log": path, "only": [numbers]}. Two
lines answer: the process id of the grading when it begins, its exit status when it ends.
Forking spares each grading its imports; the rest is what the console script does.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import sys
import traceback

import numpy.random  # noqa: F401  imported ahead, as is all that a grading needs
import pytest  # noqa: F401

import grader.checks.layers
import grader.fixtures  # noqa: F401
from grader import cli
from grader.commands import grade
from grader.sandbox.confinement import PR_SET_CHILD_SUBREAPER, prctl
from grader.selection import Selection
from grader.session import Options


def serve(requests, answers) -> None:
    """Answer until there are no more requests; what gradings leave becomes this one's."""
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    for line in requests:
        reap()
        pid = os.fork()
        if pid == 0:
            become_a_grading(json.loads(line))
        answers.write(f"{pid}\n")
        answers.flush()
        _, status = os.waitpid(pid, 0)
        answers.write(f"{os.waitstatus_to_exitcode(status)}\n")
        answers.flush()


def reap() -> None:
    """Take the status of all that has ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def become_a_grading(request) -> None:
    """Run the console script with these arguments, in a session of its own."""
    status = 1
    try:
        os.setsid()
        log = os.open(request["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        for fd in (1, 2):
            os.dup2(log, fd)
        selection = Selection(frozenset(request["only"]))
        grade.Options = functools.partial(Options, selection=selection)
        sys.argv = ["grader", "grade", request["archive"], "--results", request["results"]]
        cli.main()
    except SystemExit as leaving:
        status = leaving.code
    except BaseException:  # noqa: BLE001  whatever it is, the log has it
        traceback.print_exc()
    finally:
        try:
            sys.stdout.flush()
        except OSError:
            status = status or 120  # as the interpreter ends
        os._exit(status)


if __name__ == "__main__":
    serve(sys.stdin, sys.stdout)
