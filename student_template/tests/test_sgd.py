"""Task 1.8, SGD: `pytest -k sgd`. The learning rate is 1/2, and all numbers are easy ones."""

from __future__ import annotations

import numpy as np
import pytest

from tests.quarters import same

# A number for each parameter, the same in all its entries, and one for its gradient in each step.
NAMES = ("weight of layer 1", "bias of layer 1", "weight of layer 3", "bias of layer 3")
START = (1, 2, -1, 0.5)
GRADIENTS = [(1, -2, 4, -1), (2, 1, -4, 3), (-1, 2, 2, 1)]


def check_steps(part1, expected, momentum=0.0, reg=0.0):
    """Compare all parameters after each step with those in `expected`."""
    layers = [
        {"type": "Linear", "in_dim": 3, "out_dim": 3},
        {"type": "ReLU"},
        {"type": "Linear", "in_dim": 3, "out_dim": 3},
    ]
    model = part1("modules").ConvNet(layers, criterion={"type": "SoftmaxCrossEntropy"})
    places = [(model.modules[i], name) for i in (0, 2) for name in ("weight", "bias")]
    for (layer, name), value in zip(places, START):
        setattr(layer, name, np.full(getattr(layer, name).shape, float(value)))

    optimizer = part1("optimizer").SGD(model, learning_rate=0.5, reg=reg, momentum=momentum)
    came = []
    for gradients in GRADIENTS:
        for (layer, name), value in zip(places, gradients):
            setattr(layer, f"d{name[0]}", np.full(getattr(layer, name).shape, float(value)))
        optimizer.update(model)
        came.append([np.array(getattr(layer, name)) for layer, name in places])
    if all((array == value).all() for arrays in came for array, value in zip(arrays, START)):
        pytest.skip("not started: SGD.update moves nothing")
    for step, (arrays, values) in enumerate(zip(came, expected), start=1):
        for name, array, value in zip(NAMES, arrays, values):
            same(f"{name} after step {step}", array, np.full(array.shape, float(value)))


def test_plain_steps(part1):
    """Task 1.8: SGD.update without momentum goes half a gradient down.

    The first weight goes from 1 to 1 - 1/2 = 0.5, then to 0.5 - 2/2 = -0.5.
    """
    check_steps(part1, expected=[(0.5, 3, -3, 1), (-0.5, 2.5, -1, -0.5)])


def test_momentum(part1):
    """Task 1.8: SGD.update keeps a velocity for each weight and bias, with momentum 1/2.

    That of the first weight is -1/2, then -1/4 - 2/2 = -1.25, then -0.625 + 1/2 = -0.125.
    """
    check_steps(
        part1,
        expected=[(0.5, 3, -3, 1), (-0.75, 3, -2, -0.25), (-0.875, 2, -2.5, -1.375)],
        momentum=0.5,
    )


def test_weight_decay(part1):
    """Task 1.8: SGD.update adds reg * weight to each dw, once, and nothing to db.

    With reg = 1/2 the first weight goes from 1 to 1 - (1 + 1/2)/2 = 0.25.
    """
    expected = [(0.25, 3, -2.75, 1), (-1.1875, 3, -0.9375, -0.25)]
    check_steps(part1, expected, momentum=0.5, reg=0.5)
