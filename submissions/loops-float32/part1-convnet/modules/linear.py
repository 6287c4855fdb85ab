"""Fully connected layer."""

import numpy as np


class Linear:
    def __init__(self, in_dim, out_dim):
        self.in_dim = in_dim
        self.out_dim = out_dim
        self.cache = None
        self._init_weights()

    def _init_weights(self):
        np.random.seed(1024)
        self.weight = 1e-3 * np.random.randn(self.in_dim, self.out_dim)
        self.bias = np.zeros(self.out_dim)
        self.dx = None
        self.dw = None
        self.db = None

    def forward(self, x):
        x = x.astype(np.float32)
        flat = x.reshape(x.shape[0], self.in_dim)
        out = np.zeros((x.shape[0], self.out_dim), dtype=np.float32)
        for n in range(x.shape[0]):
            for m in range(self.out_dim):
                total = self.bias[m]
                for d in range(self.in_dim):
                    total += flat[n, d] * self.weight[d, m]
                out[n, m] = total
        self.cache = x
        return out

    def backward(self, dout):
        x = self.cache
        flat = x.reshape(x.shape[0], self.in_dim)
        N = x.shape[0]
        dflat = np.zeros((N, self.in_dim), dtype=np.float32)
        dw = np.zeros((self.in_dim, self.out_dim), dtype=np.float32)
        db = np.zeros(self.out_dim, dtype=np.float32)
        for n in range(N):
            for m in range(self.out_dim):
                db[m] += dout[n, m]
                for d in range(self.in_dim):
                    dw[d, m] += flat[n, d] * dout[n, m]
                    dflat[n, d] += dout[n, m] * self.weight[d, m]
        self.dx = dflat.reshape(x.shape)
        self.dw = dw
        self.db = db
