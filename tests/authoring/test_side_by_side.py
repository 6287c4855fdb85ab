"""Tasks shared among processes: order, results, and every way to an early end."""

import contextlib
import functools
import operator
import os
import signal
import subprocess
import sys
import time

import pytest

from grader.authoring.side_by_side import PanelError, cores, run

# Processes that are spawned can only be sent what they find by name: functions of others.
NEGATE = functools.partial(contextlib.nullcontext, operator.neg)


@pytest.mark.parametrize("jobs", [1, 2, 8])
def test_every_task_is_done_once(jobs):
    """Each result is heard of as it comes, and returned."""
    heard = []
    results = run(NEGATE, [1, 2, 3, 4, 5], jobs, heard.append)
    assert results == heard
    assert sorted(results) == [-5, -4, -3, -2, -1]


def test_one_job_works_here_and_in_order():
    """A single job needs no other process, and one opening serves all tasks."""
    opened = []

    @contextlib.contextmanager
    def work():
        opened.append(os.getpid())
        yield lambda task: (task, os.getpid())

    assert run(work, [1, 2], 1) == [(1, os.getpid()), (2, os.getpid())]
    assert opened == [os.getpid()]


def test_nothing_to_do():
    """Without tasks there are no results."""
    assert run(NEGATE, [], 4) == []


def test_a_process_that_ends_is_an_error(capfd):
    """Where a process dies, or its task raises, the rest is not waited for."""
    with pytest.raises(PanelError, match="without an answer"):
        run(functools.partial(contextlib.nullcontext, os._exit), [3, 3, 3], 2)
    with pytest.raises(PanelError):
        run(functools.partial(contextlib.nullcontext, int), ["x", "y"], 2)
    assert "ValueError: invalid literal" in capfd.readouterr().err


def test_what_the_listener_raises_ends_all():
    """An exception in this process ends the others at once, and comes out."""

    def refuse(_):
        raise LookupError("enough")

    began = time.monotonic()
    with pytest.raises(LookupError, match="enough"):
        run(functools.partial(contextlib.nullcontext, time.sleep), [0, 60, 60], 2, refuse)
    assert time.monotonic() - began < 60


SCRIPT = """
import contextlib, functools, time
from grader.authoring import side_by_side
if __name__ == "__main__":
    print("begun", flush=True)
    side_by_side.run(functools.partial(contextlib.nullcontext, time.sleep), [0, 60, 60], 2,
                     lambda _: print("one", flush=True))
"""


@pytest.mark.parametrize("everyone", [True, False])
def test_an_interrupt_ends_all_processes(tmp_path, everyone):
    """Ctrl-C, which a terminal sends to all, or a signal to the first alone: nothing is left."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    process = subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True, text=True,
    )  # fmt: skip
    assert process.stdout.readline() == "begun\n"
    assert process.stdout.readline() == "one\n"
    (os.killpg if everyone else os.kill)(process.pid, signal.SIGINT)
    # All hold the pipes: they are read to their end only when the last process is gone.
    _, errors = process.communicate(timeout=50)
    assert process.returncode != 0
    assert errors.count("Traceback") == 1


def test_cores():
    """At least one process may run, and no more than there are processors."""
    assert 1 <= cores() <= os.cpu_count()


def test_cores_without_affinity(monkeypatch):
    """Systems that know no affinity count their processors, at least one."""
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert cores() == 1
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    assert cores() == 3
