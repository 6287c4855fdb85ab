"""old version, only forward"""

import numpy as np


class Conv2D:
    def __init__(self, in_channels, out_channels, kernel_size=3, stride=1, padding=0):
        self.out_channels = out_channels
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding
        self.weight = np.zeros((out_channels, in_channels, kernel_size, kernel_size))
        self.bias = np.zeros(out_channels)

    def forward(self, x):
        # TODO padding
        k = self.kernel_size
        N, C, H, W = x.shape
        out = np.zeros((N, self.out_channels, H - k + 1, W - k + 1))
        for i in range(H - k + 1):
            for j in range(W - k + 1):
                for f in range(self.out_channels):
                    out[:, f, i, j] = (x[:, :, i : i + k, j : j + k] * self.weight[f]).sum()
        return out

    def backward(self, dout):
        pass
