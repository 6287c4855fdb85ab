"""Task 1.7, ConvNet: `pytest -k network`. It runs over stand-ins, whatever your layers do."""

from __future__ import annotations

import numpy as np
import pytest

FORWARD = [
    "layer1.forward(x)",
    "layer2.forward(out of layer1)",
    "layer3.forward(out of layer2)",
    "criterion.forward(out of layer3, y)",
]
BACKWARD = [
    "criterion.backward()",
    "layer3.backward(dx of criterion)",
    "layer2.backward(dx of layer3)",
    "layer1.backward(dx of layer2)",
]


class StandIn:
    """Computes nothing, but notes its calls; its arrays hold the words for what they stand for."""

    def __init__(self, name, calls):
        self.name, self.calls = name, calls
        self.dx = None

    def forward(self, *arrays):
        """Give an output, or the criterion's pair."""
        self.note("forward", arrays)
        if self.name == "criterion":
            return np.array(["probs"]), 0.75
        return np.array([f"out of {self.name}"])

    def backward(self, *arrays):
        """Store a dx."""
        self.note("backward", arrays)
        self.dx = np.array([f"dx of {self.name}"])

    def note(self, method, arrays):
        """Write a call down."""
        words = ", ".join(str(np.ravel(array)[0]) for array in arrays)
        self.calls.append(f"{self.name}.{method}({words})")


def network(part1):
    """Make a ConvNet of three stand-ins and a criterion, and the list of their calls."""
    net, calls = part1("modules").ConvNet([], criterion={"type": "SoftmaxCrossEntropy"}), []
    net.modules = [StandIn(f"layer{number}", calls) for number in (1, 2, 3)]
    net.criterion = StandIn("criterion", calls)
    return net, calls


def forward(net, calls):
    """Return what the network returns."""
    result = net.forward(np.array(["x"]), np.array(["y"]))
    if result is None and not calls:
        pytest.skip("not started: ConvNet.forward makes no call and returns None")
    return result


def expect(calls, expected):
    """Fail unless the calls are the expected ones, in this order."""
    if calls != expected:
        lines = ["The calls should be", *expected, "and they are", *(calls or ["none"])]
        pytest.fail("\n    ".join(lines), pytrace=False)


def test_forward(part1):
    """Task 1.7: ConvNet.forward calls the layers in order, then the criterion."""
    net, calls = network(part1)
    forward(net, calls)
    expect(calls, FORWARD)


def test_forward_returns_the_pair(part1):
    """Task 1.7: ConvNet.forward returns the criterion's pair (probs, loss)."""
    result = forward(*network(part1))
    if not isinstance(result, (tuple, list)) or [np.ravel(v)[0] for v in result] != ["probs", 0.75]:
        pytest.fail(f"The pair should be ('probs', 0.75); {result} came.", pytrace=False)


def test_backward(part1):
    """Task 1.7: ConvNet.backward calls the criterion, then the layers, last one first."""
    net, calls = network(part1)
    forward(net, calls)
    for _ in range(2):  # the second one finds the network as it was
        calls.clear()
        net.backward()
        if not calls:
            pytest.skip("not started: ConvNet.backward makes no call")
        expect(calls, BACKWARD)
