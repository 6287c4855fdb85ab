"""Finding, killing and reaping what student code leaves behind.

As root each worker has a user of its own, and its processes are known by that. An
unprivileged grader knows them by descent and by a brand: `confinement` sets a hard
limit of 0 on the size of files, which no process can take off again and which nobody
else sets. Needs /proc; elsewhere only a worker's process group can be killed.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_STATUS = re.compile(rb"\nState:\t(.).*?\nPPid:\t(\d+)\n.*?\nUid:\t(\d+)", re.DOTALL)
_STATUS_BYTES = 1024  # these lines are the first ones, after a name of a few letters
_ROUNDS = 200
_PAUSE = 0.005

MAXRSS_PER_MIB = 1024.0 if sys.platform == "linux" else 1024.0 * 1024.0
"""The unit of `ru_maxrss` is KiB on Linux and bytes on macOS."""


@dataclass(frozen=True)
class Process:
    """A line of the process table; a zombie waits for its parent to reap it."""

    pid: int
    parent: int
    uid: int
    zombie: bool


def processes() -> list[Process]:
    """List all processes that /proc shows; empty where there is no /proc."""
    found = []
    if not _PROC.joinpath("self").exists():
        return []
    for name in os.listdir(_PROC):  # noqa: PTH208  a path for each takes as long as reading it
        if name.isdigit():
            with contextlib.suppress(OSError, ValueError):  # it has ended meanwhile
                found.append(_process(int(name)))
    return found


def kill_user(uid: int, kill_all: Callable[[int], object]) -> None:
    """Kill and reap all processes of a worker's user.

    `kill_all` kills them in one system call (the zygote does that). Killing what a look
    at /proc shows would lose the race against a process that keeps forking: it is hardly
    ever there under the number that was just read.
    """
    kill_all(uid)
    for _ in range(_ROUNDS):
        found = [process for process in processes() if process.uid == uid]
        if not found:
            return
        _kill(_reap(found))
        time.sleep(_PAUSE)


def kill_orphans(keep: Collection[int]) -> None:
    """Kill and reap what dead workers without a user of their own have left.

    As subreaper this process is the parent of all orphans. The branded ones, except the
    living workers in `keep`, die with all that descends from them, whichever worker
    started them: nothing that is graded has a reason to leave a process behind.
    """
    for _ in range(_ROUNDS):
        table = {process.pid: process for process in processes()}
        orphans = {
            process.pid
            for process in table.values()
            if process.parent == os.getpid() and process.pid not in keep and _branded(process.pid)
        }
        doomed = orphans | _descendants(orphans, table)
        alive = _reap([table[number] for number in doomed])
        if not alive:
            return
        _kill(alive)
        time.sleep(_PAUSE)


def kill_group(pid: int) -> None:
    """Kill a worker and its process group: all that is known without /proc."""
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(OSError):
            kill(pid, signal.SIGKILL)


def out_of_memory_kills() -> int:
    """Count the processes that the kernel killed for memory since it started; 0 if unknown."""
    with contextlib.suppress(OSError, ValueError):
        for line in _PROC.joinpath("vmstat").read_text(encoding="ascii").splitlines():
            if line.startswith("oom_kill "):
                return int(line.split()[1])
    return 0


def cpu_seconds(pid: int) -> float:
    """CPU time that a running process has used; 0 where there is no /proc."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        fields = _PROC.joinpath(str(pid), "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def tasks_of_user() -> int | None:
    """Count this user's processes and threads, which is what RLIMIT_NPROC counts."""
    if sys.platform != "linux":
        return None
    total = 0
    for process in processes():
        if process.uid == os.getuid():
            with contextlib.suppress(OSError):
                total += sum(1 for _ in (_PROC / str(process.pid) / "task").iterdir())
    return total


def _process(pid: int) -> Process:
    """Read one line of the table; raises OSError and ValueError when the process has gone.

    Two looks at all processes frame each worker: the file is read in one go, and not split.
    """
    handle = os.open(f"{_PROC}/{pid}/status", os.O_RDONLY)
    try:
        found = _STATUS.search(os.read(handle, _STATUS_BYTES))
    finally:
        os.close(handle)
    if found is None:
        raise ValueError(pid)
    state, parent, uid = found.groups()
    return Process(pid=pid, parent=int(parent), uid=int(uid), zombie=state in b"ZX")


def _branded(pid: int) -> bool:
    """Whether the process bears the mark of a confined worker."""
    with contextlib.suppress(OSError):
        for line in _PROC.joinpath(str(pid), "limits").read_text().splitlines():
            if line.startswith("Max file size"):
                return line.split()[4] == "0"
    return False


def _descendants(roots: set[int], table: dict[int, Process]) -> set[int]:
    found: set[int] = set()
    todo = list(roots)
    while todo:
        parent = todo.pop()
        children = [p.pid for p in table.values() if p.parent == parent and p.pid not in found]
        found.update(children)
        todo.extend(children)
    return found


def _reap(candidates: list[Process]) -> list[Process]:
    """Reap the zombies that are ours; give the processes that still run."""
    for process in candidates:
        if process.zombie and process.parent == os.getpid():
            with contextlib.suppress(ChildProcessError):
                os.waitpid(process.pid, os.WNOHANG)
    return [process for process in candidates if not process.zombie]


def _kill(targets: list[Process]) -> None:
    for process in targets:
        with contextlib.suppress(OSError):
            os.kill(process.pid, signal.SIGKILL)
