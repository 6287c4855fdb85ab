"""Right solutions of Conv2D as a product of matrices: im2col, scatter, one dense matrix."""

from __future__ import annotations

from grader.authoring.right.convolution_loops import CONV
from grader.authoring.right.right import Right

INDEX_ARRAYS = '''\
    def forward(self, x):
        p = self.padding
        padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        place = self.indices(padded.shape)
        columns = padded[:, place[0], place[1], place[2]]  # (N, C*k*k, H'*W')
        rows = self.weight.reshape(self.out_channels, -1)
        out = np.matmul(rows, columns) + self.bias[:, None]
        self.cache = {"x": x, "columns": columns, "place": place, "padded": padded.shape}
        return out.reshape(len(x), self.out_channels, *self.output_size(padded.shape))

    def backward(self, dout):
        x, columns, place = (self.cache[key] for key in ("x", "columns", "place"))
        g = dout.reshape(*dout.shape[:2], -1)
        self.db = g.sum(axis=2).sum(axis=0)
        self.dw = np.matmul(g, columns.transpose(0, 2, 1)).sum(axis=0).reshape(self.weight.shape)
        shares = np.matmul(self.weight.reshape(self.out_channels, -1).T, g)
        padded = np.zeros(self.cache["padded"])
        np.add.at(padded, (slice(None), *place), shares)
        p, (height, width) = self.padding, x.shape[2:]
        self.dx = padded[:, :, p : height + p, p : width + p] if p else padded

    def output_size(self, padded):
        return [(size - self.kernel_size) // self.stride + 1 for size in padded[2:]]

    def indices(self, padded):
        """Channel, row and column in the padded input of each entry of each window."""
        h_out, w_out = self.output_size(padded)
        k, s = self.kernel_size, self.stride
        row = np.tile(np.repeat(np.arange(k), k), self.in_channels)
        column = np.tile(np.arange(k), k * self.in_channels)
        top = s * np.repeat(np.arange(h_out), w_out)
        left = s * np.tile(np.arange(w_out), h_out)
        channel = np.repeat(np.arange(self.in_channels), k * k)
        return channel[:, None], row[:, None] + top, column[:, None] + left
'''

IMAGE_TO_COLUMNS = '''\
    def forward(self, x):
        size, step, pad = self.kernel_size, self.stride, self.padding
        self.cols, (self.h_out, self.w_out) = im2col(x, size, step, pad)
        self.x_shape = x.shape
        out = np.dot(self.cols, self.weight.reshape(self.out_channels, -1).T) + self.bias
        return out.reshape(len(x), self.h_out, self.w_out, -1).transpose(0, 3, 1, 2)

    def backward(self, dout):
        flat = dout.transpose(0, 2, 3, 1).reshape(-1, self.out_channels)
        self.db = flat.sum(axis=0, keepdims=True)
        self.dw = np.dot(self.cols.T, flat).T.reshape(*self.weight.shape)
        dcols = np.dot(flat, self.weight.reshape(self.out_channels, -1))
        self.dx = col2im(dcols, self.x_shape, self.kernel_size, self.stride, self.padding)


def im2col(x, size, step, pad):
    """One row for each window: (N*H'*W', C*k*k), and H', W'."""
    x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), "constant")
    n, c, h, w = x.shape
    h_out, w_out = (h - size) // step + 1, (w - size) // step + 1
    cols = np.zeros((n * h_out * w_out, c * size * size))
    row = 0
    for image in x:
        for top in range(0, h_out * step, step):
            for left in range(0, w_out * step, step):
                cols[row] = image[:, top : top + size, left : left + size].ravel()
                row += 1
    return cols, (h_out, w_out)


def col2im(cols, x_shape, size, step, pad):
    """The rows back in place; where windows overlap, they add up."""
    n, c, h, w = x_shape
    x = np.zeros((n, c, h + 2 * pad, w + 2 * pad))
    h_out, w_out = (h + 2 * pad - size) // step + 1, (w + 2 * pad - size) // step + 1
    for row, values in enumerate(cols):
        sample, place = divmod(row, h_out * w_out)
        i, j = divmod(place, w_out)
        window = x[sample, :, i * step : i * step + size, j * step : j * step + size]
        window += values.reshape(c, size, size)
    return x[:, :, pad : h + pad, pad : w + pad]
'''

BY_SAMPLE = '''\
    def forward(self, x):
        """A matrix of columns for each sample, in a list."""
        k, s, p = self.kernel_size, self.stride, self.padding
        self.cache, outputs = [], []
        for image in x:
            image = np.pad(image, ((0, 0), (p, p), (p, p)))
            h_out, w_out = (image.shape[1] - k) // s + 1, (image.shape[2] - k) // s + 1
            columns = np.empty((self.in_channels, k, k, h_out, w_out))
            for u in range(k):
                for v in range(k):
                    columns[:, u, v] = image[:, u : u + s * h_out : s, v : v + s * w_out : s]
            columns = columns.reshape(-1, h_out * w_out)
            self.cache.append((image.shape, columns))
            flat = self.weight.reshape(len(self.weight), -1) @ columns
            outputs.append((flat + self.bias[:, None]).reshape(-1, h_out, w_out))
        return np.array(outputs)

    def backward(self, dout):
        k, s, p = self.kernel_size, self.stride, self.padding
        self.dw, self.db = np.zeros_like(self.weight), np.zeros_like(self.bias)
        dx = []
        for (shape, columns), g in zip(self.cache, dout):
            h_out, w_out = g.shape[1:]
            flat = g.reshape(len(g), -1)
            self.db = self.db + flat @ np.ones(flat.shape[1])
            self.dw = self.dw + (flat @ columns.T).reshape(self.dw.shape)
            shares = (self.weight.reshape(len(g), -1).T @ flat).reshape(-1, k, k, h_out, w_out)
            image = np.zeros(shape)
            for v in range(k):
                for u in range(k):
                    image[:, u : u + s * h_out : s, v : v + s * w_out : s] += shares[:, u, v]
            dx.append(image[:, p : shape[1] - p, p : shape[2] - p])
        self.dx = np.stack(dx)
'''

FLAT_SCATTER = '''\
    def forward(self, x):
        """One table of flat indices serves both ways: take forward, add.at backward."""
        p = self.padding
        padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        self.table = self.flat_indices(padded.shape)  # (H', W', C*k*k)
        self.taken = padded.reshape(len(x), -1).take(self.table, axis=1)
        self.cache = x.shape, padded.shape
        out = np.einsum("nijm,fm->nfij", self.taken, self.weight.reshape(self.out_channels, -1))
        return out + self.bias[:, None, None]

    def backward(self, dout):
        p, (x_shape, padded_shape) = self.padding, self.cache
        kernels = self.weight.reshape(self.out_channels, -1)
        self.dw = np.einsum("nfij,nijm->fm", dout, self.taken).reshape(self.weight.shape)
        self.db = dout.sum(axis=(3, 2, 0))
        shares = np.einsum("nfij,fm->nijm", dout, kernels)
        gradient = np.zeros((len(dout), np.prod(padded_shape[1:])))
        for sample, share in zip(gradient, shares):
            np.add.at(sample, self.table, share)
        gradient = gradient.reshape(padded_shape)
        self.dx = gradient[:, :, p : p + x_shape[2], p : p + x_shape[3]]

    def flat_indices(self, shape):
        k, s = self.kernel_size, self.stride
        _, channels, height, width = shape
        h_out, w_out = (height - k) // s + 1, (width - k) // s + 1
        i, j, c, u, v = np.ogrid[:h_out, :w_out, :channels, :k, :k]
        flat = np.ravel_multi_index((c, s * i + u, s * j + v), shape[1:])
        return flat.reshape(h_out, w_out, -1)
'''

BINCOUNT = """\
    def forward(self, x):
        n, c, h, w = x.shape
        k, s, p = self.kernel_size, self.stride, self.padding
        self.numbers = np.arange(x.size).reshape(x.shape)  # pixel numbers; the border is -1
        edge = ((0, 0), (0, 0), (p, p), (p, p))
        self.numbers = np.pad(self.numbers, edge, constant_values=-1)
        windows = np.lib.stride_tricks.sliding_window_view(self.numbers, (k, k), axis=(2, 3))
        self.met = windows[:, :, ::s, ::s]  # (N, C, H', W', k, k): which pixel
        pixels = np.append(x.ravel(), 0.0)  # and number -1 is a zero
        self.cache = x.shape, pixels[self.met]
        out = np.einsum("ncijuv,fcuv->nijf", self.cache[1], self.weight) + self.bias
        return np.ascontiguousarray(out.transpose(0, 3, 1, 2))

    def backward(self, dout):
        shape, values = self.cache
        shares = np.einsum("nfij,fcuv->ncijuv", dout, self.weight)
        size = int(np.prod(shape))
        totals = np.bincount(self.met.ravel() % (size + 1), shares.ravel(), minlength=size + 1)
        self.dx = totals[:size].reshape(shape)
        self.dw = np.einsum("nfij,ncijuv->fcuv", dout, values)
        self.db = np.array([part.sum() for part in np.split(dout, dout.shape[1], axis=1)])
"""

DENSE_MATRIX = '''\
    def forward(self, x):
        """The layer as one matrix (F*H'*W', C*H*W), whose transpose goes back."""
        rows = (x.shape[2] + 2 * self.padding - self.kernel_size) // self.stride + 1
        columns = (x.shape[3] + 2 * self.padding - self.kernel_size) // self.stride + 1
        matrix = np.zeros((self.out_channels, rows, columns, *x.shape[1:]))
        for i, j, u, v, r, q in self.meetings(rows, columns, x.shape):
            matrix[:, i, j, :, r, q] = self.weight[:, :, u, v]
        self.cache = x, matrix.reshape(-1, x[0].size)
        out = x.reshape(len(x), -1) @ self.cache[1].T
        return out.reshape(len(x), -1, rows, columns) + self.bias[None, :, None, None]

    def backward(self, dout):
        x, matrix = self.cache
        n, f, rows, columns = dout.shape
        self.dx = (dout.reshape(n, -1) @ matrix).reshape(x.shape)
        dmatrix = (dout.reshape(n, -1).T @ x.reshape(n, -1)).reshape(f, rows, columns, *x.shape[1:])
        self.dw = np.zeros_like(self.weight)
        for i, j, u, v, r, q in self.meetings(rows, columns, x.shape):
            self.dw[:, :, u, v] += dmatrix[:, i, j, :, r, q]
        self.db = dout.sum(axis=(0, 2, 3))

    def meetings(self, rows, columns, shape):
        """Which entry of the kernel meets which pixel in which window."""
        for i, j, u, v in np.ndindex(rows, columns, self.kernel_size, self.kernel_size):
            r = i * self.stride + u - self.padding
            q = j * self.stride + v - self.padding
            if 0 <= r < shape[2] and 0 <= q < shape[3]:
                yield i, j, u, v, r, q
'''


def solutions() -> list[Right]:
    """Those that gather columns of windows, and add them back."""
    styles = {
        "im2col-indices": ("im2col by index arrays, col2im by np.add.at", INDEX_ARRAYS),
        "im2col": ("im2col and col2im in functions; db of shape (1, F)", IMAGE_TO_COLUMNS),
        "im2col-by-sample": ("a list of columns, one for each sample", BY_SAMPLE),
        "scatter": ("np.take and np.add.at with one table of flat indices", FLAT_SCATTER),
        "bincount": ("pixels by number, summed by np.bincount", BINCOUNT),
        "dense-matrix": ("the layer as one matrix, and its transpose", DENSE_MATRIX),
    }
    return [CONV.with_methods(name, *style) for name, style in styles.items()]
