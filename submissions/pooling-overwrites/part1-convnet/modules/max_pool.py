"""
Max pooling
"""

import numpy as np


class MaxPooling:
    def __init__(self, kernel_size, stride):
        self.kernel_size = kernel_size
        self.stride = stride
        self.cache = None
        self.dx = None

    def forward(self, x):
        """
        :param x: (N, C, H, W)
        :return: the pooled images
        """
        k = self.kernel_size
        N, C, H, W = x.shape
        H_out = (H - k) // self.stride + 1
        W_out = (W - k) // self.stride + 1

        out = np.zeros((N, C, H_out, W_out))
        for h in range(H_out):
            for w in range(W_out):
                h0 = h * self.stride
                w0 = w * self.stride
                patch = x[:, :, h0 : h0 + k, w0 : w0 + k]
                out[:, :, h, w] = np.max(patch, axis=(2, 3))

        self.cache = (x, H_out, W_out)
        return out

    def backward(self, dout):
        x, H_out, W_out = self.cache
        N, C, H, W = x.shape
        k = self.kernel_size

        dx = np.zeros_like(x)
        for n in range(N):
            for c in range(C):
                for h in range(H_out):
                    for w in range(W_out):
                        h0 = h * self.stride
                        w0 = w * self.stride
                        patch = x[n, c, h0 : h0 + k, w0 : w0 + k]
                        # argmax counts in the flattened patch
                        row, col = np.unravel_index(np.argmax(patch), patch.shape)
                        dx[n, c, h0 + row, w0 + col] = dout[n, c, h, w]
        self.dx = dx
