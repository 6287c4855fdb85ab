"""SGD against torch.optim.SGD."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose


@pytest.fixture
def model():
    """Give two layers with parameters, and one without between them."""
    rng = np.random.default_rng(6)

    def layer(*shape: int) -> SimpleNamespace:
        return SimpleNamespace(weight=rng.normal(size=shape), bias=rng.normal(size=shape[-1]))

    return SimpleNamespace(modules=[layer(4, 3), SimpleNamespace(), layer(3, 2)])


@pytest.mark.parametrize("momentum", [0.0, 0.5])
@pytest.mark.parametrize("reg", [0.0, 0.25])
def test_equals_torch_over_three_steps(part1, model, reg, momentum):
    """Weights (with decay) and biases (without) follow torch's step by step."""
    layers = [m for m in model.modules if hasattr(m, "weight")]
    weights = [torch.tensor(m.weight).requires_grad_() for m in layers]
    biases = [torch.tensor(m.bias).requires_grad_() for m in layers]
    groups = [{"params": weights, "weight_decay": reg}, {"params": biases}]
    theirs = torch.optim.SGD(groups, lr=0.125, momentum=momentum)
    ours = part1.SGD(model, learning_rate=0.125, reg=reg, momentum=momentum)

    rng = np.random.default_rng(8)
    for _ in range(3):
        for layer, weight, bias in zip(layers, weights, biases, strict=True):
            layer.dw, layer.db = rng.normal(size=weight.shape), rng.normal(size=bias.shape)
            weight.grad, bias.grad = torch.tensor(layer.dw), torch.tensor(layer.db)
        ours.update(model)
        theirs.step()
        for layer, weight, bias in zip(layers, weights, biases, strict=True):
            assert_allclose(layer.weight, weight.detach().numpy(), rtol=1e-12)
            assert_allclose(layer.bias, bias.detach().numpy(), rtol=1e-12)


def test_regularization_spares_the_bias(part1, model):
    """apply_regularization adds reg * weight to dw, and leaves db and the caller's arrays alone."""
    layer = model.modules[0]
    layer.dw, layer.db = np.ones((4, 3)), np.ones(3)
    model.modules[2].dw = np.zeros((3, 2))
    given = layer.dw
    part1._BaseOptimizer(model, reg=0.5).apply_regularization(model)
    assert_allclose(layer.dw, 1 + 0.5 * layer.weight)
    assert_allclose(layer.db, 1)
    assert_allclose(given, 1)


def test_defaults(part1, model):
    """The defaults are a learning rate of 1e-4, reg 1e-3 and momentum 0.9."""
    optimizer = part1.SGD(model)
    assert (optimizer.learning_rate, optimizer.reg, optimizer.momentum) == (1e-4, 1e-3, 0.9)
    assert optimizer.grad_tracker == {i: {"dw": 0, "db": 0} for i in range(3)}
