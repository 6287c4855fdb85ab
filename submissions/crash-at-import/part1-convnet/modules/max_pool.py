"""Max pooling."""

import numpy as np


class MaxPooling:
    def __init__(self, kernel_size, stride):
        self.kernel_size = kernel_size
        self.stride = stride
        self.cache = None
        self.dx = None

    def forward(self, x):
        k, s = self.kernel_size, self.stride
        N, C, H, W = x.shape
        H_out = 1 + (H - k) // s
        W_out = 1 + (W - k) // s
        out = np.zeros((N, C, H_out, W_out))
        for i in range(H_out):
            for j in range(W_out):
                out[:, :, i, j] = x[:, :, i * s : i * s + k, j * s : j * s + k].max(axis=(2, 3))
        self.cache = (x, H_out, W_out)
        return out

    def backward(self, dout):
        x, H_out, W_out = self.cache
        k, s = self.kernel_size, self.stride
        self.dx = np.zeros(x.shape)
        for n in range(x.shape[0]):
            for c in range(x.shape[1]):
                for i in range(H_out):
                    for j in range(W_out):
                        window = x[n, c, i * s : i * s + k, j * s : j * s + k]
                        u, v = np.unravel_index(window.argmax(), window.shape)
                        self.dx[n, c, i * s + u, j * s + v] += dout[n, c, i, j]


# quick test
pool = MaxPooling(2, 2)
print(pool.forward(np.arange(16.0).reshape(4, 4)))
