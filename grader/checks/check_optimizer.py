"""Task 1.8: SGD with momentum, and the weight decay of the given base class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.hints.sgd import FAMILIES
from grader.checks.sentences import optimizer as sentences
from grader.errors import BadAnswer, NotStarted, WrongResult
from grader.marks import CORE, WIDE, Case, cases, diagnosed, exercises, handout, number, weight
from grader.numerics.inputs import odd_quarters
from grader.scope import StudentPart
from grader.tape import Expected

STEPS = 3
TWO_LAYERS = ((2, 3), (), (3, 4))


@dataclass(frozen=True)
class Descent(Case):
    """Weight shapes of the layers; () is a layer without parameters between others."""

    layers: tuple[tuple[int, ...], ...] = TWO_LAYERS
    momentum: float = 0.25
    reg: float = 0.0


DESCENTS = [
    Descent("one layer, three steps", CORE, layers=((2, 3),)),
    Descent("two layers with ReLU between, three steps", CORE),
    Descent("two layers of one shape", WIDE, layers=((3, 3), (), (3, 3))),
    Descent("no momentum", WIDE, momentum=0.0),
    Descent("weight decay", WIDE, reg=0.25),
]


@number("1.8")
@weight(0.75)
@cases(DESCENTS)
@diagnosed(FAMILIES)
@exercises("optimizer/sgd.py", "SGD.update")
@handout("1.8 SGD with momentum")
def test_sgd(part1: StudentPart, case: Descent, tape: Expected) -> None:
    """SGD.update: velocity, momentum and weight decay over three steps"""
    part1.require("optimizer/sgd.py")
    rng = tape.rng
    layers = [
        [odd_quarters(rng, shape), odd_quarters(rng, shape[-1:])] if shape else []
        for shape in case.layers
    ]
    gradients = [
        [[odd_quarters(rng, array.shape) for array in layer] for layer in layers]
        for _ in range(STEPS)
    ]
    settings = {"learning_rate": 0.125, "reg": case.reg, "momentum": case.momentum}
    starting = [array for layer in layers for array in layer]
    trace = steps(part1.drive("layers", "updates", layers, gradients, settings), len(starting))
    if unmoved(trace, starting):
        raise NotStarted("SGD.update")
    names = [
        f"{kind}_{index}"
        for index, layer in enumerate(layers)
        for kind in ("weight", "bias")[: len(layer)]
    ]
    wrong = [
        tape.differences(
            **{f"step{step}_{name}": value for name, value in zip(names, values, strict=True)}
        )
        for step, values in enumerate(trace, start=1)
    ]
    first = next((step for step, found in enumerate(wrong, start=1) if found), None)
    if first is not None:
        named = [kind_and_layer(name) for name in wrong[first - 1]]
        count = sum(bool(layer) for layer in layers)
        text = sentences.wrong_parameters(named, first, layers=count, decay=case.reg > 0)
        expected = {kind: sentences.MEANING[kind] for kind, _ in named}
        raise WrongResult(text, evidence=f"step {first}", expected=expected)


def steps(trace: Any, count: int) -> list[list[Any]]:
    """The values after each of the steps, `count` a step; raises BadAnswer for fewer or more."""
    complete = isinstance(trace, list) and len(trace) == STEPS
    if not complete or any(not isinstance(v, list) or len(v) != count for v in trace):
        raise BadAnswer(f"parameters after {STEPS} steps were asked for, and something else came")
    return list(trace)


def kind_and_layer(name: str) -> tuple[str, int]:
    """Kind and layer of a parameter, by the name under which it is taped: 'step1_weight_0'."""
    _, kind, layer = name.split("_")
    return kind, int(layer)


def unmoved(trace: list[list[Any]], starting: list[np.ndarray[Any, Any]]) -> bool:
    """Whether three updates left every parameter as it was."""
    return all(
        isinstance(value, np.ndarray) and np.array_equal(value, before)
        for values in trace
        for value, before in zip(values, starting)
    )
