"""Right solutions of ReLU, against torch."""

import numpy as np
import pytest
import torch

from grader.authoring.right.relu import solutions


@pytest.mark.parametrize("solution", solutions(), ids=lambda solution: solution.name)
@pytest.mark.parametrize("shape", [(3,), (4, 5), (2, 3, 4, 5)], ids=str)
def test_relu_agrees_with_torch(solution, shape, student, backward_agrees):
    """Output and dx are torch's for any number of axes, call after call."""
    rng = np.random.default_rng(13)
    backward_agrees(solution, student(solution)["ReLU"](), torch.relu, shape, rng)
