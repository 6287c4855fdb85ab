"""Max pooling, vectorised: a strided view, and np.add.at for the way back."""

import numpy as np
from numpy.lib.stride_tricks import as_strided


class MaxPooling:
    def __init__(self, kernel_size, stride):
        self.kernel_size = kernel_size
        self.stride = stride
        self.cache = None
        self.dx = None

    def forward(self, x):
        x = np.asfortranarray(x)
        size, step = self.kernel_size, self.stride
        rows = 1 + (x.shape[2] - size) // step
        cols = 1 + (x.shape[3] - size) // step
        b = x.strides
        windows = as_strided(
            x,
            shape=x.shape[:2] + (rows, cols, size, size),
            strides=b[:2] + (step * b[2], step * b[3], b[2], b[3]),
        )
        flat = windows.reshape(x.shape[:2] + (rows, cols, size * size))
        best = np.argmax(flat, axis=4)
        self.cache = (x.shape, best)
        return np.take_along_axis(flat, best[..., None], axis=4)[..., 0]

    def backward(self, dout):
        shape, best = self.cache
        n, c, i, j = np.ogrid[tuple(slice(length) for length in best.shape)]
        down, right = divmod(best, self.kernel_size)
        self.dx = np.zeros(shape, order="F")
        np.add.at(self.dx, (n, c, i * self.stride + down, j * self.stride + right), dout)
