"""Conv2D with loops."""

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
        print("Conv2D.forward", x.shape)
        k, s, p = self.kernel_size, self.stride, self.padding
        padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), mode="constant")
        H_out = (padded.shape[2] - k) // s + 1
        W_out = (padded.shape[3] - k) // s + 1
        out = np.zeros((x.shape[0], self.out_channels, H_out, W_out))
        text = str(padded)
        for n in range(x.shape[0]):
            for f in range(self.out_channels):
                for i in range(H_out):
                    for j in range(W_out):
                        window = padded[n, :, i * s : i * s + k, j * s : j * s + k]
                        for c in range(self.in_channels):
                            for row in range(k):
                                for col in range(k):
                                    # why is the sum wrong???
                                    print("n", n, "f", f, "i", i, "j", j, "c", c, row, col)
                                    print(text)
                        out[n, f, i, j] = np.sum(window * self.weight[f]) + self.bias[f]
        self.cache = padded
        return out

    def backward(self, dout):
        print("Conv2D.backward", dout.shape)
        padded = self.cache
        k, s, p = self.kernel_size, self.stride, self.padding
        N, F, H_out, W_out = dout.shape
        dpadded = np.zeros_like(padded)
        self.dw = np.zeros_like(self.weight)
        self.db = dout.sum(axis=(0, 2, 3))
        text = str(dout)
        for n in range(N):
            for f in range(F):
                for i in range(H_out):
                    for j in range(W_out):
                        print("n", n, "f", f, "i", i, "j", j)
                        print(text)
                        rows = slice(i * s, i * s + k)
                        cols = slice(j * s, j * s + k)
                        self.dw[f] += dout[n, f, i, j] * padded[n, :, rows, cols]
                        dpadded[n, :, rows, cols] += dout[n, f, i, j] * self.weight[f]
        H, W = padded.shape[2] - 2 * p, padded.shape[3] - 2 * p
        self.dx = dpadded[:, :, p : p + H, p : p + W]
