"""Task 1.7: ConvNet, over recording stand-ins so that a wrong layer costs nothing here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.facts import facts, texts
from grader.checks.hints.network import FAMILIES
from grader.errors import NotStarted, WrongResult
from grader.marks import CORE, WIDE, Case, cases, diagnosed, number, weight
from grader.numerics.compare import difference
from grader.numerics.inputs import Array, odd_quarters
from grader.scope import StudentPart
from grader.tape import Expected

CONV = {"type": "Conv2D", "in_channels": 2, "out_channels": 2, "kernel_size": 3}
CONV |= {"stride": 1, "padding": 1}
RELU = {"type": "ReLU"}
POOL = {"type": "MaxPooling", "kernel_size": 2, "stride": 2}
LINEAR = {"type": "Linear", "in_dim": 8, "out_dim": 4}
CRITERION = "the criterion"


@dataclass(frozen=True)
class Network(Case):
    """The layers as ConvNet gets them, and what is called: forward, backward, both twice."""

    layers: tuple[dict[str, Any], ...] = (CONV, RELU, POOL, LINEAR)
    backward: bool = False
    twice: bool = False


NETWORKS = [
    Network("forward", CORE),
    Network("backward", CORE, backward=True),
    Network("forward, one layer", WIDE, layers=(LINEAR,)),
    Network("backward, one layer", WIDE, layers=(LINEAR,), backward=True),
    Network(
        "backward, layers of one kind in a row",
        WIDE,
        layers=(CONV, CONV, RELU, RELU, LINEAR, LINEAR),
        backward=True,
    ),
    Network("a second pass", WIDE, backward=True, twice=True),
]


@dataclass(frozen=True)
class Arrays:
    """What the stand-ins give back: no two arrays of a network are alike."""

    x: Array
    y: np.ndarray[Any, Any]
    outputs: list[Array]
    gradients: list[Array]
    loss: float


def draw(case: Network, tape: Expected) -> Arrays:
    """Arrays for the stand-ins of one network, the criterion's last."""
    count = len(case.layers) + 1
    return Arrays(
        x=odd_quarters(tape.rng, (2, 2, 4, 4)),
        y=tape.rng.randint(0, 4, size=2).astype(np.int64),
        outputs=[odd_quarters(tape.rng, (2, 4), largest=63) for _ in range(count)],
        gradients=[odd_quarters(tape.rng, (2, 4), largest=63) for _ in range(count)],
        loss=float(odd_quarters(tape.rng, (1,))[0]),
    )


def label(case: Network, index: int) -> str:
    """How feedback calls layer `index`."""
    return f"layer {index + 1} ({case.layers[index]['type']})"


@number("1.7")
@weight(0.5)
@cases(NETWORKS)
@diagnosed(FAMILIES)
def test_network(part1: StudentPart, case: Network, tape: Expected) -> None:
    """ConvNet: forward runs the layers in order, backward in reverse"""
    part1.require("modules/conv_classifier.py")
    drawn = draw(case, tape)
    seen = part1.drive(
        "layers",
        "chain",
        [dict(layer) for layer in case.layers],
        drawn.outputs,
        drawn.gradients,
        drawn.loss,
        drawn.x,
        drawn.y,
        case.backward,
        case.twice,
    )
    seen = facts(seen, calls=list, received=dict)
    texts(seen["calls"])
    if seen.get("result") is None:
        raise NotStarted("ConvNet.forward")
    if case.twice:
        check_second_pass(case, seen["calls"])
    elif case.backward:
        check_backward(case, drawn, seen)
    else:
        check_forward(case, drawn, seen)


def check_forward(case: Network, drawn: Arrays, seen: dict[str, Any]) -> None:
    """Each layer got what the one before it gave, and the pair is the criterion's."""
    if not seen["calls"]:
        raise NotStarted("ConvNet.forward")
    fed = drawn.x
    for index in range(len(case.layers)):
        expect(seen, f"forward {index}", fed, f"{label(case, index)}'s forward")
        fed = drawn.outputs[index]
    expect(seen, "criterion", fed, f"{CRITERION}'s forward")
    expect(seen, "labels", drawn.y, f"{CRITERION}'s labels")
    result = seen["result"]
    if not isinstance(result, (tuple, list)) or len(result) != 2:
        count = f"{len(result)} values" if isinstance(result, (tuple, list)) else "one value"
        raise WrongResult(
            f"ConvNet.forward returns {count}; return the pair (probabilities, loss) that "
            "the criterion gives."
        )
    probabilities, loss = result
    if difference(probabilities, drawn.outputs[-1]) is not None:
        raise WrongResult(
            "The first value that ConvNet.forward returns is not the criterion's "
            "probabilities. Did you return the scores of the last layer?"
        )
    if difference(loss, np.asarray(drawn.loss), loose_shape=True) is not None:
        raise WrongResult(
            "The second value that ConvNet.forward returns is not the criterion's loss. "
            "The criterion's forward gives a pair: take it apart."
        )


def check_backward(case: Network, drawn: Arrays, seen: dict[str, Any]) -> None:
    """The gradient goes from the criterion through every layer, last to first."""
    if not any(call.startswith("backward") for call in seen["calls"]):
        raise NotStarted("ConvNet.backward")
    if "criterion backward" not in seen["calls"]:
        raise WrongResult("ConvNet.backward never calls the criterion's backward: begin there.")
    coming = drawn.gradients[-1]
    for index in reversed(range(len(case.layers))):
        expect(seen, f"backward {index}", coming, f"{label(case, index)}'s backward")
        coming = drawn.gradients[index]


def check_second_pass(case: Network, calls: list[str]) -> None:
    """The second forward and backward go through the same layers in the same order."""
    if not any(call.startswith("backward") for call in calls):
        raise NotStarted("ConvNet.backward" if calls else "ConvNet.forward")
    half = len(calls) // 2
    if calls[:half] != calls[half:]:
        raise WrongResult(
            f"A second forward and backward of the same network with {len(case.layers)} layers do "
            "not call the layers as the first ones did. Does a method change `self.modules`, such "
            "as by `reverse()`?"
        )


def expect(seen: dict[str, Any], call: str, array: np.ndarray[Any, Any], who: str) -> None:
    """Raises WrongResult when `call` was not made, or with another array."""
    received = seen["received"]
    if call not in received:
        raise WrongResult(f"{who[0].upper()}{who[1:]} is never called with an array.")
    if difference(received[call], array) is not None:
        source = "the next layer's dx" if call.startswith("backward") else "the previous output"
        raise WrongResult(
            f"{who[0].upper()}{who[1:]} gets another array than it should. Pass on {source}, "
            f"in the order of the list{feedback_hint(call)}."
        )


def feedback_hint(call: str) -> str:
    """What to add for calls that run against the list."""
    return ", from its end" if call.startswith("backward") else ""
