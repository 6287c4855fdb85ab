"""Conv2D mistakes about results: not handed over, not found again, or of the wrong type."""

from __future__ import annotations

from grader.authoring.bugs.bug import Bug, Edit
from grader.authoring.bugs.convolution_bases import (
    ADD_DX,
    BACKWARD,
    CACHE,
    CROP,
    FORWARD,
    LOOPS,
    LOOPS_CROP,
    OUT_END,
    PAD,
    RETURN,
    STORE,
    UNPACK,
    VECTORS,
)


def bugs() -> list[Bug]:
    """All of this file's variants."""
    return [*not_stored(), *not_returned(), *integers(), *cache_missing(), *unusual()]


def not_stored() -> list[Bug]:
    """Gradients that are not where the others look for them."""
    local = LOOPS_CROP.replace("self.dx", "dx")
    returned = LOOPS_CROP.replace("self.dx =", "return")
    ending = f"{LOOPS_CROP}\n        {STORE}"
    return LOOPS.bugs(
        "conv-not-stored",
        BACKWARD,
        {
            "conv-backward-returns-all": [(ending, f"{returned}, dw, db")],
            "conv-backward-returns-dx": [(ending, f"{local}\n        {STORE}\n        return dx")],
            "conv-backward-keeps-nothing": [(ending, local)],
            "conv-backward-keeps-dx-only": [(ending, LOOPS_CROP)],
            "conv-dw-not-stored": [(STORE, "self.db = db")],
            "conv-db-not-stored": [(STORE, "self.dw = dw")],
            "conv-dx-in-tuple": [(LOOPS_CROP, f"{LOOPS_CROP},")],
            "conv-backward-gradients-swapped": [(STORE, "self.db, self.dw = dw, db")],
        },
    )


def not_returned() -> list[Bug]:
    """A forward that returns nothing, or more than the output."""
    forward = {
        "conv-forward-returns-nothing": [
            (OUT_END, OUT_END.replace("return out", "self.out = out"))
        ],
        "conv-forward-returns-pair": [(OUT_END, f"{OUT_END}, self.cache")],
    }
    return LOOPS.bugs("conv-not-returned", FORWARD, forward)


def integers() -> list[Bug]:
    """Arrays of integers, which cut fractions off."""
    family = "conv-integer-arrays"
    forward: dict[str, list[Edit]] = {
        "conv-forward-integers": [
            ("self.out_channels, rows, columns))", "self.out_channels, rows, columns), dtype=int)"),
        ],
        "conv-forward-input-as-integers": [(PAD, PAD.replace("(x,", "(x.astype(int),"))],
    }
    backward: dict[str, list[Edit]] = {
        "conv-dx-integers": [
            ("W + 2 * pad))", "W + 2 * pad), dtype=int)"),
            (ADD_DX, ADD_DX.replace("+= ", "+= (") + ").astype(int)"),
        ],
        "conv-dw-integers": [(STORE, "self.dw, self.db = dw.astype(int), db")],
        "conv-db-integers": [("zeros(F)", "zeros(F, dtype=int)")],
    }
    return [*LOOPS.bugs(family, FORWARD, forward), *LOOPS.bugs(family, BACKWARD, backward)]


def cache_missing() -> list[Bug]:
    """A backward that asks for what its forward did not keep."""
    family = "conv-cache-missing"
    vectors = {
        "conv-forward-keeps-nothing": [(f"        {CACHE}\n", "")],
        "conv-backward-asks-for-another-name": [(UNPACK, UNPACK.replace("cache", "saved"))],
    }
    output = {"conv-forward-keeps-output": [(OUT_END, OUT_END.replace("= x", "= out"))]}
    return [*VECTORS.bugs(family, BACKWARD, vectors), *LOOPS.bugs(family, BACKWARD, output)]


def unusual() -> list[Bug]:
    """Right layers that do a thing or two that others do not."""
    shape = "values and shapes are judged, not types, memory or what else is returned"
    single = "np.float32"
    return [
        *VECTORS.bugs(
            "conv-not-stored",
            frozenset(),
            {"conv-backward-stores-and-returns": [_also(CROP, "return self.dx, self.dw, self.db")]},
            equivalent=shape,
        ),
        *VECTORS.bugs(
            "conv-integer-arrays",
            frozenset(),
            {
                "conv-forward-single-precision": [
                    (RETURN, f"out = out.astype({single})\n        {RETURN}")
                ],
                "conv-dx-in-fortran-order": [_also(CROP, "self.dx = np.asfortranarray(self.dx)")],
            },
            equivalent=shape,
        ),
    ]


def _also(line: str, statement: str) -> Edit:
    return line, f"{line}\n        {statement}"
