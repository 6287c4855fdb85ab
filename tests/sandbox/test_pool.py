"""Nothing of a submission outlives its worker, and nothing of the grader's gets in."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from grader.errors import SandboxError
from grader.sandbox import Limits, WorkerPool, reaper
from grader.sandbox import pool as pool_module

ROOT = Path(__file__).parents[2]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
linux = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")

DAEMON = """
import os, time
def daemon():
    # The classical double fork, with a session of its own and all descriptors closed.
    read, write = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.write(write, str(os.getpid()).encode())
            os.closerange(0, 64)
            while True: time.sleep(1)
        os._exit(0)
    os.wait()
    return int(os.read(read, 20))
def chain():
    # Never the same process for long: each forks the next and dies.
    if os.fork() == 0:
        os.setsid()
        os.closerange(0, 64)
        while True:
            if os.fork(): os._exit(0)
            time.sleep(0.001)
"""


def exists(pid: int) -> bool:
    """Whether a process runs."""
    return any(process.pid == pid and not process.zombie for process in reaper.processes())


@linux
def test_a_daemon_does_not_survive(run_forking):
    """A process that left its parents and its session dies with the worker, and is reaped."""
    worker = run_forking(DAEMON)
    pid = worker.load("code").daemon()
    assert exists(pid)
    worker.close()
    assert not exists(pid)


@as_root
def test_a_chain_of_forks_does_not_survive(run_forking):
    """A process that is a different one every millisecond cannot outrun the kill."""
    worker = run_forking(DAEMON)
    code = worker.load("code")
    (uid,) = {process.uid for process in reaper.processes() if process.pid == worker.pid}
    code.chain()
    worker.close()
    time.sleep(0.1)
    assert not [process for process in reaper.processes() if process.uid == uid]


def test_workers_do_not_see_each_other(pool, run):
    """Two workers at once are two users (as root) and two processes."""
    first, second = (
        run("import os\nids = (os.getpid(), os.getuid())\n"),
        run("import os\nids = (os.getpid(), os.getuid())\n"),
    )
    (pid, uid), (other_pid, other_uid) = first.load("code").ids, second.load("code").ids
    assert pid == first.pid
    assert pid != other_pid
    if os.geteuid() == 0:
        assert 40_000 <= uid <= 60_000
        assert uid != other_uid


SCRIPT = """
import os, signal, sys, time
from pathlib import Path
from grader.errors import SandboxError
from grader.sandbox import Limits, WorkerPool, reaper
from grader.sandbox import pool as pool_module
root = Path(sys.argv[1])
# What no process can start need not be found: these tests let code start some.
with WorkerPool(without=["system calls"]) as pool:
    worker = pool.open("numpy", root, Limits(wall_seconds=60))
    code = worker.load("code")
    pid = code.daemon()
    print(os.getuid(), worker.pid, pid, worker.layers["user"], flush=True)
    if sys.argv[2] == "wait":
        time.sleep(60)
    other = pool.open("numpy", root)
    other_code = other.load("code")
    worker.close()
    assert not [p for p in reaper.processes() if p.pid in (pid, worker.pid)]
    other_pid = other_code.daemon()
assert not [p for p in reaper.processes() if p.parent == os.getpid()]
assert not [p for p in reaper.processes() if p.pid == other_pid]
"""


def grade(root: Path, mode: str, **options: object) -> subprocess.Popen[str]:
    """Run the script above as a grader of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(SCRIPT), str(root), mode],
        env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd="/",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


@as_root
def test_without_root_the_same_processes_die(submit):
    """An ordinary user's grader finds daemons by their brand, and spares living workers."""
    process = grade(submit({"code.py": DAEMON}), "run", user=65534, group=65534, extra_groups=[])
    out, err = process.communicate(timeout=60)
    if "PermissionError" in err and "Python" in err:
        pytest.skip("this interpreter is closed to other users")
    assert process.returncode == 0, err
    assert out.startswith("65534 ")
    assert "off: the grader does not run as root" in out


@linux
def test_ctrl_c_leaves_nothing(submit):
    """An interrupted grader takes zygotes, workers and daemons with it."""
    process = grade(submit({"code.py": DAEMON}), "wait")
    line = process.stdout.readline().split()
    pids = [int(line[1]), int(line[2])]
    children = {p.pid for p in reaper.processes() if p.parent == process.pid}
    assert children
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert not [pid for pid in {*pids, *children} if exists(pid)]


@linux
def test_workers_die_with_a_grader_that_is_killed(submit):
    """SIGKILL gives the grader no chance to clean up: the kernel kills its workers."""
    process = grade(submit({"code.py": DAEMON}), "wait")
    line = process.stdout.readline().split()
    children = {p.pid for p in reaper.processes() if p.parent == process.pid}
    process.kill()
    process.communicate(timeout=30)
    deadline = time.monotonic() + 10
    try:
        while exists(int(line[1])) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not exists(int(line[1]))
        assert children
    finally:
        os.kill(int(line[2]), signal.SIGKILL)  # only a ban on forking will stop daemons here


def test_each_run_counts_the_users_processes_anew(monkeypatch):
    """What a user starts between two runs of one pool takes nothing from the workers' share."""
    with WorkerPool(launch="fresh") as pool:
        limits = []
        for present in (100, 500):
            monkeypatch.setattr(reaper, "tasks_of_user", lambda: present)  # noqa: B023
            pool.start("numpy")
            limits += [pool._confinement(Limits(), None).processes for _ in range(2)]
    assert limits[0] == limits[1] > 100
    assert limits[2] - limits[0] == 400


@as_root
@linux
def test_a_pool_outlives_its_user_ids(monkeypatch, submit):
    """When every id was used, those without a process are used again: a class needs more."""
    monkeypatch.setattr(pool_module, "USER_IDS", range(61_000, 61_003))
    root = submit({})
    with WorkerPool() as pool:
        kept = pool.open("numpy", root)
        ids = []
        for _ in range(5):
            with pool.open("numpy", root) as worker:
                ids.append(user_of(worker.pid))
        assert user_of(kept.pid) not in ids
        assert len(set(ids)) == 2


@as_root
@linux
def test_where_all_user_ids_have_processes_no_worker_starts(monkeypatch, submit):
    """Two workers as one user could reach each other: that is refused, with the reason."""
    monkeypatch.setattr(pool_module, "USER_IDS", range(61_010, 61_011))
    root = submit({})
    with (
        WorkerPool() as pool,
        pool.open("numpy", root),
        pytest.raises(SandboxError, match="all user ids"),
    ):
        pool.open("numpy", root)


def user_of(pid: int) -> int:
    """The user of a process."""
    return next(process.uid for process in reaper.processes() if process.pid == pid)


class Launcher:
    """Stands in for a launcher: notes whom it is asked to kill, and says whether it could."""

    pid = None

    def __init__(self, able):
        self.able = able
        self.asked = []

    def kill_user(self, uid):
        """Take note."""
        self.asked.append(uid)
        return self.able

    def close(self):
        """There is nothing to end."""


@pytest.mark.parametrize("able", [True, False])
def test_the_zygote_without_torch_kills_first(able):
    """It is copied fastest; where it cannot kill, the one that started the worker does."""
    with WorkerPool() as pool:
        numpy, torch = Launcher(able), Launcher(able=True)
        pool._launchers.update(numpy=numpy, torch=torch)
        pool._kill_all(torch, 40_001)
    assert numpy.asked == [40_001]
    assert torch.asked == ([] if able else [40_001])


def test_a_launcher_alone_kills_what_it_started():
    """A run of the torch part alone has no other zygote."""
    with WorkerPool() as pool:
        torch = pool._launchers["torch"] = Launcher(able=True)
        pool._kill_all(torch, 40_001)
    assert torch.asked == [40_001]
