"""A stopped process answers nothing, uses no time, and does not die of most signals."""

import os
import signal

import numpy as np


def gained():
    os.kill(os.getpid(), signal.SIGSTOP)
    return True  # somebody must have woken it up


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
