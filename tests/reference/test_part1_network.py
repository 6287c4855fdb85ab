"""The loss and the whole network against torch's autograd."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

LAYERS = [
    {"type": "Conv2D", "in_channels": 2, "out_channels": 3, "kernel_size": 3, "padding": 1},
    {"type": "ReLU"},
    {"type": "MaxPooling", "kernel_size": 2, "stride": 2},
    {"type": "Conv2D", "in_channels": 3, "out_channels": 4, "kernel_size": 2, "stride": 1},
    {"type": "ReLU"},
    {"type": "Linear", "in_dim": 4 * 3 * 2, "out_dim": 5},
]
CRITERION = {"type": "SoftmaxCrossEntropy"}


@pytest.fixture
def net(part1):
    """Give a small network with parameters large enough for the gradients to tell."""
    rng = np.random.default_rng(3)
    net = part1.ConvNet(LAYERS, CRITERION)
    for layer in net.modules:
        if hasattr(layer, "weight"):
            layer.weight = rng.normal(size=layer.weight.shape) / 4
            layer.bias = rng.normal(size=layer.bias.shape) / 4
    return net


def expected(net, x, y):
    """Return probabilities, loss, x's gradient, and those of each weight and bias from torch."""
    layers = [layer for layer in net.modules if hasattr(layer, "weight")]
    parameters = [torch.tensor(a).requires_grad_() for m in layers for a in (m.weight, m.bias)]
    w1, b1, w2, b2, w3, b3 = parameters
    image, target = torch.tensor(x).requires_grad_(), torch.tensor(y)
    hidden = torch.nn.functional.conv2d(image, w1, b1, padding=1).relu()
    hidden = torch.nn.functional.max_pool2d(hidden, 2)
    hidden = torch.nn.functional.conv2d(hidden, w2, b2).relu()
    scores = hidden.flatten(1) @ w3 + b3
    loss = torch.nn.functional.cross_entropy(scores, target)
    grads = torch.autograd.grad(loss, [image, *parameters])
    return [t.detach().numpy() for t in (scores.softmax(1), loss, *grads)]


def test_equals_autograd(net):
    """Probabilities, loss and every gradient of the network equal autograd's, twice in a row."""
    rng = np.random.default_rng(4)
    for _ in range(2):
        x, y = rng.normal(size=(4, 2, 8, 6)), rng.integers(5, size=4)
        probs, loss = net.forward(x, y)
        assert net.backward() is None
        layers = [layer for layer in net.modules if hasattr(layer, "weight")]
        grads = [g for layer in layers for g in (layer.dw, layer.db)]
        ours = [probs, loss, net.modules[0].dx, *grads]
        for mine, theirs in zip(ours, expected(net, x, y), strict=True):
            assert_allclose(mine, theirs, rtol=1e-10, atol=1e-14)


def test_builds_what_the_dicts_say(part1):
    """Each dict becomes a layer of its type with its arguments, in order."""
    net = part1.ConvNet(LAYERS, CRITERION)
    assert [type(layer).__name__ for layer in net.modules] == [spec["type"] for spec in LAYERS]
    assert net.modules[2].stride == 2
    assert net.modules[3].weight.shape == (4, 3, 2, 2)
    assert type(net.criterion) is part1.SoftmaxCrossEntropy


def test_stand_ins_take_the_layers_places(part1, monkeypatch):
    """ConvNet finds its layers by name in its module when it is built."""

    class StandIn:
        def __init__(self, **arguments: int) -> None:
            self.arguments = arguments

    monkeypatch.setitem(part1.ConvNet.__init__.__globals__, "MaxPooling", StandIn)
    net = part1.ConvNet([{"type": "MaxPooling", "kernel_size": 3, "stride": 2}], CRITERION)
    assert net.modules[0].arguments == {"kernel_size": 3, "stride": 2}


def test_softmax_cross_entropy_equals_torch(part1):
    """Probabilities, mean loss and gradient equal torch's."""
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=(6, 4)), rng.integers(4, size=6)
    leaf = torch.tensor(x).requires_grad_()
    loss = torch.nn.functional.cross_entropy(leaf, torch.tensor(y))
    loss.backward()

    criterion = part1.SoftmaxCrossEntropy()
    ours = criterion.forward(x, y)
    criterion.backward()
    assert_allclose(ours[0], torch.softmax(leaf, 1).detach().numpy(), rtol=1e-12)
    assert_allclose(ours[1], loss.item(), rtol=1e-12)
    assert_allclose(criterion.dx, leaf.grad.numpy(), rtol=1e-12, atol=1e-15)


def test_huge_scores_do_not_overflow(part1):
    """Scores of a thousand and more give finite losses and gradients."""
    criterion = part1.SoftmaxCrossEntropy()
    x = np.array([[1000.0, 0.0, -1000.0], [-1000.0, -1000.0, -1000.0]])
    probs, loss = criterion.forward(x, np.array([2, 1]))
    criterion.backward()
    assert_allclose(probs, [[1, 0, 0], [1 / 3, 1 / 3, 1 / 3]])
    assert_allclose(loss, (2000 + np.log(3)) / 2)
    assert np.isfinite(criterion.dx).all()
