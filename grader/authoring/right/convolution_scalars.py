"""Right solutions of Conv2D that go number by number, plane by plane or pixel by pixel."""

from __future__ import annotations

from grader.authoring.right.convolution_loops import CONV
from grader.authoring.right.right import Right

SEVEN_LOOPS = '''\
    def forward(self, x):
        """Nothing is padded: an index beyond the edge meets a zero and is skipped."""
        self.cache = x.copy()
        samples, channels, height, width = x.shape
        rows, columns = self._output_size(height, width)
        out = np.empty((samples, self.out_channels, rows, columns))
        for i in range(rows):
            for j in range(columns):
                for f in range(self.out_channels):
                    for n in range(samples):
                        total = self.bias[f]
                        for u, r in self._inside(i, height):
                            for v, q in self._inside(j, width):
                                for c in range(channels):
                                    total += self.weight[f, c, u, v] * x[n, c, r, q]
                        out[n, f, i, j] = total
        return out

    def backward(self, dout):
        x = self.cache
        samples, filters, rows, columns = dout.shape
        self.dx, self.dw = np.zeros(x.shape), np.zeros(self.weight.shape)
        self.db = np.zeros(filters)
        for i in range(rows):
            for j in range(columns):
                for u, r in self._inside(i, x.shape[2]):
                    for v, q in self._inside(j, x.shape[3]):
                        for n in range(samples):
                            for f in range(filters):
                                g = dout[n, f, i, j]
                                for c in range(x.shape[1]):
                                    self.dw[f, c, u, v] += g * x[n, c, r, q]
                                    self.dx[n, c, r, q] += g * self.weight[f, c, u, v]
                for n in range(samples):
                    for f in range(filters):
                        self.db[f] += dout[n, f, i, j]

    def _output_size(self, height, width):
        return tuple(
            (size - self.kernel_size + 2 * self.padding) // self.stride + 1
            for size in (height, width)
        )

    def _inside(self, position, size):
        """The kernel's entries over one axis, with the entry of x that each of them meets."""
        for u in range(self.kernel_size):
            r = position * self.stride + u - self.padding
            if 0 <= r < size:
                yield u, r
'''

NDINDEX = """\
    def forward(self, x):
        k, s, p = self.kernel_size, self.stride, self.padding
        padded = np.pad(np.array(x, dtype=float), ((0, 0), (0, 0), (p, p), (p, p)))
        h_out, w_out = ((size - k) // s + 1 for size in padded.shape[2:])
        shape = (x.shape[0], self.weight.shape[0], h_out, w_out)
        out = np.broadcast_to(self.bias[:, None, None], shape).copy()
        for n, f, i, j in np.ndindex(shape):
            out[n, f, i, j] += np.vdot(padded[n][self.window(i, j)], self.weight[f])
        self.cache = padded
        return out

    def backward(self, dout):
        p = self.padding
        spread = np.zeros(self.cache.shape)
        dw = [np.zeros(kernel.shape) for kernel in self.weight]
        db = [0.0 for _ in self.weight]
        for (n, f, i, j), g in np.ndenumerate(dout):
            db[f] += g
            dw[f] += g * self.cache[n][self.window(i, j)]
            spread[n][self.window(i, j)] += g * self.weight[f]
        h, w = self.cache.shape[2] - 2 * p, self.cache.shape[3] - 2 * p
        self.dx = spread[..., p : p + h, p : p + w].copy()
        self.dw, self.db = np.array(dw), np.array(db)

    def window(self, i, j):
        top, left = i * self.stride, j * self.stride
        return np.s_[:, top : top + self.kernel_size, left : left + self.kernel_size]
"""

CHANNELS_FIRST = '''\
    def forward(self, x):
        k, s, p = self.kernel_size, self.stride, self.padding
        self.cache = x, k, s, p
        maps = [
            [
                sum(correlate(border(x[n, c], p), self.weight[f, c], s) for c in range(x.shape[1]))
                + self.bias[f]
                for f in range(self.out_channels)
            ]
            for n in range(x.shape[0])
        ]
        return np.stack([np.stack(of_sample) for of_sample in maps])

    def backward(self, dout):
        x, k, s, p = self.cache
        self.db = np.array([dout[:, f].sum() for f in range(self.out_channels)])
        self.dw = np.zeros_like(self.weight)
        self.dx = np.zeros(x.shape)
        for c in range(x.shape[1]):
            for f in range(self.out_channels):
                for n in range(x.shape[0]):
                    plane = border(x[n, c], p)
                    g = dout[n, f]
                    total = np.zeros(plane.shape)
                    for u in range(k):
                        for v in range(k):
                            rows = slice(u, u + s * (g.shape[0] - 1) + 1, s)
                            columns = slice(v, v + s * (g.shape[1] - 1) + 1, s)
                            self.dw[f, c, u, v] += (g * plane[rows, columns]).sum()
                            total[rows, columns] += g * self.weight[f, c, u, v]
                    self.dx[n, c] += total[p : p + x.shape[2], p : p + x.shape[3]]


def border(plane, width):
    bordered = np.zeros((plane.shape[0] + 2 * width, plane.shape[1] + 2 * width))
    bordered[width : width + plane.shape[0], width : width + plane.shape[1]] = plane
    return bordered


def correlate(plane, kernel, stride):
    """Slide one kernel over one plane."""
    size = len(kernel)
    return np.array(
        [
            [
                (plane[top : top + size, left : left + size] * kernel).sum()
                for left in range(0, plane.shape[1] - size + 1, stride)
            ]
            for top in range(0, plane.shape[0] - size + 1, stride)
        ]
    )
'''

PIXELS = '''\
    def forward(self, x):
        k, s, p = self.kernel_size, self.stride, self.padding
        padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        h_out = (x.shape[2] - k + 2 * p) // s + 1
        w_out = (x.shape[3] - k + 2 * p) // s + 1
        rows = [padded[:, :, s * i : s * i + k] for i in range(h_out)]
        out = np.stack(
            [
                np.stack(
                    [
                        np.tensordot(row[..., s * j : s * j + k], self.weight, ((1, 2, 3),) * 2)
                        for j in range(w_out)
                    ],
                    axis=-1,
                )
                for row in rows
            ],
            axis=-2,
        )
        self.cache = x, padded
        return out + np.expand_dims(self.bias, (1, 2))

    def backward(self, dout):
        """Each pixel gathers its gradient from the windows that contain it."""
        x, padded = self.cache
        k, s, p = self.kernel_size, self.stride, self.padding
        self.dx = np.zeros(x.shape)
        for row in range(x.shape[2]):
            for column in range(x.shape[3]):
                for i, u in self.windows_of(row, dout.shape[2]):
                    for j, v in self.windows_of(column, dout.shape[3]):
                        self.dx[:, :, row, column] += dout[:, :, i, j] @ self.weight[:, :, u, v]
        self.dw = np.zeros(self.weight.shape)
        for u in range(k):
            for v in range(k):
                seen = padded[:, :, u::s, v::s][:, :, : dout.shape[2], : dout.shape[3]]
                self.dw[:, :, u, v] = (dout[:, :, None] * seen[:, None]).sum(axis=(0, 3, 4))
        self.db = dout.sum(axis=(0, 2, 3))

    def windows_of(self, pixel, count):
        """The windows over a pixel along one axis, and the pixel's place in each."""
        found = []
        for u in range(self.kernel_size):
            start = pixel + self.padding - u
            if start % self.stride == 0 and 0 <= start // self.stride < count:
                found.append((start // self.stride, u))
        return found
'''


def solutions() -> list[Right]:
    """The finest loops, and those that look from the input."""
    styles = {
        "seven-loops": ("seven loops over i, j, f, n, u, v, c; nothing is padded", SEVEN_LOOPS),
        "ndindex": ("np.ndindex and np.vdot over an own copy in float64", NDINDEX),
        "planes": ("planes one by one, with functions of their own", CHANNELS_FIRST),
        "gather": ("pixels gather from the windows that contain them", PIXELS),
    }
    return [CONV.with_methods(name, *style) for name, style in styles.items()]
