"""Re-weighting and the focal loss follow their papers."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

torch.set_num_threads(1)

WEIGHTS = [0.5, 2.0, 1.0, 0.25]


@pytest.fixture(scope="module")
def losses(load_part, reference_dir):
    """Give the package losses of Part 2."""
    return load_part(reference_dir / "part2-pytorch", "losses")["losses"]


@pytest.fixture
def batch():
    """Give logits (7, 4) and classes (7,): as many samples as classes would hide mistakes."""
    rng = torch.Generator().manual_seed(3)
    return torch.randn(7, 4, generator=rng), torch.randint(4, (7,), generator=rng)


def test_reweight_by_hand(losses):
    """For beta 1/2 and 1, 2, 3 images the weights are proportional to 1, 2/3 and 4/7."""
    raw = torch.tensor([1.0, 2 / 3, 4 / 7])
    weights = losses.reweight([1, 2, 3], beta=0.5)
    torch.testing.assert_close(weights, raw * 3 / raw.sum())


def test_reweight_of_imbalanced_cifar(losses):
    """With 5000 and 50 images and the default beta the smaller class weighs 78.9 times more."""
    weights = losses.reweight([5000, 50])
    assert weights.dtype == torch.float32
    assert weights.sum().item() == pytest.approx(2)
    ratio = (1 - 0.9999**5000) / (1 - 0.9999**50)
    assert (weights[1] / weights[0]).item() == pytest.approx(ratio, rel=1e-5)
    assert ratio == pytest.approx(78.9, abs=0.1)


def test_reweight_of_equal_classes(losses):
    """Classes of equal size weigh 1 each, and so do all classes for beta 0."""
    torch.testing.assert_close(losses.reweight([70] * 5), torch.ones(5))
    torch.testing.assert_close(losses.reweight([3, 70, 9], beta=0), torch.ones(3))


@pytest.mark.parametrize("kind", [list, tuple, np.array, torch.tensor])
def test_reweight_takes_any_sequence(losses, kind):
    """The counts may be a list, a tuple, an array or a tensor."""
    torch.testing.assert_close(losses.reweight(kind([9, 3])), losses.reweight([9, 3]))


def test_gamma_zero_is_cross_entropy(losses, batch):
    """Without weights, gamma 0 is the cross-entropy."""
    torch.testing.assert_close(losses.FocalLoss()(*batch), functional.cross_entropy(*batch))


@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0, 2.0])
def test_focal_loss_formula(losses, batch, gamma):
    """The loss is the mean of a_y (1 - p_t)^gamma (-log p_t), p_t from the plain softmax."""
    logits, target = batch
    terms = []
    for row, label in zip(logits.double(), target.tolist(), strict=True):
        p = (row[label].exp() / row.exp().sum()).item()
        terms.append(WEIGHTS[label] * (1 - p) ** gamma * -np.log(p))
    loss = losses.FocalLoss(torch.tensor(WEIGHTS), gamma)(logits, target)
    assert loss.shape == ()
    assert loss.item() == pytest.approx(np.mean(terms), rel=1e-5)


@pytest.mark.parametrize("kind", [list, tuple, np.array, torch.tensor])
def test_focal_loss_takes_any_weights(losses, batch, kind):
    """The weights may be a list, a tuple, an array or a tensor."""
    expected = losses.FocalLoss(torch.tensor(WEIGHTS), 1.0)(*batch)
    torch.testing.assert_close(losses.FocalLoss(kind(WEIGHTS), 1.0)(*batch), expected)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0])
def test_gradient_of_certain_samples(losses, gamma):
    """Where p_t rounds to 1 the gradient is finite for every gamma."""
    logits = torch.tensor([[200.0, 0.0], [0.0, 1.0]], requires_grad=True)
    losses.FocalLoss(None, gamma)(logits, torch.tensor([0, 0])).backward()
    assert logits.grad.isfinite().all()
    assert logits.grad[1].abs().min() > 0


def test_focal_loss_is_double_for_double(losses, batch):
    """Logits in float64 give a loss in float64, with weights as well."""
    logits, target = batch
    assert losses.FocalLoss(WEIGHTS, 2.0)(logits.double(), target).dtype == torch.float64


def test_focal_loss_has_nothing_to_train(losses):
    """The weights are neither a parameter nor part of a checkpoint."""
    loss = losses.FocalLoss(WEIGHTS, 2.0)
    assert not list(loss.parameters())
    assert not loss.state_dict()


def test_negative_gamma_is_refused(losses):
    """A negative gamma raises a ValueError that names it."""
    with pytest.raises(ValueError, match="gamma is -1"):
        losses.FocalLoss(gamma=-1)
