"""Right solutions of Linear, against torch."""

import numpy as np
import pytest

from grader.authoring.right.linear import solutions


@pytest.mark.parametrize("solution", solutions(), ids=lambda solution: solution.name)
@pytest.mark.parametrize("shape", [(4, 6), (1, 5), (3, 2, 4), (2, 3, 4, 5)], ids=str)
def test_linear_agrees_with_torch(solution, shape, student, backward_agrees):
    """Output and gradients are torch's however many axes the input has, call after call."""
    layer = student(solution)["Linear"](int(np.prod(shape[1:])), 3)
    backward_agrees(
        solution,
        layer,
        lambda x, weight, bias: x.flatten(1) @ weight + bias,
        shape,
        np.random.default_rng(14),
    )
