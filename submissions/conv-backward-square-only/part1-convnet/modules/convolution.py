import numpy as np


class Conv2D:
    """Conv layer. Forward is one einsum, backward goes window by window."""

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
        pad = self.padding
        xp = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
        k, step = self.kernel_size, self.stride
        N, C, Hp, Wp = xp.shape
        Hn, Wn = (Hp - k) // step + 1, (Wp - k) // step + 1
        sN, sC, sH, sW = xp.strides
        view = np.lib.stride_tricks.as_strided(
            xp,
            shape=(N, C, Hn, Wn, k, k),
            strides=(sN, sC, sH * step, sW * step, sH, sW),
            writeable=False,
        )
        self.cache = (x, xp)
        out = np.einsum("nchwij,fcij->nfhw", view, self.weight)
        return out + self.bias.reshape(1, -1, 1, 1)

    def backward(self, dout):
        x, xp = self.cache
        k, step, pad = self.kernel_size, self.stride, self.padding
        N, F, size, _ = dout.shape
        dxp = np.zeros_like(xp)
        self.dw = np.zeros_like(self.weight)
        self.db = np.zeros_like(self.bias)
        for n in range(N):
            for f in range(F):
                self.db[f] += np.sum(dout[n, f])
                for i in range(size):
                    for j in range(size):
                        r, c = i * step, j * step
                        self.dw[f] += xp[n, :, r : r + k, c : c + k] * dout[n, f, i, j]
                        dxp[n, :, r : r + k, c : c + k] += self.weight[f] * dout[n, f, i, j]
        H, W = x.shape[-2:]
        self.dx = dxp[:, :, pad : pad + H, pad : pad + W]
