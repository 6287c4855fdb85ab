"""Mistakes in MaxPooling.backward alone, after a right forward."""

from __future__ import annotations

from grader.authoring.bugs.bug import Bug, Edit, edited, reference
from grader.authoring.bugs.pooling_forward import PATH
from grader.authoring.bugs.pooling_loops import (
    FORWARD,
    HEAD,
    LEVELS,
    OFFSETS_BACKWARD,
    TILED_BACKWARD,
    at_end,
    at_start,
    loops,
)

SIZES = "k, s = self.kernel_size, self.stride"
DX = "dx = np.zeros(x.shape)"
OTHER_SHAPE = "self.dx is None or self.dx.shape != x.shape"
ROWS_COLUMNS = "rows, columns = dout.shape[2:]"
I_LOOP, J_LOOP = "for i in range(rows):", "for j in range(columns):"
CORNER = "top, left = i * s, j * s"
WINDOW = "x[n, c, top : top + k, left : left + k]"
FIND = "np.unravel_index(window.argmax(), window.shape)"
TARGET = "dx[n, c, top + u, left + v]"
TAKEN = "dout[n, c, i, j]"
ADD = f"{TARGET} += {TAKEN}"
DONE = "self.dx = dx"
WHOLE = "dx[n, c, top : top + k, left : left + k]"

# By family, then by name: edits of backward in plain loops.
IN_LOOPS: dict[str, dict[str, list[Edit]]] = {
    "pool-overwrite": {
        "overwrites": [(ADD, f"{TARGET} = {TAKEN}")],
        "first-window-wins": [(ADD, f"{TARGET} = {TARGET} or {TAKEN}")],
        "largest-gradient-wins": [(ADD, f"{TARGET} = max({TARGET}, {TAKEN}, key=abs)")],
        "overwrites-window": [(ADD, f"{WHOLE} = (window == window.max()) * {TAKEN}")],
    },
    "pool-whole-window": {
        "whole-window": [(ADD, f"{WHOLE} += {TAKEN}")],
        "whole-window-shared": [(ADD, f"{WHOLE} += {TAKEN} / (k * k)")],
        "whole-window-assigned": [(ADD, f"{WHOLE} = {TAKEN}")],
        "row-of-maximum": [(ADD, f"dx[n, c, top + u, left : left + k] += {TAKEN}")],
        "column-of-maximum": [(ADD, f"dx[n, c, top : top + k, left + v] += {TAKEN}")],
        "maximum-of-each-column": [(ADD, f"{WHOLE} += (window == window.max(axis=0)) * {TAKEN}")],
        "all-but-maximum": [(ADD, f"{WHOLE} += (window != window.max()) * {TAKEN}")],
    },
    "pool-position-relative": {
        "position-in-window": [(TARGET, "dx[n, c, u, v]")],
        "row-in-window": [(TARGET, "dx[n, c, u, left + v]")],
        "column-in-window": [(TARGET, "dx[n, c, top + u, v]")],
        "flat-position-in-image": [(ADD, f"dx[n, c].flat[window.argmax()] += {TAKEN}")],
    },
    "pool-row-column": {
        "row-column-swapped": [(TARGET, "dx[n, c, top + v, left + u]")],
        "corner-swapped": [(TARGET, "dx[n, c, left + u, top + v]")],
        "windows-transposed": [(CORNER, "top, left = j * s, i * s")],
        "dout-transposed": [(TAKEN, "dout[n, c, j, i]")],
        "dx-transposed": [(DONE, "self.dx = dx.transpose(0, 1, 3, 2)")],
    },
    "pool-outside-window": {
        "equal-values-in-channel": [(ADD, f"dx[n, c] += (x[n, c] == window.max()) * {TAKEN}")],
        "equal-values-anywhere": [(ADD, f"dx += (x == window.max()) * {TAKEN}")],
        "maximum-of-channel": [(WINDOW, "x[n, c]"), (TARGET, "dx[n, c, u, v]")],
    },
    "pool-other-entry": {
        "min": [(FIND, FIND.replace("argmax", "argmin"))],
        "first-entry": [(TARGET, "dx[n, c, top, left]")],
        "last-entry": [(TARGET, "dx[n, c, top + k - 1, left + k - 1]")],
    },
    "pool-absolute": {
        "position-of-magnitude": [(FIND, FIND.replace("window.argmax", "abs(window).argmax"))],
    },
    "pool-kernel-stride-confused": {
        "divided-by-stride": [(FIND, "divmod(window.argmax(), s)")],
        "unravelled-by-stride": [(FIND, "np.unravel_index(window.argmax(), (s, s))")],
        "corner-by-kernel": [(CORNER, "top, left = i * k, j * k")],
        "target-by-kernel": [(TARGET, "dx[n, c, i * k + u, j * k + v]")],
        "window-by-stride": [(WINDOW, "x[n, c, top : top + s, left : left + s]")],
        "size-by-kernel": [(ROWS_COLUMNS, "rows, columns = H // k, W // k")],
        "size-by-stride": [(ROWS_COLUMNS, "rows, columns = H // s, W // s")],
    },
    "pool-fixed-size": {
        "fixed-both": [(SIZES, "k, s = 2, 2")],
        "fixed-kernel": [(SIZES, "k, s = 2, self.stride")],
        "fixed-stride": [(SIZES, "k, s = self.kernel_size, 2")],
        "fixed-divisor": [(FIND, "divmod(window.argmax(), 2)")],
    },
    "pool-stride-ignored": {
        "stride-ignored": [(CORNER, "top, left = i, j")],
        "target-without-stride": [(TARGET, "dx[n, c, i + u, j + v]")],
    },
    "pool-window-size": {
        "window-smaller": [(WINDOW, "x[n, c, top : top + k - 1, left : left + k - 1]")],
        "window-larger": [(WINDOW, "x[n, c, top : top + k + 1, left : left + k + 1]")],
    },
    "pool-planes-mixed": {
        "positions-of-sample-zero": [(WINDOW, WINDOW.replace("n, c", "0, c"))],
        "positions-of-channel-zero": [(WINDOW, WINDOW.replace("n, c", "n, 0"))],
        "positions-over-channels": [
            (ADD, f"{WHOLE} += (window == {WINDOW.replace('n, c', 'n, :')}.max()) * {TAKEN}"),
        ],
        "positions-of-channel-sum": [(WINDOW, "x[n].sum(axis=0)[top : top + k, left : left + k]")],
        "into-sample-zero": [(TARGET, "dx[0, c, top + u, left + v]")],
        "into-channel-zero": [(TARGET, "dx[n, 0, top + u, left + v]")],
        "into-every-sample": [(TARGET, "dx[:, c, top + u, left + v]")],
        "into-every-channel": [(TARGET, "dx[n, :, top + u, left + v]")],
    },
    "pool-dout-index": {
        "dout-of-sample-zero": [(TAKEN, "dout[0, c, i, j]")],
        "dout-of-channel-zero": [(TAKEN, "dout[n, 0, i, j]")],
        "dout-of-first-window": [(TAKEN, "dout[n, c, 0, 0]")],
        "dout-at-position": [(TAKEN, "dout[n, c, u, v]")],
        "dout-summed": [(TAKEN, "dout[n, c].sum()")],
        "dout-all-summed": [(TAKEN, "dout.sum()")],
    },
    "pool-dout-ignored": {
        "ones": [(TAKEN, "1.0")],
        "maximum-itself": [(TAKEN, "window.max()")],
        "times-maximum": [(TAKEN, f"{TAKEN} * window.max()")],
    },
    "pool-sign": {
        "subtracts": [(ADD, f"{TARGET} -= {TAKEN}")],
    },
    "pool-divided": {
        "divided-by-batch": [(DONE, "self.dx = dx / N")],
        "divided-by-window": [(DONE, "self.dx = dx / (k * k)")],
        "divided-by-windows": [(DONE, "self.dx = dx / (rows * columns)")],
        "divided-by-channels": [(DONE, "self.dx = dx / C")],
        "divided-by-entries": [(DONE, "self.dx = dx / dout.size")],
    },
    "pool-height-width": {
        "columns-from-height": [(ROWS_COLUMNS, "rows = columns = dout.shape[2]")],
        "rows-from-width": [(ROWS_COLUMNS, "rows = columns = dout.shape[3]")],
        "height-width-swapped": [(ROWS_COLUMNS, "columns, rows = dout.shape[2:]")],
        "dx-swapped": [(DX, "dx = np.zeros((N, C, W, H))")],
    },
    "pool-loop-range": {
        "last-windows-missing": [(I_LOOP, "for i in range(rows - 1):"),
                                 (J_LOOP, "for j in range(columns - 1):")],
        "first-windows-missing": [(I_LOOP, "for i in range(1, rows):"),
                                  (J_LOOP, "for j in range(1, columns):")],
        "loops-over-input": [(ROWS_COLUMNS, "rows, columns = H, W")],
    },
    "pool-remainder": {
        "ceil": [(ROWS_COLUMNS, "rows, columns = -(-(H - k) // s) + 1, -(-(W - k) // s) + 1")],
    },
    "pool-returns-early": {
        f"returns-after-{level}": [at_end(level, ADD, "self.dx = dx; return")]
        for level in LEVELS
    },
    "pool-only-last": {
        f"fresh-each-{level}": [at_start(level, "dx = np.zeros(x.shape)")] for level in LEVELS
    },
    "pool-dx-shape": {
        "dx-like-dout": [(DX, "dx = np.zeros(dout.shape)")],
        "dx-covered-only": [
            (DX, "dx = np.zeros((N, C, (rows - 1) * s + k, (columns - 1) * s + k))"),
        ],
        "dx-flat": [(DONE, "self.dx = dx.reshape(N, -1)")],
    },
    "pool-axes-order": {
        "dx-channels-last": [(DONE, "self.dx = dx.transpose(0, 2, 3, 1)")],
        "dx-reshaped": [(DONE, "self.dx = dx.transpose(2, 3, 0, 1).reshape(dx.shape)")],
        "dout-reshaped": [
            (DX, f"{DX}; dout = dout.transpose(1, 2, 3, 0).reshape(dout.shape)"),
        ],
    },
    "pool-not-stored": {
        "dx-returned": [(DONE, "return dx")],
        "dx-local": [(DONE, "pass")],
    },
    "pool-accumulates": {
        "dx-kept": [(DX, "dx = np.zeros(x.shape) if self.dx is None else self.dx")],
        "dx-kept-for-one-shape": [(DX, f"dx = np.zeros(x.shape) if {OTHER_SHAPE} else self.dx")],
    },
    "pool-changes-input": {
        "dx-is-input": [(DX, "dx = x")],
        "dout-used-up": [at_end("column", ADD, f"{TAKEN} = 0")],
        "others-set-to-zero": [(ADD, f"{ADD}\n{' ' * 24}window[window < window.max()] = 0")],
    },
    "pool-integer": {
        "dx-integer": [(DX, "dx = np.zeros(x.shape, dtype=int)")],
    },
}  # fmt: skip

GRADIENTS = "dout.repeat(k, axis=2).repeat(k, axis=3)"
# By family, then by name: edits of a backward that repeats maxima and gradients over windows
# side by side.
TILED: dict[str, dict[str, list[Edit]]] = {
    "pool-tiles-only": {
        "repeated": [],
    },
    "pool-axes-order": {
        "tiled-for-repeated": [(GRADIENTS, "np.tile(dout, (1, 1, k, k))")],
    },
}

# By family, then by name: edits of a backward that goes through the entries of the windows.
BY_OFFSETS: dict[str, dict[str, list[Edit]]] = {
    "pool-overwrite": {
        "overwrites-by-entry": [("self.dx[place] +=", "self.dx[place] =")],
    },
}

KEEP = "self.cache = x.shape, flat.argmax(axis=-1)"
# By family, then by name: edits of the whole reference.
IN_REFERENCE: dict[str, dict[str, list[Edit]]] = {
    "pool-stale": {
        "positions-of-first-call": [
            (KEEP, "self.cache = self.cache or (x.shape, flat.argmax(axis=-1))"),
        ],
    },
    "pool-changes-input": {
        "dx-in-place-of-input": [
            (KEEP, KEEP.replace("x.shape", "x")),
            ("self.dx = np.zeros(x_shape, dtype=dout.dtype)",
             "self.dx = x_shape\n        self.dx[...] = 0"),
        ],
    },
}  # fmt: skip


def backward_bugs() -> list[Bug]:
    """Every wrong backward, with a right forward."""
    found = [
        (family, name, loops(backward=edits))
        for family, variants in IN_LOOPS.items()
        for name, edits in variants.items()
    ]
    found += [
        (family, name, HEAD + FORWARD + edited(TILED_BACKWARD, edits))
        for family, variants in TILED.items()
        for name, edits in variants.items()
    ]
    found += [
        (family, name, HEAD + FORWARD + edited(OFFSETS_BACKWARD, edits))
        for family, variants in BY_OFFSETS.items()
        for name, edits in variants.items()
    ]
    found += [
        (family, name, edited(reference(PATH), edits))
        for family, variants in IN_REFERENCE.items()
        for name, edits in variants.items()
    ]
    return [
        Bug(f"pool-backward-{name}", family, frozenset({"1.4"}), {PATH: text})
        for family, name, text in found
    ]
