"""Task 1.5 and 1.6: ReLU and Linear."""

from __future__ import annotations

from dataclasses import dataclass, replace

import grader.checks.hints.linear as linear_hints
import grader.checks.hints.relu as relu_hints
from grader.checks.habits import check_layer
from grader.checks.layers import SECOND_CALL, UNTOUCHED, LayerCase, Trial
from grader.marks import CORE, WIDE, cases, diagnosed, exercises, handout, number, weight
from grader.numerics.inputs import distinct_odd_quarters, odd_quarters
from grader.sandbox.proxies import call_reference
from grader.scope import StudentPart
from grader.tape import Expected


@dataclass(frozen=True)
class Layer(LayerCase):
    """x has shape `shape`; a Linear layer has `out` outputs."""

    shape: tuple[int, ...] = (2, 3, 4, 5)
    out: int = 4
    backward: bool = False

    def another(self) -> Layer:
        """One sample less."""
        return replace(self, shape=(self.shape[0] - 1, *self.shape[1:]))


RELUS = [
    Layer("forward", CORE),
    Layer("backward", CORE, backward=True),
    Layer("forward, two axes", WIDE, shape=(3, 7)),
    Layer("backward, two axes", WIDE, shape=(3, 7), backward=True),
    Layer("second call of one layer", WIDE, purpose=SECOND_CALL),
    Layer("second call of backward", WIDE, purpose=SECOND_CALL, backward=True),
    Layer("arguments left untouched", WIDE, purpose=UNTOUCHED),
    Layer("arguments left untouched by backward", WIDE, purpose=UNTOUCHED, backward=True),
]
LINEARS = [
    Layer("forward", CORE, shape=(3, 6)),
    Layer("backward", CORE, shape=(3, 6), backward=True),
    Layer("forward, input with more axes", CORE, shape=(3, 2, 3, 2)),
    Layer("backward, input with more axes", CORE, shape=(3, 2, 3, 2), backward=True),
    Layer("forward, one sample", WIDE, shape=(1, 2, 3)),
    Layer("backward, one sample", WIDE, shape=(1, 2, 3), backward=True),
    Layer("second call of one layer", WIDE, shape=(3, 2, 3), purpose=SECOND_CALL),
    Layer("second call of backward", WIDE, shape=(3, 2, 3), purpose=SECOND_CALL, backward=True),
    Layer("arguments left untouched", WIDE, shape=(3, 2, 3), purpose=UNTOUCHED),
    Layer(
        "arguments left untouched by backward",
        WIDE,
        shape=(3, 2, 3),
        purpose=UNTOUCHED,
        backward=True,
    ),
]


def relu(part1: StudentPart, case: Layer, tape: Expected) -> Trial:
    """No entry of x is near the kink at 0, where every subgradient would be right."""
    module = part1.load("modules.relu")
    return Trial(
        "ReLU",
        lambda: call_reference(module, "ReLU"),
        x=odd_quarters(tape.rng, case.shape, largest=31),
        dout=odd_quarters(tape.rng, case.shape),
    )


def linear(part1: StudentPart, case: Layer, tape: Expected) -> Trial:
    """X (N, d1, ..., dn) is flattened to (N, D); the weight is (D, out)."""
    module = part1.load("modules.linear")
    rng = tape.rng
    size = 1
    for axis in case.shape[1:]:
        size *= axis
    return Trial(
        "Linear",
        lambda: call_reference(module, "Linear", size, case.out),
        x=odd_quarters(rng, case.shape, largest=31),
        dout=odd_quarters(rng, (case.shape[0], case.out)),
        parameters={
            "weight": odd_quarters(rng, (size, case.out)),
            "bias": distinct_odd_quarters(rng, case.out),
        },
        gradients={"dw": "weight", "db": "bias"},
    )


@number("1.5")
@weight(0.5)
@cases(RELUS)
@diagnosed(relu_hints.FAMILIES)
@exercises("modules/relu.py", "ReLU.forward")
@exercises("modules/relu.py", "ReLU.backward", when=lambda case: case.backward)
@handout("1.5 ReLU")
def test_relu(part1: StudentPart, case: Layer, tape: Expected) -> None:
    """ReLU: forward and backward"""
    check_layer(
        lambda entry: relu(part1, entry, tape),
        case,
        tape,
        lambda: part1.worker,
        backward=case.backward,
    )


@number("1.6")
@weight(0.5)
@cases(LINEARS)
@diagnosed(linear_hints.FAMILIES)
@exercises("modules/linear.py", "Linear.forward")
@exercises("modules/linear.py", "Linear.backward", when=lambda case: case.backward)
@handout("1.6 Linear")
def test_linear(part1: StudentPart, case: Layer, tape: Expected) -> None:
    """Linear: forward and backward"""
    check_layer(
        lambda entry: linear(part1, entry, tape),
        case,
        tape,
        lambda: part1.worker,
        backward=case.backward,
    )
