"""Task 3.1 and 3.2: class weights by the effective number of samples, and the focal loss."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader import feedback
from grader.assignment import Assignment
from grader.checks.facts import facts
from grader.checks.hints.losses import FAMILIES
from grader.errors import NotStarted, TapeError, WrongResult
from grader.marks import CORE, WIDE, Case, cases, diagnosed, limit, number, weight
from grader.numerics.compare import difference
from grader.numerics.inputs import stream
from grader.scope import Report, StudentPart
from grader.tape import Expected

# float32 rounds beta = 0.9999 so that 1 - beta is off by 2e-4; mistakes are off by per cents.
TOLERANCE = 1e-3
FARTHEST = 35.0  # logits further apart than twice this leave float32 in a plain softmax
FILE = "losses/focal_loss.py"
WEIGHTS = "reweight"
FOCAL = "focal_loss"

Array = np.ndarray[Any, Any]

VARIANTS = {
    "weighted_pt": "p_t is taken from the weighted cross entropy",
    "weighted_mean": "the sum is divided by the sum of the weights, not by the batch size",
    "sigmoid": "each class is taken for itself, with a sigmoid in place of the softmax",
}
MISTAKES = {
    "sum": "The loss is the sum over the batch: take the mean.",
    "mean_of_all": "The loss is divided by N times C: take the mean over the N samples only.",
    "outer": "Arrays of shape (N,) and (N, 1) meet somewhere, and broadcast to (N, N): compare "
    "the shapes of what you multiply.",
    "no_weight": "The weights of the classes have no effect.",
    "no_gamma": "The factor (1 - p_t)^gamma has no effect.",
    "negative": "The sign is wrong: the loss is -log(p_t) times its factors.",
    "power_of_n": "beta^n is `beta ** n`, not `n ** beta`.",
    "not_normalised": "The weights are not scaled: they should sum to the number of classes.",
    "sum_to_one": "The weights sum to 1; they should sum to the number of classes.",
    "effective_number": "These are proportional to the effective numbers themselves; the weights "
    "are proportional to 1 over them.",
    "inverse_count": "These are proportional to 1/n; the effective number is not n.",
}


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

SURE = "sure predictions"

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
    Focal(SURE, WIDE, scale=20.0),
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
def test_reweight(part3: StudentPart, case: Counts, tape: Expected) -> None:
    """reweight: class weights by the effective number of samples"""
    part3.require(FILE)
    got = part3.drive("losses", "reweight", list(case.counts), case.beta)
    if got is None:
        raise NotStarted("reweight")
    got = as_array(got)
    wrong = tape.differences(tolerance=TOLERANCE, loose_shape=("weights",), weights=got)
    if wrong:
        meaning = {"weights": "a weight for each class; they sum to the number of classes"}
        text = feedback.wrong_arrays(wrong, meaning)
        raise WrongResult(f"{text} {known_mistake(got, tape)}".strip())


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
def test_focal_loss(
    part3: StudentPart,
    case: Focal,
    tape: Expected,
    report: Report,
    assignment: Assignment,
) -> None:
    """FocalLoss: the mean of weight (1 - p_t)^gamma times cross entropy"""
    part3.require(FILE)
    batch = draw(tape.rng, case)
    answer = part3.drive(
        "losses", "focal", batch.weight, case.gamma, batch.logits, batch.target, case.gradient
    )
    seen = facts(answer)
    loss, gradient = seen.get("loss"), seen.get("gradient")
    if loss is None:
        raise NotStarted("FocalLoss.forward")
    got = {"gradient": gradient} if case.gradient else {"loss": loss}
    wrong = tape.differences(tolerance=TOLERANCE, loose_shape=("loss",), **got)
    if not wrong:
        return
    if isinstance(loss, np.ndarray) and loss.shape == (case.samples,) and not case.gradient:
        raise WrongResult(
            "FocalLoss returns a loss for each sample: return their mean, a single number.",
            code="not-reduced",
        )
    if case.gradient and gradient is None:
        raise WrongResult(
            "No gradient comes back to the logits: look for `.item()`, `.detach()`, `.data` or "
            "numpy between the logits and the loss.",
            code="no-gradient",
        )
    (value,) = got.values()
    variants = variant_of(value, tape)
    if variants:
        words = " and ".join(VARIANTS[variant] for variant in variants)
        ruling = assignment.table.get("focal_loss", {})
        if all(ruling.get(variant) == "accept" for variant in variants):
            report.remark(f"Another form of the focal loss, which is accepted: {words}.")
            return
        raise WrongResult(
            f"This is another form of the focal loss than the handout's: {words}.", code="variant"
        )
    meaning = {
        "loss": "the mean over the batch of weight * (1 - p_t)^gamma * cross entropy, a number",
        "gradient": "the gradient of the loss with respect to the logits",
    }
    advice = known_mistake(value, tape)
    if not advice and case.name == SURE:
        advice = (
            "These logits are far apart: `log(p + eps)` and clamps cut the loss off there, "
            "`log_softmax` and `cross_entropy` do not."
        )
    raise WrongResult(f"{feedback.wrong_arrays(wrong, meaning)} {advice}".strip())


def variant_of(value: Any, tape: Expected) -> list[str]:
    """The variants that together give exactly `value`; [] if no known combination does.

    Raises TapeError when the tape lacks them: an accepted variant must not fail for that.
    """
    combinations = [[variant] for variant in VARIANTS] + [["weighted_pt", "weighted_mean"]]
    for variants in combinations:
        expected = tape.value(f"variant_{'+'.join(variants)}")
        if same(value, expected):
            return variants
    return []


def known_mistake(value: Any, tape: Expected) -> str:
    """The sentence about the known mistake that gives exactly `value`, or ''."""
    for mistake, sentence in MISTAKES.items():
        with contextlib.suppress(TapeError):  # each of them belongs to one of the two functions
            if same(value, tape.value(f"mistake_{mistake}")):
                return sentence
    return ""


def same(value: Any, expected: Array) -> bool:
    """Whether `value` equals `expected`, but for axes of length 1."""
    return difference(value, expected, tolerance=TOLERANCE, loose_shape=True) is None
