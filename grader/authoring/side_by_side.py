"""Many tasks, a few at a time, each process with workers of its own.

`work` opens what all tasks of a process share, its zygotes above all, and gives the
function that does one task. It is told only when to end: Ctrl-C at a terminal reaches
every process, and only the first one decides what becomes of it.
"""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnContext
from types import FrameType
from typing import Any, TypeVar, cast

from grader.errors import GraderError

Task = TypeVar("Task")
Result = TypeVar("Result")
Work = Callable[[], AbstractContextManager[Callable[[Task], Result]]]


class PanelError(GraderError):
    """A process that shared in the work ended before its time."""

    reason = "panel"


def cores() -> int:
    """How many processors this process may use, at least 1."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run(
    work: Work[Task, Result],
    tasks: Sequence[Task],
    jobs: int,
    told: Callable[[Result], None] = lambda _: None,
) -> list[Result]:
    """Do all tasks in their order, `jobs` at a time; results come as they are done.

    With one job, or one task, all is done in this process. Else `work`, tasks and results
    must be picklable. `told` hears of each result as it comes. Whatever is raised ends the
    other processes, which clean up first.

    Raises PanelError when one of them ends without an answer.
    """
    results: list[Result] = []

    def take(result: Result) -> None:
        results.append(result)
        told(result)

    if min(jobs, len(tasks)) <= 1:
        with work() as do:
            for task in tasks:
                take(do(task))
        return results
    context = multiprocessing.get_context("spawn")  # a fork would copy this process's pytest
    waiting = iter(tasks)
    with contextlib.ExitStack() as stack:
        busy = []
        for first in itertools.islice(waiting, jobs):
            helper = stack.enter_context(_process(context, work))
            helper.send(first)
            busy.append(helper)
        while busy:
            for helper in cast("list[Connection]", wait(busy)):
                try:
                    result = helper.recv()
                    following = next(waiting, None)
                    if following is None:
                        busy.remove(helper)
                    else:
                        helper.send(following)
                except (EOFError, OSError) as error:
                    message = "a process of the panel ended without an answer: its error is above"
                    raise PanelError(message) from error
                take(result)
    return results


@contextlib.contextmanager
def _process(context: SpawnContext, work: Work[Any, Any]) -> Iterator[Connection]:
    """A process that answers tasks, to its end: at once and by a signal if something is raised."""
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(work, theirs), daemon=True)
    with _unheard_ctrl_c():
        process.start()
    theirs.close()
    try:
        yield ours
    except BaseException:
        process.terminate()
        raise
    finally:
        ours.close()
        process.join()


@contextlib.contextmanager
def _unheard_ctrl_c() -> Iterator[None]:
    """Let a process that is started here ignore Ctrl-C from its first moment on."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _serve(work: Work[Any, Any], connection: Connection) -> None:
    """Answer tasks until there are no more, or the process that sends them is gone."""
    # A handler of ours, not SIG_IGN, which the zygotes would inherit.
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, _interrupt)
    with contextlib.suppress(KeyboardInterrupt), work() as do:
        while True:
            try:
                task = connection.recv()
            except (EOFError, OSError):
                return
            answer = do(task)
            try:
                connection.send(answer)
            except BrokenPipeError:
                return


def _interrupt(number: int, _frame: FrameType | None) -> None:
    """End by unwinding, once: a second signal must not break off the cleaning up."""
    signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
