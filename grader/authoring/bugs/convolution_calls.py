"""Conv2D mistakes about calls: what is kept from one to the next, and what they write to."""

from __future__ import annotations

from grader.authoring.bugs.bug import Bug, Edit
from grader.authoring.bugs.convolution_bases import (
    BACKWARD,
    BOTH,
    CACHE,
    CROP,
    DB,
    DPADDED,
    DW,
    FORWARD,
    LOOPS,
    LOOPS_CROP,
    OUT,
    PAD,
    RETURN,
    SPREAD,
    UNPACK,
    VECTORS,
)


def bugs() -> list[Bug]:
    """All of this file's variants."""
    return [
        *accumulated(),
        *stale(),
        *parameters_moved(),
        *parameters_reshaped(),
        *arguments_written(),
    ]


def _then(line: str, statement: str) -> list[Edit]:
    return [(line, f"{line}\n        {statement}")]


def accumulated() -> list[Bug]:
    """Gradients added to those of the call before."""

    def added(line: str, name: str) -> Edit:
        before = f"old = 0 if self.{name} is None else self.{name}"
        return line, f"{before}\n        {line}\n        self.{name} = self.{name} + old"

    dx, dw, db = added(CROP, "dx"), added(DW, "dw"), added(DB, "db")
    alike = "old is not None and old.shape == self.dx.shape"
    where_alike = (
        f"old = self.dx\n        {CROP}\n        self.dx = self.dx + old if {alike} else self.dx"
    )
    return VECTORS.bugs(
        "conv-accumulates",
        BACKWARD,
        {
            "conv-dx-accumulates": [dx],
            "conv-dx-accumulates-for-one-shape": [(CROP, where_alike)],
            "conv-dw-accumulates": [dw],
            "conv-db-accumulates": [db],
            "conv-dw-db-accumulate": [dw, db],
            "conv-backward-accumulates": [dx, dw, db],
        },
    )


def stale() -> list[Bug]:
    """What another call or another layer had is used in this one."""
    family = "conv-stale"

    def once(line: str, name: str) -> list[Edit]:
        return [(line, f"if self.{name} is None:\n            {line}")]

    backward = {
        "conv-dx-of-first-call": once(CROP, "dx"),
        "conv-dw-of-first-call": once(DW, "dw"),
        "conv-db-of-first-call": once(DB, "db"),
        "conv-cache-of-class": [
            (line, line.replace("self.cache", "Conv2D.cache")) for line in (CACHE, UNPACK)
        ],
    }
    first_weight = "self.kept = weight = getattr(self, 'kept', self.weight.copy())"
    first_size = "size = self.size = getattr(self, 'size', len(x))"
    forward = {
        "conv-forward-first-windows": _then(
            CACHE, "windows = self.first = getattr(self, 'first', windows)"
        ),
        "conv-forward-first-weight": [
            (OUT, f"{first_weight}\n        {OUT.replace('self.weight', 'weight')}"),
        ],
        "conv-forward-first-batch-size": [
            (RETURN, f"{first_size}\n        {RETURN.replace('return out', 'return out[:size]')}"),
        ],
    }
    return [*VECTORS.bugs(family, BACKWARD, backward), *VECTORS.bugs(family, FORWARD, forward)]


def parameters_moved() -> list[Bug]:
    """A backward that changes the values of the parameters."""
    family = "conv-parameters-changed"
    vectors = {
        "conv-backward-updates-weight": _then(CROP, "self.weight -= 0.125 * self.dw"),
        "conv-backward-updates-bias": _then(CROP, "self.bias -= 0.125 * self.db"),
        "conv-backward-decays-weight": _then(DB, "self.weight *= 0.5"),
    }
    loops = {
        "conv-dw-is-weight": [("dw = np.zeros(self.weight.shape)", "dw = self.weight")],
        "conv-db-is-bias": [("db = np.zeros(F)", "db = self.bias")],
    }
    turned = {
        "conv-backward-leaves-weight-turned": [("turned = self", "turned = self.weight = self")],
    }
    back = "\n        self.weight = self.weight[:, :, ::-1, ::-1]"
    end = "self.windows(bordered, k, k), turned)"
    return [
        *VECTORS.bugs(family, BACKWARD, vectors),
        *LOOPS.bugs(family, BACKWARD, loops),
        *SPREAD.bugs(family, BACKWARD, turned),
        *SPREAD.bugs(
            family,
            frozenset(),
            {
                "conv-backward-turns-weight-back": [
                    *turned["conv-backward-leaves-weight-turned"],
                    (end, f"{end}{back}"),
                ],
            },
            equivalent="the weight is turned back before anybody looks",
        ),
    ]


def parameters_reshaped() -> list[Bug]:
    """A forward after which a parameter has another shape."""
    family = "conv-parameters-changed"
    flat = (
        "self.weight = self.weight.reshape(self.out_channels, -1)\n"
        "        columns = windows.transpose(0, 2, 3, 1, 4, 5)\n"
        "        columns = columns.reshape(*columns.shape[:3], -1)\n"
        '        out = np.einsum("nijk,fk->nfij", columns, self.weight)'
    )
    unfold = _then(UNPACK, "self.weight = self.weight.reshape(-1, c, k, k)")
    reshaped = "self.bias = self.bias.reshape(-1, 1, 1)\n        return out + self.bias"
    return VECTORS.bugs(
        family,
        FORWARD,
        {
            "conv-forward-flattens-weight": [(OUT, flat), *unfold],
            "conv-forward-reshapes-bias": [(RETURN, reshaped)],
        },
    )


def arguments_written() -> list[Bug]:
    """The caller's input or dout is written to."""
    family = "conv-arguments-written"
    total = (
        "total = dout[0]\n"
        "        for other in dout[1:]:\n"
        "            total += other\n"
        "        self.db = total.sum(axis=(1, 2))"
    )
    vectors = {
        "conv-backward-scales-dout": _then("h_out, w_out = dout.shape[2:]", "dout /= n"),
        "conv-db-sums-into-dout": _then(CROP, total),
        "conv-dx-reuses-unpadded-input": [
            (PAD, f"self.padded = {PAD} if p else x"),
            (DPADDED, "dpadded = self.padded\n        dpadded[...] = 0"),
        ],
    }
    loops: dict[str, list[Edit]] = {
        "conv-dx-stored-in-input": [
            (LOOPS_CROP, LOOPS_CROP.replace("=", "= x\n        self.dx[...] =")),
        ],
    }
    centred = {"conv-forward-centres-input": [(PAD, f"x -= x.mean()\n        {PAD}")]}
    return [
        *VECTORS.bugs(family, BACKWARD, vectors),
        *LOOPS.bugs(family, BACKWARD, loops),
        *VECTORS.bugs(family, BOTH, centred),
    ]
