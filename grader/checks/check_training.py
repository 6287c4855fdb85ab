"""Task 2.1: the training step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.facts import arrays, facts
from grader.checks.hints.training import FAMILIES
from grader.checks.steps import CLASSES, FUNCTIONS, SETTINGS, Array, draw, on_either
from grader.errors import WrongResult
from grader.feedback import code
from grader.marks import CORE, WIDE, Case, cases, diagnosed, limit, number, weight
from grader.scope import StudentPart
from grader.tape import Expected

TOLERANCE = 1e-4
NAMES = ("weight_1", "bias_1", "weight_2", "bias_2")
UNCHANGED = "They are unchanged: "
NO_GRADIENTS = (
    "at `optimizer.step()` there are no gradients. The order is zero_grad, backward, step."
)
PROBABILITIES = (
    "The criterion gets probabilities. Cross entropy includes the softmax: give it the logits "
    "as they come from the model."
)
ACCUMULATED = (
    "Are the gradients cleared? They add up from one backward to the next: "
    "`optimizer.zero_grad()` once for each batch."
)
OTHER_LOSS = "Is the loss the criterion's, of the output and the target of this batch?"


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
        raise WrongResult(describe(seen, got, data.values, steps))
    if script == "solver":
        expect_pair(facts(seen, pair=str), case.batches[-1])


def expect_pair(seen: dict[str, Any], count: int) -> None:
    """Raises WrongResult unless a Solver's step returned (output, loss) of the last batch."""
    pair = (f"Tensor ({count}, {CLASSES})", "Tensor ()")
    if seen["pair"] not in {f"{kind} of {', '.join(pair)}" for kind in ("tuple", "list")}:
        raise WrongResult(
            f"{code(FUNCTIONS['solver', 'train'])} makes the step and returns "
            f"{code(seen['pair'])}: return the pair (output, loss), which the given loop needs.",
            code="no-pair",
        )


def describe(seen: dict[str, Any], got: list[Array], starting: list[Array], steps: int) -> str:
    """What is wrong with the parameters, and the likely mistake by what was seen."""
    text = (
        f"After {steps} step{'s' if steps > 1 else ''} the parameters are not what they should be."
    )
    return f"{text} {diagnose(seen, got, starting, steps)}"


def diagnose(seen: dict[str, Any], got: list[Array], starting: list[Array], steps: int) -> str:
    """The likely mistake, from what was done to the network, the loss and the optimizer."""
    events: list[str] = seen["events"]
    made, graded = events.count("step"), events.count("backward")
    unchanged = all(np.array_equal(value, before) for value, before in zip(got, starting))
    early = made and graded and events.index("step") < events.index("backward")
    mistakes = {
        "They are NaN or infinite.": not all(np.isfinite(value).all() for value in got),
        UNCHANGED + "neither `loss.backward()` nor `optimizer.step()` is called.": (
            unchanged and not graded and not made
        ),
        "No gradients: call `loss.backward()` before `optimizer.step()`.": not graded,
        UNCHANGED + "`optimizer.step()` is never called.": not made,
        "`optimizer.step()` comes before `loss.backward()`: first the gradients.": early,
        UNCHANGED + NO_GRADIENTS: unchanged,
        f"`optimizer.step()` is called {made} times for {steps} batches: once for each.": (
            made != steps
        ),
        PROBABILITIES: looks_like_probabilities(seen.get("criterion")),
        ACCUMULATED: steps > 1 and "zero_grad" not in events,
        f"`loss.backward()` runs {graded} times for {steps} batches.": graded != steps,
    }
    return next((text for text, holds in mistakes.items() if holds), OTHER_LOSS)


def looks_like_probabilities(rows: Any) -> bool:
    """Whether the rows are non-negative and sum to 1."""
    if not isinstance(rows, np.ndarray) or rows.ndim != 2 or not rows.size:
        return False
    return bool((rows >= 0).all() and np.allclose(rows.sum(axis=1), 1, atol=1e-4))
