"""Right solutions of the networks of Part 2, against formulas of their own parameters."""

import math

import pytest
import torch
from torch.nn import functional

from grader.authoring.right import my_model, twolayer, vanilla_cnn


def by_shape(model, *shapes):
    """The model's parameter for each shape, laid out in it: transposed, or in more axes."""
    own = [value.squeeze() for value in model.parameters()]
    found = []
    for shape in shapes:
        rows = shape[0], math.prod(shape[1:])
        fits = [value for value in own if tuple(value.shape) in (shape, rows)]
        turned = [value.T for value in own if tuple(value.shape) == shape[::-1]]
        found.append([*fits, *turned][0].reshape(shape))
    return found


@pytest.mark.parametrize("solution", twolayer.solutions(), ids=lambda solution: solution.name)
@pytest.mark.parametrize(("side", "hidden", "classes"), [(32, 256, 10), (4, 7, 5)])
def test_two_layers_are_a_formula(solution, side, hidden, classes, student):
    """The logits are sigmoid(x W1 + b1) W2 + b2, with the network's own parameters."""
    torch.manual_seed(17)
    inputs = 3 * side**2
    model = student(solution)["TwoLayerNet"](inputs, hidden, classes).eval()
    x = torch.randn(3, 3, side, side)
    got = model(x)
    shapes = (hidden, inputs), (hidden,), (classes, hidden), (classes,)
    w1, b1, w2, b2 = by_shape(model, *shapes)
    middle = torch.sigmoid(x.flatten(1) @ w1.T + b1)
    torch.testing.assert_close(got, middle @ w2.T + b2)


@pytest.mark.parametrize("solution", vanilla_cnn.solutions(), ids=lambda solution: solution.name)
def test_vanilla_cnn_is_a_formula(solution, student):
    """The logits are those of convolution, ReLU, pooling, linear, with its own parameters."""
    torch.manual_seed(18)
    model = student(solution)["VanillaCNN"]().eval()
    x = torch.randn(3, 3, 32, 32)
    got = model(x)
    filters, bias, matrix, shift = by_shape(model, (32, 3, 7, 7), (32,), (10, 5408), (10,))
    maps = functional.max_pool2d(functional.conv2d(x, filters, bias).relu(), 2)
    expected = functional.linear(maps.flatten(1), matrix, shift)
    torch.testing.assert_close(got, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("solution", my_model.solutions(), ids=lambda solution: solution.name)
def test_own_models_give_logits_and_learn(solution, student):
    """Images become logits, one alone too, and some steps on one batch lower the loss."""
    torch.manual_seed(19)
    model = student(solution)["MyModel"]()
    x, y = torch.randn(4, 3, 32, 32), torch.arange(4)
    assert model.eval()(x[:1]).shape == (1, 10)
    before = functional.cross_entropy(model.train()(x), y).item()
    optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.05)
    for _ in range(5):
        optimizer.zero_grad()
        functional.cross_entropy(model(x), y).backward()
        optimizer.step()
    assert functional.cross_entropy(model(x), y).item() < before
