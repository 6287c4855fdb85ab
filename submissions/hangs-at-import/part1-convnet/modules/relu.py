"""ReLU, tried out on random numbers until the largest is above 7."""

import numpy as np


class ReLU:
    def __init__(self):
        self.cache = None
        self.dx = None

    def forward(self, x):
        self.cache = x
        return np.maximum(x, 0)

    def backward(self, dout):
        self.dx = dout * (self.cache > 0)


relu = ReLU()
best = 0
while best < 7:
    best = relu.forward(np.random.rand(10)).max()
