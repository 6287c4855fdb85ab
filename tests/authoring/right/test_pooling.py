"""Right solutions of MaxPooling, against torch."""

import numpy as np
import pytest
from torch.nn import functional

from grader.authoring.right import pooling_arrays, pooling_loops

SOLUTIONS = [*pooling_loops.solutions(), *pooling_arrays.solutions()]
# (n, c, h, w, k, s): tiles, overlap, gaps, a remainder, not square, one window only.
PLANNED = [
    (2, 3, 4, 6, 2, 2),
    (2, 2, 5, 7, 3, 2),
    (1, 2, 7, 5, 2, 3),
    (2, 1, 5, 5, 2, 2),
    (1, 1, 3, 4, 3, 1),
    (2, 2, 3, 3, 1, 1),
]
DRAWN = 4


@pytest.mark.parametrize("solution", SOLUTIONS, ids=lambda solution: solution.name)
def test_pool_agrees_with_torch(solution, student, backward_agrees):
    """Output and dx are torch's in planned and in random shapes, call after call."""
    max_pooling = student(solution)["MaxPooling"]
    rng = np.random.default_rng(12)
    for n, c, h, w, k, s in [*PLANNED, *(draw(rng) for _ in range(DRAWN))]:
        layer = max_pooling(kernel_size=k, stride=s)
        backward_agrees(
            solution, layer, lambda x, k=k, s=s: functional.max_pool2d(x, k, s), (n, c, h, w), rng
        )


def draw(rng):
    """A random shape in which at least one window fits."""
    n, c, k, s = (int(size) for size in rng.integers(1, 4, 4))
    h, w = (int(size) for size in rng.integers(k, 9, 2))
    return n, c, h, w, k, s
