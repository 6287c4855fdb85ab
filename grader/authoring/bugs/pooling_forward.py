"""Mistakes in MaxPooling.forward alone: its backward finds the maxima by itself, and is right."""

from __future__ import annotations

from grader.authoring.bugs.bug import Bug, Edit, edited
from grader.authoring.bugs.pooling_loops import (
    BACKWARD,
    HEAD,
    LEVELS,
    TILED_FORWARD,
    at_end,
    at_start,
    loops,
)

PATH = "part1-convnet/modules/max_pool.py"

SIZES = "k, s = self.kernel_size, self.stride"
SHAPE = "N, C, H, W = x.shape"
ROWS, COLUMNS = "rows = (H - k) // s + 1", "columns = (W - k) // s + 1"
OUT = "out = np.zeros((N, C, rows, columns))"
I_LOOP, J_LOOP = "for i in range(rows):", "for j in range(columns):"
CORNER = "top, left = i * s, j * s"
WINDOW = "x[n, c, top : top + k, left : left + k]"
MAX = "window.max()"
STORE = "out[n, c, i, j] = window.max()"
DONE = "return out"
PAD = "x = np.pad(x, ((0, 0), (0, 0), (0, (k - H) % s), (0, (k - W) % s)))"
FIRST_BUFFER = "np.full((N, C, rows, columns), -np.inf)"
OTHER_SHAPE = "self.cache is None or self.cache.shape != x.shape"


def both(rows: str, columns: str) -> list[Edit]:
    """The output's two sizes by other formulas."""
    return [(ROWS, f"rows = {rows}"), (COLUMNS, f"columns = {columns}")]


# By family, then by name: edits of forward in plain loops.
IN_LOOPS: dict[str, dict[str, list[Edit]]] = {
    "pool-average": {
        "mean": [(MAX, "window.mean()")],
        "sum": [(MAX, "window.sum()")],
        "median": [(MAX, "np.median(window)")],
    },
    "pool-other-entry": {
        "min": [(MAX, "window.min()")],
        "first-entry": [(MAX, "window[0, 0]")],
        "last-entry": [(MAX, "window[-1, -1]")],
    },
    "pool-part-of-window": {
        "first-column": [(MAX, "window.max(axis=1)[0]")],
        "first-row": [(MAX, "window.max(axis=0)[0]")],
        "diagonal": [(MAX, "window.diagonal().max()")],
    },
    "pool-index-for-value": {
        "argmax": [(MAX, "window.argmax()")],
    },
    "pool-absolute": {
        "absolute": [(MAX, "abs(window).max()")],
        "largest-magnitude": [(MAX, "window.flat[abs(window).argmax()]")],
    },
    "pool-initial-zero": {
        "initial-zero": [(MAX, "max(0.0, window.max())")],
        "initial-minus-one": [(MAX, "max(-1.0, window.max())")],
    },
    "pool-maximum-not-reset": {
        "initial-first-of-channel": [(MAX, "max(x[n, c, 0, 0], window.max())")],
        "never-reset": [(OUT, f"{OUT}\n        best = -np.inf"),
                        (STORE, "out[n, c, i, j] = best = max(best, window.max())")],
        "reset-each-row": [at_start("row", "best = -np.inf"),
                           (STORE, "out[n, c, i, j] = best = max(best, window.max())")],
    },
    "pool-planes-mixed": {
        "over-channels": [(WINDOW, "x[n, :, top : top + k, left : left + k]")],
        "over-samples": [(WINDOW, "x[:, c, top : top + k, left : left + k]")],
        "over-both": [(WINDOW, "x[:, :, top : top + k, left : left + k]")],
        "sample-zero": [(WINDOW, "x[0, c, top : top + k, left : left + k]")],
        "channel-zero": [(WINDOW, "x[n, 0, top : top + k, left : left + k]")],
        "channels-collapsed": [(DONE, "return out.max(axis=1, keepdims=True)")],
    },
    "pool-stride-ignored": {
        "stride-ignored": [(CORNER, "top, left = i, j")],
        "stride-ignored-in-rows": [(CORNER, "top, left = i, j * s")],
        "stride-ignored-in-columns": [(CORNER, "top, left = i * s, j")],
        "stride-one": [(SIZES, "k, s = self.kernel_size, 1")],
    },
    "pool-kernel-stride-confused": {
        "corner-by-kernel": [(CORNER, "top, left = i * k, j * k")],
        "window-by-stride": [(WINDOW, "x[n, c, top : top + s, left : left + s]")],
        "size-by-kernel": both("H // k", "W // k"),
        "size-by-stride": both("H // s", "W // s"),
        "stride-is-kernel": [(SIZES, "k, s = self.kernel_size, self.kernel_size")],
        "kernel-is-stride": [(SIZES, "k, s = self.stride, self.stride")],
        "kernel-and-stride-swapped": [(SIZES, "k, s = self.stride, self.kernel_size")],
    },
    "pool-fixed-size": {
        "fixed-both": [(SIZES, "k, s = 2, 2")],
        "fixed-kernel": [(SIZES, "k, s = 2, self.stride")],
        "fixed-stride": [(SIZES, "k, s = self.kernel_size, 2")],
    },
    "pool-remainder": {
        "ceil": both("-(-(H - k) // s) + 1", "-(-(W - k) // s) + 1"),
        "padded-with-zeros": [
            (ROWS, f"{PAD}; rows = -(-(H - k) // s) + 1"),
            (COLUMNS, "columns = -(-(W - k) // s) + 1"),
            ("self.cache = x", "self.cache = x[:, :, :H, :W]"),
        ],
        "assert-divides": [(OUT, f"assert (H - k) % s == 0 and (W - k) % s == 0\n        {OUT}")],
    },
    "pool-output-size": {
        "size-without-plus-one": both("(H - k) // s", "(W - k) // s"),
        "size-plus-one-inside": both("(H - k + 1) // s", "(W - k + 1) // s"),
        "size-as-same-padding": both("-(-H // s)", "-(-W // s)"),
        "size-precedence": both("H - k // s + 1", "W - k // s + 1"),
        "size-a-float": both("(H - k) / s + 1", "(W - k) / s + 1"),
    },
    "pool-height-width": {
        "columns-from-height": [(COLUMNS, "columns = (H - k) // s + 1")],
        "rows-from-width": [(ROWS, "rows = (W - k) // s + 1")],
        "height-width-swapped": [(SHAPE, "N, C, W, H = x.shape")],
        "loops-swapped": [(I_LOOP, "for i in range(columns):"), (J_LOOP, "for j in range(rows):")],
        "output-swapped": [(OUT, "out = np.zeros((N, C, columns, rows))")],
        "assert-square": [(SHAPE, f"{SHAPE}\n        assert H == W")],
    },
    "pool-row-column": {
        "output-transposed": [(STORE, "out[n, c, j, i] = window.max()")],
        "corner-transposed": [(CORNER, "top, left = j * s, i * s")],
        "result-transposed": [(DONE, "return out.transpose(0, 1, 3, 2)")],
    },
    "pool-window-size": {
        "window-smaller": [(WINDOW, "x[n, c, top : top + k - 1, left : left + k - 1]")],
        "window-larger": [(WINDOW, "x[n, c, top : top + k + 1, left : left + k + 1]")],
        "window-begins-late": [(WINDOW, "x[n, c, top + 1 : top + k, left + 1 : left + k]")],
    },
    "pool-loop-range": {
        "last-windows-missing": [(I_LOOP, "for i in range(rows - 1):"),
                                 (J_LOOP, "for j in range(columns - 1):")],
        "first-windows-missing": [(I_LOOP, "for i in range(1, rows):"),
                                  (J_LOOP, "for j in range(1, columns):")],
        "stops-before-last-corner": [(I_LOOP, "for i in range(-(-(H - k) // s)):"),
                                     (J_LOOP, "for j in range(-(-(W - k) // s)):")],
        "loops-over-input": [(I_LOOP, "for i in range(-(-H // s)):"),
                             (J_LOOP, "for j in range(-(-W // s)):")],
    },
    "pool-returns-early": {
        f"returns-after-{level}": [at_end(level, STORE, "self.cache = x; return out")]
        for level in LEVELS
    },
    "pool-only-last": {
        f"fresh-each-{level}": [at_start(level, "out = np.zeros(out.shape)")] for level in LEVELS
    },
    "pool-accumulates": {
        "buffer-kept": [
            (OUT, f"out = self.out = {FIRST_BUFFER} if self.cache is None else self.out"),
            (STORE, "out[n, c, i, j] = max(out[n, c, i, j], window.max())"),
        ],
        "buffer-kept-for-one-shape": [
            (OUT, f"out = self.out = {FIRST_BUFFER} if {OTHER_SHAPE} else self.out"),
            (STORE, "out[n, c, i, j] = max(out[n, c, i, j], window.max())"),
        ],
    },
    "pool-stale": {
        "result-kept": [
            (SIZES, f"if self.cache is not None: self.cache = x; return self.out\n        {SIZES}"),
            (DONE, "self.out = out; return out"),
        ],
        "shape-of-first-call": [
            (SHAPE, "N, C, H, W = self.shape = getattr(self, 'shape', x.shape)"),
        ],
    },
    "pool-changes-input": {
        "others-set-to-zero": [("self.cache = x\n", ""),
                               (SHAPE, f"{SHAPE}\n        self.cache = x.copy()"),
                               at_end("column", STORE, f"window[window < {MAX}] = 0")],
        "maxima-removed": [("self.cache = x\n", ""),
                           (SHAPE, f"{SHAPE}\n        self.cache = x.copy()"),
                           at_end("column", STORE, f"window[window == {MAX}] = -1e6")],
    },
    "pool-integer": {
        "output-integer": [(OUT, "out = np.zeros((N, C, rows, columns), dtype=int)")],
    },
    "pool-axes-order": {
        "channels-last": [(DONE, "return out.transpose(0, 2, 3, 1)")],
        "windows-first-reshaped": [(DONE, "return out.transpose(2, 3, 0, 1).reshape(out.shape)")],
        "channels-last-reshaped": [(DONE, "return out.transpose(0, 2, 3, 1).reshape(out.shape)")],
        "channels-first-reshaped": [(DONE, "return out.swapaxes(0, 1).reshape(out.shape)")],
    },
    "pool-returns-more": {
        "returns-pair": [(DONE, "return out, x")],
    },
}  # fmt: skip

TILES = "x.reshape(N, C, H // k, k, W // k, k)"
# By family, then by name: edits of a forward that reshapes the input into windows side by side.
TILED: dict[str, dict[str, list[Edit]]] = {
    "pool-tiles-only": {
        "reshaped": [],
    },
    "pool-axes-order": {
        "reshaped-wrong-axes": [("axis=(3, 5)", "axis=(2, 4)")],
        "reshaped-windows-first": [(TILES, "x.reshape(N, C, k, H // k, k, W // k)")],
    },
}


def forward_bugs() -> list[Bug]:
    """Every wrong forward, with a right backward."""
    found = [
        (family, name, loops(forward=edits))
        for family, variants in IN_LOOPS.items()
        for name, edits in variants.items()
    ]
    found += [
        (family, name, HEAD + edited(TILED_FORWARD, edits) + BACKWARD)
        for family, variants in TILED.items()
        for name, edits in variants.items()
    ]
    return [
        Bug(f"pool-forward-{name}", family, frozenset({"1.3"}), {PATH: text})
        for family, name, text in found
    ]
