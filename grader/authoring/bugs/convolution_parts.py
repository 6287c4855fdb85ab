"""Conv2D mistakes about what takes part: channels, filters or samples left out or mixed."""

from __future__ import annotations

from grader.authoring.bugs.bug import Bug, Edit
from grader.authoring.bugs.convolution_bases import (
    ADD_DB,
    ADD_DW,
    ADD_DX,
    BACKWARD,
    CROP,
    DB,
    DW,
    FORWARD,
    LOOPS,
    OUT,
    OUT_END,
    OUT_ENTRY,
    SHARE,
    VECTORS,
)


def bugs() -> list[Bug]:
    """All of this file's variants."""
    return [
        *one_channel(),
        *one_filter(),
        *one_sample(),
        *overwritten(),
        *returned_early(),
        *dout_ignored(),
    ]


def _then(line: str, statement: str) -> list[Edit]:
    return [(line, f"{line}\n        {statement}")]


def one_channel() -> list[Bug]:
    """Channels left out, or not told apart."""
    family = "conv-one-channel"
    own = (
        "own = np.arange(self.out_channels) % self.in_channels\n"
        "        mine = self.weight[np.arange(self.out_channels), own]\n"
        '        out = np.einsum("nfijuv,fuv->nfij", windows[:, own], mine)'
    )
    first = OUT.replace("windows,", "windows[:, :1],").replace("weight", "weight[:, :1]")
    forward: dict[str, list[Edit]] = {
        "conv-forward-first-channel": [(OUT, first)],
        "conv-forward-channels-crossed": [(OUT, OUT.replace("fcuv", "fduv"))],
        "conv-forward-channel-of-filter": [(OUT, own)],
    }
    backward: dict[str, list[Edit]] = {
        "conv-dw-first-channel": _then(DW, "self.dw[:, 1:] = 0"),
        "conv-dw-channels-summed": _then(DW, "self.dw[:] = self.dw.sum(axis=1, keepdims=True)"),
        "conv-dw-kernel-summed": _then(DW, "self.dw[:] = self.dw.sum(axis=(2, 3), keepdims=True)"),
        "conv-dw-without-channels": [(DW, DW.replace("->fcuv", "->fuv"))],
        "conv-dx-first-channel": _then(CROP, "self.dx[:, 1:] = 0"),
        "conv-dx-channels-summed": _then(CROP, "self.dx[:] = self.dx.sum(axis=1, keepdims=True)"),
    }
    return [*VECTORS.bugs(family, FORWARD, forward), *VECTORS.bugs(family, BACKWARD, backward)]


def one_filter() -> list[Bug]:
    """Filters left out, or not told apart."""
    family = "conv-one-filter"
    forward: dict[str, list[Edit]] = {
        "conv-forward-first-filter": _then(OUT, "out[:, 1:] = 0"),
        "conv-forward-first-filter-for-all": _then(OUT, "out[:] = out[:, :1].copy()"),
        "conv-forward-filters-summed": _then(OUT, "out[:] = out.sum(axis=1, keepdims=True)"),
    }
    first = SHARE.replace("dout,", "dout[:, :1],").replace("[:, :, u", "[:1, :, u")
    repeated = SHARE.replace("dout,", "dout[:, :1].repeat(dout.shape[1], 1),")
    backward: dict[str, list[Edit]] = {
        "conv-dw-first-filter": _then(DW, "self.dw[1:] = 0"),
        "conv-dw-filters-summed": _then(DW, "self.dw[:] = self.dw.sum(axis=0, keepdims=True)"),
        "conv-dw-dout-of-first-filter": _then(DW, "self.dw[:] = self.dw[:1].copy()"),
        "conv-db-first-filter": _then(DB, "self.db[1:] = 0"),
        "conv-dx-first-filter": [(SHARE, first)],
        "conv-dx-filters-crossed": [(SHARE, SHARE.replace("fc->", "gc->"))],
        "conv-dx-dout-of-first-filter": [(SHARE, repeated)],
    }
    return [*VECTORS.bugs(family, FORWARD, forward), *VECTORS.bugs(family, BACKWARD, backward)]


def one_sample() -> list[Bug]:
    """Samples left out, or not told apart."""
    family = "conv-one-sample"
    forward: dict[str, list[Edit]] = {
        "conv-forward-first-sample": _then(OUT, "out[1:] = 0"),
        "conv-forward-first-sample-for-all": _then(OUT, "out[:] = out[:1].copy()"),
        "conv-forward-samples-summed": _then(OUT, "out[:] = out.sum(axis=0, keepdims=True)"),
    }
    first = DW.replace("dout,", "dout[:1],").replace("windows,", "windows[:1],")
    backward: dict[str, list[Edit]] = {
        "conv-dw-first-sample": [(DW, first)],
        "conv-dw-samples-crossed": [(DW, DW.replace("ncijuv->", "mcijuv->"))],
        "conv-db-first-sample": [(DB, "self.db = dout[0].sum(axis=(1, 2))")],
        "conv-dx-first-sample": _then(CROP, "self.dx[1:] = 0"),
        "conv-dx-first-sample-for-all": _then(CROP, "self.dx[:] = self.dx[:1].copy()"),
        "conv-dx-samples-summed": _then(CROP, "self.dx[:] = self.dx.sum(axis=0, keepdims=True)"),
    }
    return [*VECTORS.bugs(family, FORWARD, forward), *VECTORS.bugs(family, BACKWARD, backward)]


def overwritten() -> list[Bug]:
    """`=` for `+=`: only the last window, filter, sample or channel counts."""
    family = "conv-overwrite"
    entry = "[..., -1, -1]"
    product = f'out = np.einsum("ncij,fc->nfij", windows{entry}, self.weight{entry})'
    channel = OUT.replace("windows,", "windows[:, -1:],").replace("weight", "weight[:, -1:]")
    forward = {
        "conv-forward-last-channel": [(OUT, channel)],
        "conv-forward-last-product": [(OUT, product)],
    }
    sample = DW.replace("dout,", "dout[-1:],").replace("windows,", "windows[-1:],")
    row = DW.replace("dout,", "dout[:, :, -1:],").replace("windows,", "windows[:, :, -1:],")
    share = SHARE.replace("dout,", "dout[:, -1:],").replace("[:, :, u", "[-1:, :, u")
    vectors: dict[str, list[Edit]] = {
        "conv-dx-last-kernel-entry": [("+= share", "= share")],
        "conv-dx-last-filter": [(SHARE, share)],
        "conv-dx-last-sample": _then(CROP, "self.dx[:-1] = 0"),
        "conv-dw-last-sample": [(DW, sample)],
        "conv-dw-last-row": [(DW, row)],
        "conv-db-last-sample": [(DB, "self.db = dout[-1].sum(axis=(1, 2))")],
    }
    dx, dw, db = ((line, line.replace("+=", "=")) for line in (ADD_DX, ADD_DW, ADD_DB))
    loops = {
        "conv-dx-last-window": [dx],
        "conv-dw-last-window": [dw],
        "conv-db-last-entry": [db],
        "conv-backward-last-window": [dx, dw, db],
    }
    return [
        *VECTORS.bugs(family, FORWARD, forward),
        *VECTORS.bugs(family, BACKWARD, vectors),
        *LOOPS.bugs(family, BACKWARD, loops),
    ]


def returned_early() -> list[Bug]:
    """Indentation: the loops end after their first turn."""
    family = "conv-return-in-loop"
    levels = {"sample": " " * 12, "filter": " " * 16, "row": " " * 20, "window": " " * 24}
    forward: dict[str, list[Edit]] = {
        f"conv-forward-returns-after-{name}": [
            (f"        {OUT_END}\n", ""),
            (OUT_ENTRY, f"{OUT_ENTRY}\n{indent}self.cache = x\n{indent}return out"),
        ]
        for name, indent in levels.items()
    }
    backward: dict[str, list[Edit]] = {
        f"conv-backward-ends-after-{name}": [(ADD_DX, f"{ADD_DX}\n{indent}break")]
        for name, indent in levels.items()
    }
    return [*LOOPS.bugs(family, FORWARD, forward), *LOOPS.bugs(family, BACKWARD, backward)]


def dout_ignored() -> list[Bug]:
    """Gradients that do not depend on dout."""
    return LOOPS.bugs(
        "conv-dout-ignored",
        BACKWARD,
        {
            "conv-dx-without-dout": [(ADD_DX, ADD_DX.replace("g * ", ""))],
            "conv-dw-without-dout": [(ADD_DW, ADD_DW.replace("g * ", ""))],
            "conv-db-without-dout": [(ADD_DB, "db[f] += 1")],
        },
    )
