"""Zygotes and fresh workers: a clean start, and a clear word when there is none."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from grader.errors import SandboxError, TimeLimitExceeded
from grader.sandbox import Limits, WorkerPool, launch, reaper
from grader.sandbox.launch import clean_environment
from grader.sandbox.process import WorkerProcess

ROOT = Path(__file__).parents[2]
linux = pytest.mark.skipif(sys.platform != "linux", reason="needs a zygote")


def test_the_environment_is_ours_alone(submit, monkeypatch):
    """No variable of the grader's reaches a worker."""
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    root = submit({"code.py": "import os\nenv = dict(os.environ)\n"})
    for way in ("zygote", "fresh"):
        with WorkerPool(launch=way) as pool, pool.open("numpy", root) as worker:
            environment = worker.load("code").env
        assert environment == clean_environment()


def test_a_zygote_that_fails_is_reported_with_its_words():
    """A driver that cannot be imported is a SandboxError with the traceback's end."""
    with WorkerPool() as pool:
        pool.start("numpy", drivers=["no_such_driver"])
        for _ in range(2):
            with pytest.raises(SandboxError, match="No module named 'no_such_driver'"):
                pool.open("numpy", ROOT)


@linux
def test_a_zygote_that_was_killed_is_replaced(submit):
    """The worker after a zygote's death has a new zygote."""
    root = submit({"code.py": "x = 1\n"})
    with WorkerPool() as pool:
        pool.open("numpy", root).close()
        (zygote,) = pool._launchers.values()
        os.kill(zygote.pid, signal.SIGKILL)
        time.sleep(0.1)
        with pool.open("numpy", root) as worker:
            assert worker.load("code").x == 1


def test_fresh_workers_do_the_same(submit):
    """Workers without a zygote (macOS) import, answer, time out and are gone."""
    root = submit(
        {"code.py": "import time\ndouble = lambda x: 2 * x\nwait = lambda: time.sleep(99)\n"}
    )
    with WorkerPool(launch="fresh") as pool:
        pool.start("numpy", drivers=["tests.sandbox.driver"])
        with pool.open("numpy", root, Limits(wall_seconds=2)) as worker:
            code = worker.load("code")
            assert worker.drive("tests.sandbox.driver:double", code, 21) == 42
            assert worker.layers["limits"].startswith("on")
            with pytest.raises(TimeLimitExceeded):
                code.wait()
        assert worker.pid not in {process.pid for process in reaper.processes()}
        assert worker.usage.cpu_seconds > 0


@linux
def test_a_zygote_that_never_starts_is_given_up(monkeypatch):
    """A zygote that hangs before it is ready is a SandboxError, not a hang."""
    monkeypatch.setattr(launch, "START_SECONDS", 0.2)
    with WorkerPool() as pool:
        pool.start("numpy")
        (zygote,) = pool._launchers.values()
        os.kill(zygote.pid, signal.SIGSTOP)
        with pytest.raises(SandboxError, match="did not start"):
            pool.open("numpy", ROOT)


@linux
def test_a_zygote_that_stops_answering_is_replaced(monkeypatch, submit):
    """A request without an answer is a SandboxError; the next worker has a new zygote."""
    root = submit({"code.py": "x = 1\n"})
    with WorkerPool() as pool:
        pool.open("numpy", root).close()
        (zygote,) = pool._launchers.values()
        os.kill(zygote.pid, signal.SIGSTOP)
        monkeypatch.setattr(launch, "REPLY_SECONDS", 0.2)
        with pytest.raises(SandboxError, match="does not answer"):
            pool.open("numpy", root)
        monkeypatch.undo()
        time.sleep(0.1)
        with pool.open("numpy", root) as worker:
            assert worker.load("code").x == 1


@pytest.mark.parametrize("way", ["zygote", "fresh"])
def test_a_worker_that_cannot_be_set_up_is_reported_with_its_words(way, submit):
    """A failure between the fork and the hello is the grader's, and says what it was."""
    root = submit({"code.py": ""})
    before = {process.pid for process in reaper.processes() if process.parent == os.getpid()}
    with WorkerPool(launch=way) as pool:
        pool.start("numpy", drivers=["tests.sandbox.driver_that_breaks_workers"])
        with pytest.raises(SandboxError, match=r"did not start.*RuntimeError: sabotage"):
            pool.open("numpy", root)
    after = {process.pid for process in reaper.processes() if process.parent == os.getpid()}
    assert after <= before


@linux
def test_a_zygote_that_is_killed_while_it_starts_costs_nothing(submit):
    """The worker that waited for it gets another, which has the same drivers."""
    root = submit({"code.py": "double = lambda x: 2 * x\n"})
    with WorkerPool() as pool:
        pool.start("numpy", drivers=["tests.sandbox.driver"])
        (zygote,) = pool._launchers.values()
        os.kill(zygote.pid, signal.SIGKILL)
        with pool.open("numpy", root) as worker:
            assert worker.drive("tests.sandbox.driver:double", worker.load("code"), 21) == 42


@linux
def test_a_zygote_that_is_killed_when_asked_costs_nothing(submit, monkeypatch):
    """A zygote that dies between two looks at it is replaced within the same request."""
    root = submit({"code.py": "x = 1\n"})
    with WorkerPool() as pool:
        pool.open("numpy", root).close()
        (zygote,) = pool._launchers.values()
        os.kill(zygote.pid, signal.SIGKILL)
        monkeypatch.setattr(zygote._process, "poll", lambda: None)
        with pool.open("numpy", root) as worker:
            assert worker.load("code").x == 1
        assert zygote not in pool._launchers.values()


@linux
def test_zygotes_that_are_all_killed_are_given_up(monkeypatch):
    """Two dead zygotes for one worker are a SandboxError; the next worker tries again."""
    started = []

    def start_and_kill(*arguments, **options):
        process = start(*arguments, **options)
        process.kill()
        started.append(process)
        return process

    start = launch._start
    monkeypatch.setattr(launch, "_start", start_and_kill)
    with WorkerPool() as pool:
        for count in (2, 4):
            with pytest.raises(launch.Killed, match="did not start"):
                pool.open("numpy", ROOT)
            assert len(started) == count


@pytest.mark.parametrize("way", ["zygote", "fresh"])
def test_a_worker_that_is_killed_before_its_hello_is_replaced(way, submit, monkeypatch):
    """No student code ran in it, so it cannot be the student's fault."""
    root = submit({"code.py": "x = 1\n"})
    killed = []
    receive = WorkerProcess.receive

    def kill_first(process, seconds):
        if not killed:
            os.kill(process.pid, signal.SIGKILL)
            killed.append(process.pid)
        return receive(process, seconds)

    monkeypatch.setattr(WorkerProcess, "receive", kill_first)
    with WorkerPool(launch=way) as pool, pool.open("numpy", root) as worker:
        assert worker.load("code").x == 1
        assert worker.pid not in killed
    assert len(killed) == 1


@linux
@pytest.mark.parametrize("ready", [False, True])
def test_an_interrupt_while_a_zygote_is_asked_confuses_nobody(ready, submit, monkeypatch):
    """An answer that nobody waited for is not taken for the next one's."""
    root = submit({"code.py": "x = 1\n"})

    def interrupt(_zygote, _seconds):
        raise KeyboardInterrupt

    with WorkerPool() as pool:
        if ready:
            pool.open("numpy", root).close()
        with monkeypatch.context() as patch:
            patch.setattr(launch.Zygote, "_receive", interrupt)
            with pytest.raises(KeyboardInterrupt):
                pool.open("numpy", root)
        with pool.open("numpy", root) as worker:
            assert worker.load("code").x == 1
