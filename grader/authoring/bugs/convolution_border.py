"""Conv2D mistakes about the border: how x is padded, and how dx loses it again."""

from __future__ import annotations

from grader.authoring.bugs.bug import Bug, Edit
from grader.authoring.bugs.convolution_bases import (
    ADD_DW,
    BACKWARD,
    BOTH,
    CROP,
    DPADDED,
    DW_PAD,
    DW_WINDOW,
    FORWARD,
    LOOPS,
    OUT_WINDOW,
    PAD,
    SPREAD,
    VECTORS,
)


def bugs() -> list[Bug]:
    """All of this file's variants."""
    return [
        *cropped_at_zero(),
        *cropped_wrongly(),
        *without_padding(),
        *padded_sides(),
        *padded_values(),
        *padding_ignored(),
        *full_border(),
        *kernel_ignored(),
    ]


def _crop(rows: str, columns: str) -> list[Edit]:
    return [(CROP, f"self.dx = dpadded[:, :, {rows}, {columns}]")]


def cropped_at_zero() -> list[Bug]:
    """Slices such as p:-p, which are empty at p = 0, and branches that leave p = 0 out."""
    slices, branches = "conv-crop-zero-padding", "conv-zero-padding-branch"
    into_zeros = (
        "self.dx = np.zeros((n, c, h, w))\n        self.dx[...] = dpadded[:, :, p:-p, p:-p]"
    )
    backward = {
        "conv-dx-crop-negative": _crop("p:-p", "p:-p"),
        "conv-dx-crop-negative-rows": _crop("p:-p", "p : p + w"),
        "conv-dx-crop-negative-columns": _crop("p : p + h", "p:-p"),
        "conv-dx-crop-negative-into-zeros": [(CROP, into_zeros)],
    }
    into_array = (
        "n, c, h, w = x.shape\n"
        "        padded = np.zeros((n, c, h + 2 * p, w + 2 * p))\n"
        "        padded[:, :, p:-p, p:-p] = x"
    )
    spread = {
        "conv-dx-spread-negative": [
            ("bordered[:, :, q : q + rows, q : q + columns]", "bordered[:, :, q:-q, q:-q]"),
        ],
    }
    pads = {"conv-forward-pads-in-branch": [(PAD, f"if p > 0:\n            {PAD}")]}
    crops = {"conv-dx-set-in-branch": [(CROP, f"if p > 0:\n            {CROP}")]}
    return [
        *VECTORS.bugs(slices, BACKWARD, backward),
        *VECTORS.bugs(slices, FORWARD, {"conv-forward-pad-negative": [(PAD, into_array)]}),
        *SPREAD.bugs(slices, BACKWARD, spread),
        *VECTORS.bugs(branches, FORWARD, pads),
        *VECTORS.bugs(branches, BACKWARD, crops),
        *VECTORS.bugs(
            slices,
            frozenset(),
            {"conv-dx-crop-negative-or-none": _crop("p : -p or None", "p : -p or None")},
            equivalent="-0 or None is None, where a slice goes to the end",
        ),
    ]


def cropped_wrongly() -> list[Bug]:
    """A dx with some of its border, or cut out at the wrong place."""
    left = {
        "conv-dx-not-cropped": _crop(":", ":"),
        "conv-dx-rows-not-cropped": _crop(":", "p : p + w"),
        "conv-dx-columns-not-cropped": _crop("p : p + h", ":"),
        "conv-dx-cropped-at-start-only": _crop("p:", "p:"),
        "conv-dx-cropped-at-end-only": _crop(": p + h", ": p + w"),
    }
    shifted = {
        "conv-dx-crop-from-first-corner": _crop(":h", ":w"),
        "conv-dx-crop-from-last-corner": _crop("2 * p :", "2 * p :"),
        "conv-dx-crop-first-rows": _crop(":h", "p : p + w"),
        "conv-dx-crop-first-columns": _crop("p : p + h", ":w"),
    }
    return [
        *VECTORS.bugs("conv-dx-not-cropped", BACKWARD, left),
        *VECTORS.bugs("conv-dx-crop-corner", BACKWARD, shifted),
    ]


def without_padding() -> list[Bug]:
    """No border where one belongs."""
    family = "conv-not-padded"
    guard = "if r + size <= H and c + size <= W:\n                            "
    dw = {
        "conv-dw-from-unpadded": [(DW_PAD, "xp = x")],
        "conv-dw-from-unpadded-where-it-fits": [(DW_PAD, "xp = x"), (ADD_DW, guard + ADD_DW)],
    }
    dx = {"conv-dx-array-without-border": [(DPADDED, "dpadded = np.zeros((n, c, h, w))")]}
    return [
        *VECTORS.bugs(family, BOTH, {"conv-forward-not-padded": [(PAD, "padded = x")]}),
        *LOOPS.bugs(family, FORWARD, {"conv-forward-padded-in-size-only": [(PAD, "padded = x")]}),
        *LOOPS.bugs(family, BACKWARD, dw),
        *VECTORS.bugs(family, BACKWARD, dx),
    ]


def padded_sides() -> list[Bug]:
    """A border on the wrong sides."""
    family = "conv-padding-sides"

    def padded(*sides: str) -> list[Edit]:
        return [(PAD, f"padded = np.pad(x, ({', '.join(sides)}))")]

    none, both, start, end = "(0, 0)", "(p, p)", "(p, 0)", "(0, p)"
    whole = {
        "conv-forward-rows-padded-only": padded(none, none, both, none),
        "conv-forward-columns-padded-only": padded(none, none, none, both),
        "conv-forward-padded-at-start-once": padded(none, none, start, start),
        "conv-forward-padded-at-end-once": padded(none, none, end, end),
    }
    forward = {
        "conv-forward-padded-at-start": padded(none, none, "(2 * p, 0)", "(2 * p, 0)"),
        "conv-forward-padded-at-end": padded(none, none, "(0, 2 * p)", "(0, 2 * p)"),
        "conv-forward-all-axes-padded": padded(both, both, both, both),
        "conv-forward-channels-padded": padded(none, both, both, none),
    }
    dw_padded = "xp = np.pad(x, ((0, 0), (0, 0), {0}, {0}))".format
    backward = {
        "conv-dw-padded-at-start": [(DW_PAD, dw_padded("(2 * pad, 0)"))],
        "conv-dw-padded-at-end": [(DW_PAD, dw_padded("(0, 2 * pad)"))],
    }
    return [
        *VECTORS.bugs(family, BOTH, whole),
        *LOOPS.bugs(family, FORWARD, forward),
        *LOOPS.bugs(family, BACKWARD, backward),
    ]


def padded_values() -> list[Bug]:
    """A border of something else than zeros."""
    family = "conv-padding-values"

    def filled(line: str, how: str) -> list[Edit]:
        return [(line, f"{line[:-1]}, {how})")]

    edge = 'mode="edge"'
    ones = {"conv-padded-with-ones": filled(PAD, "constant_values=1")}
    whole = {
        "conv-padded-with-edge": filled(PAD, edge),
        "conv-padded-with-wrap": filled(PAD, 'mode="wrap"'),
        "conv-padded-with-mean": filled(PAD, 'mode="mean"'),
    }
    return [
        # Backward fits a border of constants; through any other one, x acts once more.
        *VECTORS.bugs(family, FORWARD, ones),
        *VECTORS.bugs(family, BOTH, whole),
        *LOOPS.bugs(family, FORWARD, {"conv-forward-padded-with-edge": filled(PAD, edge)}),
        *LOOPS.bugs(family, BACKWARD, {"conv-dw-padded-with-edge": filled(DW_PAD, edge)}),
    ]


def padding_ignored() -> list[Bug]:
    """The padding written down as a number, or guessed from the kernel's size."""
    family = "conv-padding-constant"

    def settings(names: str, after: str, value: str) -> Edit:
        line = f"{names} = self.kernel_size, self.stride, self.padding\n        {after}"
        return line, line.replace("self.padding", value)

    found = []
    for name, value in (("1", "1"), ("half-kernel", "self.kernel_size // 2")):
        whole = [settings("k, s, p", "padded", value), settings("k, s, p", "(n, c", value)]
        forward = [settings("k, s, p", "samples", value)]
        backward = [settings("size, stride, pad", "x =", value)]
        crop = _crop(f"{value} : {value} + h", f"{value} : {value} + w")
        found += [
            *VECTORS.bugs(family, BOTH, {f"conv-padding-always-{name}": whole}),
            *LOOPS.bugs(family, FORWARD, {f"conv-forward-padding-always-{name}": forward}),
            *LOOPS.bugs(family, BACKWARD, {f"conv-backward-padding-always-{name}": backward}),
            *VECTORS.bugs(family, BACKWARD, {f"conv-dx-crop-always-{name}": crop}),
        ]
    zero = {"conv-forward-padding-always-0": [settings("k, s, p", "samples", "0")]}
    return [*found, *LOOPS.bugs("conv-not-padded", FORWARD, zero)]


def full_border() -> list[Bug]:
    """Dout, spread out for dx, with a border of the wrong width: that of x, say."""
    border = "q = k - 1 - p"
    return SPREAD.bugs(
        "conv-full-border",
        BACKWARD,
        {
            "conv-dx-spread-padded-by-p": [(border, "q = p")],
            "conv-dx-spread-padded-by-half-kernel": [(border, "q = k // 2")],
        },
    )


def kernel_ignored() -> list[Bug]:
    """Windows of 3 by 3, whatever the kernel's size."""
    family = "conv-kernel-constant"
    dx = [("np.ndindex(k, k)", "np.ndindex(3, 3)")]
    dw = [(DW_WINDOW, DW_WINDOW.replace("size", "3"))]
    out = [(OUT_WINDOW, OUT_WINDOW.replace("+ k", "+ 3"))]
    return [
        *LOOPS.bugs(family, FORWARD, {"conv-forward-kernel-always-3": out}),
        *LOOPS.bugs(family, BACKWARD, {"conv-dw-kernel-always-3": dw}),
        *VECTORS.bugs(family, BACKWARD, {"conv-dx-kernel-always-3": dx}),
    ]
