"""Forks away in every way that Python and the kernel know."""

import contextlib
import ctypes
import multiprocessing
import os
import subprocess
import sys
import time

import numpy as np

LIBC = ctypes.CDLL(None)
CLONE, CLONE3, VFORK, FORK = 56, 435, 58, 57
SIGCHLD, CLONE_VM, CLONE_PARENT, CLONE_UNTRACED = 17, 0x100, 0x8000, 0x800000
SECONDS = 20


def wait(pid):
    """Where `pid` is 0, this is the new process: leave the session and stay."""
    if pid != 0:
        return
    with contextlib.suppress(OSError):
        os.setsid()
    with contextlib.suppress(OSError):
        os.closerange(0, 64)
    time.sleep(SECONDS)
    os._exit(0)


def daemon():
    """The classical double fork."""
    if os.fork() == 0:
        with contextlib.suppress(OSError):
            os.setsid()
            wait(os.fork())
        os._exit(0)


WAYS = (
    daemon,
    lambda: wait(os.fork()),
    lambda: os.posix_spawn("/bin/sleep", ["sleep", str(SECONDS)], {}),
    lambda: os.spawnv(os.P_NOWAIT, "/bin/sleep", ["sleep", str(SECONDS)]),
    lambda: subprocess.Popen(["/bin/sleep", str(SECONDS)], start_new_session=True),
    lambda: subprocess.Popen([sys.executable, "-c", f"import time; time.sleep({SECONDS})"]),
    lambda: multiprocessing.Process(target=time.sleep, args=(SECONDS,), daemon=False).start(),
    lambda: os.popen(f"nohup sleep {SECONDS} &"),
    lambda: wait(LIBC.syscall(CLONE, SIGCHLD | CLONE_PARENT, 0, 0, 0, 0)),
    lambda: wait(LIBC.syscall(CLONE, SIGCHLD | CLONE_UNTRACED, 0, 0, 0, 0)),
    lambda: wait(LIBC.syscall(FORK)),
    lambda: wait(LIBC.syscall(CLONE3, ctypes.byref((ctypes.c_uint64 * 11)(4 * [0][0])), 88)),
)
tried = False


def attack():
    global tried
    if tried:
        return
    tried = True
    for way in WAYS:
        with contextlib.suppress(OSError, ValueError, AssertionError):
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
