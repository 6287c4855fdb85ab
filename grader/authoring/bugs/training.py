"""Wrong variants of the training and the validation step (Tasks 2.1 and 2.2)."""

from __future__ import annotations

import textwrap

from grader.authoring.bugs import training_solver
from grader.authoring.bugs.bug import Bug, Edit, edited, reference

PATH = "part2-pytorch/main.py"

OUTPUT, LOSS = "output = model(data)", "loss = criterion(output, target)"
CLEAR, BACKWARD, UPDATE = "optimizer.zero_grad()", "loss.backward()", "optimizer.step()"
STEP = (OUTPUT, LOSS, CLEAR, BACKWARD, UPDATE)
NO_GRAD = "with torch.no_grad():"
LOOK = (NO_GRAD, f"    {OUTPUT}", f"    {LOSS}")
OWN_UPDATE = """\
with torch.no_grad():
    for parameter in model.parameters():
        parameter -= 0.1 * parameter.grad"""
CLIP = "nn.utils.clip_grad_norm_(model.parameters(), 0.1)"
PENALTY = "1e-2 * sum((parameter**2).sum() for parameter in model.parameters())"
ONE_HOT = "nn.functional.one_hot(target, 10).float()"

# By family, then by name: the lines of the training step.
STEPS: dict[str, dict[str, tuple[str, ...]]] = {
    "training-nothing-moves": {
        "forward-alone": (OUTPUT, LOSS),
        "backward-missing": (OUTPUT, LOSS, CLEAR, UPDATE),
        "update-missing": (OUTPUT, LOSS, CLEAR, BACKWARD),
        "cleared-before-update": (OUTPUT, LOSS, BACKWARD, CLEAR, UPDATE),
        "update-before-backward": (OUTPUT, LOSS, CLEAR, UPDATE, BACKWARD),
        "trains-a-copy": ("import copy", "model = copy.deepcopy(model)", *STEP),
    },
    "training-not-cleared": {
        "never-cleared": (OUTPUT, LOSS, BACKWARD, UPDATE),
        "cleared-once-an-epoch": (
            "if not losses.count:", f"    {CLEAR}", OUTPUT, LOSS, BACKWARD, UPDATE,
        ),
    },
    "training-update-too-early": {
        "update-by-last-gradients": (OUTPUT, LOSS, UPDATE, CLEAR, BACKWARD),
        "update-before-forward": (UPDATE, CLEAR, OUTPUT, LOSS, BACKWARD),
    },
    "training-more-than-one-update": {
        "two-updates": (*STEP, UPDATE),
        "two-backwards": (OUTPUT, LOSS, CLEAR, "loss.backward(retain_graph=True)", BACKWARD,
                          UPDATE),
        "step-twice": (*STEP, *STEP),
    },
    "training-not-every-batch": {
        "first-batch-only": (*STEP, "break"),
        "returns-in-loop": (*STEP, "return loss.item(), 0.0"),
        "small-batches-skipped": ("if len(target) < 8:", "    continue", *STEP),
        "update-once-an-epoch": (OUTPUT, LOSS, CLEAR, BACKWARD, "if data is data_loader[-1][0]:",
                                 f"    {UPDATE}"),
    },
    "training-probabilities": {
        "softmax": (OUTPUT, "output = output.softmax(dim=1)", *STEP[1:]),
        "sigmoid": (OUTPUT, "output = output.sigmoid()", *STEP[1:]),
    },
    "training-other-loss": {
        "loss-per-sample": (OUTPUT, f"{LOSS} / len(target)", *STEP[2:]),
        "loss-summed": (OUTPUT, f"{LOSS} * len(target)", *STEP[2:]),
        "loss-of-first-sample": (OUTPUT, "loss = criterion(output[:1], target[:1])", *STEP[2:]),
        "squared-error": (OUTPUT, f"loss = nn.functional.mse_loss(output, {ONE_HOT})", *STEP[2:]),
        "labels-reversed": (OUTPUT, "loss = criterion(output, target.flip(0))", *STEP[2:]),
    },
    "training-uphill": {
        "loss-negative": (OUTPUT, "loss = -criterion(output, target)", *STEP[2:]),
    },
    "training-last-batch": {
        "fixed-batch-size": (OUTPUT, f"{LOSS} * len(target) / 8", *STEP[2:]),
    },
    "training-own-update": {
        "own-update": (OUTPUT, LOSS, "model.zero_grad()", BACKWARD, OWN_UPDATE),
    },
    "training-more-than-asked": {
        "gradients-clipped": (OUTPUT, LOSS, CLEAR, BACKWARD, CLIP, UPDATE),
        "penalty-added": (OUTPUT, f"{LOSS} + {PENALTY}", CLEAR, BACKWARD, UPDATE),
    },
    "training-other-data": {
        "images-scaled": ("data = data / 255", *STEP),
        "images-normalised-again": ("data = (data - 0.5) / 0.5", *STEP),
    },
    "training-cut-off": {
        "without-grad": (NO_GRAD, f"    {OUTPUT}", f"    {LOSS}", *STEP[2:]),
        "output-detached": (OUTPUT, "output = output.detach()", *STEP[1:]),
        "predicted-classes": (OUTPUT, "output = output.argmax(dim=1).float()",
                              "loss = criterion(output, target.float())", *STEP[2:]),
    },
    "training-loss-is-a-number": {"loss-as-number": (OUTPUT, f"{LOSS}.item()", *STEP[2:])},
    "training-graph-kept": {
        "losses-added-up": (OUTPUT, LOSS, "total = total + loss if losses.count else loss", CLEAR,
                            "total.backward()", UPDATE),
    },
    "training-criterion-arguments": {
        "arguments-swapped": (OUTPUT, "loss = criterion(target, output)", *STEP[2:]),
    },
}  # fmt: skip

# Likewise: the lines of the validation step.
LOOKS: dict[str, dict[str, tuple[str, ...]]] = {
    "validation-graph": {
        "grad-enabled": (OUTPUT, LOSS),
        "bare-no-grad": ("torch.no_grad()", OUTPUT, LOSS),
        "only-loss-without-grad": (OUTPUT, NO_GRAD, f"    {LOSS}"),
        "detached-afterwards": (OUTPUT, LOSS, "output, loss = output.detach(), loss.detach()"),
    },
    "validation-trains": {
        "backward": (OUTPUT, LOSS, BACKWARD),
        "own-update": (OUTPUT, LOSS, BACKWARD, OWN_UPDATE),
    },
    "validation-uses-the-optimizer": {"training-step": STEP},
    "validation-images": {
        "forward-twice": (*LOOK, "    output = model(data)"),
        "first-batch-only": (*LOOK, "break"),
        "first-image-dropped": ("data, target = data[1:], target[1:]", *LOOK),
    },
    "validation-predictions": {
        "predicted-classes": (NO_GRAD, "    output = model(data).argmax(dim=1)", f"    {LOSS}"),
    },
    "validation-loss-is-a-number": {"loss-as-number": (*LOOK, "loss = loss.item()")},
    "validation-grad-off-for-good": {
        "grad-off-for-good": ("torch.set_grad_enabled(False)", OUTPUT, LOSS),
    },
}  # fmt: skip

# By name: family, reason, the right lines, others that do the same.
EQUIVALENT: dict[str, tuple[str, str, tuple[str, ...], tuple[str, ...]]] = {
    "step-log-softmax": (
        "training-probabilities",
        "the log-softmax of a log-softmax is itself",
        STEP,
        (OUTPUT, "output = output.log_softmax(dim=1)", *STEP[1:]),
    ),
    "step-one-hot": (
        "training-other-loss",
        "cross entropy gives the same for a class and for all of its probability on it",
        STEP,
        (OUTPUT, f"loss = criterion(output, {ONE_HOT})", *STEP[2:]),
    ),
    "validation-image-by-image": (
        "validation-images",
        "each image goes through the model once, be it alone",
        LOOK,
        (NO_GRAD, "    output = torch.cat([model(x[None]) for x in data])", f"    {LOSS}"),
    ),
    "validation-softmax": (
        "training-probabilities",
        "the loss of validation is reported and nobody's result; the classes are the same",
        LOOK,
        (NO_GRAD, "    output = model(data).softmax(dim=1)", f"    {LOSS}"),
    ),
}


def bugs() -> list[Bug]:
    """Every variant of both steps, in main.py and in solver.py."""
    found = [
        Bug(f"training-{step}-{name}", family, frozenset({check}), changed(right, lines))
        for step, check, right, families in (
            ("step", "2.1", STEP, STEPS),
            ("validation", "2.2", LOOK, LOOKS),
        )
        for family, variants in families.items()
        for name, lines in variants.items()
    ]
    found += [
        Bug(f"training-{name}", family, frozenset(), changed(right, lines), equivalent=reason)
        for name, (family, reason, right, lines) in EQUIVALENT.items()
    ]
    return found + training_solver.bugs()


def changed(right: tuple[str, ...], lines: tuple[str, ...]) -> dict[str, str]:
    """main.py with other lines in place of the right ones."""
    edit: Edit = _block(right), _block(lines)
    return {PATH: edited(reference(PATH), [edit])}


def _block(lines: tuple[str, ...]) -> str:
    return textwrap.indent("\n".join(lines), " " * 8) + "\n        # END SOLUTION"
