"""Tasks 1.1 and 1.2, Conv2D: `pytest -k conv`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from tests import trial
from tests.quarters import odd_quarters, planes


@dataclass(frozen=True)
class Example:
    """A layer over images (N, C, H, W), and its output.

    `sixteenths` is 16 times the output (N, F, H', W'): a line for each sample and filter.
    """

    images: tuple[int, int, int, int]
    filters: int
    kernel: int
    stride: int
    padding: int
    sixteenths: str

    def __str__(self):
        """Name the test."""
        return f"kernel {self.kernel}, stride {self.stride}, padding {self.padding}"

    def trial(self, part1):
        """Make the layer and its numbers."""
        out = planes(self.sixteenths, samples=self.images[0]) / 16
        return self.with_images(part1, self.images, self.filters, out)

    def larger(self, part1):
        """Make a layer with this kernel, stride and padding for larger images."""
        return self.with_images(part1, (2, 3, 7, 6), filters=4)

    def with_images(self, part1, images, filters, out=None):
        """Make a layer for these images, with odd quarters everywhere."""
        channels, k = images[1], self.kernel
        return trial.Trial(
            "Conv2D",
            lambda: part1("modules").Conv2D(channels, filters, k, self.stride, self.padding),
            x=odd_quarters(10, images),
            out=out,
            parameters={
                "weight": odd_quarters(11, (filters, channels, k, k)),
                "bias": odd_quarters(18, filters),
            },
        )


EXAMPLES = [
    Example(
        images=(2, 3, 3, 3),
        filters=2,
        kernel=3,
        stride=1,
        padding=1,
        sixteenths="""
            1042 -164 -190 / -836 1231  -96 /  820 -514 -648
            -336 -150  480 / -556  123 -360 /  -72    0  490
             486 -956  312 / -286  281  162 /  196 -170  574
            -188  542  194 /  546  -91 -622 /  336  220  252
        """,
    ),
    Example(
        images=(1, 2, 3, 4),
        filters=1,
        kernel=5,
        stride=1,
        padding=2,
        sixteenths="""
              22 -288 -394  102 / -492 -118  -10  628 /  804 -564  292 -122
        """,
    ),
    Example(
        images=(2, 1, 5, 3),
        filters=2,
        kernel=3,
        stride=1,
        padding=0,
        sixteenths="""
             731 / -193 /  281
              33 /  681 / -525
            -361 /  489 / -101
             269 / -113 /  365
        """,
    ),
    Example(
        images=(1, 2, 4, 6),
        filters=2,
        kernel=3,
        stride=2,
        padding=1,
        sixteenths="""
            -392  -44 -240 /  108  180   48
            -288 -212  -60 / -194 -232 -424
        """,
    ),
    Example(
        images=(1, 2, 2, 3),
        filters=2,
        kernel=1,
        stride=1,
        padding=0,
        sixteenths="""
             134  188   44 /  230 -250  146
             -32 -138   90 / -184   84  236
        """,
    ),
    Example(
        images=(1, 1, 5, 6),
        filters=2,
        kernel=2,
        stride=3,
        padding=0,
        sixteenths="""
             152 -430 / -198 -198
              72 -230 /  182  170
        """,
    ),
]
examples = pytest.mark.parametrize("example", EXAMPLES, ids=str)
OTHER = odd_quarters(20, (1, 3, 4, 5))  # images for a first call, before those of EXAMPLES[0]


def test_forward_by_hand(part1):
    """Task 1.1: Conv2D.forward, on numbers to check by hand.

    The kernel starts at the upper left: 1*1 + 2*2 + 3*0 + 4*1 + bias = 9.5.
    """
    small = trial.Trial(
        "Conv2D",
        lambda: part1("modules").Conv2D(in_channels=1, out_channels=1, kernel_size=2),
        x=planes("1 2 0 / 0 1 3 / 2 0 1", samples=1),
        out=planes("9.5 17.5 / 8.5 11.5", samples=1),
        parameters={"weight": planes("1 2 / 3 4", samples=1), "bias": np.array([0.5])},
    )
    trial.check_forward(small)


@examples
def test_forward(part1, example):
    """Task 1.1: Conv2D.forward."""
    trial.check_forward(example.trial(part1))


def test_forward_twice(part1):
    """Task 1.1: a second Conv2D.forward does not depend on the first."""
    trial.check_second_forward(EXAMPLES[0].trial(part1), OTHER)


def test_forward_changes_nothing(part1):
    """Task 1.1: Conv2D.forward leaves x, weight and bias as they are."""
    trial.check_untouched_forward(EXAMPLES[0].trial(part1))


def need_forwards(part1):
    """Skip where forward is wrong on an example."""
    for example in EXAMPLES:
        trial.need_forward(example.trial(part1))


@examples
def test_backward(part1, example):
    """Task 1.2: Conv2D.backward fits your own forward."""
    trial.check_backward(example.trial(part1))


@examples
def test_backward_of_larger_images(part1, example):
    """Task 1.2: Conv2D.backward fits your own forward on larger images."""
    need_forwards(part1)
    trial.check_directions(example.larger(part1))


def test_backward_twice(part1):
    """Task 1.2: a second Conv2D.backward starts afresh."""
    need_forwards(part1)
    trial.check_second_backward(EXAMPLES[0].trial(part1), OTHER)


def test_backward_changes_nothing(part1):
    """Task 1.2: Conv2D.backward leaves x, dout, weight and bias as they are."""
    trial.check_untouched_backward(EXAMPLES[0].trial(part1))
