"""Task 1.6, Linear: `pytest -k linear`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from tests import trial
from tests.quarters import odd_quarters


@dataclass(frozen=True)
class Example:
    """A layer over an input of a shape, and 16 times its output, a line for each sample."""

    shape: tuple[int, ...]
    out_dim: int
    sixteenths: str

    def __str__(self):
        """Name the test."""
        return f"input {self.shape}"

    def trial(self, part1):
        """Make the layer and its numbers."""
        in_dim = int(np.prod(self.shape[1:]))
        lines = [line.split() for line in self.sixteenths.strip().splitlines()]
        return trial.Trial(
            "Linear",
            lambda: part1("modules").Linear(in_dim, self.out_dim),
            x=odd_quarters(10, self.shape),
            out=np.array(lines, float) / 16,
            parameters={
                "weight": odd_quarters(11, (in_dim, self.out_dim)),
                "bias": odd_quarters(18, self.out_dim),
            },
        )


EXAMPLES = [
    Example(
        shape=(3, 4),
        out_dim=2,
        sixteenths="""
             120  228
             178 -278
             180  200
        """,
    ),
    Example(
        shape=(2, 2, 3, 2),
        out_dim=3,
        sixteenths="""
            -574 -350 -236
             -84 -400  654
        """,
    ),
    Example(
        shape=(1, 2, 3),
        out_dim=4,
        sixteenths="""
             458  118 -320  262
        """,
    ),
]
examples = pytest.mark.parametrize("example", EXAMPLES, ids=str)
OTHER = odd_quarters(20, (3, 2, 3, 2))  # for a first call, before that of EXAMPLES[1]


def test_forward_by_hand(part1):
    """Task 1.6: Linear.forward, on numbers to check by hand."""
    small = trial.Trial(
        "Linear",
        lambda: part1("modules").Linear(in_dim=2, out_dim=3),
        x=np.array([[2.0, 4.0]]),
        out=np.array([[4.25, 4.0, 2.5]]),
        parameters={
            "weight": np.array([[1.0, 2.0, 3.0], [0.5, 0.0, -1.0]]),
            "bias": np.array([0.25, 0.0, 0.5]),
        },
    )
    trial.check_forward(small)


@examples
def test_forward(part1, example):
    """Task 1.6: Linear.forward."""
    trial.check_forward(example.trial(part1))


def test_forward_twice(part1):
    """Task 1.6: a second Linear.forward does not depend on the first."""
    trial.check_second_forward(EXAMPLES[1].trial(part1), OTHER)


def test_forward_changes_nothing(part1):
    """Task 1.6: Linear.forward leaves x, weight and bias as they are."""
    trial.check_untouched_forward(EXAMPLES[1].trial(part1))


@examples
def test_backward(part1, example):
    """Task 1.6: Linear.backward stores the slopes of your own forward."""
    trial.check_backward(example.trial(part1))


def test_backward_twice(part1):
    """Task 1.6: a second Linear.backward starts afresh."""
    trial.check_second_backward(EXAMPLES[1].trial(part1), OTHER)


def test_backward_changes_nothing(part1):
    """Task 1.6: Linear.backward leaves x, dout, weight and bias as they are."""
    trial.check_untouched_backward(EXAMPLES[1].trial(part1))
