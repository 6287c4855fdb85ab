"""Right solutions of Part 3, against the handout's formulas."""

import numpy as np
import pytest
import torch

from grader.authoring.right.losses import solutions

COUNTS = [500, 130, 40, 7, 2]
PT, MEAN = "losses-weighted-pt", "losses-weighted-mean"
BOTH = "losses-weighted-pt-mean"
named = pytest.mark.parametrize("solution", solutions(), ids=lambda solution: solution.name)


@named
@pytest.mark.parametrize("beta", [0.9, 0.9999])
def test_reweight_is_the_formula(solution, beta, student):
    """The weights are proportional to (1 - beta) / (1 - beta^n) and sum to the classes' number."""
    expected = np.array([(1 - beta) / (1 - beta**n) for n in COUNTS])
    expected *= len(COUNTS) / expected.sum()
    got = student(solution)["reweight"](list(COUNTS), beta)
    flat = [float(value) for value in (got if isinstance(got, list) else np.ravel(got))]
    np.testing.assert_allclose(flat, expected, rtol=5e-4)


@named
@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0])
@pytest.mark.parametrize("with_weights", [False, True])
def test_focal_loss_is_the_formula(solution, gamma, with_weights, student):
    """The loss is the mean of w (1 - p)^gamma (-log p), or the variant that it is named for."""
    rng = np.random.default_rng(20)
    logits, target = rng.standard_normal((7, 5)), rng.integers(0, 5, 7)
    weight = rng.uniform(0.5, 2.0, 5) if with_weights else np.ones(5)
    p = np.exp(logits[np.arange(7), target]) / np.exp(logits).sum(axis=1)
    w = weight[target]
    if solution.name in (PT, BOTH):
        samples = (1 - p**w) ** gamma * w * -np.log(p)
    else:
        samples = w * (1 - p) ** gamma * -np.log(p)
    expected = samples.sum() / (w.sum() if solution.name in (MEAN, BOTH) else 7)

    given = torch.tensor(weight, dtype=torch.float32) if with_weights else None
    loss = student(solution)["FocalLoss"](given, gamma)(
        torch.tensor(logits, dtype=torch.float32, requires_grad=True), torch.tensor(target)
    )
    assert loss.item() == pytest.approx(expected, rel=1e-5)
    loss.backward()
