"""What is read off a network's outputs."""

import numpy as np
import pytest

from grader.checks.layouts import VANILLA_CNN, two_layers
from grader.checks.probing import (
    FAR,
    activation,
    are_probabilities,
    at_the_end,
    probe_of_activation,
)

LOGITS = np.random.default_rng(3).standard_normal((4, 10))
EXPONENTIALS = np.exp(LOGITS)
SOFTMAX = EXPONENTIALS / EXPONENTIALS.sum(axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("out", "expected"),
    [
        (LOGITS, ""),
        (SOFTMAX, "softmax"),
        (np.log(SOFTMAX), "log-softmax"),
        (1 / (1 + np.exp(-LOGITS)), "sigmoid"),
        (np.maximum(LOGITS, 0), "ReLU"),
        (-np.abs(LOGITS), ""),
    ],
)
def test_what_lies_behind_the_last_layer_is_told_by_the_outputs(out, expected):
    """Plain logits give nothing away."""
    assert at_the_end(out) == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (SOFTMAX, True),
        (SOFTMAX * 1.01, False),
        (np.array([[2.0, -1.0]]), False),
        (SOFTMAX[0], False),
        (np.zeros((0, 10)), False),
        ([[1.0]], False),
    ],
)
def test_probabilities_are_a_matrix_whose_rows_sum_to_one(rows, expected):
    """Vectors, empty arrays, lists and negative entries are none."""
    assert are_probabilities(rows) is expected


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda x: x, "nothing at all"),
        (lambda x: np.maximum(x, 0), "ReLU"),
        (np.tanh, "tanh"),
        (lambda x: 1 / (1 + np.exp(-x)), "sigmoid"),
        (np.square, ""),
        (lambda x: x * np.nan, ""),
    ],
)
@pytest.mark.parametrize("layout", [two_layers(48, 7, 5), VANILLA_CNN], ids=lambda it: it.name)
def test_the_activation_is_told_by_two_hidden_units(layout, function, expected):
    """A network of this layout, run with the probe's parameters, gives its activation away."""
    weight, bias, last, last_bias = probe_of_activation(layout)
    assert not weight.any()
    hidden = np.repeat(function(bias), layout.spread)  # one plane of pixels for each filter
    out = (last @ hidden + last_bias)[None]
    assert activation(out) == expected


@pytest.mark.parametrize("out", [np.zeros(10), np.full((3, 1), FAR)])
def test_outputs_of_another_shape_tell_no_activation(out):
    """Vectors and single columns are no rows of logits."""
    assert activation(out) == ""
