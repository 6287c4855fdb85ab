"""Tasks 2.3, 2.4 and 2.7, the networks: `pytest -k models`."""

from __future__ import annotations

import numpy as np
import pytest

from tests.quarters import same

CLOSE = 1e-5  # float32


def scores(model, images):
    """Return what a model makes of images."""
    out = model.eval()(images)
    if out is None:
        pytest.skip(f"not started: {type(model).__name__}.forward returns None")
    return out


def parameters(model, images, *shapes):
    """Return the model's parameters, all set to 0, by their number of entries.

    Their names do not matter, nor whether a weight is (inputs, outputs) or the other way round.
    """
    scores(model, images)  # lazy layers have no parameters before
    own = {parameter.numel(): parameter.data.zero_() for parameter in model.parameters()}
    sizes = [int(np.prod(shape)) for shape in shapes]
    if sorted(parameter.numel() for parameter in model.parameters()) != sorted(sizes):
        found = [tuple(parameter.shape) for parameter in model.parameters()]
        pytest.fail(f"The parameters should be {list(shapes)}; they are {found}.", pytrace=False)
    return [oriented(own[size], shape) for size, shape in zip(sizes, shapes)]


def oriented(parameter, shape):
    """Return a view of a parameter that has this shape."""
    parameter = parameter.squeeze()
    turned = len(shape) == 2 and parameter.shape == shape[::-1]
    return parameter.T if turned else parameter.view(shape)


def check_scores(model, images, expected):
    """Compare the scores of all images, and of the first one alone."""
    same("the scores", scores(model, images).detach().numpy(), expected, CLOSE)
    one = scores(model, images[:1]).detach().numpy()
    same("the scores of a single image", one, expected[:1], CLOSE)


def without_gradient(model, images):
    """Return the names of the parameters that no gradient of the scores reaches."""
    out = scores(model, images)
    if out.requires_grad:
        out.square().mean().backward()
    return [name for name, parameter in model.named_parameters() if parameter.grad is None]


def check_gradients(model, images):
    """Fail unless all parameters can be learnt."""
    if missing := without_gradient(model, images):
        pytest.fail(f"No gradient reaches {', '.join(missing)}.", pytrace=False)


def test_two_layers(torch, part2):
    """Task 2.3: TwoLayerNet, on numbers to check by hand.

    sigmoid(0) = 1/2 and sigmoid(log 3) = 3/4, so the hidden units are (1/2, 1/2) for the first
    image and (1/2, 3/4) for the second.
    """
    model, images = part2("models").TwoLayerNet(8, 2, 3), torch.zeros(2, 2, 2, 2)
    shapes = (2, 8), (2,), (3, 2), (3,)
    weight1, bias1, weight2, bias2 = parameters(model, images, *shapes)
    weight1[1, 6] = np.log(3)  # the second unit looks at the images' entry [1, 1, 0]
    weight2[:] = torch.tensor([[1.0, 2.0], [0.0, -8.0], [4.0, 0.0]])
    bias2[0] = 0.25
    images[1, 1, 1, 0] = 1
    expected = np.array([[1.75, -4.0, 2.0], [2.25, -6.0, 2.0]])
    check_scores(model, images, expected)
    bias1[0] = np.log(3)  # now the first unit is 3/4
    check_scores(model, images, expected + np.array([0.25, 0, 1]))
    check_gradients(model, images)


def test_vanilla_cnn(torch, part2):
    """Task 2.4: VanillaCNN, on numbers to check by hand.

    The first filter copies channel 0. The last looks at channel 2 six rows and columns further on;
    it doubles, and subtracts 1. Two others see nothing but their bias.
    """
    model, images = part2("models").VanillaCNN(), torch.zeros(2, 3, 32, 32)
    shapes = (32, 3, 7, 7), (32,), (10, 5408), (10,)
    filters, bias1, weight, bias2 = parameters(model, images, *shapes)
    filters[0, 0, 0, 0], filters[31, 2, 6, 6] = 1, 2
    bias1[5], bias1[6], bias1[31] = 0.25, -0.25, -1
    # A filter has 169 = 13 * 13 pixels after the pooling: scores 0 to 3 look at one each.
    weight[0, 0], weight[1, 5407], weight[2, 5 * 169], weight[3, 6 * 169] = 1, 1, 1, 1
    bias2[4] = -0.5
    images[0, 0, 0, 1], images[0, 0, 1, 0] = 1.25, 0.75  # in one window: the larger one counts
    images[0, 2, 31, 30] = 3
    images[0, 0, 2, 0] = images[0, 2, 29, 30] = 9  # each just outside of that window
    images[1] = -1
    expected = np.zeros((2, 10))
    expected[0, :5] = 1.25, 5, 0.25, 0, -0.5
    expected[1, :5] = 0, 0, 0.25, 0, -0.5
    check_scores(model, images, expected)
    check_gradients(model, images)


@pytest.mark.parametrize("count", [4, 1])
def test_my_model(torch, part2, count):
    """Task 2.7: MyModel maps images (N, 3, 32, 32) to scores (N, 10), not to probabilities."""
    out = scores(part2("models").MyModel(), torch.randn(count, 3, 32, 32))
    if out.shape != (count, 10):
        pytest.fail(f"The scores have the shape {tuple(out.shape)}.", pytrace=False)
    if not out.isfinite().all():
        pytest.fail("The scores are not finite.", pytrace=False)
    if (out >= 0).all() and (out.sum(dim=1) - 1).abs().max() < CLOSE:
        pytest.fail("These are probabilities: leave the softmax to the loss.", pytrace=False)


def test_my_model_learns(torch, part2):
    """Task 2.7: gradients reach MyModel's parameters."""
    model = part2("models").MyModel()
    missing = without_gradient(model, torch.randn(4, 3, 32, 32))
    if len(missing) == len(list(model.parameters())):
        pytest.fail("No gradient reaches any parameter: look for detach.", pytrace=False)
