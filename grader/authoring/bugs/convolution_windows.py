"""Conv2D mistakes about the place of a window: its stride, and rows taken for columns."""

from __future__ import annotations

from grader.authoring.bugs.bug import Bug, Edit
from grader.authoring.bugs.convolution_bases import (
    BACKWARD,
    BOTH,
    COLUMNS,
    DW_WINDOW,
    DX_ARRAY,
    DX_WINDOW,
    FORWARD,
    GRAD_COLUMNS,
    GRAD_CORNER,
    GRAD_ROWS,
    GRAD_SIZES,
    LOOPS,
    LOOPS_CROP,
    OUT_ARRAY,
    OUT_CORNER,
    OUT_END,
    OUT_WINDOW,
    ROWS,
    SPREAD,
)


def bugs() -> list[Bug]:
    """All of this file's variants."""
    return [
        *stride_ignored(),
        *stride_forgotten_at_one_place(),
        *stride_spreads_kernel(),
        *kernel_for_stride(),
        *height_for_width_in_forward(),
        *height_for_width_in_backward(),
    ]


def stride_ignored() -> list[Bug]:
    """Windows that start a pixel apart, whatever the stride, along both axes or one."""
    family = "conv-stride-ignored"
    found = []
    for axes, row, column in (
        ("", "i", "j"),
        ("-in-rows", "i", "j * stride"),
        ("-in-columns", "i * stride", "j"),
    ):
        corner = f"top, left = {row}, {column}".replace("stride", "s")
        window = f"[n, :, {row} : {row} + size, {column} : {column} + size]"
        dw, dx = (DW_WINDOW, f"xp{window}"), (DX_WINDOW, f"grad{window}")
        forward = {f"conv-forward-stride-ignored{axes}": [(OUT_CORNER, corner)]}
        backward = {
            f"conv-dw-stride-ignored{axes}": [dw],
            f"conv-dx-stride-ignored{axes}": [dx],
            f"conv-backward-stride-ignored{axes}": [dw, dx],
        }
        found += LOOPS.bugs(family, FORWARD, forward)
        found += LOOPS.bugs(family, BACKWARD, backward)
    return found


def stride_forgotten_at_one_place() -> list[Bug]:
    """The stride missing altogether, at one end of a window, or where dout is spread."""
    family = "conv-stride-ignored"
    constant = [
        ("s, p = self.kernel_size, self.stride,", "s, p = self.kernel_size, 1,"),
        ("stride, pad = self.kernel_size, self.stride,", "stride, pad = self.kernel_size, 1,"),
    ]
    whole = {
        "conv-stride-ignored": [(OUT_CORNER, "top, left = i, j"), (GRAD_CORNER, "r, c = i, j")],
        "conv-stride-always-1": constant,
    }
    forward = {
        "conv-forward-stride-in-start-only": [
            (OUT_WINDOW, "padded[n, :, i * s : i + k, j * s : j + k]"),
        ],
    }
    backward = {
        "conv-backward-stride-in-start-only": [
            (DW_WINDOW, "xp[n, :, r : i + size, c : j + size]"),
            (DX_WINDOW, "grad[n, :, r : i + size, c : j + size]"),
        ],
    }
    spread = {
        "conv-backward-dout-not-spread": [
            ("padded.shape[2] - k + 1, padded.shape[3] - k + 1", "dout.shape[2:]"),
            ("spread[:, :, ::s, ::s] = dout", "spread[...] = dout"),
        ],
    }
    return [
        *LOOPS.bugs(family, BOTH, whole),
        *LOOPS.bugs(family, FORWARD, forward),
        *LOOPS.bugs(family, BACKWARD, backward),
        *SPREAD.bugs(family, BACKWARD, spread),
    ]


def stride_spreads_kernel() -> list[Bug]:
    """The stride multiplies the index into the kernel: i + u*s in place of i*s + u."""
    family = "conv-stride-spreads-kernel"
    out = (OUT_WINDOW, "padded[n, :, i : i + k * s : s, j : j + k * s : s]")
    both = (OUT_WINDOW, "padded[n, :, top : top + k * s : s, left : left + k * s : s]")
    window = "[n, :, i : i + size * stride : stride, j : j + size * stride : stride]"
    dw, dx = (DW_WINDOW, f"xp{window}"), (DX_WINDOW, f"grad{window}")
    forward = {
        "conv-forward-stride-spreads-kernel": [out],
        "conv-forward-stride-spreads-kernel-too": [both],
    }
    backward = {
        "conv-dw-stride-spreads-kernel": [dw],
        "conv-dx-stride-spreads-kernel": [dx],
        "conv-backward-stride-spreads-kernel": [dw, dx],
    }
    return [
        *LOOPS.bugs(family, FORWARD, forward),
        *LOOPS.bugs(family, BACKWARD, backward),
        *LOOPS.bugs(family, BOTH, {"conv-stride-spreads-kernel": [out, dw, dx]}),
    ]


def kernel_for_stride() -> list[Bug]:
    """Kernel size and stride in each other's place."""
    family = "conv-kernel-stride-confused"
    size = "({} + 2 * p - s) // k + 1".format
    forward: dict[str, list[Edit]] = {
        "conv-forward-starts-at-kernel-size": [(OUT_CORNER, "top, left = i * k, j * k")],
        "conv-forward-window-of-stride": [
            (OUT_WINDOW, "padded[n, :, top : top + s, left : left + s]"),
        ],
        "conv-forward-size-by-kernel": [
            (ROWS, f"rows = {size('height')}"),
            (COLUMNS, f"columns = {size('width')}"),
        ],
    }
    window = "[n, :, r : r + stride, c : c + stride]"
    backward: dict[str, list[Edit]] = {
        "conv-backward-starts-at-kernel-size": [(GRAD_CORNER, "r, c = i * size, j * size")],
        "conv-dw-window-of-stride": [(DW_WINDOW, f"xp{window}")],
        "conv-dx-window-of-stride": [(DX_WINDOW, f"grad{window}")],
    }
    return [*LOOPS.bugs(family, FORWARD, forward), *LOOPS.bugs(family, BACKWARD, backward)]


def height_for_width_in_forward() -> list[Bug]:
    """Rows and columns mixed up: right at most where they are alike."""
    sides = "channels, {}, {} = x.shape".format
    return LOOPS.bugs(
        "conv-height-width-mixed",
        FORWARD,
        {
            "conv-forward-size-from-height": [(COLUMNS, COLUMNS.replace("width", "height"))],
            "conv-forward-size-from-width": [(ROWS, ROWS.replace("height", "width"))],
            "conv-forward-sides-swapped": [(sides("height", "width"), sides("width", "height"))],
            "conv-forward-array-sides-swapped": [
                (OUT_ARRAY, OUT_ARRAY.replace("rows, columns", "columns, rows")),
            ],
            "conv-forward-corner-swapped": [(OUT_CORNER, "top, left = j * s, i * s")],
            "conv-forward-out-transposed": [(OUT_END, f"{OUT_END}.transpose(0, 1, 3, 2)")],
            "conv-forward-squares-only": [(ROWS, f"{ROWS}\n        assert height == width")],
        },
    )


def height_for_width_in_backward() -> list[Bug]:
    """The same in backward."""
    return LOOPS.bugs(
        "conv-height-width-mixed",
        BACKWARD,
        {
            "conv-backward-corner-swapped": [(GRAD_CORNER, "r, c = j * stride, i * stride")],
            "conv-dw-corner-swapped": [(DW_WINDOW, "xp[n, :, c : c + size, r : r + size]")],
            "conv-dx-corner-swapped": [(DX_WINDOW, "grad[n, :, c : c + size, r : r + size]")],
            "conv-backward-loops-over-height": [(GRAD_COLUMNS, "for j in range(H_out):")],
            "conv-backward-loops-over-width": [(GRAD_ROWS, "for i in range(W_out):")],
            "conv-backward-dout-sides-swapped": [(GRAD_SIZES, "N, F, W_out, H_out = dout.shape")],
            "conv-backward-sides-swapped": [("N, C, H, W = x.shape", "N, C, W, H = x.shape")],
            "conv-dx-array-from-height": [(DX_ARRAY, DX_ARRAY.replace("W + 2", "H + 2"))],
            "conv-dx-array-from-width": [(DX_ARRAY, DX_ARRAY.replace("H + 2", "W + 2"))],
            "conv-dx-crop-by-height": [(LOOPS_CROP, LOOPS_CROP.replace("+ W", "+ H"))],
            "conv-dx-crop-by-width": [(LOOPS_CROP, LOOPS_CROP.replace("+ H", "+ W"))],
            "conv-dx-sides-transposed": [(LOOPS_CROP, f"{LOOPS_CROP}.transpose(0, 1, 3, 2)")],
        },
    )
