"""The restrictions a worker puts on itself before it touches the submission.

`enter` runs the steps of `STEPS` in order and reports on each what it did: "on", or
"off: why". The order matters: what needs root comes before the drop of the user id,
and what the drop would undo (the death signal) comes after it. A step that fails is
reported and the next is tried; whether the level reached is enough is for the grader
to decide, not for the worker.
"""

from __future__ import annotations

import ctypes
import math
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from . import seccomp
from .reachable import Reachable, close_others

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38

_MIB = 1024 * 1024
_STACK_BYTES = 64 * _MIB
_LINUX = sys.platform == "linux"


@dataclass(frozen=True)
class Confinement:
    """What a worker may use; JSON carries it to the worker as `dataclasses.asdict`.

    `uid` is the user and group to become, or None where the grader is not root.
    `memory_mb` bounds the private memory of the whole process, what it was forked with
    included. `processes` bounds the user's processes and threads, None for no bound.
    `parent` is the grader's process id: the worker dies when that process does.
    `reachable` is what of the file system stays open. `without` names steps to leave
    out, to see what the others hold.
    """

    uid: int | None
    cpu_seconds: float
    memory_mb: int
    processes: int | None
    parent: int
    open_files: int = 64
    reachable: Reachable = field(default_factory=Reachable)
    without: tuple[str, ...] = ()


Step = Callable[[Confinement], str]


class _Off(Exception):
    """A step does not apply here; the message says why."""


def enter(settings: Confinement) -> dict[str, str]:
    """Confine the calling process, for good. Gives each step's name and "on" or "off: why".

    Must run while the process has one thread, before any code of the submission.
    """
    report = {}
    for name, step in STEPS.items():
        if name in settings.without:
            report[name] = "off: left out on request"
            continue
        try:
            detail = step(settings)
            report[name] = f"on: {detail}" if detail else "on"
        except (_Off, OSError, ValueError, ImportError) as why:
            report[name] = f"off: {why}"
    return report


def prctl(option: int, value: int) -> None:
    """Call Linux's prctl with one argument. Raises `OSError`."""
    libc = ctypes.CDLL(None, use_errno=True)
    zero = ctypes.c_ulong(0)
    if libc.prctl(option, ctypes.c_ulong(value), zero, zero, zero):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _own_session(_settings: Confinement) -> str:
    """Leave the terminal and the grader's process group: Ctrl-C is the grader's alone."""
    if os.getsid(0) != os.getpid():
        os.setsid()
    return ""


def _die_first(_settings: Confinement) -> str:
    """When the container's memory runs out, the kernel picks a worker, not the grader."""
    _only_linux()
    prctl(PR_SET_DUMPABLE, 1)  # else, after a fork from a closed zygote, the file is root's
    Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    return ""


def _limits(settings: Confinement) -> str:
    """Set resource limits, soft and hard; only root could raise them again.

    A hard file size of 0 also marks the process and all it forks: see `reaper`.
    """
    # The CPU clock includes what this process used before (imports, when it was not forked).
    cpu = math.ceil(time.process_time() + settings.cpu_seconds)
    # One second between the limits: the signal of the soft one can be told from others.
    limits: dict[str, tuple[int, int]] = {
        "CORE": (0, 0),
        "CPU": (cpu, cpu + 1),
        "NOFILE": (settings.open_files, settings.open_files),
        "FSIZE": (0, 0),
        "MSGQUEUE": (0, 0),
        "DATA": (settings.memory_mb * _MIB, settings.memory_mb * _MIB),
        # DATA does not count the stack, which else could grow as far as the next mapping.
        "STACK": (_STACK_BYTES, _STACK_BYTES),
    }
    if settings.processes is not None:
        limits["NPROC"] = (settings.processes, settings.processes)
    missing = []
    for name, (soft, hard) in limits.items():
        try:
            _lower(getattr(resource, f"RLIMIT_{name}"), soft, hard)
        except (AttributeError, OSError, ValueError):
            missing.append(name)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # writing raises OSError instead of killing
    if missing:
        return f"without {', '.join(missing)}"
    return ""


def _lower(which: int, soft: int, hard: int) -> None:
    _, ceiling = resource.getrlimit(which)
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    resource.setrlimit(which, (soft, hard))


def _drop_user(settings: Confinement) -> str:
    """Become a user that owns nothing and that no other worker is."""
    uid = settings.uid
    if uid is None:
        message = "the grader does not run as root"
        raise _Off(message)
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    return f"uid {uid}"


def _die_with_grader(settings: Confinement) -> str:
    """Be killed when the grader dies. A change of user clears this, hence after it."""
    _only_linux()
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != settings.parent:
        os._exit(1)  # it died before the line above
    return ""


def _undumpable(_settings: Confinement) -> str:
    """Close /proc/PID/mem, environ, fd and ptrace to other processes of the same user."""
    _only_linux()
    prctl(PR_SET_DUMPABLE, 0)
    return ""


def _no_new_privileges(_settings: Confinement) -> str:
    """Make set-user-id programs harmless."""
    _only_linux()
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    return ""


def _read_only_what_is_listed(settings: Confinement) -> str:
    """Close the file system, signals to others and their abstract sockets (Landlock)."""
    _only_linux()
    return close_others(settings.reachable)


def _filter_system_calls(_settings: Confinement) -> str:
    """Refuse new processes, sockets, shared memory and much else. Last: it refuses prctl, too."""
    _only_linux()
    return f"{seccomp.install()} instructions"


def _only_linux() -> None:
    if not _LINUX:
        message = f"{sys.platform} has no such restriction"
        raise _Off(message)


STEPS: dict[str, Step] = {
    "session": _own_session,
    "out-of-memory first": _die_first,
    "limits": _limits,
    "user": _drop_user,
    "dies with grader": _die_with_grader,
    "undumpable": _undumpable,
    "no new privileges": _no_new_privileges,
    "files": _read_only_what_is_listed,
    "system calls": _filter_system_calls,
}
