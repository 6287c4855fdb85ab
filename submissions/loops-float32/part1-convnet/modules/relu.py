"""ReLU."""

import numpy as np


class ReLU:
    def __init__(self):
        self.cache = None
        self.dx = None

    def forward(self, x):
        self.cache = x
        out = np.zeros(x.shape, dtype=np.float32)
        for index in np.ndindex(*x.shape):
            if x[index] > 0:
                out[index] = x[index]
        return out

    def backward(self, dout):
        x = self.cache
        dx = np.zeros(x.shape, dtype=np.float32)
        for index in np.ndindex(*x.shape):
            if x[index] > 0:
                dx[index] = dout[index]
        self.dx = dx
