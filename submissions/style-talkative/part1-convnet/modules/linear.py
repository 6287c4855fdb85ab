import numpy as np

print("loading Linear ...")
DEBUG = True


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
        self.cache = x
        x_flat = x.reshape(x.shape[0], -1)
        out = x_flat.dot(self.weight) + self.bias
        if DEBUG:
            print(f"Linear forward: {x.shape} -> {x_flat.shape} -> {out.shape}")
        return out

    def backward(self, dout):
        x = self.cache
        x_flat = x.reshape(x.shape[0], -1)
        self.dx = dout.dot(self.weight.T).reshape(*x.shape)
        self.dw = x_flat.T.dot(dout)
        self.db = np.sum(dout, axis=0)
        if DEBUG:
            print("dx", self.dx.shape, "dw", self.dw.shape, "db", self.db.shape)
            print(self.dw)
