"""Wrong variants of ConvNet (Task 1.7)."""

from __future__ import annotations

from grader.authoring.bugs.bug import Bug, Edit, edited, reference

PATH = "part1-convnet/modules/conv_classifier.py"
CAUGHT = frozenset({"1.7"})

LOOP, LAYER = "for module in self.modules:", "x = module.forward(x)"
RETURN, CRITERION = "return self.criterion.forward(x, y)", "self.criterion.forward(x, y)"
START, FIRST = "self.criterion.backward()", "dout = self.criterion.dx"
BACKWARD_LOOP, REVERSED = "for module in reversed(self.modules):", "reversed(self.modules)"
BACK, NEXT = "module.backward(dout)", "dout = module.dx"

IN_TURN = "index, module in list(enumerate(self.modules))[::-1]"
BY_KIND = "{type(module).__name__: module for module in self.modules}.values()"
WITH_WEIGHTS = '[m for m in self.modules if type(m).__name__ in ("Conv2D", "Linear")]'
SOFTMAX = "x = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)"


def returned(*lines: str) -> list[Edit]:
    """The edit that puts other lines where forward returns the criterion's pair."""
    return [(RETURN, "\n        ".join(lines))]


APART = f"probs, loss = {CRITERION}"

# By family, then by name: edits of the reference.
FORWARDS: dict[str, dict[str, list[Edit]]] = {
    "network-returned-pair": {
        "returns-scores": returned(APART, "return x, loss"),
        "returns-swapped": returned(APART, "return loss, probs"),
        "returns-loss-alone": returned(APART, "return loss"),
        "returns-probabilities-alone": returned(APART, "return probs"),
        "returns-three": returned(APART, "return probs, loss, x"),
        "returns-pair-as-loss": returned(f"return x, {CRITERION}"),
        "returns-pair-within-pair": returned(f"pair = {CRITERION}", "return pair[0], pair"),
        "returns-classes": returned(APART, "return probs.argmax(axis=1), loss"),
        "returns-mean-of-mean": returned(APART, "return probs, loss / len(x)"),
        "returns-nothing": returned(f"self.probs, self.loss = {CRITERION}"),
    },
    "network-output-not-passed-on": {
        "output-lost": [(LAYER, "module.forward(x)")],
        "every-layer-gets-x": [
            (LAYER, "out = module.forward(x)"),
            *returned("return self.criterion.forward(out, y)"),
        ],
    },
    "network-criterion-input": {
        "criterion-gets-x": [
            (LOOP, f"out = x\n        {LOOP}"),
            (LAYER, "out = module.forward(out)"),
        ],
        "criterion-gets-softmax": returned(SOFTMAX, RETURN),
        "criterion-arguments-swapped": returned("return self.criterion.forward(y, x)"),
    },
    "network-labels": {
        "labels-one-hot": returned("y = np.eye(x.shape[1])[y]", RETURN),
        "labels-from-one": returned("y = y - 1", RETURN),
    },
    "network-forward-order": {
        "forward-reversed": [(LOOP, BACKWARD_LOOP)],
    },
    "network-forward-skips": {
        "forward-skips-first": [(LOOP, "for module in self.modules[1:]:")],
        "forward-skips-last": [(LOOP, "for module in self.modules[:-1]:")],
        "forward-skips-weightless": [(LOOP, f"for module in {WITH_WEIGHTS}:")],
        "forward-returns-in-loop": returned(f"    {RETURN}"),
    },
    "network-fixed-layers": {
        "forward-of-four-layers": [
            (LOOP, "for module in [self.modules[i] for i in (0, 1, 2, 3)]:"),
        ],
    },
    "network-wrong-call": {
        "layer-called-like-pytorch": [(LAYER, "x = module(x)")],
        "criterion-called-like-pytorch": returned("return self.criterion(x, y)"),
        "criterion-without-labels": returned("return self.criterion.forward(x)"),
    },
}

# Likewise.
BACKWARDS: dict[str, dict[str, list[Edit]]] = {
    "network-backward-order": {
        "backward-forwards": [(REVERSED, "self.modules")],
    },
    "network-backward-start": {
        "criterion-backward-missing": [(START, "pass")],
        "criterion-never-asked": [(START, "pass"), (FIRST, "dout = np.ones((2, 4))")],
        "starts-from-ones": [(FIRST, "dout = np.ones_like(self.criterion.dx)")],
        "starts-from-mean": [(FIRST, f"{FIRST} / len(self.criterion.dx)")],
    },
    "network-uses-returned-value": {
        "criterion-returned-value": [(START, "pass"), (FIRST, f"dout = {START}")],
        "layer-returned-value": [(BACK, f"dout = {BACK}"), (NEXT, "pass")],
    },
    "network-gradient-not-passed-on": {
        "every-layer-gets-the-first": [(NEXT, "pass")],
        "gradients-added": [(NEXT, "dout = dout + module.dx")],
        "weight-gradient-passed-on": [(NEXT, 'dout = getattr(module, "dw", dout)')],
        "gradient-of-layer-below": [
            (BACKWARD_LOOP, f"for {IN_TURN}:"),
            (NEXT, "dout = self.modules[index - 1].dx"),
        ],
    },
    "network-backward-skips": {
        "backward-skips-first": [(REVERSED, "reversed(self.modules[1:])")],
        "backward-skips-last": [(REVERSED, "reversed(self.modules[:-1])")],
        "backward-skips-weightless": [(REVERSED, f"reversed({WITH_WEIGHTS})")],
        "criterion-alone": [(BACK, "pass"), (NEXT, "pass")],
    },
    "network-one-layer-of-each-kind": {
        "one-layer-of-each-kind": [(REVERSED, f"reversed(list({BY_KIND}))")],
    },
    "network-fixed-layers": {
        "backward-of-four-layers": [(REVERSED, "[self.modules[i] for i in (3, 2, 1, 0)]")],
    },
    "network-list-reversed": {
        "loops-over-none": [(REVERSED, "self.modules.reverse()")],
        "list-left-reversed": [
            (BACKWARD_LOOP, f"self.modules.reverse()\n        {BACKWARD_LOOP}"),
            (REVERSED, "self.modules"),
        ],
    },
}


def bugs() -> list[Bug]:
    """Every variant of Task 1.7: a wrong forward, or a wrong backward."""
    return [
        Bug(f"network-{name}", family, CAUGHT, {PATH: edited(reference(PATH), edits)})
        for families in (FORWARDS, BACKWARDS)
        for family, variants in families.items()
        for name, edits in variants.items()
    ]
