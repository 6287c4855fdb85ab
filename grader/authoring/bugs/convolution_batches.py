"""Conv2D mistakes of those who take the whole batch at once: in loops, or as columns."""

from __future__ import annotations

from grader.authoring.bugs.bug import Bug, Edit
from grader.authoring.bugs.convolution_bases import (
    ADD_DX,
    BACKWARD,
    BATCHES,
    FORWARD,
    LOOPS,
    RETURN,
    UNPACK,
    VECTORS,
)

GATHER, SCATTER = "self.dw += np.tensordot", "] += np.tensordot"
# dout in the order in which columns are laid out by who forgets that axes must change places.
PLACES_FIRST = "dout.reshape(n, h_out, w_out, -1).transpose(0, 3, 1, 2)"
FILTERS_FIRST = "dout.reshape(-1, n, h_out, w_out).swapaxes(0, 1)"


def bugs() -> list[Bug]:
    """All of this file's variants."""
    return [*overwritten(), *one_channel(), *columns()]


def overwritten() -> list[Bug]:
    """The share of the last window alone, of the whole batch."""
    return BATCHES.bugs(
        "conv-overwrite",
        BACKWARD,
        {
            "conv-dw-of-last-window": [(GATHER, GATHER.replace("+=", "="))],
            "conv-dx-windows-replaced": [(SCATTER, SCATTER.replace("+=", "="))],
        },
    )


def one_channel() -> list[Bug]:
    """The first channel's weight for every channel."""
    first = ADD_DX.replace("self.weight[f]", "self.weight[f, :1]")
    variants: dict[str, list[Edit]] = {"conv-dx-weight-of-first-channel": [(ADD_DX, first)]}
    return LOOPS.bugs("conv-one-channel", BACKWARD, variants)


def columns() -> list[Bug]:
    """Columns of windows, reshaped to images or from them without a transpose."""
    family = "conv-reshape-order"

    changed = "out = out.transpose(0, 2, 3, 1).reshape(out.shape)"
    biased = f"out = {RETURN.removeprefix('return ')}"

    def unpacked(order: str) -> list[Edit]:
        sizes = "n, _, h_out, w_out = dout.shape"
        return [(UNPACK, f"{UNPACK}\n        {sizes}\n        dout = {order}")]

    forward = {
        "conv-forward-rows-reshaped": [(RETURN, f"{changed}\n        {RETURN}")],
        "conv-forward-biased-rows-reshaped": [
            (RETURN, f"{biased}\n        {changed}\n        return out"),
        ],
    }
    backward = {
        "conv-backward-rows-reshaped": unpacked(PLACES_FIRST),
        "conv-backward-filters-reshaped": unpacked(FILTERS_FIRST),
    }
    db = "self.db = dout.sum(axis=(0, 2, 3))"
    for name in list(backward):
        backward[f"{name}-but-db"] = [
            (db, "pass"), *((old, new.replace(UNPACK, f"{UNPACK}\n        {db}", 1))
                            for old, new in backward[name])
        ]  # fmt: skip
    return [*VECTORS.bugs(family, FORWARD, forward), *VECTORS.bugs(family, BACKWARD, backward)]
