"""Right solutions of ConvNet, against torch on layers of the reference."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from grader.authoring.right.network import solutions

SPECIFICATION = [
    {"type": "Conv2D", "in_channels": 2, "out_channels": 3, "kernel_size": 3},
    {"type": "ReLU"},
    {"type": "MaxPooling", "kernel_size": 2, "stride": 1},
    {"type": "Linear", "in_dim": 18, "out_dim": 4},
]


@pytest.mark.parametrize("solution", solutions(), ids=lambda solution: solution.name)
def test_network_agrees_with_torch(solution, student, close):
    """Probabilities, loss and the gradient of the input are torch's; the list is as it was."""
    specification = [dict(layer) for layer in SPECIFICATION]
    net = student(solution)["ConvNet"](specification, dict(type="SoftmaxCrossEntropy"))
    assert specification == SPECIFICATION
    rng = np.random.default_rng(15)
    for _ in range(2):
        x, y = rng.standard_normal((5, 2, 5, 6)), rng.integers(0, 4, 5)
        conv, linear = net.modules[0], net.modules[-1]
        for layer in (conv, linear):
            layer.weight = rng.standard_normal(layer.weight.shape)
        tensor = torch.tensor(x, requires_grad=True)
        features = functional.conv2d(tensor, *map(torch.tensor, (conv.weight, conv.bias)))
        features = functional.max_pool2d(features.relu(), 2, 1)[..., :2, :3].flatten(1)
        scores = features @ torch.tensor(linear.weight) + torch.tensor(linear.bias)
        expected = functional.cross_entropy(scores, torch.tensor(y))
        expected.backward()

        probabilities, loss = net.forward(x, y)
        net.backward()
        close(solution, probabilities, scores.softmax(1).detach())
        assert loss == pytest.approx(expected.item())
        close(solution, net.modules[0].dx, tensor.grad)
