"""Numpy objects that Part 1's checks need beside the student's code in a worker.

Recording stand-ins take the place of the layers when ConvNet is checked, so that a
wrong layer costs nothing there: each gives back an array that the grader chose and keeps
what it was given. A bare model of parameters and gradients feeds the optimizer.
"""

from __future__ import annotations

import sys
import types
from typing import Any

import numpy as np

_FILES = {
    "Conv2D": "convolution",
    "MaxPooling": "max_pool",
    "ReLU": "relu",
    "Linear": "linear",
    "SoftmaxCrossEntropy": "softmax_ce",
}

MOST_CALLS = 100_000
"""Calls that are kept: a loop that never ends must run out of time, not out of our memory."""


class Chain:
    """What one network over stand-ins gives and receives.

    `outputs[i]` is what layer i's forward gives, `gradients[i]` the dx its backward sets;
    the last of each belong to the criterion (probabilities, and its dx). `received` keeps
    the first array that came with each call, `calls` their order (of the first 100 000).
    """

    def __init__(
        self,
        outputs: list[np.ndarray[Any, Any]],
        gradients: list[np.ndarray[Any, Any]],
        loss: float,
    ) -> None:
        self.outputs, self.gradients, self.loss = outputs, gradients, loss
        self.built = 0
        self.calls: list[str] = []
        self.received: dict[str, np.ndarray[Any, Any]] = {}

    def note(self, call: str, value: Any) -> None:
        """Keep what came with `call`."""
        if len(self.calls) < MOST_CALLS:
            self.calls.append(call)
        if isinstance(value, np.ndarray):
            self.received.setdefault(call, value.copy())


class StandIn:
    """A layer that computes nothing: it takes part in the chain that is being built."""

    chain: Chain
    dx: np.ndarray[Any, Any]

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        del arguments, keywords
        self.index = self.chain.built
        self.chain.built += 1
        self.weight, self.bias = np.zeros((1, 1)), np.zeros(1)
        self.dw, self.db = np.zeros((1, 1)), np.zeros(1)

    def forward(self, x: Any) -> np.ndarray[Any, Any]:
        """Note x, give this layer's output."""
        self.chain.note(f"forward {self.index}", x)
        return np.copy(self.chain.outputs[self.index])

    def backward(self, dout: Any) -> None:
        """Note dout, set this layer's dx."""
        self.chain.note(f"backward {self.index}", dout)
        self.dx = self.chain.gradients[self.index].copy()


class CriterionStandIn:
    """The loss at the end of the chain."""

    chain: Chain

    def forward(self, x: Any, y: Any) -> tuple[np.ndarray[Any, Any], float]:
        """Note scores and labels, give the chain's probabilities and loss."""
        self.chain.note("criterion", x)
        self.chain.note("labels", y)
        return self.chain.outputs[-1].copy(), self.chain.loss

    def backward(self) -> None:
        """Set the dx that the last layer must get."""
        self.chain.note("criterion backward", None)
        self.dx = self.chain.gradients[-1].copy()


def _replace_layers(bases: dict[str, type]) -> None:
    """Put stand-ins derived from `bases` where the student's code imports its layers from."""
    for name, file in _FILES.items():
        module = types.ModuleType(f"modules.{file}")
        setattr(module, name, type(name, (bases[name],), {"__module__": module.__name__}))
        sys.modules[module.__name__] = module


def chain(
    student: Any,
    specification: list[dict[str, Any]],
    outputs: list[np.ndarray[Any, Any]],
    gradients: list[np.ndarray[Any, Any]],
    loss: float,
    x: np.ndarray[Any, Any],
    y: np.ndarray[Any, Any],
    backward: bool,
    twice: bool,
) -> dict[str, Any]:
    """Run ConvNet over stand-ins, `twice` over or once.

    Gives `result` (what forward returned; with `backward`, only whether it did: a message
    holds few arrays), `calls` (the order of the stand-ins' calls) and `received` (the array
    that each call got).
    """
    made = StandIn.chain = CriterionStandIn.chain = Chain(outputs, gradients, loss)
    if "modules.conv_classifier" not in sys.modules:
        _replace_layers({**dict.fromkeys(_FILES, StandIn), "SoftmaxCrossEntropy": CriterionStandIn})
    module = student.load("modules.conv_classifier")
    net = module.ConvNet(specification, dict(type="SoftmaxCrossEntropy"))
    for _ in range(1 + twice):
        result = net.forward(x, y)
        if backward:
            net.backward()
            result = None if result is None else True
        elif isinstance(result, tuple):
            result = tuple(result)  # a named one is as good
    return {"result": result, "calls": made.calls, "received": made.received}


class Parameters:
    """A layer as an optimizer sees it: weight, bias and their gradients."""

    def __init__(self, weight: np.ndarray[Any, Any], bias: np.ndarray[Any, Any]) -> None:
        self.weight, self.bias = weight, bias
        self.in_dim, self.out_dim = weight.shape
        self.dw, self.db = np.zeros_like(weight), np.zeros_like(bias)


class Weightless:
    """A layer without parameters, such as ReLU."""

    dx: np.ndarray[Any, Any] | None = None


def updates(
    student: Any,
    layers: list[list[np.ndarray[Any, Any]]],
    gradients: list[list[list[np.ndarray[Any, Any]]]],
    settings: dict[str, float],
) -> list[list[np.ndarray[Any, Any]]]:
    """Step the student's SGD; an empty entry of `layers` is a layer without parameters.

    The others are instances of what `modules.linear.Linear` is here, those of
    `modules.relu.ReLU`: some optimizers ask for the class, not for the attributes.
    `gradients[step][layer]` is [dw, db]. Gives, for each step, weight and bias of every
    layer that has them.
    """
    if "optimizer.sgd" not in sys.modules:
        bases: dict[str, type] = dict.fromkeys(_FILES, Weightless)
        _replace_layers({**bases, "Conv2D": Parameters, "Linear": Parameters})
    linear, relu = sys.modules["modules.linear"].Linear, sys.modules["modules.relu"].ReLU
    modules = [linear(*entry) if entry else relu() for entry in layers]
    model = types.SimpleNamespace(modules=modules, criterion=Weightless())
    optimizer = student.load("optimizer.sgd").SGD(model, **settings)
    trace = []
    for step in gradients:
        for module, entry in zip(modules, step):
            if isinstance(module, Parameters):
                module.dw, module.db = (array.copy() for array in entry)
        optimizer.update(model)
        trace.append(
            [
                np.array(value)
                for module in modules
                if isinstance(module, Parameters)
                for value in (module.weight, module.bias)
            ]
        )
    return trace
