"""Wrong variants of ReLU."""

from __future__ import annotations

from grader.authoring.bugs.bug import Bug, Edit, edited, reference

PATH = "part1-convnet/modules/relu.py"

KEEP = "self.cache = x > 0"
OUT = "np.maximum(x, 0)"
RETURN = f"return {OUT}"
MASK = "positive = self.cache"
DX = "np.where(positive, dout, 0)"
STORE = f"self.dx = {DX}"
OLD_DX = "old = self.dx if self.dx is not None and self.dx.shape == dout.shape else 0"

# By family, then by name: edits of the reference.
VARIANTS: dict[str, dict[str, list[Edit]]] = {
    "relu-mask-from-dout": {
        "mask-of-dout": [(MASK, "positive = dout > 0")],
        "mask-of-both": [(MASK, "positive = self.cache & (dout > 0)")],
    },
    "relu-mask-alone": {
        "dx-is-mask": [(DX, "positive * 1.0")],
        "dout-summed": [(DX, "positive * dout.sum()")],
    },
    "relu-no-mask": {
        "dx-is-dout": [(DX, "dout.copy()")],
    },
    "relu-mask-inverted": {
        "mask-inverted": [(DX, "np.where(positive, 0, dout)")],
    },
    "relu-times-input": {
        "dx-times-input": [(KEEP, "self.cache = x"), (DX, "positive * dout")],
        "dx-times-output": [(KEEP, f"self.cache = {OUT}"), (DX, "positive * dout")],
        "dx-is-output": [(KEEP, f"self.cache = {OUT}"), (DX, "positive")],
    },
    "relu-sign": {
        "dx-negative": [(DX, "np.where(positive, -dout, 0)")],
    },
    "relu-leaky": {
        "forward-leaky": [(OUT, "np.where(x > 0, x, 0.01 * x)")],
        "backward-leaky": [(DX, "np.where(positive, dout, 0.01 * dout)")],
        "both-leaky": [(OUT, "np.where(x > 0, x, 0.01 * x)"),
                       (DX, "np.where(positive, dout, 0.01 * dout)")],
    },
    "relu-ones-elsewhere": {
        "backward-ones-elsewhere": [(DX, "np.where(positive, dout, 1)")],
    },
    "relu-absolute": {
        "forward-absolute": [(OUT, "abs(x)")],
        "both-absolute": [(OUT, "abs(x)"), (DX, "np.where(positive, dout, -dout)")],
    },
    "relu-negative-part": {
        "forward-minimum": [(OUT, "np.minimum(x, 0)")],
        "both-minimum": [(OUT, "np.minimum(x, 0)"), (DX, "np.where(positive, 0, dout)")],
    },
    "relu-step": {
        "forward-step": [(OUT, "(x > 0) * 1.0")],
    },
    "relu-identity": {
        "forward-identity": [(OUT, "x.copy()")],
    },
    "relu-other-activation": {
        "forward-sigmoid": [(OUT, "1 / (1 + np.exp(-x))")],
        "forward-softplus": [(OUT, "np.log1p(np.exp(x))")],
        "forward-tanh": [(OUT, "np.tanh(x)")],
    },
    "relu-bounded": {
        "forward-bounded-by-six": [(OUT, "np.clip(x, 0, 6)")],
        "forward-bounded-by-one": [(OUT, "np.clip(x, 0, 1)")],
        "both-bounded-by-six": [(OUT, "np.clip(x, 0, 6)"),
                                (KEEP, "self.cache = (x > 0) & (x < 6)")],
    },
    "relu-threshold": {
        "forward-threshold-one": [(OUT, "np.where(x > 1, x, 0)")],
        "forward-at-least-one": [(OUT, "np.maximum(x, 1)")],
        "backward-threshold-one": [(KEEP, "self.cache = x > 1")],
        "both-threshold-one": [(OUT, "np.where(x > 1, x, 0)"), (KEEP, "self.cache = x > 1")],
    },
    "relu-reduces": {
        "maximum-over-axis": [(OUT, "np.max(x, 0)")],
        "maximum-of-all": [(OUT, "np.max(x)")],
    },
    "relu-one-number": {
        "builtin-max": [(OUT, "max(x, 0)")],
    },
    "relu-one-sample": {
        "mask-of-sample-zero": [(KEEP, "self.cache = x[0] > 0")],
        "mask-of-last-sample": [(KEEP, "self.cache = x[-1] > 0")],
        "forward-sample-zero-only": [(OUT, "np.concatenate([np.maximum(x[:1], 0), x[1:]])")],
        "backward-sample-zero-only": [
            (DX, "np.concatenate([(positive * dout)[:1], 0 * dout[1:]])"),
        ],
    },
    "relu-any-in-row": {
        "mask-of-row": [(KEEP, "self.cache = x.max(axis=1, keepdims=True) > 0")],
    },
    "relu-needs-images": {
        "unpacks-four-axes": [(KEEP, "N, C, H, W = x.shape; self.cache = x > 0")],
        "forward-flat": [(RETURN, f"return {OUT}.reshape(len(x), -1)")],
        "backward-flat": [(STORE, f"{STORE}.reshape(len(dout), -1)")],
    },
    "relu-divided": {
        "divided-by-batch": [(DX, "positive * dout / len(dout)")],
        "divided-by-size": [(DX, "positive * dout / dout.size")],
    },
    "relu-accumulates": {
        "dx-kept": [(STORE, "self.dx = positive * dout + (0 if self.dx is None else self.dx)")],
        "dx-kept-for-one-shape": [(STORE, f"{OLD_DX}\n        self.dx = positive * dout + old")],
    },
    "relu-stale": {
        "mask-of-first-call": [(KEEP, "self.cache = x > 0 if self.cache is None else self.cache")],
    },
    "relu-in-place": {
        "forward-in-place": [(RETURN, "x[x < 0] = 0\n        return x")],
        "forward-in-place-first": [(KEEP, "x[x < 0] = 0\n        self.cache = x >= 0")],
        "backward-in-place": [(STORE, "dout[~positive] = 0\n        self.dx = dout")],
    },
    "relu-integer": {
        "forward-integer": [(OUT, "np.maximum(x, 0).astype(int)")],
        "backward-integer": [(DX, "(positive * dout).astype(int)")],
    },
    "relu-not-stored": {
        "dx-returned": [(STORE, f"return {DX}")],
        "dx-local": [(STORE, f"dx = {DX}")],
    },
}  # fmt: skip

AT_ZERO = "no entry of x is 0, where every slope between 0 and 1 is right"
# By name: edits of the reference that no behaviour tells from it, and why.
EQUIVALENT: dict[str, tuple[str, list[Edit]]] = {
    "slope-one-at-zero": (AT_ZERO, [(KEEP, "self.cache = x >= 0")]),
    "slope-half-at-zero": (AT_ZERO, [(KEEP, "self.cache = np.heaviside(x, 0.5)"),
                                     (DX, "positive * dout")]),
    "mask-from-output": ("the output is above 0 just where x is",
                         [(KEEP, f"self.cache = {OUT}"), (MASK, "positive = self.cache > 0")]),
}  # fmt: skip


def bugs() -> list[Bug]:
    """Every variant of ReLU, the equivalent ones last."""
    source = reference(PATH)
    found = [
        Bug(f"relu-{name}", family, frozenset({"1.5"}), {PATH: edited(source, edits)})
        for family, variants in VARIANTS.items()
        for name, edits in variants.items()
    ]
    found += [
        Bug(f"relu-{name}", "relu-threshold", frozenset(), {PATH: edited(source, edits)}, reason)
        for name, (reason, edits) in EQUIVALENT.items()
    ]
    return found
