"""Tasks 1.3 and 1.4: the max pooling layer."""

import numpy as np


class MaxPooling:
    """Keep the largest value of each k by k window (k kernel size, s stride, no padding)."""

    def __init__(self, kernel_size: int, stride: int) -> None:
        self.kernel_size = kernel_size
        self.stride = stride
        self.cache = None
        self.dx = None

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Task 1.3: pool x (N, C, H, W); return out (N, C, H', W').

            out[n, c, i, j] = max over u, v of x[n, c, s*i + u, s*j + v]      0 <= u, v < k

            H' = 1 + floor((H - k) / s)        W' likewise

        Windows overlap when k > s and leave gaps when k < s. Keep in self.cache what
        backward needs.
        """
        raise NotImplementedError("MaxPooling.forward")

    def backward(self, dout: np.ndarray) -> None:
        """Task 1.4: from dout (N, C, H', W') set dx, shaped like x.

        Only the maximum of a window moves the output, so it takes the whole gradient. With
        (u, v) the position of the (first) maximum in window (i, j) of sample n, channel c:

            dx[n, c, s*i + u, s*j + v] += dout[n, c, i, j]

        Where windows overlap, one pixel can be the maximum of several: add.
        """
        raise NotImplementedError("MaxPooling.backward")
