"""Conv layer, loops everywhere."""

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

    def forward(self, x):
        k, s, p = self.kernel_size, self.stride, self.padding
        n_samples, n_channels, height, width = x.shape
        big = np.zeros((n_samples, n_channels, height + 2 * p, width + 2 * p))
        big[:, :, p : p + height, p : p + width] = x
        rows = (height + 2 * p - k) // s + 1
        cols = (width + 2 * p - k) // s + 1
        out = np.zeros((n_samples, self.out_channels, rows, cols))
        for n in range(n_samples):
            for f in range(self.out_channels):
                for c in range(n_channels):
                    for r in range(rows):
                        for q in range(cols):
                            window = big[n, c, r * s : r * s + k, q * s : q * s + k]
                            out[n, f, r, q] += np.sum(window * self.weight[f, c]) + self.bias[f]
        self.cache = (x.shape, big)
        return out

    def backward(self, dout):
        k, s, p = self.kernel_size, self.stride, self.padding
        (n_samples, n_channels, height, width), big = self.cache
        _, _, rows, cols = dout.shape
        dbig = np.zeros_like(big)
        self.dw = np.zeros_like(self.weight)
        self.db = np.zeros_like(self.bias)
        for n in range(n_samples):
            for r in range(rows):
                for q in range(cols):
                    share = 0
                    for f in range(self.out_channels):
                        d = dout[n, f, r, q]
                        self.db[f] += d
                        self.dw[f] += big[n, :, r * s : r * s + k, q * s : q * s + k] * d
                        share = share + self.weight[f] * d
                    dbig[n, :, r * s : r * s + k, q * s : q * s + k] = share
        self.dx = dbig[:, :, p : p + height, p : p + width]
