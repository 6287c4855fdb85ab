"""Wrong variants of SGD.update (Task 1.8)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from grader.authoring.bugs.bug import Bug, Edit, edited, reference

PATH = "part1-convnet/optimizer/sgd.py"
CAUGHT = frozenset({"1.8"})

GIVEN = "        self.apply_regularization(model)  #"
LOOP = "for index, module in enumerate(model.modules):"
SKIP = '            if not hasattr(module, "weight"):\n                continue\n'
KEPT = "v = self.grad_tracker[index]"
STEP = """\
            v["dw"] = self.momentum * v["dw"] - self.learning_rate * module.dw
            v["db"] = self.momentum * v["db"] - self.learning_rate * module.db
            module.weight = module.weight + v["dw"]
            module.bias = module.bias + v["db"]
"""

WEIGHTED = """\
weighted = [
            self.grad_tracker[index]
            for index, module in enumerate(model.modules)
            if hasattr(module, "weight")
        ]
        """
KEPT_ALONE = """\
v = self.grad_tracker.get(index, {"dw": 0, "db": 0})
            self.grad_tracker = {index: v}"""

WEIGHT, BIAS = ("weight",), ("bias",)
BOTH = WEIGHT + BIAS
EVERY = (BOTH, WEIGHT, BIAS)


@dataclass(frozen=True)
class Law:
    """How a parameter w with the gradient g moves: two expressions, in short names.

    `late` moves the parameter before its velocity. `kinds` says which variants to make: of
    both parameters, of the weight alone, of the bias alone. `given` keeps the given line.
    """

    velocity: str = "m * v - lr * g"
    parameter: str = "w + v"
    late: bool = False
    kinds: tuple[tuple[str, ...], ...] = (BOTH,)
    given: bool = True

    def lines(self, kind: str) -> str:
        """The code for the weight or the bias of one module."""
        gradient = {"weight": "dw", "bias": "db"}[kind]
        long = {
            "m": "self.momentum",
            "lr": "self.learning_rate",
            "reg": "self.reg",
            "v": f'v["{gradient}"]',
            "g": f"module.{gradient}",
            "w": f"module.{kind}",
        }
        pair = [f"v = {self.velocity}", f"w = {self.parameter}"]
        text = "".join(f"            {line}\n" for line in (pair[::-1] if self.late else pair))
        return re.sub(r"\b(m|lr|reg|v|g|w)\b", lambda match: long[match[0]], text)


RIGHT = Law()
FIRST = "isinstance(v, int)"  # the velocity still is the 0 that it starts as

# By family, then by name.
LAWS: dict[str, dict[str, Law]] = {
    "sgd-velocity-not-kept": {"velocity-not-kept": Law("-lr * g", kinds=EVERY)},
    "sgd-velocity-never-decays": {"velocity-never-decays": Law("v - lr * g", kinds=EVERY)},
    "sgd-velocity-too-late": {"velocity-too-late": Law(late=True)},
    "sgd-keeps-something-else": {
        "keeps-last-gradient": Law("g", "w + m * v - lr * g", late=True),
        "keeps-last-step": Law("-lr * g", "w + m * v - lr * g", late=True),
    },
    "sgd-velocity-start": {
        "velocity-starts-at-gradient": Law(f"m * (g if {FIRST} else v) - lr * g"),
        "velocity-starts-at-one": Law(f"m * (1 if {FIRST} else v) - lr * g"),
    },
    "sgd-momentum-sign": {"momentum-negative": Law("-m * v - lr * g")},
    "sgd-momentum-misplaced": {
        "momentum-on-gradient": Law("v - lr * m * g"),
        "momentum-at-the-end": Law(parameter="w + m * v"),
        "dampening": Law("m * v - (1 - m) * lr * g", kinds=EVERY),
        "complement-on-velocity": Law("(1 - m) * v - lr * g"),
    },
    "sgd-nesterov": {"nesterov": Law(parameter="w + m * v - lr * g", kinds=EVERY)},
    "sgd-settings-ignored": {
        "momentum-hard-coded": Law("0.9 * v - lr * g"),
        "learning-rate-hard-coded": Law("m * v - 1e-4 * g"),
    },
    "sgd-no-learning-rate": {"no-learning-rate": Law("m * v - g", kinds=EVERY)},
    "sgd-learning-rate-twice": {
        "learning-rate-twice": Law(parameter="w + lr * v", kinds=EVERY),
    },
    "sgd-learning-rate-on-velocity": {
        "learning-rate-on-velocity": Law("lr * (m * v - g)", kinds=EVERY),
    },
    "sgd-sign": {"ascent": Law(parameter="w - v", kinds=EVERY)},
    "sgd-not-updated": {"not-updated": Law(parameter="w", kinds=EVERY)},
    "sgd-velocity-for-parameter": {
        "velocity-for-parameter": Law(parameter="v", kinds=EVERY),
    },
    "sgd-weight-decay-missing": {"decay-missing": Law(given=False)},
    "sgd-weight-decay-twice": {
        "decay-added-again": Law("m * v - lr * (g + reg * w)", kinds=(WEIGHT,)),
    },
    "sgd-weight-decay-on-bias": {
        "decay-on-bias": Law("m * v - lr * (g + reg * w)", kinds=(BIAS,)),
    },
    "sgd-weight-decay-of-its-own": {
        name: Law(velocity, parameter, kinds=(WEIGHT,), given=False)
        for name, velocity, parameter in (
            ("decay-halved", "m * v - lr * (g + reg * w / 2)", "w + v"),
            ("decay-by-rate-twice", "m * v - lr * (g + lr * reg * w)", "w + v"),
            ("decay-without-rate", "m * v - lr * g - reg * w", "w + v"),
            ("decay-beside-velocity", "m * v - lr * g", "w + v - lr * reg * w"),
            ("decay-negative", "m * v - lr * (g - reg * w)", "w + v"),
        )
    },
}

# By family, then by name: edits of the reference.
OTHERS: dict[str, dict[str, list[Edit]]] = {
    "sgd-weightless-layers": {
        "weightless-crashes": [(SKIP, "")],
        "weightless-shift-the-index": [
            (LOOP, f"{WEIGHTED}{LOOP}"),
            (KEPT, "v = weighted[index]"),
        ],
    },
    "sgd-not-all-layers": {
        "first-layer-only": [(LOOP, LOOP.replace("modules)", "modules[:1])"))],
        "last-layer-only": [(LOOP, LOOP.replace("enumerate(model.modules)",
                                                "list(enumerate(model.modules))[-1:]"))],
    },
    "sgd-velocity-shared": {
        "one-velocity-for-all": [(KEPT, "v = self.grad_tracker[0]")],
        "one-velocity-for-each-shape": [
            (KEPT, 'v = self.grad_tracker.setdefault(module.weight.shape, {"dw": 0, "db": 0})'),
        ],
    },
    "sgd-velocity-of-last-layer": {
        "velocity-of-last-layer": [(KEPT, KEPT_ALONE)],
    },
    "sgd-weight-and-bias-mixed": {
        "one-velocity-for-weight-and-bias": [
            (STEP, RIGHT.lines("weight") + RIGHT.lines("bias").replace('v["db"]', 'v["dw"]')),
        ],
        "bias-by-weight-velocity": [('module.bias + v["db"]', 'module.bias + v["dw"]')],
    },
    "sgd-truth-of-an-array": {
        "asks-if-velocity-is-zero": [
            (KEPT, f'{KEPT}\n            v["db"] = 0 if v["dw"] == 0 else v["db"]'),
        ],
    },
    "sgd-weight-decay-twice": {
        "decay-for-each-layer": [
            (SKIP, f"            self.apply_regularization(model)\n{SKIP}"),
            (GIVEN, "        #"),
        ],
    },
}  # fmt: skip


def bugs() -> list[Bug]:
    """Every variant of Task 1.8."""
    found = [
        _bug(f"{name}-only-{kinds[0]}" if kinds != BOTH and BOTH in law.kinds else name,
             family, _edits(law, kinds))
        for family, laws in LAWS.items()
        for name, law in laws.items()
        for kinds in law.kinds
    ]  # fmt: skip
    return found + [
        _bug(name, family, edits)
        for family, variants in OTHERS.items()
        for name, edits in variants.items()
    ]


def _edits(law: Law, kinds: tuple[str, ...]) -> list[Edit]:
    """The step with `law` for the parameters `kinds`, and the right one for the others."""
    steps = "".join((law if kind in kinds else RIGHT).lines(kind) for kind in BOTH)
    return [(STEP, steps)] if law.given else [(STEP, steps), (GIVEN, "        #")]


def _bug(name: str, family: str, edits: list[Edit]) -> Bug:
    return Bug(f"sgd-{name}", family, CAUGHT, {PATH: edited(reference(PATH), edits)})
