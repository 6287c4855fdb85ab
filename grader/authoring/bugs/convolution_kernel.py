"""Conv2D mistakes about axes: kernels turned round, and arrays read in another order."""

from __future__ import annotations

from grader.authoring.bugs.bug import Bug, Edit
from grader.authoring.bugs.convolution_bases import (
    ADD_DW,
    ADD_DX,
    BACKWARD,
    BOTH,
    CROP,
    DB,
    DW,
    DW_WINDOW,
    FORWARD,
    LOOPS,
    OUT,
    SHARE,
    VECTORS,
)

FLIPPED, TRANSPOSED = "conv-kernel-flipped", "conv-kernel-transposed"
TURNS = {
    "flipped": (FLIPPED, "{}[:, :, ::-1, ::-1]"),
    "flipped-in-rows": (FLIPPED, "{}[:, :, ::-1]"),
    "flipped-in-columns": (FLIPPED, "{}[:, :, :, ::-1]"),
    "transposed": (TRANSPOSED, "{}.swapaxes(2, 3)"),
    "turned-by-90": (TRANSPOSED, "np.rot90({}, 1, (2, 3))"),
    "flipped-along-all-axes": ("conv-flip-all-axes", "np.flip({})"),
    "rot90-of-first-axes": ("conv-flip-all-axes", "np.rot90({}, 2)"),
}


def bugs() -> list[Bug]:
    """All of this file's variants."""
    return [*kernel_turned(), *counts_mixed(), *reshaped(), *factors_swapped(), *strided_view()]


def kernel_turned() -> list[Bug]:
    """The kernel flipped, transposed or rotated in one of the three sums, or in all."""
    found = []
    for name, (family, turn) in TURNS.items():
        out = (OUT, OUT.replace("self.weight", turn.format("self.weight")))
        dw = (DW, f"{DW}\n        self.dw = {turn.format('self.dw')}")
        dx = (SHARE, SHARE.replace("self.weight", turn.format("self.weight")))
        found += VECTORS.bugs(family, FORWARD, {f"conv-forward-{name}": [out]})
        found += VECTORS.bugs(family, BACKWARD, {f"conv-dw-{name}": [dw], f"conv-dx-{name}": [dx]})
        if name in ("flipped", "transposed"):
            # Backward fits this forward, and keeps its credit.
            found += VECTORS.bugs(family, FORWARD, {f"conv-{name}": [out, dw, dx]})
    return found


def counts_mixed() -> list[Bug]:
    """The number of samples, channels or filters in another's place."""
    family = "conv-counts-mixed"
    samples, filters = "for n in range(samples):", "for f in range(self.out_channels):"
    forward: dict[str, list[Edit]] = {
        "conv-forward-samples-for-filters": [
            (samples, "for n in range(self.out_channels):"),
            (f"    {filters}", "    for f in range(samples):"),
        ],
        "conv-forward-channels-for-filters": [(filters, "for f in range(channels):")],
    }
    backward: dict[str, list[Edit]] = {
        "conv-db-of-channels": [("db = np.zeros(F)", "db = np.zeros(C)")],
        "conv-dx-samples-for-channels": [("grad = np.zeros((N, C,", "grad = np.zeros((N, N,")],
        "conv-dx-channels-for-samples": [("grad = np.zeros((N, C,", "grad = np.zeros((C, C,")],
        "conv-backward-channels-for-filters": [("for f in range(F):", "for f in range(C):")],
        "conv-backward-filters-for-samples": [("for n in range(N):", "for n in range(F):")],
    }
    swapped = {
        "conv-dw-axes-swapped": [(DW, DW.replace("->fcuv", "->cfuv"))],
        "conv-dx-weight-axes-swapped": [(SHARE, SHARE.replace("nfij,fc", "nfij,cf"))],
    }
    out = [(OUT, OUT.replace("fcuv", "cfuv"))]
    return [
        *LOOPS.bugs(family, FORWARD, forward),
        *LOOPS.bugs(family, BACKWARD, backward),
        *VECTORS.bugs(family, FORWARD, {"conv-forward-weight-axes-swapped": out}),
        *VECTORS.bugs(family, BACKWARD, swapped),
    ]


def reshaped() -> list[Bug]:
    """`reshape` where axes had to change places."""
    family = "conv-reshape-order"
    by_filter = "dout.reshape(-1, n, h_out, w_out).swapaxes(0, 1)"
    places = "out.reshape(*out.shape[:2], out.shape[3], out.shape[2])"
    by_channel = "self.dw.reshape(self.weight.shape)"
    weight = "self.weight.transpose(0, 2, 3, 1).reshape(self.weight.shape)"

    filters = "out.reshape(len(x), -1, *out.shape[2:])"
    forward = {
        "conv-forward-out-reshaped": [
            (OUT, f"{OUT.replace('->nfij', '->fnij')}\n        out = {filters}"),
        ],
        "conv-forward-places-reshaped": [
            (OUT, f"{OUT.replace('->nfij', '->nfji')}\n        out = {places}"),
        ],
        "conv-forward-weight-reshaped": [(OUT, OUT.replace("self.weight", weight))],
    }
    backward = {
        "conv-dw-dout-reshaped": [(DW, DW.replace("dout,", f"{by_filter},"))],
        "conv-dx-dout-reshaped": [(SHARE, SHARE.replace("dout,", f"{by_filter},"))],
        "conv-db-dout-reshaped": [(DB, "self.db = dout.reshape(dout.shape[1], -1).sum(axis=1)")],
        "conv-dw-reshaped": [
            (DW, f"{DW.replace('->fcuv', '->fuvc')}\n        self.dw = {by_channel}"),
        ],
        "conv-dx-reshaped": [
            (CROP, f"{CROP}\n        self.dx = self.dx.transpose(0, 2, 3, 1).reshape(n, c, h, w)"),
        ],
    }
    return [*VECTORS.bugs(family, FORWARD, forward), *VECTORS.bugs(family, BACKWARD, backward)]


def factors_swapped() -> list[Bug]:
    """The gradient of a factor made of that factor itself, not of the other one."""
    return LOOPS.bugs(
        "conv-factors-swapped",
        BACKWARD,
        {
            "conv-dx-from-input": [(ADD_DX, ADD_DX.replace("self.weight[f]", DW_WINDOW))],
            "conv-dw-from-weight": [(ADD_DW, ADD_DW.replace(DW_WINDOW, "self.weight[f]"))],
        },
    )


def strided_view() -> list[Bug]:
    """`as_strided` with the steps of another array, or with steps counted in entries."""
    view = (
        "windows = np.lib.stride_tricks.sliding_window_view(padded, (k, k), axis=(2, 3))\n"
        "        windows = windows[:, :, ::s, ::s]"
    )
    strided = (
        "a, b, row, column = {}\n"
        "        rows = (padded.shape[2] - k) // s + 1\n"
        "        columns = (padded.shape[3] - k) // s + 1\n"
        "        windows = np.lib.stride_tricks.as_strided(\n"
        "            padded,\n"
        "            (*padded.shape[:2], rows, columns, k, k),\n"
        "            (a, b, row * s, column * s, row, column),\n"
        "        ).copy()"
    ).format
    in_entries = "(step // padded.itemsize for step in padded.strides)"
    return VECTORS.bugs(
        "conv-strided-view",
        BOTH,
        {
            "conv-forward-strides-of-input": [(view, strided("x.strides"))],
            "conv-forward-strides-in-entries": [(view, strided(in_entries))],
        },
    )
