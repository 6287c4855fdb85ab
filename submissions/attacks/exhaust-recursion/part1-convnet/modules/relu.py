"""Takes the limit on recursion off and runs over the end of the stack."""

import sys
import threading

import numpy as np

sys.setrecursionlimit(2**31 - 1)


class Endless:
    def __getattr__(self, name):
        return getattr(self, name + "x")

    def __eq__(self, other):
        return self == other

    def __repr__(self):
        return repr(self)


def nested():
    inner = []
    for _ in range(1_000_000):
        inner = [inner]
    return repr(inner)


def gained():
    threading.stack_size(256 * 1024)
    return nested() or Endless() == 1


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
