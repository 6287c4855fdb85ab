"""What a network does, read off its outputs: what lies behind its last layer, and between."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.checks.layouts import Array, Layout

FAR = 20.0  # where sigmoid is flat, and ReLU, tanh and the identity are far apart
CLOSE = 0.01 * FAR
ROUNDING = 1e-4

# What the hidden units give for -FAR and FAR.
ACTIVATIONS = {
    (-FAR, FAR): "nothing at all",
    (0.0, FAR): "ReLU",
    (-1.0, 1.0): "tanh",
    (0.0, 1.0): "sigmoid",
}


def are_probabilities(rows: Any) -> bool:
    """Whether `rows` are those of a matrix, non-negative, and each sums to 1."""
    if not isinstance(rows, np.ndarray) or rows.ndim != 2 or not rows.size:
        return False
    return bool((rows >= 0).all() and np.allclose(rows.sum(axis=1), 1, atol=ROUNDING))


def at_the_end(out: Array) -> str:
    """What lies behind the last layer, if the finite outputs (N, C) give it away; else ''."""
    if are_probabilities(out):
        return "softmax"
    if (out <= 0).all() and are_probabilities(np.exp(out)):
        return "log-softmax"
    if ((out > 0) & (out < 1)).all():
        return "sigmoid"
    return "ReLU" if (out >= 0).all() else ""


def probe_of_activation(layout: Layout) -> list[Array]:
    """Parameters with which the outputs 0 and 1 are what hidden units give for -FAR and FAR.

    The first weights are 0, so that its biases alone reach the activation; the last
    layer passes one low unit to output 0 and one high unit to output 1.
    """
    values = [np.zeros(shape, np.float32) for shape in layout.shapes]
    values[1][0], values[1][1] = -FAR, FAR
    values[2][0, 0] = values[2][1, layout.spread] = 1.0
    return values


def activation(out: Array) -> str:
    """Which activation the outputs of that probe show; '' for an unknown one."""
    if out.ndim != 2 or out.shape[1] < 2:
        return ""
    low, high = float(out[0, 0]), float(out[0, 1])
    for (known_low, known_high), name in ACTIVATIONS.items():
        if abs(low - known_low) + abs(high - known_high) < CLOSE:
            return name
    return ""
