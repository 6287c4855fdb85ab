"""Task 2.7 and 2.8: the network of one's own, and its accuracy."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from grader.assignment import Leaderboard
from grader.checks.accuracy import Measured, measure, once, require_above
from grader.checks.facts import facts, names, shapes
from grader.checks.hints.models import FAMILIES
from grader.checks.loading import MY_MODEL
from grader.checks.probing import are_probabilities
from grader.checks.sentences import own_model as say
from grader.checks.sentences.models import no_tensor
from grader.errors import NotStarted, WrongResult
from grader.grading import Grading
from grader.marks import (
    CORE,
    WIDE,
    Case,
    advice,
    cases,
    diagnosed,
    exercises,
    handout,
    limit,
    number,
    weight,
)
from grader.scope import Report, StudentPart

SIDE = 32
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
@advice(say.SMALLER)
@limit(cpu_seconds=20)
@cases(USES)
@diagnosed(FAMILIES)
@exercises("models/my_model.py", "MyModel.__init__", "MyModel.forward")
@handout("Part 2: PyTorch")
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
            raise WrongResult(say.NO_PARAMETERS, code="no-parameters", evidence="none")
        return
    target = np.arange(case.images, dtype=np.int64)
    seen = part2.drive("models", "gradients", x, target)
    expect_logits(seen, case.images)
    expect_gradients(facts(seen, all=int, count=int, without=list, bad=list), report)


def remark_softmax(out: np.ndarray[Any, Any], report: Report) -> None:
    """A remark where the outputs are probabilities: such a network learns slowly."""
    if are_probabilities(out):
        report.remark(say.SOFTMAX)


def expect_logits(answer: Any, count: int) -> np.ndarray[Any, Any]:
    """The logits; raises NotStarted for None, WrongResult for what are none (count, 10)."""
    seen = facts(answer, type=str)
    out = seen.get("out")
    if seen["type"] == "NoneType":
        raise NotStarted("MyModel.forward")
    if not isinstance(out, np.ndarray):
        text = no_tensor(MY_MODEL.name, seen["type"])
        raise WrongResult(text, code="type", evidence=seen["type"], expected=say.MEANING)
    if out.shape != (count, 10):
        text = say.another_shape(count, out.shape)
        raise WrongResult(text, code="shape", evidence=str(out.shape), expected=say.MEANING)
    if not np.isfinite(out).all():
        raise WrongResult(say.NOT_FINITE, code="not-finite", evidence="logits")
    return out


def expect_gradients(seen: dict[str, Any], report: Report) -> None:
    """Raises WrongResult when nothing can be trained; remarks what is left out."""
    total, count = seen["all"], seen["count"]
    if not total or count >= total:
        raise WrongResult(say.NO_GRADIENT, code="no-gradient", evidence="all")
    if count:
        report.remark(say.unused(count, total, names(seen["without"])))
    if seen["bad"]:
        report.remark(say.gradients_not_finite(names(seen["bad"])))


@number("2.8")
@weight(2.0)
@advice(say.SMALLER)
@limit(cpu_seconds=240)
@cases(
    [
        Case("partial credit", CORE, Fraction(1, 2)),
        Case("full credit", CORE, Fraction(1, 2)),
    ]
)
@handout("Part 2: PyTorch")
def test_my_model_accuracy(
    part2: StudentPart,
    case: Case,
    grading: Grading,
    report: Report,
    memo: dict[str, Any],
) -> None:
    """checkpoints/mymodel.pth: its accuracy on the test images"""
    partial, full = map(grading.assignment.threshold, ("mymodel_partial", "mymodel_full"))

    def accuracy() -> Measured:
        found = measure(part2, MY_MODEL, grading, report, [partial, full])
        rank(found, full, grading.assignment.leaderboard, report)
        return found

    threshold = partial if case.name == "partial credit" else full
    require_above(once(memo, "accuracy", accuracy), threshold)


def rank(found: Measured, full: float, board: Leaderboard, report: Report) -> None:
    """What the assignment asks to be ranked.

    Parameters count only for a network that gets full credit: else the emptiest would win.
    """
    if board.accuracy:
        report.rank("Accuracy of MyModel (%)", round(100 * found.guaranteed, 2))
    if board.parameters and found.guaranteed > full:
        report.rank("Parameters of MyModel", report.facts["parameters"], "asc")
