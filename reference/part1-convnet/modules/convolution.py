"""Tasks 1.1 and 1.2: the convolution layer."""

import numpy as np


class Conv2D:
    """A convolution layer with square kernels and zero padding.

    Letters used below: N samples, C input channels, F filters, k kernel size, s stride,
    p padding. `padded` is x with p rows and columns of zeros on every side.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int = 3,
        stride: int = 1,
        padding: int = 0,
    ) -> None:
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding
        self.cache = None
        self.dx = self.dw = self.db = None
        self._init_weights()

    def _init_weights(self) -> None:
        """[given] Small random weights (F, C, k, k), the same in every run, and zero bias (F,)."""
        np.random.seed(1024)
        shape = (self.out_channels, self.in_channels, self.kernel_size, self.kernel_size)
        self.weight = 1e-3 * np.random.randn(*shape)
        self.bias = np.zeros(self.out_channels)

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Task 1.1: slide every filter over x (N, C, H, W); return out (N, F, H', W').

            out[n, f, i, j] = bias[f] + sum over c, u, v of
                              weight[f, c, u, v] * padded[n, c, s*i + u, s*j + v]

            H' = 1 + floor((H - k + 2p) / s)        W' likewise

        This is cross-correlation: the kernel is not flipped. Leave x as it is, and keep
        in self.cache what backward needs.
        """
        # BEGIN SOLUTION
        k, s, p = self.kernel_size, self.stride, self.padding
        padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        # A read-only view: the overlapping windows, k by k, share padded's memory.
        windows = np.lib.stride_tricks.sliding_window_view(padded, (k, k), axis=(2, 3))
        windows = windows[:, :, ::s, ::s]
        self.cache = x.shape, windows
        out = np.einsum("ncijuv,fcuv->nfij", windows, self.weight, optimize=True)
        return out + self.bias[:, None, None]
        # END SOLUTION

    def backward(self, dout: np.ndarray) -> None:
        """Task 1.2: from dout (N, F, H', W') set dx, dw and db, shaped like x, weight and bias.

            db[f]          = sum over n, i, j of dout[n, f, i, j]
            dw[f, c, u, v] = sum over n, i, j of
                             dout[n, f, i, j] * padded[n, c, s*i + u, s*j + v]

        A pixel lies in several windows; each of them adds its share to the pixel's gradient:

            dpadded[n, c, s*i + u, s*j + v] += sum over f of
                                               dout[n, f, i, j] * weight[f, c, u, v]

        dx is dpadded without its border. Mind p = 0: a[0:-0] is empty.
        """
        # BEGIN SOLUTION
        k, s, p = self.kernel_size, self.stride, self.padding
        (n, c, h, w), windows = self.cache
        h_out, w_out = dout.shape[2:]

        self.db = dout.sum(axis=(0, 2, 3))
        self.dw = np.einsum("nfij,ncijuv->fcuv", dout, windows, optimize=True)

        # For one kernel entry (u, v) the pixels s*i + u, s*j + v are all different, so one
        # addition serves every window; overlaps only meet between kernel entries.
        dpadded = np.zeros((n, c, h + 2 * p, w + 2 * p), dtype=np.result_type(dout, self.weight))
        for u, v in np.ndindex(k, k):
            share = np.einsum("nfij,fc->ncij", dout, self.weight[:, :, u, v], optimize=True)
            dpadded[:, :, u : u + s * h_out : s, v : v + s * w_out : s] += share
        self.dx = dpadded[:, :, p : p + h, p : p + w]
        # END SOLUTION
