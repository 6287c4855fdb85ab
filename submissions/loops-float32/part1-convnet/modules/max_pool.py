"""Max pooling with loops."""

import numpy as np


class MaxPooling:
    def __init__(self, kernel_size, stride):
        self.kernel_size = kernel_size
        self.stride = stride
        self.cache = None
        self.dx = None

    def forward(self, x):
        x = x.astype(np.float32)
        k, s = self.kernel_size, self.stride
        N, C, H, W = x.shape
        H_out = (H - k) // s + 1
        W_out = (W - k) // s + 1
        out = np.zeros((N, C, H_out, W_out), dtype=np.float32)
        for n in range(N):
            for c in range(C):
                for i in range(H_out):
                    for j in range(W_out):
                        best = x[n, c, i * s, j * s]
                        for u in range(k):
                            for v in range(k):
                                if x[n, c, i * s + u, j * s + v] > best:
                                    best = x[n, c, i * s + u, j * s + v]
                        out[n, c, i, j] = best
        self.cache = (x, H_out, W_out)
        return out

    def backward(self, dout):
        x, H_out, W_out = self.cache
        dout = dout.astype(np.float32)
        k, s = self.kernel_size, self.stride
        N, C = x.shape[:2]
        dx = np.zeros(x.shape, dtype=np.float32)
        for n in range(N):
            for c in range(C):
                for i in range(H_out):
                    for j in range(W_out):
                        window = x[n, c, i * s : i * s + k, j * s : j * s + k]
                        u, v = np.unravel_index(np.argmax(window), window.shape)
                        # += because windows can overlap
                        dx[n, c, i * s + u, j * s + v] += dout[n, c, i, j]
        self.dx = dx
