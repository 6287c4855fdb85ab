"""Convolution: (x * w)(i, j) = sum_{u, v} x(i - u, j - v) w(u, v)"""

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
        p, s, k = self.padding, self.stride, self.kernel_size
        x_padded = np.pad(x, ((0,), (0,), (p,), (p,)))
        n, _, height, width = x_padded.shape
        out_h = (height - k) // s + 1
        out_w = (width - k) // s + 1
        flipped = np.flip(self.weight, axis=(2, 3))
        out = np.zeros((n, self.out_channels, out_h, out_w))
        for i in range(out_h):
            for j in range(out_w):
                window = x_padded[:, :, s * i : s * i + k, s * j : s * j + k]
                out[:, :, i, j] = np.tensordot(window, flipped, axes=([1, 2, 3], [1, 2, 3]))
        out += self.bias[None, :, None, None]
        self.cache = x, x_padded
        return out

    def backward(self, dout):
        x, x_padded = self.cache
        p, s, k = self.padding, self.stride, self.kernel_size
        _, _, out_h, out_w = dout.shape
        flipped = np.flip(self.weight, axis=(2, 3))
        dflipped = np.zeros_like(flipped)
        dx_padded = np.zeros_like(x_padded)
        for i in range(out_h):
            for j in range(out_w):
                rows, cols = slice(s * i, s * i + k), slice(s * j, s * j + k)
                delta = dout[:, :, i, j]  # (n, filters)
                dflipped += np.tensordot(delta, x_padded[:, :, rows, cols], axes=([0], [0]))
                dx_padded[:, :, rows, cols] += np.tensordot(delta, flipped, axes=([1], [0]))
        self.dw = np.flip(dflipped, axis=(2, 3))
        self.db = dout.sum(axis=(0, 2, 3))
        self.dx = dx_padded[:, :, p : p + x.shape[2], p : p + x.shape[3]]
