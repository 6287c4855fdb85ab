"""
2d convolution: x (N, C, H, W) -> (N, F, H', W')
"""

import numpy as np


class Conv2D:
    def __init__(self, in_channels, out_channels, kernel_size=3, stride=1, padding=0):
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding
        self.cache = None
        self._init_weights()

    def _init_weights(self):
        np.random.seed(1024)
        self.weight = 1e-3 * np.random.randn(
            self.out_channels, self.in_channels, self.kernel_size, self.kernel_size
        )
        self.bias = np.zeros(self.out_channels)
        self.dx = None
        self.dw = None
        self.db = None

    def windows(self, shape):
        """All windows: output position, rows, columns."""
        k, s, p = self.kernel_size, self.stride, self.padding
        for i in range((shape[2] + 2 * p - k) // s + 1):
            for j in range((shape[3] + 2 * p - k) // s + 1):
                yield i, j, slice(i * s, i * s + k), slice(j * s, j * s + k)

    def forward(self, x):
        p = self.padding
        padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), "constant")
        self.cache = (x, padded)
        places = list(self.windows(x.shape))
        last_i, last_j = places[-1][:2]
        out = np.zeros((x.shape[0], self.out_channels, last_i + 1, last_j + 1))
        for i, j, rows, cols in places:
            patch = padded[:, :, rows, cols].reshape(x.shape[0], -1)
            out[:, :, i, j] = patch @ self.weight.reshape(self.out_channels, -1).T + self.bias
        return out

    def backward(self, dout):
        x, padded = self.cache
        p = self.padding
        N, F = dout.shape[:2]
        H, W = x.shape[2:]
        self.db = dout.sum(axis=(2, 3)).mean(axis=0)
        self.dw = np.zeros_like(self.weight)
        self.dx = np.zeros_like(x)
        for f in range(F):
            dpadded = np.zeros_like(padded)
            for i, j, rows, cols in self.windows(x.shape):
                for n in range(N):
                    self.dw[f] += dout[n, f, i, j] * padded[n, :, rows, cols]
                    dpadded[n, :, rows, cols] += dout[n, f, i, j] * self.weight[f]
            self.dx = dpadded[:, :, p : p + H, p : p + W]
