"""Task 1.6: the fully connected layer."""

import numpy as np


class Linear:
    """An affine map of the flattened input, with weight (in_dim, out_dim) and bias (out_dim,)."""

    def __init__(self, in_dim: int, out_dim: int) -> None:
        self.in_dim = in_dim
        self.out_dim = out_dim
        self.cache = None
        self.dx = self.dw = self.db = None
        self._init_weights()

    def _init_weights(self) -> None:
        """[given] Small random weights, the same in every run, and zero bias."""
        np.random.seed(1024)
        self.weight = 1e-3 * np.random.randn(self.in_dim, self.out_dim)
        self.bias = np.zeros(self.out_dim)

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Task 1.6: flatten x (N, d1, ..., dn) to (N, in_dim); return out (N, out_dim).

        out = flat @ weight + bias        with d1 * ... * dn = in_dim
        """
        raise NotImplementedError("Linear.forward")

    def backward(self, dout: np.ndarray) -> None:
        """Task 1.6: from dout (N, out_dim) set dx, dw and db, shaped like x, weight and bias.

        dx = dout @ weight.T, back in x's shape
        dw = flat.T @ dout
        db = sum over n of dout[n]
        """
        raise NotImplementedError("Linear.backward")
