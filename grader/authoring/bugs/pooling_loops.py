"""Right max pooling in other styles than the reference's, for mistakes that only exist there."""

from __future__ import annotations

from collections.abc import Iterable

from grader.authoring.bugs.bug import Edit, edited

HEAD = '''"""Max pooling."""

import numpy as np


class MaxPooling:
    def __init__(self, kernel_size, stride):
        self.kernel_size = kernel_size
        self.stride = stride
        self.cache = None
        self.dx = None

'''

FORWARD = """
    def forward(self, x):
        k, s = self.kernel_size, self.stride
        N, C, H, W = x.shape
        rows = (H - k) // s + 1
        columns = (W - k) // s + 1
        out = np.zeros((N, C, rows, columns))
        for n in range(N):
            for c in range(C):
                for i in range(rows):
                    for j in range(columns):
                        top, left = i * s, j * s
                        window = x[n, c, top : top + k, left : left + k]
                        out[n, c, i, j] = window.max()
        self.cache = x
        return out

"""

BACKWARD = """
    def backward(self, dout):
        k, s = self.kernel_size, self.stride
        x = self.cache
        N, C, H, W = x.shape
        rows, columns = dout.shape[2:]
        dx = np.zeros(x.shape)
        for n in range(N):
            for c in range(C):
                for i in range(rows):
                    for j in range(columns):
                        top, left = i * s, j * s
                        window = x[n, c, top : top + k, left : left + k]
                        u, v = np.unravel_index(window.argmax(), window.shape)
                        dx[n, c, top + u, left + v] += dout[n, c, i, j]
        self.dx = dx
"""

# Right where the windows lie side by side and nothing is left over: k = s, and k divides H and W.
TILED_FORWARD = """
    def forward(self, x):
        k = self.kernel_size
        N, C, H, W = x.shape
        self.cache = x
        return x.reshape(N, C, H // k, k, W // k, k).max(axis=(3, 5))

"""

TILED_BACKWARD = """
    def backward(self, dout):
        k = self.kernel_size
        x = self.cache
        N, C, H, W = x.shape
        out = x.reshape(N, C, H // k, k, W // k, k).max(axis=(3, 5))
        winner = x == out.repeat(k, axis=2).repeat(k, axis=3)
        self.dx = dout.repeat(k, axis=2).repeat(k, axis=3) * winner
"""

# Entry by entry of the windows, for all windows at once.
OFFSETS_BACKWARD = """
    def backward(self, dout):
        k, s = self.kernel_size, self.stride
        x = self.cache
        rows, columns = dout.shape[2:]
        places = [np.s_[:, :, u : u + s * rows : s, v : v + s * columns : s]
                  for u in range(k) for v in range(k)]
        out = np.max([x[place] for place in places], axis=0)
        self.dx = np.zeros(x.shape)
        for place in places:
            self.dx[place] += dout * (x[place] == out)
"""

# The loops of both methods, outermost first: header, and the indentation of what is inside.
LEVELS = {
    "sample": ("for n in range(N):", 12),
    "channel": ("for c in range(C):", 16),
    "row": ("for i in range(rows):", 20),
    "column": ("for j in range(columns):", 24),
}


def loops(forward: Iterable[Edit] = (), backward: Iterable[Edit] = ()) -> str:
    """The layer in plain loops, with edits of each method."""
    return HEAD + edited(FORWARD, forward) + edited(BACKWARD, backward)


def at_start(level: str, statement: str) -> Edit:
    """Put a statement first inside one of the loops."""
    header, indent = LEVELS[level]
    return header, f"{header}\n{' ' * indent}{statement}"


def at_end(level: str, last: str, statement: str) -> Edit:
    """Put a statement after the last line, `last`, of one of the loops."""
    return last, f"{last}\n{' ' * LEVELS[level][1]}{statement}"
