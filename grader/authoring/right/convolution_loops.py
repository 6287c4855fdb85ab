"""Right solutions of Conv2D with loops over windows."""

from __future__ import annotations

from grader.authoring.right.right import Right, Task

CONV = Task("conv", "part1-convnet/modules/convolution.py", frozenset({"1.1", "1.2"}))

SAMPLES_FIRST = """\
    def forward(self, x):
        N, C, H, W = x.shape
        K, S, P = self.kernel_size, self.stride, self.padding
        H_out = int(1 + (H - K + 2 * P) / S)
        W_out = int(1 + (W - K + 2 * P) / S)
        x_pad = np.pad(x, [(0, 0), (0, 0), (P, P), (P, P)], "constant")
        out = np.zeros((N, self.out_channels, H_out, W_out))
        for n in range(N):
            for f in range(self.out_channels):
                for i in range(H_out):
                    for j in range(W_out):
                        window = x_pad[n, :, i * S : i * S + K, j * S : j * S + K]
                        out[n, f, i, j] = (window * self.weight[f]).sum() + self.bias[f]
        self.cache = (x, x_pad)
        return out

    def backward(self, dout):
        x, x_pad = self.cache
        K, S, P = self.kernel_size, self.stride, self.padding
        N, F, H_out, W_out = dout.shape
        dx_pad = np.zeros_like(x_pad)
        self.dw = np.zeros_like(self.weight)
        self.db = np.zeros_like(self.bias)
        for n in range(N):
            for f in range(F):
                self.db[f] += dout[n, f].sum()
                for i in range(H_out):
                    for j in range(W_out):
                        rows, cols = slice(i * S, i * S + K), slice(j * S, j * S + K)
                        self.dw[f] += x_pad[n, :, rows, cols] * dout[n, f, i, j]
                        dx_pad[n, :, rows, cols] += self.weight[f] * dout[n, f, i, j]
        self.dx = dx_pad[:, :, P : P + x.shape[2], P : P + x.shape[3]]
"""

KERNEL_OFFSETS = """\
    def forward(self, x):
        k, s, p = self.kernel_size, self.stride, self.padding
        padded = np.zeros((*x.shape[:2], x.shape[2] + 2 * p, x.shape[3] + 2 * p), x.dtype)
        padded[:, :, p : padded.shape[2] - p, p : padded.shape[3] - p] = x
        self.cache = {"padded": padded}
        h_out, w_out = (padded.shape[2] - k) // s + 1, (padded.shape[3] - k) // s + 1
        out = 0
        for u in range(k):
            for v in range(k):
                shifted = padded[:, :, u : u + s * h_out : s, v : v + s * w_out : s]
                out = out + np.einsum("fc,nchw->nfhw", self.weight[:, :, u, v], shifted)
        return out + self.bias[None, :, None, None]

    def backward(self, dout):
        k, s, p = self.kernel_size, self.stride, self.padding
        padded = self.cache["padded"]
        h_out, w_out = dout.shape[-2:]
        self.db = np.einsum("nfhw->f", dout)
        self.dw = np.empty(self.weight.shape)
        gradient = np.zeros(padded.shape)
        for u in range(k):
            for v in range(k):
                place = np.s_[:, :, u : u + s * h_out : s, v : v + s * w_out : s]
                self.dw[:, :, u, v] = np.tensordot(dout, padded[place], ([0, 2, 3], [0, 2, 3]))
                gradient[place] += np.tensordot(
                    dout, self.weight[:, :, u, v], ([1], [0])
                ).transpose(0, 3, 1, 2)
        self.dx = gradient[:, :, p : -p or None, p : -p or None]
"""

FILTERS_FIRST = """\
    def forward(self, x):
        print("Conv2D.forward", x.shape, "weights", self.weight.shape)
        pad, step, size = self.padding, self.stride, self.kernel_size
        x_padded = np.pad(x, ((0,), (0,), (pad,), (pad,)), mode="constant", constant_values=0)
        new_h = 1 + int(np.floor((x.shape[2] - size + 2 * pad) / step))
        new_w = 1 + int(np.floor((x.shape[3] - size + 2 * pad) / step))
        out = np.zeros((len(x), len(self.weight), new_h, new_w))
        for f in range(len(self.weight)):
            for r in range(new_h):
                for c in range(new_w):
                    patch = x_padded[:, :, r * step : r * step + size, c * step : c * step + size]
                    out[:, f, r, c] = np.sum(patch * self.weight[f], axis=(1, 2, 3))
            out[:, f] += self.bias[f]
        self.cache = x
        return out

    def backward(self, dout):
        print("Conv2D.backward", dout.shape)
        x = self.cache
        pad, step, size = self.padding, self.stride, self.kernel_size
        x_padded = np.pad(x, ((0,), (0,), (pad,), (pad,)), mode="constant", constant_values=0)
        dx_padded, dw, db = 0 * x_padded, 0 * self.weight, 0 * self.bias
        for f in range(dout.shape[1]):
            db[f] = dout[:, f, :, :].sum()
            for r in range(dout.shape[2]):
                for c in range(dout.shape[3]):
                    top, left = r * step, c * step
                    bottom, right = top + size, left + size
                    push = dout[:, f, r, c].reshape(-1, 1, 1, 1)
                    dw[f] += (push * x_padded[:, :, top:bottom, left:right]).sum(axis=0)
                    dx_padded[:, :, top:bottom, left:right] += push * self.weight[f]
        if pad > 0:
            self.dx = dx_padded[:, :, pad:-pad, pad:-pad]
        else:
            self.dx = dx_padded
        self.dw, self.db = dw, db
"""

POSITIONS = '''\
    def forward(self, x):
        self.x = x
        size = self.kernel_size
        _, starts_h, starts_w = self.grid(x.shape)
        padded = self.pad(x)
        out = np.zeros((len(x), self.out_channels, len(starts_h), len(starts_w)))
        for i, top in enumerate(starts_h):
            for j, left in enumerate(starts_w):
                window = padded[:, :, top : top + size, left : left + size]
                kernels = self.weight.reshape(self.out_channels, -1)
                out[:, :, i, j] = np.dot(window.reshape(len(x), -1), kernels.T)
        out += self.bias.reshape((1, -1, 1, 1))
        return out

    def backward(self, dout):
        size = self.kernel_size
        shape, starts_h, starts_w = self.grid(self.x.shape)
        padded = self.pad(self.x)
        dx = np.zeros(shape)
        dw = np.zeros((self.out_channels, self.in_channels * size * size))
        flat = self.weight.reshape(self.out_channels, -1)
        for j, left in enumerate(starts_w):
            for i, top in enumerate(starts_h):
                g = dout[:, :, i, j]
                window = padded[:, :, top : top + size, left : left + size]
                dw += g.T.dot(window.reshape(len(g), -1))
                dx[:, :, top : top + size, left : left + size] += g.dot(flat).reshape(window.shape)
        b = self.padding
        self.dx = dx[:, :, b : dx.shape[2] - b, b : dx.shape[3] - b]
        self.dw = dw.reshape(self.weight.shape)
        self.db = dout.sum(-1).sum(-1).sum(0)

    def grid(self, shape):
        """The padded shape, and where the windows begin in each direction."""
        n, c, h, w = shape
        h, w = h + 2 * self.padding, w + 2 * self.padding
        last_h, last_w = h - self.kernel_size, w - self.kernel_size
        return (n, c, h, w), range(0, last_h + 1, self.stride), range(0, last_w + 1, self.stride)

    def pad(self, x):
        return np.pad(x, [(0, 0)] * 2 + [(self.padding, self.padding)] * 2)
'''

WHILE_AND_LISTS = """\
    def forward(self, x):
        p, k = self.padding, self.kernel_size
        self.padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        _, _, height, width = self.padded.shape
        images = []
        for image in self.padded:
            maps = []
            for kernel, bias in zip(self.weight, self.bias):
                lines = []
                row = 0
                while row + k <= height:
                    line, column = [], 0
                    while column + k <= width:
                        patch = image[:, row : row + k, column : column + k]
                        line.append(float(np.sum(np.multiply(patch, kernel))) + bias)
                        column += self.stride
                    lines.append(line)
                    row += self.stride
                maps.append(lines)
            images.append(maps)
        return np.array(images)

    def backward(self, dout):
        p, k, s = self.padding, self.kernel_size, self.stride
        dx = np.zeros_like(self.padded)
        dw = np.zeros_like(self.weight)
        for padded, dimage, gradients in zip(self.padded, dx, dout):
            for f, gradient in enumerate(gradients):
                row = 0
                while row < gradient.shape[0]:
                    column = 0
                    while column < gradient.shape[1]:
                        r, c = row * s, column * s
                        dw[f] += gradient[row, column] * padded[:, r : r + k, c : c + k]
                        dimage[:, r : r + k, c : c + k] += gradient[row, column] * self.weight[f]
                        column += 1
                    row += 1
        keep = slice(p, -p) if p else slice(None)
        self.dx = dx[:, :, keep, keep]
        self.dw = dw
        self.db = np.sum(np.sum(np.sum(dout, axis=3), axis=2), axis=0)
"""


def solutions() -> list[Right]:
    """Loops over samples, filters, positions or the kernel, in every order."""
    styles = {
        "loops-nfij": ("loops over n, f, i, j; crops with [p:p + h]", SAMPLES_FIRST),
        "loops-uv": ("loops over the kernel; crops with [p:-p or None]", KERNEL_OFFSETS),
        "loops-fij": ("filters outermost, prints, crops with an if", FILTERS_FIRST),
        "loops-ji": ("loops over positions, np.dot for the batch, pads twice", POSITIONS),
        "while-lists": ("while loops that fill lists; an attribute of its own", WHILE_AND_LISTS),
    }
    return [CONV.with_methods(name, *style) for name, style in styles.items()]
