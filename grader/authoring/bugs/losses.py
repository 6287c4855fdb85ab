"""Wrong variants of reweight and FocalLoss (Tasks 3.1 and 3.2)."""

from __future__ import annotations

from grader.authoring.bugs.bug import Bug, Edit, edited, reference

PATH = "part2-pytorch/losses/focal_loss.py"

INVERSE = "(1 - beta) / (1 - beta**counts)"
SCALED = "inverse * len(counts) / inverse.sum()"

# By family, then by name.
REWEIGHTS: dict[str, dict[str, list[Edit]]] = {
    "losses-power-of-beta": {
        "power-of-n": [(INVERSE, "(1 - beta) / (1 - counts**beta)")],
        "beta-times-n": [(INVERSE, "(1 - beta) / (1 - beta * counts)")],
    },
    "losses-not-scaled": {"not-scaled": [(SCALED, "inverse")]},
    "losses-scaled-otherwise": {
        "sum-is-one": [(SCALED, "inverse / inverse.sum()")],
        "largest-is-one": [(SCALED, "inverse / inverse.max()")],
        "sum-is-images": [(SCALED, "inverse * counts.sum() / inverse.sum()")],
        "softmax": [(SCALED, "inverse.softmax(dim=0) * len(counts)")],
    },
    "losses-effective-number": {
        "effective-number": [(INVERSE, "(1 - beta**counts) / (1 - beta)")],
        "effective-number-not-scaled": [
            (INVERSE, "(1 - beta**counts) / (1 - beta)"),
            (SCALED, "inverse"),
        ],
    },
    "losses-other-weights": {
        "inverse-count": [(INVERSE, "1 / counts")],
        "inverse-root-of-count": [(INVERSE, "1 / counts.sqrt()")],
        "frequency": [(INVERSE, "counts / counts.sum()")],
        "other-classes-frequency": [(INVERSE, "1 - counts / counts.sum()")],
        "count-for-number": [(INVERSE, "(1 - beta) / (1 - beta * counts / counts.sum())")],
    },
    "losses-one-weight-for-all": {
        "number-of-all-images": [
            (INVERSE, "(1 - beta) / (1 - beta ** counts.sum()) * torch.ones(len(counts))"),
        ],
    },
    "losses-fixed-settings": {
        "fixed-beta": [(INVERSE, "(1 - 0.9999) / (1 - 0.9999**counts)")],
        "fixed-classes": [(SCALED, "inverse * 10 / inverse.sum()")],
    },
    "losses-nothing-returned": {
        "returns-nothing": [(f"return ({SCALED}).float()", f"weights = ({SCALED}).float()")],
    },
}

ENTROPY = 'functional.cross_entropy(logits, target, reduction="none")'
WRONG = "(1 - torch.exp(-cross_entropy)).clamp(min=1e-8)"
LOSS = "wrong**self.gamma * cross_entropy"
WEIGHTED = "self.weight.to(logits)[target] * loss"
MEAN = "loss.mean()"
PROBABILITY = "logits.softmax(dim=1)[torch.arange(len(target)), target]"
OWN_WEIGHT = "self.weight[target]"
SIGMOID = """\
hot = functional.one_hot(target, logits.shape[1]).float()
        entropies = functional.binary_cross_entropy_with_logits
        cross_entropy = entropies(logits, hot, reduction="none")"""

# By family, then by name.
FOCALS: dict[str, dict[str, list[Edit]]] = {
    "losses-summed": {"sum": [(MEAN, "loss.sum()")]},
    "losses-divided-otherwise": {
        "mean-of-all": [(MEAN, "loss.sum() / logits.numel()")],
        "divided-by-classes": [(MEAN, "loss.sum() / logits.shape[1]")],
        "divided-by-all-weights": [(MEAN, "loss.sum() / self.weight.sum()")],
    },
    "losses-not-reduced": {"loss-of-each-sample": [(MEAN, "loss")]},
    "losses-mean-too-early": {
        "mean-entropy": [(ENTROPY, "functional.cross_entropy(logits, target)")],
        "mean-weighted-entropy": [
            (ENTROPY, "functional.cross_entropy(logits, target, weight=self.weight)"),
            (WEIGHTED, "loss"),
        ],
        "mean-factor": [(LOSS, "wrong.mean() ** self.gamma * cross_entropy")],
    },
    "losses-broadcast": {
        "weights-as-column": [(WEIGHTED, "self.weight[target][:, None] * loss")],
        "entropy-as-column": [(LOSS, "wrong**self.gamma * cross_entropy[:, None]")],
    },
    "losses-no-weights": {"no-weights": [(WEIGHTED, "loss")]},
    "losses-weights-misplaced": {
        "weights-by-position": [(WEIGHTED, "self.weight[: len(target)] * loss")],
        "weights-of-all-classes": [(WEIGHTED, "self.weight * loss[:, None]")],
        "weighted-logits": [
            (ENTROPY, ENTROPY.replace("logits", "logits * self.weight")),
            (WEIGHTED, "loss"),
        ],
        "weights-twice": [(WEIGHTED, "self.weight[target] ** 2 * loss")],
        "weights-to-the-gamma": [
            (LOSS, f"({OWN_WEIGHT} * wrong) ** self.gamma * cross_entropy"),
            (WEIGHTED, "loss"),
        ],
    },
    "losses-no-factor": {"no-factor": [(LOSS, "cross_entropy")]},
    "losses-factor": {
        "probability-for-rest": [(LOSS, "(1 - wrong) ** self.gamma * cross_entropy")],
        "rest-of-power": [(LOSS, "(1 - (1 - wrong) ** self.gamma) * cross_entropy")],
        "gamma-as-factor": [(LOSS, "wrong * self.gamma * cross_entropy")],
        "all-to-the-gamma": [(LOSS, "(wrong * cross_entropy) ** self.gamma")],
        "entropy-for-probability": [(WRONG, "1 - cross_entropy")],
        "minus-forgotten": [(WRONG, "1 - torch.exp(cross_entropy)")],
        "largest-probability": [(WRONG, "1 - logits.softmax(dim=1).max(dim=1).values")],
    },
    "losses-fixed-gamma": {"fixed-gamma": [(LOSS, "wrong**2 * cross_entropy")]},
    "losses-negative": {"negative": [(MEAN, "-loss.mean()")]},
    "losses-sigmoid": {
        "sigmoid": [
            (f"cross_entropy = {ENTROPY}", SIGMOID),
            (WEIGHTED, "self.weight[target][:, None] * loss"),
            (MEAN, "loss.sum() / len(target)"),
        ],
    },
    "losses-softmax": {
        "softmax-twice": [(ENTROPY, ENTROPY.replace("logits", "logits.softmax(dim=1)"))],
        "softmax-over-batch": [
            (ENTROPY, 'functional.nll_loss(logits.log_softmax(dim=0), target, reduction="none")'),
        ],
        "no-softmax": [(ENTROPY, 'functional.nll_loss(logits, target, reduction="none")')],
    },
    "losses-no-logarithm": {
        "no-logarithm": [(LOSS, f"-(wrong**self.gamma) * {PROBABILITY}")],
        "rest-for-logarithm": [(LOSS, "wrong**self.gamma * wrong")],
    },
    "losses-cut-off": {
        "small-number-added": [(ENTROPY, f"-torch.log({PROBABILITY} + 1e-8)")],
        "clamped": [(ENTROPY, f"-torch.log({PROBABILITY}.clamp(1e-6, 1 - 1e-6))")],
    },
    "losses-factor-detached": {
        "factor-detached": [(LOSS, "wrong.detach() ** self.gamma * cross_entropy")],
    },
    "losses-no-gradient": {
        "returns-number": [(MEAN, "loss.mean().item()")],
        "detached": [(MEAN, "loss.mean().detach()")],
        "new-tensor": [(MEAN, "torch.tensor(loss.mean().item(), requires_grad=True)")],
    },
    "losses-needs-cuda": {"needs-cuda": [(WEIGHTED, "self.weight.cuda()[target] * loss")]},
    "losses-nothing-returned": {"loss-not-returned": [(f"return {MEAN}", f"loss = {MEAN}")]},
}

# By name: family, reason and edits.
EQUIVALENT: dict[str, tuple[str, str, list[Edit]]] = {
    "numerator-left-out": (
        "losses-power-of-beta",
        "the scaling takes every common factor away",
        [(INVERSE, "1 / (1 - beta**counts)")],
    ),
    "not-clamped": (
        "losses-cut-off",
        "no prediction of the cases is so sure that a gradient becomes infinite",
        [(WRONG, "1 - torch.exp(-cross_entropy)")],
    ),
}


def bugs() -> list[Bug]:
    """Every variant of the two tasks."""
    found = [
        _bug(f"{function}-{name}", family, check, edits)
        for function, check, families in (("reweight", "3.1", REWEIGHTS), ("focal", "3.2", FOCALS))
        for family, variants in families.items()
        for name, edits in variants.items()
    ]
    return found + [
        _bug(name, family, "", edits, reason)
        for name, (family, reason, edits) in EQUIVALENT.items()
    ]


def _bug(name: str, family: str, check: str, edits: list[Edit], reason: str = "") -> Bug:
    caught_by = frozenset() if reason else frozenset({check})
    files = {PATH: edited(reference(PATH), edits)}
    return Bug(f"losses-{name}", family, caught_by, files, equivalent=reason)
