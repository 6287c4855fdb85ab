"""Right solutions of MaxPooling on whole arrays."""

from __future__ import annotations

from grader.authoring.right.pooling_loops import POOL
from grader.authoring.right.right import Right

OFFSETS = """\
    def _places(self, h_out, w_out):
        s = self.stride
        for u in range(self.kernel_size):
            for v in range(self.kernel_size):
                yield np.s_[:, :, u : u + s * h_out : s, v : v + s * w_out : s]

    def forward(self, x):
        h_out = (x.shape[2] - self.kernel_size) // self.stride + 1
        w_out = (x.shape[3] - self.kernel_size) // self.stride + 1
        out = None
        for place in self._places(h_out, w_out):
            out = x[place].copy() if out is None else np.maximum(out, x[place])
        self.cache = x, out
        return out

    def backward(self, dout):
        x, out = self.cache
        self.dx = np.zeros_like(x)
        for place in self._places(*dout.shape[2:]):
            self.dx[place] += dout * (x[place] == out)
"""

RESHAPE = '''\
    def forward(self, x):
        """Where windows tile the image a reshape will do; else there are loops."""
        n, c, h, w = x.shape
        k, s = self.kernel_size, self.stride
        self.tiled = k == s and h % k == 0 and w % k == 0
        self.cache = x
        if self.tiled:
            self.tiles = x.reshape(n, c, h // k, k, w // k, k)
            return self.tiles.max(axis=5).max(axis=3)
        out = np.zeros((n, c, (h - k) // s + 1, (w - k) // s + 1))
        for i in range(out.shape[2]):
            for j in range(out.shape[3]):
                out[:, :, i, j] = np.max(x[:, :, i * s : i * s + k, j * s : j * s + k], axis=(2, 3))
        return out

    def backward(self, dout):
        x, k, s = self.cache, self.kernel_size, self.stride
        if self.tiled:
            largest = self.tiles.max(axis=(3, 5), keepdims=True)
            share = np.where(self.tiles == largest, dout[:, :, :, None, :, None], 0)
            self.dx = share.reshape(x.shape)
            return
        self.dx = np.zeros_like(x)
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                window = x[:, :, i * s : i * s + k, j * s : j * s + k]
                flat = window.reshape(*x.shape[:2], -1)
                onehot = np.eye(k * k)[flat.argmax(axis=-1)].reshape(window.shape)
                self.dx[:, :, i * s : i * s + k, j * s : j * s + k] += (
                    onehot * dout[:, :, i, j, None, None]
                )
'''

AS_STRIDED = """\
    def forward(self, x):
        k, s = self.kernel_size, self.stride
        n, c, h, w = x.shape
        sn, sc, sh, sw = x.strides
        windows = np.lib.stride_tricks.as_strided(
            x,
            shape=(n, c, (h - k) // s + 1, (w - k) // s + 1, k, k),
            strides=(sn, sc, s * sh, s * sw, sh, sw),
            writeable=False,
        )
        flat = windows.reshape(*windows.shape[:4], -1)
        self.best = flat.argmax(axis=-1)
        self.cache = x.shape, flat.shape
        return np.take_along_axis(flat, self.best[..., None], axis=-1)[..., 0]

    def backward(self, dout):
        k, s = self.kernel_size, self.stride
        x_shape, flat_shape = self.cache
        shares = np.zeros(flat_shape)
        np.put_along_axis(shares, self.best[..., None], dout[..., None], axis=-1)
        self.dx = np.zeros(x_shape)
        view = np.lib.stride_tricks.sliding_window_view(
            self.dx, (k, k), axis=(2, 3), writeable=True
        )[:, :, ::s, ::s]
        for place in range(k * k):
            view[..., place // k, place % k] += shares[..., place]
"""

FLAT_INDICES = """\
    def forward(self, x):
        k, s = self.kernel_size, self.stride
        numbers = np.arange(x.size).reshape(x.shape)
        view = np.lib.stride_tricks.sliding_window_view
        values = view(x, (k, k), axis=(-2, -1))[:, :, ::s, ::s].reshape(-1, k * k)
        numbers = view(numbers, (k, k), axis=(-2, -1))[:, :, ::s, ::s]
        out_shape = numbers.shape[:4]
        numbers = numbers.reshape(-1, k * k)
        row = np.arange(len(values))
        best = values.argmax(axis=1)
        self.cache = x.shape, numbers[row, best]
        return values[row, best].reshape(out_shape)

    def backward(self, dout):
        shape, winners = self.cache
        total = np.bincount(winners, weights=dout.ravel(), minlength=int(np.prod(shape)))
        self.dx = total.reshape(shape)
"""

SEPARABLE = '''\
    def forward(self, x):
        """First along the rows, then along the columns; backward the other way round."""
        self.cache = x.shape
        lines, self.best_columns = self.along(x)
        self.lines = lines.shape
        out, self.best_rows = self.along(lines.swapaxes(2, 3))
        return out.swapaxes(2, 3)

    def backward(self, dout):
        lines = np.zeros((self.lines[0], self.lines[1], self.lines[3], self.lines[2]))
        self.back(lines, self.best_rows, dout.swapaxes(2, 3))
        self.dx = np.zeros(self.cache)
        self.back(self.dx, self.best_columns, lines.swapaxes(2, 3))

    def along(self, x):
        """The maxima along the last axis, and where they are."""
        starts = range(0, x.shape[3] - self.kernel_size + 1, self.stride)
        pieces = [x[..., start : start + self.kernel_size] for start in starts]
        best = [piece.argmax(axis=-1) + start for piece, start in zip(pieces, starts)]
        return np.stack([piece.max(axis=-1) for piece in pieces], -1), np.stack(best, -1)

    def back(self, gradient, best, dout):
        for j in range(dout.shape[3]):
            n, c, i = np.indices(dout.shape[:3])
            gradient[n, c, i, best[..., j]] += dout[..., j]
'''

KEPT_MASK = '''\
    def forward(self, x):
        """The mask of winners is made at once, so that x need not be kept."""
        k, s = self.kernel_size, self.stride
        windows = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(2, 3))[:, :, ::s, ::s]
        order = np.argsort(windows.reshape(*windows.shape[:4], -1), axis=-1)
        winner = order[..., -1]
        self.cache = np.arange(k * k).reshape(k, k) == winner[..., None, None]
        self.sizes = x.shape
        return np.where(self.cache, windows, 0).sum(axis=(-2, -1))

    def backward(self, dout):
        s = self.stride
        self.dx = np.zeros(self.sizes)
        for i, j in np.ndindex(dout.shape[2:]):
            share = self.cache[:, :, i, j] * dout[:, :, i, j, None, None]
            self.dx[
                :, :, i * s : i * s + self.kernel_size, j * s : j * s + self.kernel_size
            ] += share
'''

COLUMNS = '''\
    def forward(self, x):
        """Channels as samples of their own, their windows as columns."""
        k, s = self.kernel_size, self.stride
        n, c, h, w = x.shape
        h_out, w_out = (h - k) // s + 1, (w - k) // s + 1
        planes = x.reshape(n * c, h, w)
        columns = np.empty((k * k, n * c, h_out, w_out))
        for place in range(k * k):
            u, v = divmod(place, k)
            columns[place] = planes[:, u : u + s * h_out : s, v : v + s * w_out : s]
        self.cache = (x.shape, columns.shape, columns.argmax(axis=0))
        return columns.max(axis=0).reshape(n, c, h_out, w_out)

    def backward(self, dout):
        k, s = self.kernel_size, self.stride
        (n, c, h, w), shape, best = self.cache
        h_out, w_out = shape[2:]
        g = dout.reshape(best.shape)
        planes = np.zeros((n * c, h, w))
        for place in range(k * k):
            u, v = divmod(place, k)
            won = np.where(best == place, g, 0)
            planes[:, u : u + s * h_out : s, v : v + s * w_out : s] += won
        self.dx = planes.reshape(n, c, h, w)
'''

FLOAT32_FORTRAN = '''\
    def forward(self, x):
        """Single precision in Fortran order; integers would do as well."""
        k, s = self.kernel_size, self.stride
        self.x = np.array(x, dtype=np.float32, order="F", copy=True)
        n, c, h, w = x.shape
        h_out, w_out = (h - k) // s + 1, (w - k) // s + 1
        out = np.full((n, c, h_out, w_out), np.finfo(np.float32).min, np.float32, order="F")
        for u, v in np.ndindex(k, k):
            shifted = self.x[:, :, u : u + s * h_out : s, v : v + s * w_out : s]
            np.maximum(out, shifted, out=out)
        self.out = out
        return out.copy(order="F")

    def backward(self, dout):
        k, s = self.kernel_size, self.stride
        left = dout.astype(np.float32)  # what no earlier entry of its window has taken
        dx = np.zeros(self.x.shape, dtype=np.float32, order="F")
        for u, v in np.ndindex(k, k):
            rows = slice(u, u + s * (dout.shape[2] - 1) + 1, s)
            columns = slice(v, v + s * (dout.shape[3] - 1) + 1, s)
            takes = self.x[:, :, rows, columns] == self.out
            dx[:, :, rows, columns] += np.where(takes, left, 0)
            left[takes] = 0
        self.dx = dx
'''


def solutions() -> list[Right]:
    """Those on whole arrays: by offsets, tiles, strides, indices, axis by axis."""
    styles = {
        "offsets": ("np.maximum over shifted inputs, equality backward", OFFSETS),
        "reshape": ("reshape where windows tile the image, else loops", RESHAPE),
        "as-strided": ("as_strided, take_along_axis and put_along_axis", AS_STRIDED),
        "bincount": ("flat pixel numbers, summed by np.bincount", FLAT_INDICES),
        "separable": ("rows first, then columns", SEPARABLE),
        "kept-mask": ("a mask of winners by argsort, made in forward", KEPT_MASK),
        "columns": ("channels as samples, windows as columns", COLUMNS),
        "float32-fortran": ("float32 in Fortran order, first of ties", FLOAT32_FORTRAN),
    }
    return [POOL.with_methods(name, *style) for name, style in styles.items()]
