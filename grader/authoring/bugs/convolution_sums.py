"""Conv2D mistakes about sums: over what, from where, divided by what, and with which bias."""

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
    DX_ARRAY,
    FORWARD,
    LOOPS,
    OUT_ENTRY,
    RETURN,
    VECTORS,
)

IN_LOOP = "\n                        "

DB_SUMS = {
    "samples-kept": "dout.sum(axis=(2, 3))",
    "places-kept": "dout.sum(axis=0)",
    "rows-kept": "dout.sum(axis=(0, 3))",
    "columns-kept": "dout.sum(axis=(0, 2))",
    "per-sample": "dout.sum(axis=(1, 2, 3))",
    "per-row": "dout.sum(axis=(0, 1, 3))",
    "per-column": "dout.sum(axis=(0, 1, 2))",
    "one-number": "dout.sum()",
    "total-for-all": "np.full(self.bias.shape, dout.sum())",
    "dout-itself": "dout",
}
SAME_DB = {
    "row": "dout.sum(axis=(0, 2, 3))[None]",
    "column": "dout.sum(axis=(0, 2, 3))[:, None]",
    "axes-kept": "dout.sum(axis=(0, 2, 3), keepdims=True)",
}
BIASED = {
    "missing": "out",
    "subtracted": "out - self.bias[:, None, None]",
    "twice": "out + 2 * self.bias[:, None, None]",
    "along-columns": "out + self.bias",
    "along-rows": "out + self.bias[:, None]",
    "along-samples": "out + self.bias[:, None, None, None]",
    "of-first-filter": "out + self.bias[0]",
    "of-last-filter": "out + self.bias[-1]",
    "sum": "out + self.bias.sum()",
    "mean": "out + self.bias.mean()",
    "for-each-channel": "out + x.shape[1] * self.bias[:, None, None]",
    "for-each-kernel-entry": "out + k**2 * self.bias[:, None, None]",
    "multiplied": "out * self.bias[:, None, None]",
}


def bugs() -> list[Bug]:
    """All of this file's variants."""
    return [
        *start_values(),
        *means_in_backward(),
        *means_in_forward(),
        *db_axes(),
        *bias(),
        *signs(),
    ]


def start_values() -> list[Bug]:
    """Sums that do not start at 0."""
    return LOOPS.bugs(
        "conv-start-value",
        BACKWARD,
        {
            "conv-dx-starts-at-one": [("grad = np.zeros", "grad = np.ones")],
            "conv-dx-starts-at-input": [(DX_ARRAY, "grad = xp.copy()")],
            "conv-dw-starts-at-one": [("dw = np.zeros", "dw = np.ones")],
            "conv-dw-starts-at-weight": [
                ("dw = np.zeros(self.weight.shape)", "dw = self.weight.copy()"),
            ],
            "conv-db-starts-at-bias": [("db = np.zeros(F)", "db = self.bias.copy()")],
        },
    )


def means_in_backward() -> list[Bug]:
    """Gradients divided by some count."""
    samples, places = "len(dout)", "(h_out * w_out)"

    def dx(by: str) -> Edit:
        return CROP, f"{CROP} / {by}"

    def dw(by: str) -> Edit:
        return DW, f"{DW} / {by}"

    def db(by: str) -> Edit:
        return DB, f"{DB} / {by}"

    counted = "+= share\n            count[u : u + s * h_out : s, v : v + s * w_out : s] += 1"
    return VECTORS.bugs(
        "conv-mean",
        BACKWARD,
        {
            "conv-dx-divided-by-samples": [dx(samples)],
            "conv-dw-divided-by-samples": [dw(samples)],
            "conv-db-divided-by-samples": [db(samples)],
            "conv-dw-db-divided-by-samples": [dw(samples), db(samples)],
            "conv-backward-divided-by-samples": [dx(samples), dw(samples), db(samples)],
            "conv-dw-mean": [dw(f"{samples} / {places}")],
            "conv-dw-divided-by-places": [dw(places)],
            "conv-db-mean": [db(f"{samples} / {places}")],
            "conv-db-divided-by-places": [db(places)],
            "conv-dx-divided-by-kernel": [dx("k**2")],
            "conv-dx-divided-by-filters": [dx("dout.shape[1]")],
            "conv-dx-divided-by-windows": [
                ("for u, v in", "count = np.zeros(dpadded.shape[2:])\n        for u, v in"),
                ("+= share", counted),
                (CROP, f"dpadded /= np.maximum(count, 1)\n        {CROP}"),
            ],
        },
    )


def means_in_forward() -> list[Bug]:
    """Outputs divided by some count."""

    def divided(by: str) -> list[Edit]:
        return [(OUT_ENTRY, OUT_ENTRY.replace(") +", f") / {by} +"))]

    return LOOPS.bugs(
        "conv-mean",
        FORWARD,
        {
            "conv-forward-mean-of-window": divided("patch.size"),
            "conv-forward-mean-over-channels": divided("channels"),
            "conv-forward-divided-by-kernel": divided("k**2"),
            "conv-forward-divided-by-samples": divided("samples"),
        },
    )


def db_axes() -> list[Bug]:
    """The wrong axes for db, not samples, rows and columns."""

    def stored(sums: dict[str, str]) -> dict[str, list[Edit]]:
        return {f"conv-db-{name}": [(DB, f"self.db = {value}")] for name, value in sums.items()}

    return [
        *VECTORS.bugs("conv-db-axes", BACKWARD, stored(DB_SUMS)),
        *VECTORS.bugs(
            "conv-db-axes",
            frozenset(),
            stored(SAME_DB),
            equivalent="axes of length 1 in db are let pass: its values are right",
        ),
    ]


def bias() -> list[Bug]:
    """The bias missing, too often, or of another filter."""
    family = "conv-bias"
    vectors = {f"conv-bias-{name}": [(RETURN, f"return {it}")] for name, it in BIASED.items()}
    added = " + self.bias[f]"
    loops: dict[str, list[Edit]] = {
        "conv-bias-inside-sum": [(OUT_ENTRY, OUT_ENTRY.replace(f"){added}", f"{added})"))],
        "conv-bias-for-each-window": [
            (OUT_ENTRY, OUT_ENTRY.replace(added, f"{IN_LOOP}out[n, f] += self.bias[f]")),
        ],
        "conv-bias-of-channels": [
            (OUT_ENTRY, OUT_ENTRY.replace("bias[f]", "bias[np.arange(channels)].sum()")),
        ],
    }
    activation = {
        "conv-forward-rectified": [
            (RETURN, "return np.maximum(out + self.bias[:, None, None], 0)"),
        ],
    }
    return [
        *VECTORS.bugs(family, FORWARD, vectors),
        *LOOPS.bugs(family, FORWARD, loops),
        *VECTORS.bugs("conv-activation", FORWARD, activation),
    ]


def signs() -> list[Bug]:
    """Gradients with the wrong sign."""
    return LOOPS.bugs(
        "conv-sign",
        BACKWARD,
        {
            "conv-dx-negative": [(ADD_DX, ADD_DX.replace("+=", "-="))],
            "conv-dw-negative": [(ADD_DW, ADD_DW.replace("+=", "-="))],
            "conv-db-negative": [(ADD_DB, ADD_DB.replace("+=", "-="))],
        },
    )
