"""However student code ends or hangs, the grader gets one clear error, in bounded time."""

from __future__ import annotations

import os
import signal
import time

import numpy as np
import pytest

from grader.errors import (
    BadAnswer,
    MemoryLimitExceeded,
    StudentCodeRaised,
    TimeLimitExceeded,
    WorkerCrashed,
    WorkerExited,
)
from grader.sandbox import cgroup, reaper

from .forgery import FORGE


def test_a_segmentation_fault_is_a_crash(run):
    """The interpreter's death by a signal names the signal, now and ever after."""
    code = run("import ctypes\ndef crash():\n    ctypes.string_at(0)\n").load("code")
    for _ in range(3):
        with pytest.raises(WorkerCrashed) as caught:
            code.crash()
        assert caught.value.signal_name == "SIGSEGV"


def test_killing_oneself_is_a_crash(run):
    """SIGKILL without a limit in sight is no time-out and no lack of memory."""
    code = run("import os\ndef crash():\n    os.kill(os.getpid(), 9)\n").load("code")
    with pytest.raises(WorkerCrashed, match="SIGKILL"):
        code.crash()


def test_a_real_time_signal_is_a_crash(run):
    """A signal without a name is reported by its number."""
    code = run("import os\ndef crash():\n    os.kill(os.getpid(), 40)\n").load("code")
    with pytest.raises(WorkerCrashed, match="signal 40"):
        code.crash()


@pytest.mark.parametrize("status", [0, 7])
def test_ending_the_process_is_an_exit(run, status):
    """os._exit is reported with its status, for this request and all others."""
    worker = run("import os\ndef leave(status):\n    os._exit(status)\n")
    code = worker.load("code")
    for call in (lambda: code.leave(status), lambda: code.leave, lambda: worker.load("code")):
        with pytest.raises(WorkerExited) as caught:
            call()
        assert caught.value.status == status


def test_an_endless_loop_is_stopped_by_its_cpu_time(run):
    """Code that computes for ever hits the CPU limit, long before the wall clock."""
    worker = run("def spin():\n    while True: pass\n", cpu_seconds=1, wall_seconds=60)
    code = worker.load("code")
    with pytest.raises(TimeLimitExceeded) as caught:
        code.spin()
    assert (caught.value.kind, caught.value.seconds) == ("cpu", 1)
    assert not caught.value.while_importing
    worker.close()
    assert worker.usage.cpu_seconds > 0.5


def test_ignoring_the_signal_does_not_help(run):
    """The hard limit stops code that ignores the soft one."""
    code = run(
        "import signal\ndef spin():\n    signal.signal(signal.SIGXCPU, signal.SIG_IGN)\n"
        "    while True: pass\n",
        cpu_seconds=1,
        wall_seconds=60,
    ).load("code")
    with pytest.raises(TimeLimitExceeded) as caught:
        code.spin()
    assert caught.value.kind == "cpu"


def test_sleeping_is_stopped_by_the_wall_clock(run):
    """Code that waits for ever hits the wall clock."""
    code = run("import time\ndef wait():\n    time.sleep(1000)\n", wall_seconds=0.5).load("code")
    with pytest.raises(TimeLimitExceeded) as caught:
        code.wait()
    assert caught.value.kind == "wall"


def test_a_time_out_while_importing_says_so(run):
    """The error tells an import that hangs from a call that hangs."""
    worker = run("import time\ntime.sleep(1000)\n", wall_seconds=0.5)
    for _ in range(2):
        with pytest.raises(TimeLimitExceeded) as caught:
            worker.load("code")
        assert caught.value.while_importing


def test_an_idle_worker_is_not_charged(run):
    """The wall clock runs only while a request does."""
    worker = run("def one():\n    return 1\n", wall_seconds=0.5)
    code = worker.load("code")
    time.sleep(0.7)
    assert code.one() == 1


def test_slow_requests_add_up(run):
    """The wall clock is the worker's, not the request's."""
    code = run("import time\ndef nap():\n    time.sleep(0.3)\n", wall_seconds=0.5).load("code")
    code.nap()
    with pytest.raises(TimeLimitExceeded):
        code.nap()


def test_a_memory_bomb_is_stopped(run):
    """Memory beyond the limit raises there, and is reported as such."""
    code = run(
        "def bomb():\n    x = []\n    while True: x.append(bytearray(1 << 20))\n"
        "def one():\n    return 1\n",
        memory_mb=200,
    ).load("code")
    with pytest.raises(MemoryLimitExceeded) as caught:
        code.bomb()
    assert caught.value.limit_mb == 200
    assert code.one() == 1


def test_a_kill_for_lack_of_memory_is_recognised(run, monkeypatch):
    """SIGKILL counts as lack of memory when the kernel's count of such kills rose."""
    worker = run("import os\ndef crash():\n    os.kill(os.getpid(), 9)\n")
    code = worker.load("code")
    before = reaper.out_of_memory_kills()
    monkeypatch.setattr(reaper, "out_of_memory_kills", lambda: before + 1)
    monkeypatch.setattr(cgroup, "limit_mb", lambda: 768)
    with pytest.raises(MemoryLimitExceeded) as caught:
        code.crash()
    assert caught.value == MemoryLimitExceeded(768, container=True)


def test_prints_never_block(run):
    """A hundred megabytes of prints are drained; the first 2 KB are kept, the rest counted."""
    worker = run(
        """
        import sys
        def shout():
            print("first")
            for _ in range(100):
                print("x" * (1 << 20))
            return 1
        """
    )
    assert worker.load("code").shout() == 1
    worker.close()
    assert worker.printed.startswith("first\nxxx")
    assert len(worker.printed) == 2048
    assert worker.printed_dropped == 100 * ((1 << 20) + 1) + 6 - 2048


def test_printing_for_ever_is_stopped(run):
    """An endless stream of prints does not keep the grader from its clock."""
    code = run("def shout():\n    while True: print('x' * 1000)\n", cpu_seconds=60, wall_seconds=1)
    with pytest.raises(TimeLimitExceeded):
        code.load("code").shout()


def test_prints_are_flushed_before_answers(run):
    """What was printed without a line's end is there when the answer is."""
    worker = run("import sys\ndef say():\n    print('half', end='')\n    sys.stderr.write('err')\n")
    worker.load("code").say()
    assert worker.printed in ("halferr", "errhalf")
    assert worker.printed_dropped == 0


@pytest.mark.parametrize(
    "spoil",
    ["sys.stdout.close()", "sys.stdout = None", "os.close(1); os.close(2)", "sys.stdout = 5"],
)
def test_code_without_output_still_answers(run, spoil):
    """Closed, replaced or missing streams are no reason to lose an answer."""
    code = run(f"import os, sys\ndef spoil():\n    {spoil}\ndef one():\n    return 1\n").load(
        "code"
    )
    code.spoil()
    assert code.one() == 1


def test_printing_to_a_closed_stream_is_the_students_error(run):
    """Print after sys.stdout.close() raises, and is reported."""
    code = run("import sys\ndef say():\n    sys.stdout.close()\n    print(1)\n").load("code")
    with pytest.raises(StudentCodeRaised, match="closed file"):
        code.say()


@pytest.mark.parametrize(
    "forgery",
    [
        'os.write(4, b"garbage that is no frame")',
        'send({"id": 1, "ok": True, "value": 5, "arrays": []})',
        'send({"id": True, "ok": True, "value": 5, "arrays": []})',
        'send({"ok": True, "value": 5, "arrays": []})',
        'send({"id": request_number(), "ok": 1, "value": 5, "arrays": []})',
        'send({"id": request_number(), "ok": True, "arrays": []})',
        'send({"id": request_number(), "ok": True, "value": 5, "error": {}, "arrays": []})',
        'send({"id": request_number(), "ok": False, "error": 5, "arrays": []})',
        'send({"id": request_number(), "ok": True, "value": {"r": -1}, "arrays": []})',
        'answer({"r": 1, "type": 5, "callable": True})',
        'answer({"a": 0}, [["f8", [2**31, 2**31, 0]]])',
        'answer({"a": 0}, [["f8", [1 << 40]]])',
        'send({"id": request_number(), "ok": True, "value": 5, "arrays": [["u1", [1]]]}, b"x")',
        'send({"id": request_number(), "ok": True, "value": 5, "arrays": []}, b"left over")',
        'send(None, raw=b"[" * 60000)',
        'send(None, raw=b"{")',
    ],
)
def test_forged_answers_drop_the_worker(run, forgery):
    """Bytes that the student's code writes in place of an answer end the worker."""
    worker = run(FORGE + f"\ndef forge():\n    {forgery}\n    import time; time.sleep(60)\n")
    code = worker.load("code")
    with pytest.raises(BadAnswer):
        code.forge()
    assert not reaper_sees(worker.pid)
    with pytest.raises(BadAnswer):
        code.forge()


def test_a_frame_sent_ahead_is_noticed(run):
    """An answer to a request that has not been made yet drops the worker."""
    code = run(
        FORGE
        + """
import threading, time
def forge():
    def later():
        time.sleep(0.1)
        send({"id": 1, "ok": True, "value": 5, "arrays": []})
    threading.Thread(target=later).start()
def one():
    return 1
"""
    ).load("code")
    code.forge()
    time.sleep(0.4)
    with pytest.raises(BadAnswer, match="more than was asked for"):
        code.one()


def test_every_descriptor_is_fair_game(run):
    """Writing to all descriptors reaches no other process, and is a violation at most."""
    code = run(
        """
        import os
        def spray():
            written = []
            for fd in range(64):
                if fd != 4:
                    try:
                        os.write(fd, b"x"); written.append(fd)
                    except OSError: pass
            return written
        """
    ).load("code")
    assert code.spray() == [1, 2]


def test_closing_the_connection_ends_the_worker(run):
    """Code that closes the pipe but lives on is ended."""
    code = run("import os, time\ndef close():\n    os.close(4); time.sleep(60)\n").load("code")
    with pytest.raises(BadAnswer, match="closed the connection"):
        code.close()


def test_a_request_larger_than_the_pipe_waits_for_its_reader(run):
    """A worker that is busy elsewhere while a large request comes hits the wall clock."""
    worker = run("import os, signal\ndef stop():\n    pass\n", wall_seconds=1)
    code = worker.load("code")
    os.kill(worker.pid, signal.SIGSTOP)
    with pytest.raises(TimeLimitExceeded):
        code.stop(np.zeros(1_000_000))


def test_an_exit_is_seen_although_a_child_holds_the_pipe(run_forking):
    """A child that keeps the pipe open does not hide the worker's death."""
    code = run_forking(
        """
        import os, time
        def leave():
            if os.fork() == 0:
                time.sleep(100)
            os._exit(3)
        """,
        wall_seconds=60,
    ).load("code")
    started = time.monotonic()
    with pytest.raises(WorkerExited) as caught:
        code.leave()
    assert caught.value.status == 3
    assert time.monotonic() - started < 30


def test_usage_is_measured(run):
    """A closed worker tells its CPU time, wall time, peak memory and start."""
    worker = run("x = sum(i * i for i in range(300_000))\n")
    worker.load("code")
    worker.close()
    worker.close()
    assert 0 < worker.usage.cpu_seconds < 10
    assert 0 < worker.usage.wall_seconds < 20
    assert 5 < worker.usage.peak_mb < 500
    assert worker.usage.start_seconds > 0
    with pytest.raises(ValueError, match="closed"):
        worker.load("code")


def test_an_interrupted_request_ends_the_worker(run, monkeypatch):
    """After Ctrl-C or pytest's own time-out no late answer can be taken for another."""
    worker = run("def one():\n    return 1\n")
    code = worker.load("code")

    def interrupt(*_args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(worker._process, "_fill", interrupt)
        with pytest.raises(KeyboardInterrupt):
            code.one()
    assert not reaper_sees(worker.pid)
    with pytest.raises(ValueError, match="closed"):
        code.one()


def test_the_usage_of_a_living_worker_is_known(run):
    """CPU time can be read while the worker lives, for a budget."""
    worker = run("sum(i * i for i in range(1_000_000))\n")
    worker.load("code")
    assert worker.usage.cpu_seconds > 0
    assert worker.usage.wall_seconds > 0


def reaper_sees(pid: int) -> bool:
    """Whether a process is listed, zombies included."""
    return any(process.pid == pid for process in reaper.processes()) and pid != os.getpid()
