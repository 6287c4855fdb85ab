"""Tasks 3.1 and 3.2, the losses: `pytest -k losses`."""

from __future__ import annotations

import numpy as np
import pytest

from tests.quarters import same

LOG2 = np.log(2)
# The probabilities of three classes for two samples, and the classes that are true.
PROBABILITIES = [[1 / 4, 1 / 4, 1 / 2], [1 / 4, 1 / 8, 5 / 8]]
TARGET = [2, 0]


def check_weights(torch, part2, counts, beta, expected, tolerance=1e-5):
    """Compare the weights of the classes, be they a list, an array or a tensor."""
    weights = part2("losses").reweight(counts, beta)
    if weights is None:
        pytest.skip("not started: reweight returns None")
    same("the weights", torch.as_tensor(weights).ravel().numpy(), expected, tolerance)


def focal(torch, part2, scores, target, weight=None, gamma=0.0):
    """Return the focal loss, for lists of scores, classes and weights."""
    weight = None if weight is None else torch.tensor(weight)
    criterion = part2("losses").FocalLoss(weight=weight, gamma=gamma)
    loss = criterion(torch.as_tensor(scores), torch.tensor(target))
    if loss is None:
        pytest.skip("not started: FocalLoss.forward returns None")
    return loss


def check_loss(loss, expected, tolerance=1e-5):
    """Compare a loss, which must be a single number."""
    same("the loss", loss.detach().numpy().squeeze(), expected, tolerance)


def scores(torch):
    """Scores whose softmax is PROBABILITIES: a shift of a whole row changes nothing."""
    return torch.tensor(PROBABILITIES).log() + torch.tensor([[3.0], [-1.0]])


def test_reweight(torch, part2):
    """Task 3.1: reweight, on numbers to check by hand.

    With beta = 1/2 one image counts 1, and two images count 1.5. The weights are in the ratio
    of 1 to 1/1.5, and they sum to 2.
    """
    check_weights(torch, part2, [1, 2], 0.5, expected=[1.2, 0.8])


def test_reweight_few_and_many(torch, part2):
    """Task 3.1: reweight, for a class of 5000 images, one of 500 and one of 50."""
    expected = [0.0341, 0.2752, 2.6907]
    check_weights(torch, part2, [5000, 500, 50], 0.9999, expected, tolerance=1e-3)


def test_focal_is_cross_entropy(torch, part2):
    """Task 3.2: FocalLoss without weights and with gamma 0 is the cross-entropy."""
    loss = focal(torch, part2, scores(torch), TARGET)
    check_loss(loss, expected=(LOG2 + 2 * LOG2) / 2)


def test_focal_gamma(torch, part2):
    """Task 3.2: FocalLoss with gamma 2, on numbers to check by hand.

    The probabilities of the true classes are 1/2 and 1/4, so the factors are 1/4 and 9/16.
    """
    loss = focal(torch, part2, scores(torch), TARGET, gamma=2.0)
    check_loss(loss, expected=(1 / 4 * LOG2 + 9 / 16 * 2 * LOG2) / 2)


def test_focal_weight(torch, part2):
    """Task 3.2: FocalLoss with weights, on numbers to check by hand.

    The weights of the true classes are 0.5 and 1.5.
    """
    loss = focal(torch, part2, scores(torch), TARGET, weight=[1.5, 4.0, 0.5])
    check_loss(loss, expected=(0.5 * LOG2 + 1.5 * 2 * LOG2) / 2)


def test_focal_of_a_bad_miss(torch, part2):
    """Task 3.2: FocalLoss is right where the true class has a probability of nearly 0."""
    loss = focal(torch, part2, [[0.0, 20.0]], [0], gamma=2.0)
    check_loss(loss, expected=20.0, tolerance=1e-3)


def test_focal_gradient(torch, part2):
    """Task 3.2: FocalLoss lets gradients through to the scores, also those of its factor.

    For two equal scores and gamma 2, both are (log 2 + 1/2) / 4, that of the true class below 0.
    """
    leaf = torch.zeros(1, 2, requires_grad=True)
    loss = focal(torch, part2, leaf, [0], gamma=2.0)
    if not loss.requires_grad:
        pytest.fail("No gradient: look for .item(), .detach() or numpy on the way.", pytrace=False)
    loss.backward()
    expected = np.array([[-1, 1]]) * (LOG2 + 1 / 2) / 4
    same("the gradient", leaf.grad.numpy(), expected, 1e-5)
