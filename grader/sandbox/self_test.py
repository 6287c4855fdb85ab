"""What a locked worker finds it can still do, tried out before any student code runs.

Layers fail in silence: a library that cannot be imported, a kernel that was built without
them. So the report is not what was asked for but what was observed. Each attempt is
harmless where it succeeds, and undone.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import mmap
import os
import resource
import secrets
import socket
import stat
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from .syscalls import REFUSED, number

_WORLD_READABLE = "/etc/passwd"
_SHARED = ("/tmp", "/var/tmp", "/dev/shm")
_PRIVATE = 0  # IPC_PRIVATE
_REMOVE = 0  # IPC_RMID
_FAMILIES = ("AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK")


def holes(outside: Iterable[str], parent: int | None, submission: str) -> list[str]:
    """The names of what is open, as in `level.HOLES`; none if the lock holds everywhere.

    `outside` are files that must be out of reach. `parent` is the grader's process, the
    parent of this one by default. `submission` is a folder that the grader made.
    """
    grader = os.getppid() if parent is None else parent
    attempts: dict[str, Callable[[], bool]] = {
        "user": lambda: os.geteuid() == 0,
        "memory": _unlimited,
        "files": lambda: _can_read(_WORLD_READABLE),
        "packages": lambda: any(_can_read(path) for path in outside),
        "grader": lambda: _can_read(f"/proc/{grader}/environ"),
        "writing": lambda: any(_can_write(folder) for folder in _SHARED),
        "permissions": lambda: _can_change_mode(submission),
        "network": lambda: any(_can_open_socket(family) for family in _FAMILIES),
        "processes": lambda: _can_fork() or _can_execute(),
        "signals": lambda: _can_signal(grader),
        "shared memory": lambda: _can_share_anonymous() or _can_share_by_key(),
    }
    return [name for name, succeeds in attempts.items() if succeeds()]


def _unlimited() -> bool:
    return resource.getrlimit(resource.RLIMIT_DATA)[0] == resource.RLIM_INFINITY


def _can_read(path: str) -> bool:
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY)
        os.close(descriptor)
        return True
    return False


def _can_write(folder: str) -> bool:
    path = f"{folder}/.{secrets.token_hex(8)}"
    with contextlib.suppress(OSError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        Path(path).unlink()
        return True
    return False


def _can_change_mode(path: str) -> bool:
    """Whether the modes of the grader's files could be changed: set to what they are."""
    with contextlib.suppress(OSError):
        place = Path(path)
        place.chmod(stat.S_IMODE(place.stat().st_mode))
        return True
    return False


def _can_open_socket(family: str) -> bool:
    number_of_family = getattr(socket, family, None)
    if number_of_family is None:
        return False
    kind = socket.SOCK_RAW if family == "AF_NETLINK" else socket.SOCK_DGRAM
    with contextlib.suppress(OSError):
        socket.socket(number_of_family, kind).close()
        return True
    return False


def _can_fork() -> bool:
    with contextlib.suppress(OSError):
        child = os.fork()
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)
        return True
    return False


def _can_execute() -> bool:
    """Whether another program could be run: nothing lies at the path that is tried."""
    try:
        os.execv("/nonexistent/program", ["program"])
    except OSError as error:
        return error.errno == errno.ENOENT


def _can_signal(process: int) -> bool:
    with contextlib.suppress(OSError):
        os.kill(process, 0)
        return True
    return False


def _can_share_anonymous() -> bool:
    with contextlib.suppress(OSError):
        mmap.mmap(-1, mmap.PAGESIZE).close()
        return True
    return False


def _can_share_by_key() -> bool:
    """System V shared memory, which outlives the process that made it."""
    if sys.platform != "linux" or not Path("/proc/sys/kernel/shmmax").exists():
        return False
    with contextlib.suppress(OSError):
        libc = ctypes.CDLL(None, use_errno=True)
        make, remove = number(REFUSED["shmget"]), number(REFUSED["shmctl"])
        made = libc.syscall(make, _PRIVATE, mmap.PAGESIZE, 0o600)
        if made >= 0:
            libc.syscall(remove, made, _REMOVE, None)
            return True
    return False
