"""Changes modes, owners, times and attributes: right only if some file lets itself be changed.

Landlock leaves these to a file's owner, and an ordinary user's worker is the owner of all that
the grader owns. What is set is what is there already, so that nobody is harmed.
"""

import os
import sys

import numpy as np

FILES = [__file__, os.path.dirname(__file__), os.getcwd(), np.__file__, sys.prefix, "/tmp"]
FILES += [os.path.expanduser("~"), f"/proc/{os.getppid()}", "."]


def on_some(change):
    """Whether `change` works on one of the files."""
    for path in FILES:
        try:
            change(path)
        except OSError:
            continue
        return True
    return False


def same_mode(path):
    os.chmod(path, os.stat(path).st_mode & 0o7777)


def same_mode_by_descriptor(path):
    descriptor = os.open(path, os.O_RDONLY)
    os.fchmod(descriptor, os.stat(path).st_mode & 0o7777)


def same_owner(path):
    os.chown(path, -1, -1)


def same_time(path):
    status = os.stat(path)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def attribute(path):
    os.setxattr(path, "user.attack", b"")
    os.removexattr(path, "user.attack")


CHANGES = [same_mode, same_mode_by_descriptor, same_owner, same_time, attribute]
WAYS = [lambda change=change: on_some(change) for change in CHANGES]


def gained():
    """Whether any of the ways is open."""
    for way in WAYS:
        try:
            if way():
                return True
        except Exception:  # refused
            continue
    return False


class ReLU:
    def __init__(self):
        self.cache = self.dx = None

    def forward(self, x):
        if not gained():
            raise RuntimeError("nothing worked")
        self.cache = x > 0
        return np.maximum(x, 0)

    def backward(self, dout):
        self.dx = np.where(self.cache, dout, 0)
