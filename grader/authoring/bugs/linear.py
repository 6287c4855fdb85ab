"""Wrong variants of Linear."""

from __future__ import annotations

from grader.authoring.bugs.bug import Bug, Edit, edited, reference

PATH = "part1-convnet/modules/linear.py"

INIT = "        self._init_weights()\n"
KEEP = "self.cache = x"
FLAT = "x.reshape(len(x), self.in_dim)"
OUT = f"{FLAT} @ self.weight + self.bias"
READ = "x = self.cache"
DX = "(dout @ self.weight.T).reshape(x.shape)"
DW = f"{FLAT}.T @ dout"
DB = "dout.sum(axis=0)"
STORE_DX, STORE_DW, STORE_DB = f"self.dx = {DX}", f"self.dw = {DW}", f"self.db = {DB}"

OLD_DX = "old = self.dx if self.dx is not None and self.dx.shape == x.shape else 0"
CHANNELS_LAST_DX = "(dout @ self.weight.T).reshape(len(x), *x.shape[2:], *x.shape[1:2])"
ROWS_ALIKE = "reshape(-1, *[1] * (x.ndim - 1))"
# Other orders in which x can be flattened.
ORDERS = {
    "fortran": 'x.reshape(len(x), self.in_dim, order="F")',
    "channels-last": "np.moveaxis(x, 1, -1).reshape(len(x), self.in_dim)",
    "batch-last": "x.reshape(self.in_dim, len(x)).T",
}

# By family, then by name: edits of the reference.
VARIANTS: dict[str, dict[str, list[Edit]]] = {
    "linear-dx-flat": {
        "dx-flat": [(DX, "dout @ self.weight.T")],
    },
    "linear-dx-order": {
        "dx-fortran": [(DX, '(dout @ self.weight.T).reshape(x.shape, order="F")')],
        "dx-transposed": [(DX, "(self.weight @ dout.T).reshape(x.shape)")],
        "dx-channels-last": [(DX, f"np.moveaxis({CHANNELS_LAST_DX}, -1, 1)")],
    },
    "linear-dw-transposed": {
        "dw-transposed": [(DW, f"dout.T @ {FLAT}")],
    },
    "linear-reshape-for-transpose": {
        "dw-reshaped": [(DW, f"(dout.T @ {FLAT}).reshape(self.weight.shape)")],
        "flat-reshaped": [(DW, "x.reshape(self.in_dim, len(x)) @ dout")],
        "both-reshaped": [
            (OUT, f"{ORDERS['batch-last']} @ self.weight + self.bias"),
            (DW, "x.reshape(self.in_dim, len(x)) @ dout"),
        ],
        "weight-reshaped": [(DX, "(dout @ self.weight.reshape(-1, self.in_dim)).reshape(x.shape)")],
    },
    "linear-flatten-order": {
        **{f"forward-{name}": [(OUT, f"{flat} @ self.weight + self.bias")]
           for name, flat in ORDERS.items()},
        **{f"backward-{name}": [(DW, f"{flat}.T @ dout")]
           for name, flat in ORDERS.items() if name != "batch-last"},
        "both-fortran": [
            (OUT, f"{ORDERS['fortran']} @ self.weight + self.bias"),
            (DW, f"{ORDERS['fortran']}.T @ dout"),
            (DX, '(dout @ self.weight.T).reshape(x.shape, order="F")'),
        ],
        "both-batch-last": [
            (OUT, f"{ORDERS['batch-last']} @ self.weight + self.bias"),
            (DW, f"{ORDERS['batch-last']}.T @ dout"),
            (DX, "(self.weight @ dout.T).reshape(x.shape)"),
        ],
    },
    "linear-weight-not-transposed": {
        "forward-weight-transposed": [(OUT, f"{FLAT} @ self.weight.T + self.bias")],
        "backward-weight-not-transposed": [(DX, "(dout @ self.weight).reshape(x.shape)")],
    },
    "linear-batch-flattened": {
        "batch-flattened": [(OUT, "x.reshape(1, -1) @ self.weight + self.bias")],
        "batch-and-axis-flattened": [(OUT, "x.ravel() @ self.weight + self.bias")],
    },
    "linear-not-flattened": {
        "not-flattened": [(OUT, "x @ self.weight + self.bias"), (DW, "x.T @ dout")],
        "backward-not-flattened": [(DW, "x.T @ dout")],
        "forward-needs-images": [(KEEP, "N, C, H, W = x.shape; self.cache = x")],
        "backward-needs-images": [(READ, "x = self.cache; N, C, H, W = x.shape")],
    },
    "linear-bias": {
        "no-bias": [(OUT, f"{FLAT} @ self.weight")],
        "bias-twice": [(OUT, f"{OUT} + self.bias")],
        "bias-subtracted": [(OUT, f"{FLAT} @ self.weight - self.bias")],
        "bias-of-first-output": [(OUT, f"{FLAT} @ self.weight + self.bias[0]")],
        "bias-summed": [(OUT, f"{FLAT} @ self.weight + self.bias.sum()")],
        "bias-as-column": [(OUT, f"{FLAT} @ self.weight + self.bias[:, None]")],
    },
    "linear-db-sum": {
        "db-not-summed": [(DB, "dout.copy()")],
        "db-over-outputs": [(DB, "dout.sum(axis=1)")],
        "db-over-all": [(DB, "dout.sum()")],
        "db-over-all-repeated": [(DB, "np.full_like(self.bias, dout.sum())")],
        "db-of-ones": [(DB, "np.ones_like(self.bias)")],
        "db-times-bias": [(DB, "dout.sum(axis=0) * self.bias")],
    },
    "linear-one-sample": {
        "dw-of-first-sample": [(DW, f"np.outer({FLAT}[0], dout[0])")],
        "dw-of-last-sample": [(DW, f"np.outer({FLAT}[-1], dout[-1])")],
        "db-of-first-sample": [(DB, "dout[0].copy()")],
        "db-of-last-sample": [(DB, "dout[-1].copy()")],
        "dx-of-first-sample": [(DX, f"{DX} * np.eye(len(x), 1).{ROWS_ALIKE}")],
        "dx-of-last-sample-for-all": [(DX, f"0 * x + {DX}[-1]")],
        "out-of-first-sample": [(OUT, f"np.eye(len(x), 1) * ({OUT})")],
    },
    "linear-divided": {
        "dx-divided": [(DX, f"{DX} / len(x)")],
        "dw-divided": [(DW, f"{DW} / len(x)")],
        "db-divided": [(DB, "dout.mean(axis=0)")],
        "dw-and-db-divided": [(DW, f"{DW} / len(x)"), (DB, "dout.mean(axis=0)")],
        "all-divided": [(READ, f"{READ}; dout = dout / len(x)")],
    },
    "linear-dout-ignored": {
        "dx-without-dout": [(DX, "0 * x + self.weight.sum(axis=1).reshape(x.shape[1:])")],
        "dw-without-dout": [(DW, f"{FLAT}.sum(axis=0)[:, None] + 0 * self.weight")],
    },
    "linear-weight-gradient-without-input": {
        "dw-is-db": [(DW, "0 * self.weight + dout.sum(axis=0)")],
    },
    "linear-accumulates": {
        **{
            f"{name}-kept": [(store, f"{store} + (0 if self.{name} is None else self.{name})")]
            for name, store in {"dw": STORE_DW, "db": STORE_DB}.items()
        },
        "dx-kept-for-one-shape": [(STORE_DX, f"{OLD_DX}\n        {STORE_DX} + old")],
        "dw-and-db-kept": [
            (store, f"{store} + (0 if self.{name} is None else self.{name})")
            for name, store in {"dw": STORE_DW, "db": STORE_DB}.items()
        ],
    },
    "linear-stale-input": {
        "input-of-first-call": [(KEEP, "self.cache = x if self.cache is None else self.cache")],
    },
    "linear-stale-weight": {
        "forward-initial-weight": [(INIT, f"{INIT}        self.initial = self.weight\n"),
                                   (OUT, f"{FLAT} @ self.initial + self.bias")],
        "backward-initial-weight": [(INIT, f"{INIT}        self.initial = self.weight\n"),
                                    (DX, "(dout @ self.initial.T).reshape(x.shape)")],
        "weight-of-first-call": [
            (KEEP, "self.kept = self.weight if self.cache is None else self.kept; self.cache = x"),
            (OUT, f"{FLAT} @ self.kept + self.bias"),
        ],
    },
    "linear-parameters-changed": {
        "weight-updated": [(STORE_DB, f"{STORE_DB}\n        self.weight -= 0.01 * self.dw")],
        "bias-updated": [(STORE_DB, f"{STORE_DB}\n        self.bias -= 0.01 * self.db")],
        "weight-updated-first": [
            (READ, f"{READ}\n        self.weight = self.weight - 0.01 * {DW}"),
        ],
        "weight-transposed": [(READ, f"{READ}\n        self.weight = self.weight.T"),
                              ("self.weight.T)", "self.weight)")],
    },
    "linear-regularized": {
        "dw-regularized": [(DW, f"{DW} + 1e-3 * self.weight")],
    },
    "linear-changes-input": {
        "input-reshaped": [(KEEP, "x.shape = len(x), self.in_dim; self.cache = x")],
        "dout-scaled": [(READ, f"{READ}; dout /= len(x)")],
        "dx-in-place-of-input": [(STORE_DX, "pass"),
                                 (STORE_DB, f"{STORE_DB}; x[...] = {DX}; self.dx = x")],
    },
    "linear-activation": {
        "with-relu": [(OUT, f"np.maximum({OUT}, 0)")],
        "with-sigmoid": [(OUT, f"1 / (1 + np.exp(-({OUT})))")],
    },
    "linear-output-shape": {
        "output-transposed": [(OUT, f"({OUT}).T")],
        "output-with-axis": [(OUT, f"({OUT})[:, :, None]")],
    },
    "linear-integer": {
        "out-integer": [(OUT, f"({OUT}).astype(int)")],
        "dw-integer": [(DW, f"({DW}).astype(int)")],
    },
    "linear-not-stored": {
        "dx-missing": [(STORE_DX, "pass")],
        "dw-missing": [(STORE_DW, "pass")],
        "db-missing": [(STORE_DB, "pass")],
        "gradients-returned": [
            (STORE_DX, f"dx = {DX}"), (STORE_DW, f"dw = {DW}"),
            (STORE_DB, f"return dx, dw, {DB}"),
        ],
    },
}  # fmt: skip

# By name: edits of the reference that are as good as it, and why.
EQUIVALENT: dict[str, tuple[str, str, list[Edit]]] = {
    "db-of-one-row": ("linear-db-sum", "values and shapes are judged apart: (1, out) is right",
                      [(DB, "dout.sum(axis=0, keepdims=True)")]),
    "weight-kept-for-backward": ("linear-stale-weight", "it is the weight of the same forward",
                                 [(KEEP, "self.kept = self.weight; self.cache = x"),
                                  (DX, "(dout @ self.kept.T).reshape(x.shape)")]),
}  # fmt: skip


def bugs() -> list[Bug]:
    """Every variant of Linear, the equivalent ones last."""
    source = reference(PATH)
    found = [
        Bug(f"linear-{name}", family, frozenset({"1.6"}), {PATH: edited(source, edits)})
        for family, variants in VARIANTS.items()
        for name, edits in variants.items()
    ]
    found += [
        Bug(f"linear-{name}", family, frozenset(), {PATH: edited(source, edits)}, reason)
        for name, (family, reason, edits) in EQUIVALENT.items()
    ]
    return found
