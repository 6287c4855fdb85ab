"""The networks of Part 2 compute what the course says they compute."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn import functional

torch.set_num_threads(1)


@pytest.fixture(scope="module")
def models(load_part, reference_dir):
    """Give the package models of Part 2."""
    torch.manual_seed(0)
    return load_part(reference_dir / "part2-pytorch", "models")["models"]


def count(model: nn.Module) -> int:
    """Count the parameters."""
    return sum(parameter.numel() for parameter in model.parameters())


def test_two_layer_function(models):
    """TwoLayerNet is linear, sigmoid, linear on flattened images."""
    model, x = models.TwoLayerNet(12, 5, 4), torch.randn(3, 3, 2, 2)
    w1, b1, w2, b2 = model.parameters()
    expected = torch.sigmoid(x.reshape(3, 12) @ w1.T + b1) @ w2.T + b2
    torch.testing.assert_close(model(x), expected)


def test_two_layer_shape(models):
    """TwoLayerNet(3072, 256, 10) gives ten logits an image and has 789 258 parameters."""
    model = models.TwoLayerNet(3072, 256, 10)
    assert model(torch.zeros(2, 3, 32, 32)).shape == (2, 10)
    assert count(model) == 3072 * 256 + 256 + 256 * 10 + 10


def test_two_layer_takes_any_layout(models):
    """TwoLayerNet gives the same logits for images that are stored channels last."""
    model, x = models.TwoLayerNet(3072, 8, 10), torch.randn(2, 3, 32, 32)
    other = x.to(memory_format=torch.channels_last)
    torch.testing.assert_close(model(other), model(x))


def test_vanilla_cnn_function(models):
    """VanillaCNN is convolution 7x7, ReLU, max pooling 2x2, linear 5408 to 10."""
    model, x = models.VanillaCNN(), torch.randn(2, 3, 32, 32)
    w1, b1, w2, b2 = model.parameters()
    assert (w1.shape, w2.shape) == ((32, 3, 7, 7), (10, 5408))
    windows = functional.unfold(x, 7)  # (2, 147, 676)
    features = (w1.reshape(32, 147) @ windows + b1[:, None]).reshape(2, 32, 13, 2, 13, 2)
    features = features.clamp(min=0).amax(dim=(3, 5)).reshape(2, 5408)
    torch.testing.assert_close(model(x), features @ w2.T + b2, rtol=1e-4, atol=1e-5)


def test_my_model_size(models):
    """MyModel has 392 674 parameters, and its state_dict stays below 2 MB."""
    model = models.MyModel()
    assert count(model) == 392_674
    size = sum(value.numel() * value.element_size() for value in model.state_dict().values())
    assert size < 2_000_000


def test_my_model_stages(models):
    """MyModel halves the image twice while the channels go from 24 to 48 to 96."""
    model, x = models.MyModel(), torch.randn(2, 3, 32, 32)
    shapes, out = [], model.stem(x)
    for block in model.stages:
        out = block(out)
        shapes.append(tuple(out.shape[1:]))
    assert shapes == [(24, 32, 32)] * 2 + [(48, 16, 16)] * 2 + [(96, 8, 8)] * 2
    torch.testing.assert_close(model(x), model.classifier(out.mean(dim=(2, 3))))


def once(model, images):
    """The probabilities when each image is looked at once."""
    return model.classifier(model.stages(model.stem(images)).mean(dim=(2, 3))).softmax(dim=1)


def test_my_model_looks_twice_where_it_is_not_sure(models):
    """In eval mode an untrained network takes the mean of an image and its mirror image."""
    model, x = models.MyModel().eval(), torch.randn(2, 3, 32, 32)
    mean = (once(model, x) + once(model, x.flip(3))) / 2
    torch.testing.assert_close(model(x).exp(), mean)
    torch.testing.assert_close(model(x.flip(3)).exp(), mean)


def test_my_model_looks_once_where_it_is_sure(models):
    """In eval mode the mirror image does not matter to a network that is sure of the image."""
    model, x = models.MyModel().eval(), torch.randn(2, 3, 32, 32)
    with torch.no_grad():
        model.classifier.bias[3] += 9
    assert once(model, x).amax(dim=1).min() > 0.85
    torch.testing.assert_close(model(x).exp(), once(model, x))


def test_my_model_takes_an_empty_batch_and_gives_finite_logits(models):
    """No images give no logits, and a probability of zero gives a finite one."""
    model = models.MyModel().eval()
    assert model(torch.zeros(0, 3, 32, 32)).shape == (0, 10)
    with torch.no_grad():
        model.classifier.bias[3] += 1000
    assert model(torch.zeros(1, 3, 32, 32)).isfinite().all()


def test_my_model_block_adds_its_input(models):
    """A block whose second normalisation is zero returns relu of its input."""
    block, x = models.MyModel().stages[1].eval(), torch.randn(2, 24, 8, 8)
    nn.init.zeros_(block.bn2.weight)
    nn.init.zeros_(block.bn2.bias)
    torch.testing.assert_close(block(x), torch.relu(x))


def test_my_model_images_are_independent_in_eval_mode(models):
    """In eval mode the logits of an image do not depend on the others in the batch."""
    model, x = models.MyModel().eval(), torch.randn(3, 3, 32, 32)
    torch.testing.assert_close(model(x)[:1], model(x[:1]), rtol=1e-4, atol=1e-5)


def test_resnet32_layers(models):
    """resnet32 has 31 convolutions and one linear layer, and 464 154 parameters."""
    model = models.resnet32()
    layers = [m for m in model.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
    assert len(layers) == 32
    assert count(model) == 464_154
    assert model(torch.zeros(2, 3, 32, 32)).shape == (2, 10)


def test_resnet32_shortcut(models):
    """Where the shape changes, the shortcut takes every second pixel and adds zero channels."""
    block, x = models.resnet32().layer2[0], torch.randn(2, 16, 6, 6)
    out = block.shortcut(x)
    assert out.shape == (2, 32, 3, 3)
    assert torch.equal(out[:, 8:24], x[:, :, ::2, ::2])
    assert not out[:, :8].any()
    assert not out[:, 24:].any()
