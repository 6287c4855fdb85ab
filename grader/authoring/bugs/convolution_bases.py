"""Four right solutions of Conv2D in different styles: what its bugs are edits of.

Some mistakes only exist in one style: nobody forgets to spread dout who never spreads it.
Beside the solutions stand the lines of theirs that bugs replace.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.authoring.bugs.bug import Bug, Edit, edited, reference

PATH = "part1-convnet/modules/convolution.py"

FORWARD = frozenset({"1.1"})
BACKWARD = frozenset({"1.2"})
BOTH = FORWARD | BACKWARD

LOOPS_METHODS = """\
    def forward(self, x):
        k, s, p = self.kernel_size, self.stride, self.padding
        samples, channels, height, width = x.shape
        rows = (height + 2 * p - k) // s + 1
        columns = (width + 2 * p - k) // s + 1
        padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        out = np.zeros((samples, self.out_channels, rows, columns))
        for n in range(samples):
            for f in range(self.out_channels):
                for i in range(rows):
                    for j in range(columns):
                        top, left = i * s, j * s
                        patch = padded[n, :, top : top + k, left : left + k]
                        out[n, f, i, j] = np.sum(patch * self.weight[f]) + self.bias[f]
        self.cache = x
        return out

    def backward(self, dout):
        size, stride, pad = self.kernel_size, self.stride, self.padding
        x = self.cache
        N, C, H, W = x.shape
        N, F, H_out, W_out = dout.shape
        xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
        grad = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
        dw = np.zeros(self.weight.shape)
        db = np.zeros(F)
        for n in range(N):
            for f in range(F):
                for i in range(H_out):
                    for j in range(W_out):
                        r, c = i * stride, j * stride
                        g = dout[n, f, i, j]
                        db[f] += g
                        dw[f] += g * xp[n, :, r : r + size, c : c + size]
                        grad[n, :, r : r + size, c : c + size] += g * self.weight[f]
        self.dx = grad[:, :, pad : pad + H, pad : pad + W]
        self.dw, self.db = dw, db
"""

SPREAD_METHODS = '''\
    def windows(self, array, rows, columns):
        view = np.lib.stride_tricks.sliding_window_view
        return view(array, (rows, columns), axis=(2, 3))

    def forward(self, x):
        k, s, p = self.kernel_size, self.stride, self.padding
        self.cache = padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        windows = self.windows(padded, k, k)[:, :, ::s, ::s]
        out = np.einsum("ncijuv,fcuv->nfij", windows, self.weight)
        return out + self.bias.reshape(1, -1, 1, 1)

    def backward(self, dout):
        """dw and dx as convolutions with dout, spread out by the stride; p is less than k."""
        k, s, p = self.kernel_size, self.stride, self.padding
        padded = self.cache
        n, f = dout.shape[:2]
        rows, columns = padded.shape[2] - k + 1, padded.shape[3] - k + 1
        spread = np.zeros((n, f, rows, columns))
        spread[:, :, ::s, ::s] = dout
        self.db = dout.sum(axis=(0, 2, 3))
        self.dw = np.einsum("nfij,ncuvij->fcuv", spread, self.windows(padded, rows, columns))
        q = k - 1 - p
        bordered = np.zeros((n, f, rows + 2 * q, columns + 2 * q))
        bordered[:, :, q : q + rows, q : q + columns] = spread
        turned = self.weight[:, :, ::-1, ::-1]
        self.dx = np.einsum("nfijuv,fcuv->ncij", self.windows(bordered, k, k), turned)
'''

BATCH_METHODS = """\
    def forward(self, x):
        k, s, p = self.kernel_size, self.stride, self.padding
        self.cache = padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        rows, columns = (padded.shape[2] - k) // s + 1, (padded.shape[3] - k) // s + 1
        out = np.zeros((len(x), self.out_channels, rows, columns))
        for i, j in np.ndindex(rows, columns):
            window = padded[:, :, i * s : i * s + k, j * s : j * s + k]
            out[:, :, i, j] = np.tensordot(window, self.weight, ((1, 2, 3), (1, 2, 3))) + self.bias
        return out

    def backward(self, dout):
        k, s, p = self.kernel_size, self.stride, self.padding
        padded = self.cache
        dpadded = np.zeros(padded.shape)
        self.dw = np.zeros(self.weight.shape)
        for i, j in np.ndindex(dout.shape[2:]):
            g, window = dout[:, :, i, j], np.s_[:, :, i * s : i * s + k, j * s : j * s + k]
            self.dw += np.tensordot(g, padded[window], (0, 0))
            dpadded[window] += np.tensordot(g, self.weight, 1)
        self.db = dout.sum(axis=(0, 2, 3))
        self.dx = dpadded[:, :, p : padded.shape[2] - p, p : padded.shape[3] - p]
"""


# Lines of the reference.
PAD = "padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))"
CACHE = "self.cache = x.shape, windows"
OUT = 'out = np.einsum("ncijuv,fcuv->nfij", windows, self.weight, optimize=True)'
RETURN = "return out + self.bias[:, None, None]"
UNPACK = "(n, c, h, w), windows = self.cache"
DB = "self.db = dout.sum(axis=(0, 2, 3))"
DW = 'self.dw = np.einsum("nfij,ncijuv->fcuv", dout, windows, optimize=True)'
SHARE = 'share = np.einsum("nfij,fc->ncij", dout, self.weight[:, :, u, v], optimize=True)'
DPADDED = (
    "dpadded = np.zeros((n, c, h + 2 * p, w + 2 * p), dtype=np.result_type(dout, self.weight))"
)
CROP = "self.dx = dpadded[:, :, p : p + h, p : p + w]"

# Lines of the loops' forward, then of their backward.
ROWS = "rows = (height + 2 * p - k) // s + 1"
COLUMNS = "columns = (width + 2 * p - k) // s + 1"
OUT_ARRAY = "out = np.zeros((samples, self.out_channels, rows, columns))"
OUT_ROWS, OUT_COLUMNS = "for i in range(rows):", "for j in range(columns):"
OUT_CORNER = "top, left = i * s, j * s"
OUT_WINDOW = "padded[n, :, top : top + k, left : left + k]"
OUT_ENTRY = "out[n, f, i, j] = np.sum(patch * self.weight[f]) + self.bias[f]"
OUT_END = "self.cache = x\n        return out"

GRAD_SIZES = "N, F, H_out, W_out = dout.shape"
DW_PAD = "xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))"
DX_ARRAY = "grad = np.zeros((N, C, H + 2 * pad, W + 2 * pad))"
GRAD_ROWS, GRAD_COLUMNS = "for i in range(H_out):", "for j in range(W_out):"
GRAD_CORNER = "r, c = i * stride, j * stride"
DW_WINDOW = "xp[n, :, r : r + size, c : c + size]"
DX_WINDOW = "grad[n, :, r : r + size, c : c + size]"
ADD_DB = "db[f] += g"
ADD_DW = f"dw[f] += g * {DW_WINDOW}"
ADD_DX = f"{DX_WINDOW} += g * self.weight[f]"
LOOPS_CROP = "self.dx = grad[:, :, pad : pad + H, pad : pad + W]"
STORE = "self.dw, self.db = dw, db"


@dataclass(frozen=True)
class Base:
    """A right solution, as the text of its file."""

    text: str

    def bugs(
        self,
        family: str,
        caught_by: frozenset[str],
        variants: Mapping[str, Sequence[Edit]],
        *,
        equivalent: str = "",
    ) -> list[Bug]:
        """One bug of the family for each (name, edits).

        Raises BugError where an edit does not fit the solution.
        """
        return [
            Bug(name, family, caught_by, {PATH: edited(self.text, edits)}, equivalent)
            for name, edits in variants.items()
        ]


def _with_methods(methods: str) -> str:
    """The reference's file with other methods below the constructor."""
    head, _, _ = reference(PATH).partition("    def forward(")
    return head + methods


VECTORS = Base(reference(PATH))
LOOPS = Base(_with_methods(LOOPS_METHODS))
SPREAD = Base(_with_methods(SPREAD_METHODS))
BATCHES = Base(_with_methods(BATCH_METHODS))
