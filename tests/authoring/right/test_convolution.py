"""Right solutions of Conv2D, against torch."""

import numpy as np
import pytest
from torch.nn import functional

from grader.authoring.right import (
    convolution_columns,
    convolution_loops,
    convolution_scalars,
    convolution_windows,
)

FILES = (convolution_loops, convolution_scalars, convolution_windows, convolution_columns)
SOLUTIONS = [solution for file in FILES for solution in file.solutions()]
# (n, c, f, h, w, k, s, p): each trait of the handout's rules, and all of them at once.
PLANNED = [
    (2, 3, 2, 5, 5, 3, 1, 1),
    (2, 2, 3, 5, 4, 3, 1, 0),
    (1, 1, 1, 4, 6, 1, 1, 0),
    (2, 1, 2, 7, 6, 2, 3, 0),  # gaps, and a remainder
    (1, 2, 2, 5, 7, 3, 2, 2),
    (2, 2, 1, 2, 3, 3, 2, 3),  # windows that lie in the border only
]
DRAWN = 4


@pytest.mark.parametrize("solution", SOLUTIONS, ids=lambda solution: solution.name)
def test_conv_agrees_with_torch(solution, student, backward_agrees):
    """Output and gradients are torch's in planned and in random shapes, call after call."""
    conv2d = student(solution)["Conv2D"]
    rng = np.random.default_rng(11)
    for n, c, f, h, w, k, s, p in [*PLANNED, *(draw(rng) for _ in range(DRAWN))]:
        layer = conv2d(c, f, kernel_size=k, stride=s, padding=p)
        backward_agrees(
            solution,
            layer,
            lambda x, weight, bias, s=s, p=p: functional.conv2d(x, weight, bias, s, p),
            (n, c, h, w),
            rng,
        )


def draw(rng):
    """A random shape in which at least one window fits."""
    n, c, f = (int(size) for size in rng.integers(1, 4, 3))
    k, s, p = (int(rng.integers(low, high)) for low, high in ((1, 5), (1, 4), (0, 4)))
    h, w = (int(size) for size in rng.integers(max(1, k - 2 * p), 7, 2))
    return n, c, f, h, w, k, s, p
