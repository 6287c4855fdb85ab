"""Task 3.1 and 3.2: class weights by the effective number of samples, and the focal loss."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader import feedback
from grader.assignment import Assignment
from grader.checks.facts import facts
from grader.checks.hints.losses import FAMILIES
from grader.checks.sentences import losses as say
from grader.errors import NotStarted, WrongResult
from grader.marks import (
    CORE,
    WIDE,
    Case,
    cases,
    diagnosed,
    exercises,
    handout,
    limit,
    number,
    weight,
)
from grader.numerics.compare import Difference, difference
from grader.numerics.inputs import stream
from grader.scope import Report, StudentPart
from grader.tape import Expected

# float32 rounds beta = 0.9999 so that 1 - beta is off by 2e-4; mistakes are off by per cents.
TOLERANCE = 1e-3
FARTHEST = 35.0  # logits further apart than twice this leave float32 in a plain softmax
FILE = "losses/focal_loss.py"
FOCAL = "focal_loss"
SURE_SCALE = 20.0

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Counts(Case):
    """Images of each class, and beta."""

    counts: tuple[int, ...] = ()
    beta: float = 0.9999


@dataclass(frozen=True)
class Focal(Case):
    """N logits of C classes; `equal` class weights; `scale` of the logits."""

    gamma: float = 2.0
    samples: int = 7
    classes: int = 10
    equal: bool = False
    scale: float = 2.0
    gradient: bool = False


IMBALANCED = (5000, 2997, 1796, 1077, 645, 387, 232, 139, 83, 50)

REWEIGHTS = [
    Counts("ten classes, beta 0.9999", CORE, counts=IMBALANCED),
    Counts("ten classes, beta 0.99", WIDE, counts=IMBALANCED, beta=0.99),
    Counts("four classes", WIDE, counts=(120, 45, 45, 7), beta=0.999),
]
FOCALS = [
    Focal("weights, gamma 2", CORE),
    Focal("equal weights, gamma 1", CORE, gamma=1.0, equal=True),
    Focal("weights, gamma 0", WIDE, gamma=0.0),
    Focal("five classes, gamma 0.5", WIDE, gamma=0.5, samples=4, classes=5),
    Focal("sure predictions", WIDE, scale=SURE_SCALE),
    Focal("its gradient", WIDE, gradient=True),
]


@dataclass(frozen=True)
class Batch:
    """What a focal loss is computed from: weights (C,), logits (N, C), classes (N,)."""

    weight: Array
    logits: Array
    target: Array


def draw(rng: np.random.RandomState, case: Focal) -> Batch:
    """The inputs of one case; also used where the known variants are recorded."""
    shape = (case.samples, case.classes)
    weights = np.ones(case.classes) if case.equal else rng.uniform(0.2, 3.0, case.classes)
    return Batch(
        weights.astype(np.float32),
        np.clip(case.scale * rng.standard_normal(shape), -FARTHEST, FARTHEST).astype(np.float32),
        rng.randint(0, case.classes, case.samples).astype(np.int64),
    )


def batch_of(seed: int, case: Focal) -> tuple[str, Batch]:
    """The name of a case on the tape, and its inputs."""
    name = f"{FOCAL}[{case.name}]"
    return name, draw(stream(seed, name), case)


@number("3.1")
@weight(1.0)
@limit(cpu_seconds=10)
@cases(REWEIGHTS)
@diagnosed(FAMILIES)
@exercises(FILE, "reweight")
@handout("Part 3: imbalanced data")
def test_reweight(part3: StudentPart, case: Counts, tape: Expected) -> None:
    """reweight: class weights by the effective number of samples"""
    part3.require(FILE)
    got = part3.drive("losses", "reweight", list(case.counts), case.beta)
    if got is None:
        raise NotStarted("reweight")
    got = as_array(got)
    wrong = tape.differences(tolerance=TOLERANCE, loose_shape=("weights",), weights=got)
    if wrong:
        raise feedback.wrong_result(wrong, say.MEANING)


def as_array(value: Any) -> Any:
    """A list of numbers, or of arrays of one entry each, as one array; else the value itself."""
    if not isinstance(value, (list, tuple)):
        return value
    entries = [float(np.reshape(item, ())) for item in value if is_number(item)]
    return np.array(entries) if len(entries) == len(value) else value


def is_number(value: Any) -> bool:
    """Whether the value is one number, be it in an array."""
    return isinstance(value, (int, float)) or (isinstance(value, np.ndarray) and value.size == 1)


@number("3.2")
@weight(1.0)
@limit(cpu_seconds=10)
@cases(FOCALS)
@diagnosed(FAMILIES)
@exercises(FILE, "FocalLoss.forward")
@handout("Part 3: imbalanced data")
def test_focal_loss(
    part3: StudentPart,
    case: Focal,
    tape: Expected,
    report: Report,
    assignment: Assignment,
    memo: dict[str, Any],
) -> None:
    """FocalLoss: the mean of weight (1 - p_t)^gamma times cross entropy"""
    part3.require(FILE)
    batch = draw(tape.rng, case)
    answer = part3.drive(
        "losses", "focal", batch.weight, case.gamma, batch.logits, batch.target, case.gradient
    )
    seen = facts(answer)
    if seen.get("loss") is None:
        raise NotStarted("FocalLoss.forward")
    name = "gradient" if case.gradient else "loss"
    got: dict[str, Any] = {name: seen.get(name)}
    compare = functools.partial(tape.differences, tolerance=TOLERANCE, loose_shape=("loss",), **got)
    variants = variants_of(got[name], tape) if compare(aside=True) else []
    ruling = assignment.table.get("focal_loss", {})
    if variants and all(ruling.get(variant) == "accept" for variant in variants):
        report.remark(say.accepted(variants))  # what is accepted is no sign of a mistake
        return
    if wrong := compare():
        earlier = memo.get("wrong", False)
        memo["wrong"] = True
        raise explained(wrong, got[name], variants, case, alone=not earlier)


def explained(
    wrong: dict[str, Difference], value: Any, variants: list[str], case: Focal, *, alone: bool
) -> WrongResult:
    """What to say about a wrong loss or gradient; `alone`: no case before was wrong."""
    expected = {name: say.MEANING[name] for name in wrong}
    if isinstance(value, np.ndarray) and value.shape == (case.samples,) and not case.gradient:
        return WrongResult(
            say.NOT_REDUCED, code="not-reduced", evidence="samples", expected=expected
        )
    if case.gradient and value is None:
        return WrongResult(
            say.NO_GRADIENT, code="no-gradient", evidence="logits", expected=expected
        )
    if variants:
        return WrongResult(say.refused(variants), code="variant", evidence="+".join(variants))
    cut_off = case.scale == SURE_SCALE and alone
    return feedback.wrong_result(wrong, say.MEANING, say.CUT_OFF if cut_off else "")


def variants_of(value: Any, tape: Expected) -> list[str]:
    """The variants that together give exactly `value`; [] if no known combination does.

    Raises TapeError when the tape lacks them: an accepted variant must not fail for that.
    """
    combinations = [[variant] for variant in say.VARIANTS] + [["weighted_pt", "weighted_mean"]]
    for variants in combinations:
        expected = tape.value(f"variant_{'+'.join(variants)}")
        if same(value, expected):
            return variants
    return []


def same(value: Any, expected: Array) -> bool:
    """Whether `value` equals `expected`, but for axes of length 1."""
    return difference(value, expected, tolerance=TOLERANCE, loose_shape=True) is None
