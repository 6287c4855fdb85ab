"""Convolution without loops in forward: a strided view and one tensordot."""

import numpy as np
from numpy.lib import stride_tricks


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
        shape = (self.out_channels, self.in_channels, self.kernel_size, self.kernel_size)
        self.weight = 1e-3 * np.random.randn(*shape)
        self.bias = np.zeros(self.out_channels)
        self.dx, self.dw, self.db = None, None, None

    @staticmethod
    def view(a, window, step):
        """(N, C, H, W) -> (N, C, H', W', window, window), no copy"""
        n, c, h, w = a.shape
        bn, bc, bh, bw = a.strides
        size = ((h - window) // step + 1, (w - window) // step + 1)
        return stride_tricks.as_strided(
            a, (n, c, *size, window, window), (bn, bc, bh * step, bw * step, bh, bw)
        )

    def forward(self, x):
        p = self.padding
        padded = np.asfortranarray(np.pad(x, ((0, 0), (0, 0), (p, p), (p, p))))
        windows = self.view(padded, self.kernel_size, self.stride)
        y = np.tensordot(windows, self.weight, axes=((1, 4, 5), (1, 2, 3)))  # (N, H', W', F)
        self.cache = x.shape, windows
        return np.asfortranarray(np.moveaxis(y + self.bias, -1, 1))

    def backward(self, dout):
        (n, c, h, w), windows = self.cache
        k, s, p = self.kernel_size, self.stride, self.padding
        f, h_out, w_out = dout.shape[1:]
        self.db = np.sum(dout, axis=(0, 2, 3), keepdims=True).reshape(1, f)
        self.dw = np.tensordot(dout, windows, axes=((0, 2, 3), (0, 2, 3)))

        # dx is a full correlation of the spread gradient with the turned kernel
        reach = k - 1
        spread = np.zeros((n, f, h + 2 * p + reach, w + 2 * p + reach), order="F")
        spread[:, :, reach : reach + s * h_out : s, reach : reach + s * w_out : s] = dout
        turned = self.weight[:, :, ::-1, ::-1]
        padded_dx = np.tensordot(self.view(spread, k, 1), turned, axes=((1, 4, 5), (0, 2, 3)))
        self.dx = np.moveaxis(padded_dx, -1, 1)[:, :, p : h + p, p : w + p]
