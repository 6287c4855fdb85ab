"""Wrong variants of MaxPooling."""

from __future__ import annotations

from grader.authoring.bugs.bug import Bug, Edit
from grader.authoring.bugs.pooling_backward import backward_bugs
from grader.authoring.bugs.pooling_forward import PAD, PATH, forward_bugs
from grader.authoring.bugs.pooling_loops import HEAD, TILED_BACKWARD, TILED_FORWARD, loops

FORWARD, BOTH = frozenset({"1.3"}), frozenset({"1.3", "1.4"})

SIZES = "k, s = self.kernel_size, self.stride"
SHAPE = "N, C, H, W = x.shape"
ROWS, COLUMNS = "rows = (H - k) // s + 1", "columns = (W - k) // s + 1"
ROWS_COLUMNS = "rows, columns = dout.shape[2:]"
CORNER = "top, left = i * s, j * s"
WINDOW = "x[n, c, top : top + k, left : left + k]"
MAX, ARGMAX = "window.max()", "window.argmax()"
TARGET = "dx[n, c, top + u, left + v]"
ADD = f"{TARGET} += dout[n, c, i, j]"
WHOLE = "dx[n, c, top : top + k, left : left + k]"
WINNERS = "(window == window.max())"

# By family, then by name: edits that forward and backward in plain loops share.
SHARED: dict[str, dict[str, list[Edit]]] = {
    "pool-kernel-stride-confused": {
        "stride-is-kernel": [(SIZES, "k, s = self.kernel_size, self.kernel_size")],
        "kernel-is-stride": [(SIZES, "k, s = self.stride, self.stride")],
        "kernel-and-stride-swapped": [(SIZES, "k, s = self.stride, self.kernel_size")],
        "corner-by-kernel": [(CORNER, "top, left = i * k, j * k")],
        "window-by-stride": [(WINDOW, "x[n, c, top : top + s, left : left + s]")],
    },
    "pool-fixed-size": {
        "fixed-both": [(SIZES, "k, s = 2, 2")],
        "fixed-kernel": [(SIZES, "k, s = 2, self.stride")],
        "fixed-stride": [(SIZES, "k, s = self.kernel_size, 2")],
    },
    "pool-stride-ignored": {
        "stride-ignored": [(CORNER, "top, left = i, j")],
    },
    "pool-window-size": {
        "window-smaller": [(WINDOW, "x[n, c, top : top + k - 1, left : left + k - 1]")],
        "window-larger": [(WINDOW, "x[n, c, top : top + k + 1, left : left + k + 1]")],
    },
    "pool-row-column": {
        "windows-transposed": [(CORNER, "top, left = j * s, i * s")],
    },
    "pool-planes-mixed": {
        "sample-zero": [(WINDOW, WINDOW.replace("n, c", "0, c"))],
        "channel-zero": [(WINDOW, WINDOW.replace("n, c", "n, 0"))],
    },
}

# By family, then by name: edits of forward and of backward that make one mistake together.
PAIRS: dict[str, dict[str, tuple[list[Edit], list[Edit]]]] = {
    "pool-other-entry": {
        "min": ([(MAX, "window.min()")], [(ARGMAX, "window.argmin()")]),
        "first-entry": ([(MAX, "window[0, 0]")], [(TARGET, "dx[n, c, top, left]")]),
    },
    "pool-absolute": {
        "absolute": ([(MAX, "abs(window).max()")], [(ARGMAX, "abs(window).argmax()")]),
        "largest-magnitude": (
            [(MAX, "window.flat[abs(window).argmax()]")],
            [(ARGMAX, "abs(window).argmax()")],
        ),
    },
    "pool-initial-zero": {
        "initial-zero": (
            [(MAX, "max(0.0, window.max())")],
            [(ADD, f"{TARGET} += (window.max() > 0) * dout[n, c, i, j]")],
        ),
    },
    "pool-remainder": {
        "ceil": (
            [(ROWS, "rows = -(-(H - k) // s) + 1"), (COLUMNS, "columns = -(-(W - k) // s) + 1")],
            [(ROWS_COLUMNS, "rows, columns = -(-(H - k) // s) + 1, -(-(W - k) // s) + 1")],
        ),
        "input-padded": (
            [
                (ROWS, f"{PAD}; rows = -(-(H - k) // s) + 1"),
                (COLUMNS, "columns = -(-(W - k) // s) + 1"),
            ],
            [],
        ),
    },
    "pool-height-width": {
        "columns-from-height": (
            [(COLUMNS, "columns = (H - k) // s + 1")],
            [(ROWS_COLUMNS, "rows = columns = (H - k) // s + 1")],
        ),
        "rows-from-width": (
            [(ROWS, "rows = (W - k) // s + 1")],
            [(ROWS_COLUMNS, "rows = columns = (W - k) // s + 1")],
        ),
        "height-width-swapped": (
            [(SHAPE, "N, C, W, H = x.shape")],
            [(ROWS_COLUMNS, "columns, rows = dout.shape[2:]")],
        ),
    },
    "pool-kernel-stride-confused": {
        "size-by-stride": (
            [(ROWS, "rows = H // s"), (COLUMNS, "columns = W // s")],
            [(ROWS_COLUMNS, "rows, columns = H // s, W // s")],
        ),
    },
}  # fmt: skip

# Backward fits these forwards, and keeps its credit.
FITTING = frozenset({"min", "largest-magnitude", "initial-zero"})

NO_TIES = "the entries of a window are all different, and every choice among equal ones is right"
# By name: family, reason, edits of forward and of backward.
EQUIVALENT: dict[str, tuple[str, str, list[Edit], list[Edit]]] = {
    "ties-all": (
        "pool-outside-window", NO_TIES, [],
        [(ADD, f"{WHOLE} += {WINNERS} * dout[n, c, i, j]")],
    ),
    "ties-shared": (
        "pool-outside-window", NO_TIES, [],
        [(ADD, f"{WHOLE} += {WINNERS} / {WINNERS}.sum() * dout[n, c, i, j]")],
    ),
    "ties-last": (
        "pool-outside-window", NO_TIES, [],
        [(ARGMAX, "window.size - 1 - window.ravel()[::-1].argmax()")],
    ),
    "initial-very-low": (
        "pool-initial-zero", "no entry is as low as the value that the search starts from",
        [(MAX, "max(-1e9, window.max())")], [],
    ),
}  # fmt: skip


def bugs() -> list[Bug]:
    """Every variant of MaxPooling: forward wrong, backward wrong, both, and equivalent ones."""
    found = forward_bugs() + backward_bugs()
    for family, variants in SHARED.items():
        for name, edits in variants.items():
            found.append(_both(name, family, loops(edits, edits)))
    for family, pairs in PAIRS.items():
        for name, (forward, backward) in pairs.items():
            checks = FORWARD if name in FITTING else BOTH
            found.append(_both(name, family, loops(forward, backward), checks))
    found.append(_both("reshaped", "pool-tiles-only", HEAD + TILED_FORWARD + TILED_BACKWARD))
    for name, (family, reason, forward, backward) in EQUIVALENT.items():
        text = loops(forward, backward)
        found.append(Bug(f"pool-{name}", family, frozenset(), {PATH: text}, reason))
    return found


def _both(name: str, family: str, text: str, caught_by: frozenset[str] = BOTH) -> Bug:
    return Bug(f"pool-both-{name}", family, caught_by, {PATH: text})
