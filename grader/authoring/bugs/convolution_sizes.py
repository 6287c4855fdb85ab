"""Conv2D mistakes about sizes: of the output, of the loops, and of what no window covers."""

from __future__ import annotations

from grader.authoring.bugs.bug import Bug, Edit
from grader.authoring.bugs.convolution_bases import (
    BACKWARD,
    COLUMNS,
    DPADDED,
    FORWARD,
    GRAD_COLUMNS,
    GRAD_ROWS,
    GRAD_SIZES,
    LOOPS,
    OUT_ARRAY,
    OUT_COLUMNS,
    OUT_ROWS,
    ROWS,
    SPREAD,
    VECTORS,
)

OUTPUT_SIZES = {
    "rounded-up": "-(-({0} + 2 * p - k) // s) + 1",
    "rounded-to-even": "round(({0} + 2 * p - k) / s) + 1",
    "one-before-division": "({0} + 2 * p - k + 1) // s",
    "float": "({0} + 2 * p - k) / s + 1",
    "no-border": "({0} - k) // s + 1",
    "without-one": "({0} + 2 * p - k) // s",
    "before-last-corner": "-(-({0} + 2 * p - k) // s)",
    "by-stride-alone": "{0} // s",
    "of-input": "{0}",
}
BACKWARD_SIZES = {
    "rounded-up": "-(-({0} + 2 * pad - size) // stride) + 1",
    "one-before-division": "({0} + 2 * pad - size + 1) // stride",
    "without-brackets": "{0} + 2 * pad - size // stride + 1",
    "before-last-corner": "-(-({0} + 2 * pad - size) // stride)",
}


def bugs() -> list[Bug]:
    """All of this file's variants."""
    return [*loops_over_input(), *loops_too_short(), *output_size(), *remainder()]


def loops_over_input() -> list[Bug]:
    """Loops over the input's size, with or without its border."""
    family = "conv-loops-over-input"
    rows, columns = (OUT_ROWS, "for i in range(height):"), (OUT_COLUMNS, "for j in range(width):")
    forward = {
        "conv-forward-loops-over-input": [rows, columns],
        "conv-forward-loops-over-input-rows": [rows],
        "conv-forward-loops-over-input-columns": [columns],
        "conv-forward-loops-over-padded": [
            (OUT_ROWS, "for i in range(height + 2 * p):"),
            (OUT_COLUMNS, "for j in range(width + 2 * p):"),
        ],
        "conv-forward-loops-without-border": [
            (OUT_ROWS, "for i in range((height - k) // s + 1):"),
            (OUT_COLUMNS, "for j in range((width - k) // s + 1):"),
        ],
    }
    rows, columns = (GRAD_ROWS, "for i in range(H):"), (GRAD_COLUMNS, "for j in range(W):")
    backward = {
        "conv-backward-loops-over-input": [rows, columns],
        "conv-backward-loops-over-input-rows": [rows],
        "conv-backward-loops-over-input-columns": [columns],
        "conv-backward-loops-without-border": [
            (GRAD_ROWS, "for i in range((H - size) // stride + 1):"),
            (GRAD_COLUMNS, "for j in range((W - size) // stride + 1):"),
        ],
    }
    return [*LOOPS.bugs(family, FORWARD, forward), *LOOPS.bugs(family, BACKWARD, backward)]


def loops_too_short() -> list[Bug]:
    """Loops that leave the last or the first windows out."""
    family = "conv-loop-too-short"
    found = []
    for name, bounds in (("last", "{} - 1"), ("first", "1, {}")):
        forward = {
            f"conv-forward-without-{name}-windows": [
                (loop, loop.replace(count, bounds.format(count)))
                for loop, count in ((OUT_ROWS, "rows"), (OUT_COLUMNS, "columns"))
            ],
        }
        backward = {
            f"conv-backward-without-{name}-windows": [
                (loop, loop.replace(count, bounds.format(count)))
                for loop, count in ((GRAD_ROWS, "H_out"), (GRAD_COLUMNS, "W_out"))
            ],
        }
        found += LOOPS.bugs(family, FORWARD, forward)
        found += LOOPS.bugs(family, BACKWARD, backward)
    return found


def output_size() -> list[Bug]:
    """Other formulas for the output's size, in forward or in a backward that has its own."""
    family = "conv-output-size"
    forward: dict[str, list[Edit]] = {
        f"conv-forward-size-{name}": [
            (ROWS, f"rows = {formula.format('height')}"),
            (COLUMNS, f"columns = {formula.format('width')}"),
        ]
        for name, formula in OUTPUT_SIZES.items()
    }
    divides = "assert (height + 2 * p - k) % s == (width + 2 * p - k) % s == 0"
    forward["conv-forward-size-must-divide"] = [(COLUMNS, f"{COLUMNS}\n        {divides}")]
    forward["conv-forward-array-like-input"] = [
        (OUT_ARRAY, OUT_ARRAY.replace("rows, columns", "height, width")),
    ]
    one_border = {
        "conv-forward-size-one-border": [
            (ROWS, "rows = (height + p - k) // s + 1"),
            (COLUMNS, "columns = (width + p - k) // s + 1"),
        ],
    }
    backward = {}
    for name, formula in BACKWARD_SIZES.items():
        own = f"H_out, W_out = {formula.format('H')}, {formula.format('W')}"
        backward[f"conv-backward-size-{name}"] = [(GRAD_SIZES, f"{GRAD_SIZES}\n        {own}")]
    return [
        *LOOPS.bugs(family, FORWARD, forward),
        # Its output is that of a border at the start alone.
        *LOOPS.bugs("conv-padding-sides", FORWARD, one_border),
        *LOOPS.bugs(family, BACKWARD, backward),
    ]


def remainder() -> list[Bug]:
    """Gradients that end where the last window ends, though the input goes on."""
    family = "conv-remainder"
    last = "(dout.shape[{}] - 1) * s + 1".format
    spread = {
        "conv-backward-remainder-lost": [
            ("padded.shape[2] - k + 1, padded.shape[3] - k + 1", f"{last(2)}, {last(3)}"),
        ],
    }
    covered = {
        "conv-dx-remainder-lost": [
            (DPADDED, "dpadded = np.zeros((n, c, (h_out - 1) * s + k, (w_out - 1) * s + k))"),
        ],
    }
    return [*SPREAD.bugs(family, BACKWARD, spread), *VECTORS.bugs(family, BACKWARD, covered)]
