"""Task 2.1: the training step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.facts import arrays, facts
from grader.checks.hints.training import FAMILIES
from grader.checks.probing import are_probabilities
from grader.checks.sentences import training as say
from grader.checks.steps import CLASSES, FUNCTIONS, SETTINGS, Array, draw, on_either
from grader.errors import WrongResult
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
from grader.scope import StudentPart
from grader.tape import Expected

TOLERANCE = 1e-4
NAMES = ("weight_1", "bias_1", "weight_2", "bias_2")


@dataclass(frozen=True)
class Steps(Case):
    """The sizes of the batches of one epoch, and how many epochs."""

    batches: tuple[int, ...] = (8, 8, 8)
    epochs: int = 1


STEPS = [
    Steps("one step", CORE, batches=(8,)),
    Steps("three steps", CORE),
    Steps("last batch smaller", WIDE, batches=(8, 8, 3)),
    Steps("two epochs", WIDE, batches=(6,), epochs=2),
]


@number("2.1")
@weight(1.25)
@limit(cpu_seconds=20)
@cases(STEPS)
@diagnosed(FAMILIES)
@exercises("main.py", "train", unless="solver.py")
@handout("Part 2: PyTorch")
def test_training_step(
    part2: StudentPart,
    case: Steps,
    tape: Expected,
    memo: dict[str, Any],
) -> None:
    """The training step: one update of the parameters for each batch"""
    data = draw(tape.rng, case.batches)
    arguments = [data.values, data.batches, case.epochs, SETTINGS]
    script, seen = on_either(part2, "train", arguments, memo)
    got = arrays(seen["parameters"], data.values)
    named: dict[str, Any] = dict(zip(NAMES, got))
    wrong = tape.differences(tolerance=TOLERANCE, **named)
    if wrong:
        steps = len(case.batches) * case.epochs
        cause = sign(seen, got, data.values, steps)
        raise WrongResult(say.wrong_parameters(cause), evidence=cause, expected=say.MEANING)
    if script == "solver":
        expect_pair(facts(seen, pair=str), case.batches[-1])


def expect_pair(seen: dict[str, Any], count: int) -> None:
    """Raises WrongResult unless a Solver's step returned (output, loss) of the last batch."""
    pair = (f"Tensor ({count}, {CLASSES})", "Tensor ()")
    if seen["pair"] not in {f"{kind} of {', '.join(pair)}" for kind in ("tuple", "list")}:
        text = say.no_pair(FUNCTIONS["solver", "train"], seen["pair"])
        raise WrongResult(text, code="no-pair", evidence=seen["pair"])


def sign(seen: dict[str, Any], got: list[Array], starting: list[Array], steps: int) -> str:
    """The likely mistake, by what was done to the network, the loss and the optimizer."""
    events: list[str] = seen["events"]
    made, graded = events.count("step"), events.count("backward")
    unchanged = all(np.array_equal(value, before) for value, before in zip(got, starting))
    early = made and graded and events.index("step") < events.index("backward")
    signs = {
        "not-finite": not all(np.isfinite(value).all() for value in got),
        "nothing-called": unchanged and not graded and not made,
        "no-backward": not graded,
        "no-step": not made,
        "step-first": early,
        "no-gradients": unchanged,
        "many-steps": made > steps,
        "few-steps": made < steps,
        "probabilities": are_probabilities(seen.get("criterion")),
        "not-cleared": steps > 1 and "zero_grad" not in events,
        "many-backwards": graded > steps,
        "few-backwards": graded < steps,
    }
    return next((name for name, holds in signs.items() if holds), "another-loss")
