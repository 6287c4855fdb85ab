"""Task 1.7: ConvNet, over recording stand-ins so that a wrong layer costs nothing here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.facts import facts, texts
from grader.checks.hints.network import FAMILIES
from grader.checks.sentences import network as sentences
from grader.errors import NotStarted, WrongResult
from grader.marks import CORE, WIDE, Case, cases, diagnosed, exercises, handout, number, weight
from grader.numerics.compare import difference
from grader.numerics.inputs import Array, odd_quarters
from grader.scope import StudentPart
from grader.tape import Expected

CONV = {"type": "Conv2D", "in_channels": 2, "out_channels": 2, "kernel_size": 3}
CONV |= {"stride": 1, "padding": 1}
RELU = {"type": "ReLU"}
POOL = {"type": "MaxPooling", "kernel_size": 2, "stride": 2}
LINEAR = {"type": "Linear", "in_dim": 8, "out_dim": 4}
FORWARD, BACKWARD = "ConvNet.forward", "ConvNet.backward"


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


@number("1.7")
@weight(0.5)
@cases(NETWORKS)
@diagnosed(FAMILIES)
@exercises("modules/conv_classifier.py", "ConvNet.forward")
@exercises("modules/conv_classifier.py", "ConvNet.backward", when=lambda case: case.backward)
@handout("1.7 ConvNet")
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
        raise NotStarted(FORWARD)
    if case.twice:
        check_second_pass(case, seen["calls"])
    elif case.backward:
        check_backward(case, drawn, seen)
    else:
        check_forward(case, drawn, seen)


def check_forward(case: Network, drawn: Arrays, seen: dict[str, Any]) -> None:
    """Each layer got what the one before it gave, and the pair is the criterion's."""
    if not seen["calls"]:
        raise NotStarted(FORWARD)
    fed = drawn.x
    for index, layer in enumerate(case.layers):
        what = sentences.layer_method(index, layer["type"], "forward")
        expect(seen, f"forward {index}", fed, what, FORWARD)
        fed = drawn.outputs[index]
    expect(seen, "criterion", fed, "The criterion's forward", FORWARD)
    if difference(seen["received"].get("labels"), drawn.y) is not None:
        raise wrong(sentences.other_labels(), FORWARD, "labels")
    result = seen["result"]
    if not isinstance(result, (tuple, list)) or len(result) != 2:
        count = len(result) if isinstance(result, (tuple, list)) else 1
        raise wrong(sentences.no_pair(count), FORWARD, f"{count} values")
    check_pair(result[0], result[1], drawn)


def check_pair(probabilities: Any, loss: Any, drawn: Arrays) -> None:
    """What forward returned is the criterion's pair; all that is wrong in it is told at once."""
    found: dict[str, str] = {}
    if difference(probabilities, drawn.outputs[-1]) is not None:
        found["probabilities"] = sentences.other_probabilities()
    if isinstance(loss, (tuple, list)):
        found["loss is a pair"] = sentences.pair_for_loss(type(loss).__name__)
    elif difference(loss, np.asarray(drawn.loss), loose_shape=True) is not None:
        found["loss"] = sentences.other_loss()
    if found:
        raise wrong(" ".join(found.values()), FORWARD, ", ".join(found))


def check_backward(case: Network, drawn: Arrays, seen: dict[str, Any]) -> None:
    """The gradient goes from the criterion through every layer, last to first."""
    if not any(call.startswith("backward") for call in seen["calls"]):
        raise NotStarted(BACKWARD)
    if "criterion backward" not in seen["calls"]:
        raise wrong(sentences.criterion_left_out(), BACKWARD, "criterion backward not called")
    coming = drawn.gradients[-1]
    for index in reversed(range(len(case.layers))):
        what = sentences.layer_method(index, case.layers[index]["type"], "backward")
        expect(seen, f"backward {index}", coming, what, BACKWARD)
        coming = drawn.gradients[index]


def check_second_pass(case: Network, calls: list[str]) -> None:
    """The second forward and backward go through the same layers in the same order."""
    if not any(call.startswith("backward") for call in calls):
        raise NotStarted(BACKWARD if calls else FORWARD)
    half = len(calls) // 2
    if calls[:half] != calls[half:]:
        raise WrongResult(sentences.other_second_pass(len(case.layers)), evidence="second pass")


def expect(
    seen: dict[str, Any], call: str, array: np.ndarray[Any, Any], what: str, method: str
) -> None:
    """Raises WrongResult when `call` was not made, or with another array."""
    received = seen["received"]
    if call not in received:
        raise wrong(sentences.never_called(what), method, f"{call} not called")
    if difference(received[call], array) is not None:
        raise wrong(sentences.wrong_input(what), method, f"{call} gets another array")


def wrong(text: str, method: str, evidence: str) -> WrongResult:
    """The error with what `method` should do, in words."""
    return WrongResult(text, evidence=evidence, expected={method: sentences.MEANING[method]})
