"""Right solutions of SGD, against torch's optimizer."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from grader.authoring.right.sgd import solutions

RATE, DECAY, MOMENTUM = 0.1, 0.3, 0.9
STEPS = 4


@pytest.mark.parametrize("solution", solutions(), ids=lambda solution: solution.name)
@pytest.mark.parametrize("momentum", [0.0, MOMENTUM])
def test_sgd_agrees_with_torch(solution, momentum, student, close):
    """Weights and biases of two layers move as with torch's momentum and weight decay."""
    sgd = student(solution)["SGD"]
    import modules

    rng = np.random.default_rng(16)
    first, second = modules.Linear(3, 2), modules.Conv2D(2, 3, kernel_size=2)
    model = SimpleNamespace(modules=[first, modules.ReLU(), second])
    layers = [first, second]
    mine = [[torch.tensor(value.copy()) for value in (m.weight, m.bias)] for m in layers]
    groups = [
        {"params": [weight for weight, _ in mine], "weight_decay": DECAY},
        {"params": [bias for _, bias in mine]},
    ]
    expected = torch.optim.SGD(groups, lr=RATE, momentum=momentum)
    optimizer = sgd(model, learning_rate=RATE, reg=DECAY, momentum=momentum)
    for _ in range(STEPS):
        for layer, tensors in zip(layers, mine):
            layer.dw = rng.standard_normal(layer.weight.shape)
            layer.db = rng.standard_normal(layer.bias.shape)
            for tensor, gradient in zip(tensors, (layer.dw, layer.db)):
                tensor.grad = torch.tensor(gradient)
        expected.step()
        optimizer.update(model)
        for layer, (weight, bias) in zip(layers, mine):
            close(solution, layer.weight, weight)
            close(solution, layer.bias, bias)
