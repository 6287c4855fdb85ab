"""2d convolution with loops over the output."""

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
        N, C, H, W = x.shape
        K, P, S = self.kernel_size, self.padding, self.stride
        X = np.zeros((N, C, H + 2 * P, W + 2 * P))
        X[:, :, P : P + H, P : P + W] = x
        Ho = 1 + (H + 2 * P - K) // S
        Wo = 1 + (W + 2 * P - K) // S
        Y = np.zeros((N, self.out_channels, Ho, Wo))
        for i in range(Ho):
            for j in range(Wo):
                region = X[:, :, i * S : i * S + K, j * S : j * S + K]
                for f in range(self.out_channels):
                    Y[:, f, i, j] = (region * self.weight[f]).sum(axis=(1, 2, 3)) + self.bias[f]
        self.cache = x, X
        return Y

    def backward(self, dout):
        x, X = self.cache
        N, C, H, W = x.shape
        K, P = self.kernel_size, self.padding
        _, F, Ho, Wo = dout.shape
        dX = np.zeros(X.shape)
        dW = np.zeros(self.weight.shape)
        for i in range(Ho):
            for j in range(Wo):
                region = X[:, :, i : i + K, j : j + K]
                for f in range(F):
                    g = dout[:, f, i, j].reshape(N, 1, 1, 1)
                    dW[f] += (region * g).sum(axis=0)
                    dX[:, :, i : i + K, j : j + K] += self.weight[f] * g
        self.dx = dX[:, :, P : P + H, P : P + W]
        self.dw = dW
        self.db = dout.sum((0, 2, 3))
