"""The process table, the brand of confined processes, and killing by either."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from grader.sandbox import reaper

linux = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")


@linux
def test_this_process_is_listed():
    """The table has this process with its parent and user."""
    (me,) = [process for process in reaper.processes() if process.pid == os.getpid()]
    assert (me.parent, me.uid, me.zombie) == (os.getppid(), os.getuid(), False)


def test_without_proc_nothing_is_listed(monkeypatch, tmp_path):
    """Where there is no /proc the table is empty and the counts are zero."""
    monkeypatch.setattr(reaper, "_PROC", tmp_path)
    assert reaper.processes() == []
    assert reaper.out_of_memory_kills() == 0
    assert reaper.cpu_seconds(os.getpid()) == 0.0
    assert not reaper._branded(os.getpid())


@linux
def test_a_child_that_nobody_reaped_is_a_zombie():
    """It is listed as one until its parent takes its status."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    (listed,) = [process for process in reaper.processes() if process.pid == child.pid]
    assert (listed.parent, listed.zombie) == (os.getpid(), True)
    child.wait()
    assert child.pid not in {process.pid for process in reaper.processes()}


def test_a_process_that_goes_while_it_is_read_is_left_out(monkeypatch, tmp_path):
    """Its file is gone, or empty; the others are listed, whatever their names pretend."""
    (tmp_path / "self").mkdir()
    for number, text in {
        "7": "Name:\ta\\nUid:\t1\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t7\n"
        "PPid:\t3\nTracerPid:\t0\nUid:\t40001\t40001\t40001\t40001\nGid:\t5\n",
        "8": "",
    }.items():
        (tmp_path / number).mkdir()
        (tmp_path / number / "status").write_text(text)
    (tmp_path / "9").mkdir()
    monkeypatch.setattr(reaper, "_PROC", tmp_path)
    assert reaper.processes() == [reaper.Process(pid=7, parent=3, uid=40_001, zombie=False)]


@linux
def test_only_confined_processes_are_branded(run):
    """A worker bears the brand; the grader and its other children do not."""
    assert reaper._branded(run("").pid)
    assert not reaper._branded(os.getpid())
    with subprocess.Popen(["sleep", "60"]) as child:
        assert not reaper._branded(child.pid)
        reaper.kill_orphans(keep=living(run))
        assert child.poll() is None
        reaper.kill_group(child.pid)
        assert child.wait() == -9


@linux
def test_a_branded_orphan_dies_with_its_children(pool):
    """Processes without a worker are killed and reaped, their children too."""
    script = (
        "import os, resource, time; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); "
        "os.fork(); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", script])
    deadline = time.monotonic() + 20
    while not children_of(process.pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    (child,) = children_of(process.pid)
    reaper.kill_orphans(keep=pool._living())
    listed = {entry.pid for entry in reaper.processes()}
    assert process.pid not in listed
    assert child not in listed
    process.returncode = -9  # it was reaped behind Popen's back


def test_signals_to_nobody_are_no_error():
    """Killing a group that is gone does nothing."""
    reaper.kill_group(2**22 - 7)


@linux
def test_the_users_tasks_are_counted():
    """At least this process and its thread are counted."""
    assert reaper.tasks_of_user() >= 1


def test_other_systems_count_nothing(monkeypatch):
    """Where tasks cannot be counted there is no number to set a limit by."""
    monkeypatch.setattr(reaper.sys, "platform", "darwin")
    assert reaper.tasks_of_user() is None


def children_of(pid: int) -> list[int]:
    """List a process's children."""
    return [process.pid for process in reaper.processes() if process.parent == pid]


def living(run) -> set[int]:
    """All branded processes that a test must spare."""
    worker = run("")
    return {worker.pid} | {p.pid for p in reaper.processes() if reaper._branded(p.pid)}
