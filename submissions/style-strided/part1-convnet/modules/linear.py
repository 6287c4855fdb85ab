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
        self.dx, self.dw, self.db = None, None, None

    def forward(self, x):
        flat = x.reshape((x.shape[0], -1))
        self.cache = (x.shape, flat)
        return np.einsum("nd,dk->nk", flat, self.weight) + self.bias[None]

    def backward(self, dout):
        shape, flat = self.cache
        self.dx = np.einsum("nk,dk->nd", dout, self.weight).reshape(shape)
        self.dw = np.einsum("nd,nk->dk", flat, dout)
        self.db = dout.sum(axis=0, keepdims=True)
