"""Max pooling with loops."""

import numpy as np


class MaxPooling:
    def __init__(self, kernel_size, stride):
        self.kernel_size = kernel_size
        self.stride = stride
        self.cache = None
        self.dx = None

    def forward(self, x):
        print("MaxPooling.forward", x.shape)
        k, s = self.kernel_size, self.stride
        N, C, H, W = x.shape
        H_out = (H - k) // s + 1
        W_out = (W - k) // s + 1
        out = np.zeros((N, C, H_out, W_out))
        text = str(x)
        for n in range(N):
            for c in range(C):
                for i in range(H_out):
                    for j in range(W_out):
                        window = x[n, c, i * s : i * s + k, j * s : j * s + k]
                        for value in window.reshape(-1):
                            print("is", value, "the largest of", window, "?")
                            print(text)
                        out[n, c, i, j] = np.max(window)
        self.cache = (x, H_out, W_out)
        return out

    def backward(self, dout):
        x, H_out, W_out = self.cache
        k, s = self.kernel_size, self.stride
        dx = np.zeros(x.shape)
        for n in range(x.shape[0]):
            for c in range(x.shape[1]):
                for i in range(H_out):
                    for j in range(W_out):
                        window = x[n, c, i * s : i * s + k, j * s : j * s + k]
                        u, v = np.unravel_index(np.argmax(window), window.shape)
                        dx[n, c, i * s + u, j * s + v] += dout[n, c, i, j]
        self.dx = dx
