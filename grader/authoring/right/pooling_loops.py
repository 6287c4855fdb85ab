"""Right solutions of MaxPooling with loops."""

from __future__ import annotations

from grader.authoring.right.right import Right, Task

POOL = Task("pool", "part1-convnet/modules/max_pool.py", frozenset({"1.3", "1.4"}))

UNRAVEL_INDEX = """\
    def forward(self, x):
        N, C, H, W = x.shape
        K, S = self.kernel_size, self.stride
        H_out = int((H - K) / S) + 1
        W_out = int((W - K) / S) + 1
        out = np.zeros((N, C, H_out, W_out))
        for n in range(N):
            for c in range(C):
                for i in range(H_out):
                    for j in range(W_out):
                        out[n, c, i, j] = np.max(x[n, c, i * S : i * S + K, j * S : j * S + K])
        self.cache = (x, H_out, W_out)
        return out

    def backward(self, dout):
        x, H_out, W_out = self.cache
        N, C, H, W = x.shape
        K, S = self.kernel_size, self.stride
        self.dx = np.zeros_like(x)
        for n in range(N):
            for c in range(C):
                for i in range(H_out):
                    for j in range(W_out):
                        window = x[n, c, i * S : i * S + K, j * S : j * S + K]
                        u, v = np.unravel_index(np.argmax(window), window.shape)
                        self.dx[n, c, i * S + u, j * S + v] += dout[n, c, i, j]
"""

DIVMOD = """\
    def forward(self, x):
        print("pooling", x.shape)
        k, s = self.kernel_size, self.stride
        rows = range(0, x.shape[2] - k + 1, s)
        columns = range(0, x.shape[3] - k + 1, s)
        out = np.empty((*x.shape[:2], len(rows), len(columns)))
        self.cache = {"shape": x.shape, "winners": {}}
        for n, c in np.ndindex(x.shape[:2]):
            for i, top in enumerate(rows):
                for j, left in enumerate(columns):
                    window = x[n, c, top : top + k, left : left + k].ravel()
                    u, v = divmod(int(window.argmax()), k)
                    self.cache["winners"][n, c, i, j] = (n, c, top + u, left + v)
                    out[n, c, i, j] = window.max()
        return out

    def backward(self, dout):
        dx = np.zeros(self.cache["shape"])
        for window, pixel in self.cache["winners"].items():
            dx[pixel] += dout[window]
        self.dx = dx
        return dx
"""

SCALARS = '''\
    def forward(self, x):
        """Numbers only, compared one by one; of equal ones the last wins."""
        k, s = self.kernel_size, self.stride
        samples, channels, height, width = x.shape
        out = np.full((samples, channels, (height - k) // s + 1, (width - k) // s + 1), -np.inf)
        self.where = np.zeros((*out.shape, 2), dtype=int)
        for i in range(out.shape[2]):
            for j in range(out.shape[3]):
                for u in range(k):
                    for v in range(k):
                        r, q = i * s + u, j * s + v
                        for n in range(samples):
                            for c in range(channels):
                                if x[n, c, r, q] >= out[n, c, i, j]:
                                    out[n, c, i, j] = x[n, c, r, q]
                                    self.where[n, c, i, j] = r, q
        self.x_shape = x.shape
        return out

    def backward(self, dout):
        self.dx = np.zeros(self.x_shape)
        for j in range(dout.shape[3]):
            for i in range(dout.shape[2]):
                for c in range(dout.shape[1]):
                    for n in range(dout.shape[0]):
                        r, q = self.where[n, c, i, j]
                        self.dx[n, c, r, q] += dout[n, c, i, j]
'''

EQUALITY_MASK = '''\
    def forward(self, x):
        k, s = self.kernel_size, self.stride
        h_out, w_out = (x.shape[2] - k) // s + 1, (x.shape[3] - k) // s + 1
        out = np.zeros((x.shape[0], x.shape[1], h_out, w_out))
        for i in range(h_out):
            for j in range(w_out):
                out[:, :, i, j] = x[:, :, i * s : i * s + k, j * s : j * s + k].max(axis=(2, 3))
        self.cache = x.copy()
        return out

    def backward(self, dout):
        """Each maximum of a window takes the whole gradient."""
        k, s, x = self.kernel_size, self.stride, self.cache
        dx = np.zeros_like(x)
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                window = x[:, :, i * s : i * s + k, j * s : j * s + k]
                mask = window == window.max(axis=(2, 3), keepdims=True)
                g = dout[:, :, i : i + 1, j : j + 1]
                dx[:, :, i * s : i * s + k, j * s : j * s + k] += mask * g
        self.dx = dx
'''

SPLIT_TIES = '''\
    def forward(self, x):
        k, s = self.kernel_size, self.stride
        self.cache = x
        return np.array(
            [
                [
                    [
                        [
                            plane[top : top + k, left : left + k].max()
                            for left in range(0, plane.shape[1] - k + 1, s)
                        ]
                        for top in range(0, plane.shape[0] - k + 1, s)
                    ]
                    for plane in image
                ]
                for image in x
            ]
        )

    def backward(self, dout):
        """Equal maxima share the gradient."""
        k, s = self.kernel_size, self.stride
        self.dx = np.zeros(self.cache.shape)
        for (n, c, i, j), g in np.ndenumerate(dout):
            place = np.s_[n, c, i * s : i * s + k, j * s : j * s + k]
            is_largest = self.cache[place] == np.amax(self.cache[place])
            self.dx[place] += g * is_largest / np.count_nonzero(is_largest)
'''

BATCH_AT_ONCE = """\
    def forward(self, x):
        k, s = self.kernel_size, self.stride
        n, c, h, w = x.shape
        h_out, w_out = 1 + (h - k) // s, 1 + (w - k) // s
        out = np.zeros((n, c, h_out, w_out), dtype=x.dtype)
        self.best = np.zeros((h_out, w_out, n, c), dtype=np.intp)
        self.cache = x.shape
        for i in range(h_out):
            for j in range(w_out):
                window = x[:, :, i * s : i * s + k, j * s : j * s + k].reshape(n, c, k * k)
                self.best[i, j] = np.argmax(window, axis=2)
                out[:, :, i, j] = np.max(window, axis=2)
        return out

    def backward(self, dout):
        k, s = self.kernel_size, self.stride
        n, c = self.cache[:2]
        sample, channel = np.arange(n)[:, None], np.arange(c)
        self.dx = np.zeros(self.cache)
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                row, column = self.best[i, j] // k, self.best[i, j] % k
                self.dx[sample, channel, row + i * s, column + j * s] += dout[:, :, i, j]
"""

PIXELS_GATHER = '''\
    def forward(self, x):
        k, s = self.kernel_size, self.stride
        n, c, h, w = x.shape
        lines = []
        top = 0
        while top <= h - k:
            line = []
            left = 0
            while left <= w - k:
                line.append(np.max(np.max(x[:, :, top : top + k, left : left + k], axis=3), axis=2))
                left += s
            lines.append(np.stack(line, axis=2))
            top += s
        self.cache = x, np.stack(lines, axis=2)
        return self.cache[1].copy()

    def backward(self, dout):
        """Each pixel asks the windows that contain it whether it is their maximum."""
        k, s = self.kernel_size, self.stride
        x, out = self.cache
        self.dx = np.zeros(x.shape)
        for r in range(x.shape[2]):
            for q in range(x.shape[3]):
                for i in range(dout.shape[2]):
                    for j in range(dout.shape[3]):
                        if i * s <= r < i * s + k and j * s <= q < j * s + k:
                            won = x[:, :, r, q] == out[:, :, i, j]
                            self.dx[:, :, r, q] += np.where(won, dout[:, :, i, j], 0.0)
'''


def solutions() -> list[Right]:
    """Those with loops, and with the first, the last, all or equally shared maxima."""
    styles = {
        "unravel-index": ("loops over n, c, i, j; np.unravel_index", UNRAVEL_INDEX),
        "divmod": ("a dict of winners by divmod; prints, returns dx as well", DIVMOD),
        "scalars": ("number by number from -inf; of ties the last", SCALARS),
        "equality-mask": ("mask of equality over a copy; all maxima of a tie", EQUALITY_MASK),
        "split-ties": ("nested lists; ties share the gradient", SPLIT_TIES),
        "batch-at-once": ("loops over positions, flat argmax for the batch", BATCH_AT_ONCE),
        "gather": ("while loops; pixels ask the windows they lie in", PIXELS_GATHER),
    }
    return [POOL.with_methods(name, *style) for name, style in styles.items()]
