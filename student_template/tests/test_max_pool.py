"""Tasks 1.3 and 1.4, MaxPooling: `pytest -k pool`."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests import trial
from tests.quarters import planes, shuffled


@dataclass(frozen=True)
class Example:
    """A layer over images (N, C, H, W), and its output: a line for each sample and channel."""

    images: tuple[int, int, int, int]
    kernel: int
    stride: int
    maxima: str

    def __str__(self):
        """Name the test."""
        return f"kernel {self.kernel}, stride {self.stride}"

    def trial(self, part1):
        """Make the layer and its numbers."""
        out = planes(self.maxima, samples=self.images[0])
        return self.with_images(part1, self.images, out)

    def larger(self, part1):
        """Make a layer with this kernel and stride for larger images."""
        return self.with_images(part1, (2, 3, 9, 8))

    def with_images(self, part1, images, out=None):
        """Make a layer for these images."""
        return trial.Trial(
            "MaxPooling",
            lambda: part1("modules").MaxPooling(self.kernel, self.stride),
            x=shuffled(15, images),
            out=out,
        )


EXAMPLES = [
    Example(
        images=(2, 2, 4, 4),
        kernel=2,
        stride=2,
        maxima="""
            -13.5  -8.5 /  -9.5 -15.5
              6.5   7.5 /   0.5   1.5
              6.5   4.5 /   5.5   7.5
              3.5   7.5 /   4.5   6.5
        """,
    ),
    Example(
        images=(1, 2, 5, 7),
        kernel=3,
        stride=2,
        maxima="""
            -19.5 -17.5 -18.5 / -19.5 -20.5 -20.5
             16.5  17.5  12.5 /  16.5  11.5   6.5
        """,
    ),
    Example(
        images=(1, 2, 6, 9),
        kernel=2,
        stride=3,
        maxima="""
            -33.5 -28.5 -29.5 / -30.5 -48.5 -36.5
             20.5  21.5  22.5 /  -0.5  25.5  15.5
        """,
    ),
    Example(
        images=(2, 1, 7, 4),
        kernel=3,
        stride=3,
        maxima="""
            -14.5 / -19.5
             11.5 /  13.5
        """,
    ),
    Example(
        images=(1, 2, 3, 4),
        kernel=2,
        stride=1,
        maxima="""
             -6.5 -11.5 -13.5 /  -7.5  -7.5  -9.5
              2.5   3.5   5.5 /   2.5   1.5   5.5
        """,
    ),
]
examples = pytest.mark.parametrize("example", EXAMPLES, ids=str)
OTHER = shuffled(20, (1, 2, 6, 5))  # images for a first call, before those of EXAMPLES[0]


def test_forward_by_hand(part1):
    """Task 1.3: MaxPooling.forward, on numbers to check by hand."""
    small = trial.Trial(
        "MaxPooling",
        lambda: part1("modules").MaxPooling(kernel_size=2, stride=2),
        x=planes("1 5 -2 -8 / 3 4 -6 -7 / 0 2 9 8 / 2 1 6 7", samples=1),
        out=planes("5 -2 / 2 9", samples=1),
    )
    trial.check_forward(small)


@examples
def test_forward(part1, example):
    """Task 1.3: MaxPooling.forward."""
    trial.check_forward(example.trial(part1))


def test_forward_twice(part1):
    """Task 1.3: a second MaxPooling.forward does not depend on the first."""
    trial.check_second_forward(EXAMPLES[0].trial(part1), OTHER)


def test_forward_changes_nothing(part1):
    """Task 1.3: MaxPooling.forward leaves x as it is."""
    trial.check_untouched_forward(EXAMPLES[0].trial(part1))


def need_forwards(part1):
    """Skip where forward is wrong on an example."""
    for example in EXAMPLES:
        trial.need_forward(example.trial(part1))


@examples
def test_backward(part1, example):
    """Task 1.4: MaxPooling.backward fits your own forward."""
    trial.check_backward(example.trial(part1))


@examples
def test_backward_of_larger_images(part1, example):
    """Task 1.4: MaxPooling.backward fits your own forward on larger images."""
    need_forwards(part1)
    trial.check_directions(example.larger(part1))


def test_backward_twice(part1):
    """Task 1.4: a second MaxPooling.backward starts afresh."""
    need_forwards(part1)
    trial.check_second_backward(EXAMPLES[0].trial(part1), OTHER)


def test_backward_changes_nothing(part1):
    """Task 1.4: MaxPooling.backward leaves x and dout as they are."""
    trial.check_untouched_backward(EXAMPLES[0].trial(part1))
