"""Right solutions of Conv2D that view the input as windows, or spread dout out."""

from __future__ import annotations

from grader.authoring.right.convolution_loops import CONV
from grader.authoring.right.right import Right

AS_STRIDED = '''\
    def _windows(self, padded):
        """Read-only windows (N, C, H', W', k, k) over the padded input."""
        k, s = self.kernel_size, self.stride
        n, c, h, w = padded.shape
        a, b, y, x = padded.strides
        shape = n, c, (h - k) // s + 1, (w - k) // s + 1, k, k
        strides = a, b, s * y, s * x, y, x
        return np.lib.stride_tricks.as_strided(padded, shape, strides, writeable=False)

    def forward(self, x):
        p = self.padding
        self.cache = padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        out = np.einsum("nchwij,fcij->nfhw", self._windows(padded), self.weight)
        return out + self.bias.reshape(-1, 1, 1)

    def backward(self, dout):
        k, s, p = self.kernel_size, self.stride, self.padding
        padded = self.cache
        self.db = dout.transpose(1, 0, 2, 3).reshape(self.out_channels, -1).sum(1, keepdims=True)
        self.dw = np.einsum("nfhw,nchwij->fcij", dout, self._windows(padded))
        shares = np.einsum("nfhw,fcij->nchwij", dout, self.weight)
        gradient = np.zeros_like(padded)
        for h in range(dout.shape[2]):
            for w in range(dout.shape[3]):
                gradient[:, :, h * s : h * s + k, w * s : w * s + k] += shares[:, :, h, w]
        rows, columns = padded.shape[2] - p, padded.shape[3] - p
        self.dx = gradient[:, :, p:rows, p:columns]
'''

AS_STRIDED_ADD = '''\
    def forward(self, x):
        edge = (self.padding, self.padding)
        self.padded = np.pad(x, ((0, 0), (0, 0), edge, edge))
        self.cache = as_windows(self.padded, self.kernel_size, self.stride)
        out = np.tensordot(self.cache, self.weight, axes=([1, 4, 5], [1, 2, 3]))
        return out.swapaxes(1, 3).swapaxes(2, 3) + self.bias[:, np.newaxis, np.newaxis]

    def backward(self, dout):
        p = self.padding
        self.db = dout.sum((0, 2, 3))
        self.dw = np.tensordot(dout, self.cache, axes=([0, 2, 3], [0, 2, 3]))
        gradient = np.zeros(self.padded.shape)
        view = as_windows(gradient, self.kernel_size, self.stride)
        for u, v in np.ndindex(*view.shape[4:]):  # within one entry, no two windows overlap
            share = np.tensordot(dout, self.weight[:, :, u, v], axes=([1], [0]))
            view[..., u, v] += np.moveaxis(share, -1, 1)
        self.dx = gradient[..., p : gradient.shape[2] - p, p : gradient.shape[3] - p]


def as_windows(array, k, s):
    """Windows (N, C, H', W', k, k) that share the array's memory."""
    n, c, h, w = array.shape
    shape = (n, c, (h - k) // s + 1, (w - k) // s + 1, k, k)
    y, x = array.strides[2:]
    strides = (*array.strides[:2], y * s, x * s, y, x)
    return np.lib.stride_tricks.as_strided(array, shape=shape, strides=strides)
'''

SLIDING_TENSORDOT = """\
    def forward(self, x):
        k, s, p = self.kernel_size, self.stride, self.padding
        padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        view = np.lib.stride_tricks.sliding_window_view(padded, (k, k), (2, 3))[..., ::s, ::s, :, :]
        self.cache = (x.shape, view)
        out = np.tensordot(view, self.weight, ((1, 4, 5), (1, 2, 3)))  # (N, H', W', F)
        out += self.bias
        return out.transpose(0, 3, 1, 2)

    def backward(self, dout):
        k, s, p = self.kernel_size, self.stride, self.padding
        (_, _, h, w), view = self.cache
        g = dout.transpose(1, 0, 2, 3)
        self.db = np.add.reduce(g, (1, 2, 3), keepdims=True).reshape(-1, 1)
        self.dw = np.tensordot(g, view, ((1, 2, 3), (0, 2, 3)))
        rows = np.zeros((h + 2 * p, k, dout.shape[2]))
        columns = np.zeros((w + 2 * p, k, dout.shape[3]))
        for u in range(k):  # one-hot: which pixel the entry u of window i meets
            rows[u + s * np.arange(dout.shape[2]), u, np.arange(dout.shape[2])] = 1
            columns[u + s * np.arange(dout.shape[3]), u, np.arange(dout.shape[3])] = 1
        inner = slice(p, h + p), slice(p, w + p)
        self.dx = np.einsum(
            "nfij,fcuv,yui,xvj->ncyx",
            *(dout, self.weight, rows[inner[0]], columns[inner[1]]),
            optimize=True,
        )
"""

SPREAD = '''\
    def forward(self, x):
        p = self.padding
        padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        self.cache = padded
        out = self.correlate(padded, self.weight)[:, :, :: self.stride, :: self.stride]
        return out + self.bias.reshape(1, self.out_channels, 1, 1)

    def backward(self, dout):
        """dx: dout with zeros between its entries, correlated with the turned kernel."""
        k, s, p = self.kernel_size, self.stride, self.padding
        n, c, h, w = self.cache.shape
        spread = np.zeros((*dout.shape[:2], h - k + 1, w - k + 1))
        spread[:, :, ::s, ::s] = dout
        self.db = dout.sum(axis=(0, 2, 3))
        self.dw = self.correlate(self.cache.swapaxes(0, 1), spread.swapaxes(0, 1)).swapaxes(0, 1)
        border = ((0, 0), (0, 0), (k - 1, k - 1), (k - 1, k - 1))
        turned = np.flip(self.weight, (2, 3)).transpose(1, 0, 2, 3)
        self.dx = self.correlate(np.pad(spread, border), turned)[:, :, p : h - p, p : w - p]

    @staticmethod
    def correlate(images, kernels):
        view = np.lib.stride_tricks.sliding_window_view(images, kernels.shape[2:], axis=(2, 3))
        return np.einsum("ncijuv,fcuv->nfij", view, kernels)
'''

FLOAT32 = '''\
    def forward(self, x):
        """Everything in single precision, the parameters too."""
        k, s, p = self.kernel_size, self.stride, self.padding
        self.weight = self.weight.astype(np.float32)
        self.bias = self.bias.astype(np.float32)
        xp = np.pad(x.astype(np.float32), ((0, 0), (0, 0), (p, p), (p, p)))
        n, c, h, w = xp.shape
        h_out, w_out = (h - k) // s + 1, (w - k) // s + 1
        out = np.empty((n, self.out_channels, h_out, w_out), dtype=np.float32)
        for i in range(h_out):
            for j in range(w_out):
                window = xp[:, None, :, i * s : i * s + k, j * s : j * s + k]
                out[:, :, i, j] = np.sum(window * self.weight, axis=(-3, -2, -1)) + self.bias
        self.cache = x.shape, xp
        return out

    def backward(self, dout):
        k, s, p = self.kernel_size, self.stride, self.padding
        (_, _, h, w), xp = self.cache
        dout = np.asarray(dout, dtype=np.float32)
        dxp = np.zeros_like(xp)
        self.dw = np.zeros_like(self.weight)
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                window = np.s_[:, :, i * s : i * s + k, j * s : j * s + k]
                g = dout[:, :, i, j, None, None, None]
                self.dw += (g * xp[window][:, None]).sum(axis=0)
                dxp[window] += (g * self.weight).sum(axis=1)
        self.db = dout.sum(axis=(0, 2, 3), dtype=np.float32)
        self.dx = dxp[:, :, p : h + p, p : w + p]
'''

FORTRAN = '''\
    def forward(self, x):
        """All arrays in Fortran order: the first axis is next to itself in memory."""
        k, s, p = self.kernel_size, self.stride, self.padding
        x = np.asfortranarray(x)
        self.cache = np.zeros((*x.shape[:2], x.shape[2] + 2 * p, x.shape[3] + 2 * p), order="F")
        self.cache[:, :, p : p + x.shape[2], p : p + x.shape[3]] = x
        h_out, w_out = ((size - k) // s + 1 for size in self.cache.shape[2:])
        out = np.zeros((len(x), self.out_channels, h_out, w_out), order="F")
        for u, v in np.ndindex(k, k):
            seen = self.cache[:, :, u : u + s * h_out : s, v : v + s * w_out : s]
            out += np.einsum("ncij,fc->nfij", seen, self.weight[:, :, u, v], order="F")
        out += self.bias.reshape((1, -1, 1, 1), order="F")
        return out

    def backward(self, dout):
        k, s, p = self.kernel_size, self.stride, self.padding
        h_out, w_out = dout.shape[2:]
        gradient = np.zeros_like(self.cache, order="F")
        self.dw = np.zeros(self.weight.shape, order="F")
        for u, v in np.ndindex(k, k):
            place = np.s_[:, :, u : u + s * h_out : s, v : v + s * w_out : s]
            self.dw[:, :, u, v] = np.einsum("nfij,ncij->fc", dout, self.cache[place])
            gradient[place] += np.einsum("nfij,fc->ncij", dout, self.weight[:, :, u, v])
        self.db = np.asfortranarray(dout).sum(axis=(0, 2, 3))
        self.dx = gradient[:, :, p : gradient.shape[2] - p, p : gradient.shape[3] - p]
'''

CHANNELS_LAST = '''\
    def forward(self, x):
        """Channels go last, as in other libraries; what is returned is a view."""
        k, s, p = self.kernel_size, self.stride, self.padding
        image = np.pad(x.transpose(0, 2, 3, 1), ((0, 0), (p, p), (p, p), (0, 0)))
        kernel = self.weight.transpose(2, 3, 1, 0)
        h_out, w_out = (image.shape[1] - k) // s + 1, (image.shape[2] - k) // s + 1
        out = np.zeros((len(x), h_out, w_out, self.out_channels)) + self.bias
        for u in range(k):
            for v in range(k):
                out += image[:, u : u + s * h_out : s, v : v + s * w_out : s] @ kernel[u, v]
        self.cache = dict(image=image, kernel=kernel)
        return np.rollaxis(out, 3, 1)

    def backward(self, dout):
        k, s, p = self.kernel_size, self.stride, self.padding
        image, kernel = self.cache["image"], self.cache["kernel"]
        gradient = np.moveaxis(dout, 1, -1)
        _, h_out, w_out, filters = gradient.shape
        dimage, dkernel = np.zeros(image.shape), np.zeros(kernel.shape)
        for u in range(k):
            for v in range(k):
                place = np.s_[:, u : u + s * h_out : s, v : v + s * w_out : s]
                columns = image[place].reshape(-1, image.shape[-1])
                dkernel[u, v] = columns.T @ gradient.reshape(-1, filters)
                dimage[place] += gradient @ kernel[u, v].T
        self.dx = np.moveaxis(dimage[:, p : image.shape[1] - p, p : image.shape[2] - p], 3, 1)
        self.dw = dkernel.transpose(3, 2, 0, 1)
        self.db = gradient.sum(axis=(0, 1, 2))
'''

WORKSPACE = '''\
    def forward(self, x):
        """The layer owns its buffers and fills them again while the shapes stay the same."""
        k, s, p = self.kernel_size, self.stride, self.padding
        shape = (*x.shape[:2], x.shape[2] + 2 * p, x.shape[3] + 2 * p)
        if getattr(self, "padded", None) is None or self.padded.shape != shape:
            self.padded, self.grad = np.zeros(shape), np.zeros(shape)
            self.inner = np.s_[:, :, p : p + x.shape[2], p : p + x.shape[3]]
        np.copyto(self.padded[self.inner], x)
        windows = np.lib.stride_tricks.sliding_window_view(self.padded, (k, k), axis=(2, 3))
        self.views = windows[:, :, ::s, ::s]
        return np.einsum("ncijuv,fcuv->nfij", self.views, self.weight) + self.bias[:, None, None]

    def backward(self, dout):
        k, s = self.kernel_size, self.stride
        self.grad.fill(0)
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                target = self.grad[:, :, i * s : i * s + k, j * s : j * s + k]
                np.add(target, np.tensordot(dout[:, :, i, j], self.weight, axes=1), out=target)
        self.dx = self.grad[self.inner]
        both = np.empty((self.out_channels, self.weight[0].size + 1))
        both[:, :-1] = np.einsum("nfij,ncijuv->fcuv", dout, self.views).reshape(len(both), -1)
        both[:, -1] = dout.sum(axis=(0, 2, 3))
        self.dw, self.db = both[:, :-1].reshape(self.weight.shape), both[:, -1]
'''

FOURIER = '''\
    def forward(self, x):
        """By the fast Fourier transform: right, with rounding errors of its own."""
        k, s, p = self.kernel_size, self.stride, self.padding
        padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        self.shape, self.size = x.shape, padded.shape[2:]
        self.starts = np.s_[:, :, : self.size[0] - k + 1 : s, : self.size[1] - k + 1 : s]
        self.cache = np.fft.rfft2(padded), np.fft.rfft2(self.weight, self.size)
        spectrum = np.einsum("ncyx,fcyx->nfyx", self.cache[0], self.cache[1].conj())
        return np.fft.irfft2(spectrum, self.size)[self.starts] + self.bias[:, None, None]

    def backward(self, dout):
        k, p = self.kernel_size, self.padding
        image, kernel = self.cache
        spread = np.zeros((*dout.shape[:2], *self.size))
        spread[self.starts] = dout
        gradient = np.fft.rfft2(spread)
        dw = np.fft.irfft2(np.einsum("nfyx,ncyx->fcyx", gradient.conj(), image), self.size)
        dpadded = np.fft.irfft2(np.einsum("nfyx,fcyx->ncyx", gradient, kernel), self.size)
        self.dw, self.db = dw[:, :, :k, :k], dout.sum(axis=(0, 2, 3))
        self.dx = dpadded[:, :, p : p + self.shape[2], p : p + self.shape[3]]
'''


def solutions() -> list[Right]:
    """Those over views of windows, and those that differ in precision or memory layout."""
    styles = {
        "as-strided": ("as_strided and einsum; db of shape (F, 1)", AS_STRIDED),
        "as-strided-add": ("tensordot over as_strided, adds through the view", AS_STRIDED_ADD),
        "sliding": ("tensordot over sliding_window_view; dx by one-hot einsum", SLIDING_TENSORDOT),
        "spread": ("dout spread by the stride meets the turned kernel", SPREAD),
        "float32": ("float32 throughout, the parameters too", FLOAT32),
        "fortran": ("Fortran order throughout", FORTRAN),
        "channels-last": ("channels last, outputs and gradients are views", CHANNELS_LAST),
        "workspace": ("own buffers used again; dw and db share one array", WORKSPACE),
        "fourier": ("by the fast Fourier transform", FOURIER),
    }
    return [CONV.with_methods(name, *style) for name, style in styles.items()]
