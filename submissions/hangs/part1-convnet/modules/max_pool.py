"""Max pooling, slowly, to watch it."""

import time

import numpy as np


class MaxPooling:
    def __init__(self, kernel_size, stride):
        self.kernel_size = kernel_size
        self.stride = stride
        self.cache = None
        self.dx = None

    def forward(self, x):
        time.sleep(3600)
        return x

    def backward(self, dout):
        time.sleep(3600)
        self.dx = dout
