"""Conv2D, the slow way: one loop for each index in the formula."""

import numpy as np


class Conv2D:
    """
    in_channels, out_channels: channels of input and output
    kernel_size, stride, padding: as in the lecture
    """

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

    def pad(self, x):
        p = self.padding
        N, C, H, W = x.shape
        padded = np.zeros((N, C, H + 2 * p, W + 2 * p), dtype=np.float32)
        for row in range(H):
            for col in range(W):
                padded[:, :, row + p, col + p] = x[:, :, row, col]
        return padded

    def forward(self, x):
        x = x.astype(np.float32)
        weight = self.weight.astype(np.float32)
        bias = self.bias.astype(np.float32)
        k, s = self.kernel_size, self.stride
        padded = self.pad(x)
        N = x.shape[0]
        F = self.out_channels
        H_out = (padded.shape[2] - k) // s + 1
        W_out = (padded.shape[3] - k) // s + 1

        out = np.zeros((N, F, H_out, W_out), dtype=np.float32)
        for n in range(N):
            for f in range(F):
                for i in range(H_out):
                    for j in range(W_out):
                        window = padded[n, :, i * s : i * s + k, j * s : j * s + k]
                        out[n, f, i, j] = np.sum(window * weight[f]) + bias[f]
        self.cache = x
        return out

    def backward(self, dout):
        x = self.cache
        dout = dout.astype(np.float32)
        weight = self.weight.astype(np.float32)
        k, s, p = self.kernel_size, self.stride, self.padding
        padded = self.pad(x)
        N, F, H_out, W_out = dout.shape

        dpadded = np.zeros_like(padded)
        dw = np.zeros_like(weight)
        db = np.zeros(F, dtype=np.float32)
        for n in range(N):
            for f in range(F):
                for i in range(H_out):
                    for j in range(W_out):
                        grad = dout[n, f, i, j]
                        rows = slice(i * s, i * s + k)
                        cols = slice(j * s, j * s + k)
                        dw[f] += grad * padded[n, :, rows, cols]
                        dpadded[n, :, rows, cols] += grad * weight[f]
                        db[f] += grad

        # cut the border off (p = 0 works too)
        H, W = x.shape[2], x.shape[3]
        self.dx = dpadded[:, :, p : p + H, p : p + W]
        self.dw = dw
        self.db = db
