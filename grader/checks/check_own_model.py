"""Task 2.7 and 2.8: the network of one's own, and its accuracy."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from grader.checks.accuracy import MY_MODEL, measure, once, require_above
from grader.checks.facts import facts, names, shapes
from grader.checks.hints.models import FAMILIES
from grader.errors import NotStarted, WrongResult
from grader.feedback import code
from grader.grading import Grading
from grader.marks import CORE, WIDE, Case, advice, cases, diagnosed, limit, number, weight
from grader.scope import Report, StudentPart

SIDE = 32
SMALLER = (
    "Fewer or narrower convolutions save time and memory, above all in the first layers, where "
    "images are largest: pool or stride early."
)
SHAPE = "shape"
GRADIENTS = "gradients"


@dataclass(frozen=True)
class Use(Case):
    """What is looked at, with how many images."""

    purpose: str = SHAPE
    images: int = 4


USES = [
    Use("images to logits", CORE),
    Use("gradients reach its parameters", CORE, purpose=GRADIENTS),
    Use("a single image in evaluation mode", WIDE, images=1),
]


@number("2.7")
@weight(0.5)
@advice(SMALLER)
@limit(cpu_seconds=20)
@cases(USES)
@diagnosed(FAMILIES)
def test_my_model(part2: StudentPart, case: Use, report: Report) -> None:
    """MyModel: images (N, 3, 32, 32) to logits (N, 10), trainable"""
    part2.require("models/my_model.py")
    rng = np.random.default_rng(27)
    x = rng.standard_normal((case.images, 3, SIDE, SIDE)).astype(np.float32)
    named = shapes(part2.drive("models", "parameters", *MY_MODEL.recipe, x))
    if case.purpose == SHAPE:
        out = expect_logits(part2.drive("models", "logits", [], [], x), case.images)
        remark_softmax(out, report)
        if not named:
            raise WrongResult(
                "MyModel has no parameters: nothing in it can learn. Are its layers attributes "
                "of `self` (or in an nn.ModuleList), set after `super().__init__()`?",
                code="no-parameters",
            )
        return
    target = np.arange(case.images, dtype=np.int64)
    seen = part2.drive("models", "gradients", x, target)
    expect_logits(seen, case.images)
    expect_gradients(facts(seen, all=int, count=int, without=list, bad=list), report)


def remark_softmax(out: np.ndarray[Any, Any], report: Report) -> None:
    """A remark where the outputs are probabilities: such a network learns slowly."""
    if (out >= 0).all() and np.allclose(out.sum(axis=1), 1, atol=1e-4):
        report.remark(
            "Each row of MyModel's outputs sums to 1: a softmax at the end? The cross-entropy "
            "loss includes it, and with two of them a network learns slowly."
        )


def expect_logits(answer: Any, count: int) -> np.ndarray[Any, Any]:
    """The logits; raises NotStarted for None, WrongResult for what are none (count, 10)."""
    seen = facts(answer, type=str)
    out = seen.get("out")
    if seen["type"] == "NoneType":
        raise NotStarted("MyModel.forward")
    if not isinstance(out, np.ndarray):
        raise WrongResult(
            f"MyModel.forward returns a {code(seen['type'])}: return one tensor, the logits.",
            code="type",
        )
    if out.shape != (count, 10):
        raise WrongResult(
            f"For {count} images (3, 32, 32), MyModel gives the shape {code(str(out.shape))}; "
            f"expected ({count}, 10), a row of logits for each image.",
            code="shape",
        )
    if not np.isfinite(out).all():
        raise WrongResult(
            "The logits of the freshly made MyModel are not finite: look for a division, a "
            "logarithm or a square root in forward.",
            code="not-finite",
        )
    return out


def expect_gradients(seen: dict[str, Any], report: Report) -> None:
    """Raises WrongResult when nothing can be trained; remarks what is left out."""
    total, count = seen["all"], seen["count"]
    if not total or count >= total:
        raise WrongResult(
            "No parameter of MyModel gets a gradient from loss.backward(): look for `detach`, "
            "`.data`, `torch.no_grad` or a conversion to numpy in forward.",
            code="no-gradient",
        )
    if count:
        report.remark(
            f"{count} of {total} parameters of MyModel get no gradient, so they never learn: "
            f"{names(seen['without'])}. Unused layers can go."
        )
    if seen["bad"]:
        report.remark(f"The gradients of {names(seen['bad'])} are not finite for random images.")


@number("2.8")
@weight(2.0)
@advice(SMALLER)
@limit(cpu_seconds=240)
@cases(
    [
        Case("partial credit", CORE, Fraction(1, 2)),
        Case("full credit", CORE, Fraction(1, 2)),
    ]
)
def test_my_model_accuracy(
    part2: StudentPart,
    case: Case,
    grading: Grading,
    report: Report,
    memo: dict[str, Any],
) -> None:
    """checkpoints/mymodel.pth: its accuracy on the test images"""

    def accuracy() -> float:
        value = measure(part2, MY_MODEL, grading, report)
        report.rank("Accuracy of MyModel (%)", round(100 * value, 2))
        return value

    threshold = "mymodel_partial" if case.name == "partial credit" else "mymodel_full"
    require_above(once(memo, "accuracy", accuracy), grading.assignment.threshold(threshold))
