"""Task 1.5, ReLU: `pytest -k relu`."""

from __future__ import annotations

import numpy as np

from tests import trial
from tests.quarters import odd_quarters

OTHER = odd_quarters(20, (3, 4))  # for a first call


def relu(part1):
    """Make a layer and its numbers; no entry is 0, where the slope would jump."""
    return trial.Trial(
        "ReLU",
        lambda: part1("modules").ReLU(),
        x=np.array([[[1.25, -0.25], [-3.75, 7.5]], [[0.25, 0.75], [-0.5, -1.0]]]),
        out=np.array([[[1.25, 0.0], [0.0, 7.5]], [[0.25, 0.75], [0.0, 0.0]]]),
    )


def test_forward(part1):
    """Task 1.5: ReLU.forward."""
    trial.check_forward(relu(part1))


def test_forward_twice(part1):
    """Task 1.5: a second ReLU.forward does not depend on the first."""
    trial.check_second_forward(relu(part1), OTHER)


def test_forward_changes_nothing(part1):
    """Task 1.5: ReLU.forward leaves x as it is."""
    trial.check_untouched_forward(relu(part1))


def test_backward(part1):
    """Task 1.5: ReLU.backward stores the slopes of your own forward."""
    trial.check_backward(relu(part1))


def test_backward_twice(part1):
    """Task 1.5: a second ReLU.backward starts afresh."""
    trial.check_second_backward(relu(part1), OTHER)


def test_backward_changes_nothing(part1):
    """Task 1.5: ReLU.backward leaves x and dout as they are."""
    trial.check_untouched_backward(relu(part1))
