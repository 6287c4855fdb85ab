"""Convolution by im2col: every window becomes a column, then one matrix product."""

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

    def _out_size(self, size):
        return (size + 2 * self.padding - self.kernel_size) // self.stride + 1

    def _im2col(self, x_pad, h_out, w_out):
        """(N, C, Hp, Wp) -> (C*k*k, N*h_out*w_out)"""
        n, c = x_pad.shape[:2]
        k, s = self.kernel_size, self.stride
        cols = np.empty((c, k, k, n, h_out, w_out))
        for a in range(k):
            for b in range(k):
                part = x_pad[:, :, a : a + s * h_out : s, b : b + s * w_out : s]
                cols[:, a, b] = part.transpose(1, 0, 2, 3)
        return cols.reshape(c * k * k, -1)

    def _col2im(self, cols, shape, h_out, w_out):
        n, c, h, w = shape
        k, s, p = self.kernel_size, self.stride, self.padding
        cols = cols.reshape(c, k, k, n, h_out, w_out)
        x_pad = np.zeros((n, c, h + 2 * p, w + 2 * p))
        for a in range(k):
            for b in range(k):
                part = cols[:, a, b].transpose(1, 0, 2, 3)
                x_pad[:, :, a : a + s * h_out : s, b : b + s * w_out : s] += part
        return x_pad[:, :, p:-p, p:-p]

    def forward(self, x):
        n, c, h, w = x.shape
        p = self.padding
        h_out, w_out = self._out_size(h), self._out_size(w)
        x_pad = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), mode="constant")
        cols = self._im2col(x_pad, h_out, w_out)
        kernels = self.weight.reshape(self.out_channels, -1)
        out = kernels @ cols + self.bias.reshape(-1, 1)
        self.cache = (x.shape, cols)
        return out.reshape(self.out_channels, n, h_out, w_out).transpose(1, 0, 2, 3)

    def backward(self, dout):
        shape, cols = self.cache
        h_out, w_out = dout.shape[2:]
        d = dout.transpose(1, 0, 2, 3).reshape(self.out_channels, -1)
        self.db = d.sum(axis=1)
        self.dw = (d @ cols.T).reshape(self.weight.shape)
        dcols = self.weight.reshape(self.out_channels, -1).T @ d
        self.dx = self._col2im(dcols, shape, h_out, w_out)
