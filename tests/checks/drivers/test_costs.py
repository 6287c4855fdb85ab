"""Parameters, operations and file size are counted as torch counts them."""

import io

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from grader.checks.drivers import costs, weights

# torch's own way of leaving oneDNN out warns on CPUs.
pytestmark = pytest.mark.filterwarnings("ignore:TF32")


class Residual(nn.Module):
    """A strided block with a shortcut, a grouped and a dilated convolution."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1)
        self.conv1 = nn.Conv2d(8, 16, 3, stride=2, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(16)
        self.conv2 = nn.Conv2d(16, 16, 3, padding=2, dilation=2, groups=4)
        self.shortcut = nn.Conv2d(8, 16, 1, stride=2)
        self.fc = nn.Linear(16, 10)

    def forward(self, x):
        x = self.stem(x).relu()
        x = self.conv2(self.norm(self.conv1(x)).relu()) + self.shortcut(x)
        return self.fc(x.mean((2, 3)))


class Attention(nn.Module):
    """What else multiplies: attention, recurrence, transposed convolutions, plain products."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.TransformerEncoderLayer(96, 4, 48, batch_first=True)
        self.up = nn.ConvTranspose2d(3, 4, 3, stride=2, padding=1)
        self.steps = nn.LSTM(96, 20, num_layers=2, batch_first=True, bidirectional=True)
        self.mix = nn.Parameter(torch.ones(5, 4))
        self.weight = nn.Parameter(torch.ones(40, 10))

    def forward(self, x):
        rows = self.encoder(x.flatten(2).reshape(len(x), 32, 96))
        rows = functional.scaled_dot_product_attention(rows, rows, rows[..., :96])
        rows = torch.addmm(rows.new_zeros(96), rows[:, 0], rows.new_ones(96, 96))[:, None]
        up = torch.einsum("n c h w, o c -> n o h w", self.up(x), self.mix).mean((1, 2, 3))
        return self.steps(rows)[0][:, 0] @ self.weight + up[:, None]


def plain(width):
    """Convolution, pooling, linear."""
    return nn.Sequential(
        nn.Conv2d(3, width, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(196 * width, 10)
    )


def counted(model):
    """What the driver says of a network."""
    weights.keep(model)
    return costs.count(None)


def by_torch(model):
    """Operations of one image by torch's own counter."""
    exact = torch.backends.mkldnn.flags(enabled=False)  # else LSTM is one operation
    with exact, sdpa_kernel(SDPBackend.MATH), FlopCounterMode(display=False) as counter:
        model.eval()(torch.zeros(2, 3, 32, 32))
    return counter.get_total_flops() // 2


@pytest.mark.parametrize("make", [lambda: plain(4), lambda: plain(7), Residual, Attention])
def test_operations_are_those_that_torch_counts(make):
    """Plain, residual and attending networks have the same count to the last operation."""
    model = make()
    assert counted(model)["flops"] == by_torch(model) > 0


@pytest.mark.parametrize("seed", range(6))
def test_random_convolutions_are_counted(seed):
    """Kernels, strides, paddings, dilations and groups drawn at random."""
    rng = np.random.default_rng(seed)
    groups = int(rng.choice([1, 3]))
    model = nn.Conv2d(
        3,
        3 * int(rng.integers(1, 5)),
        (int(rng.integers(1, 5)), int(rng.integers(1, 5))),
        stride=int(rng.integers(1, 4)),
        padding=int(rng.integers(0, 3)),
        dilation=int(rng.integers(1, 3)),
        groups=groups,
    )
    assert counted(model)["flops"] == by_torch(model)


def test_parameters_and_file_are_exact():
    """The parameters are counted, and the file's size is that of torch.save."""
    model = Residual()
    found = counted(model)
    file = io.BytesIO()
    torch.save(model.state_dict(), file)
    assert found["bytes"] == len(file.getvalue())
    assert found["parameters"] == sum(value.numel() for value in model.parameters())


def test_the_layers_that_take_most_are_named():
    """Names are those of the model's layers; shares are of the whole, and fall."""
    found = counted(Residual())
    assert found["busiest"][0][0] == "conv1"
    assert found["largest"][0][0] == "conv1.weight"
    for shares in (found["busiest"], found["largest"]):
        numbers = [share for _, share in shares]
        assert len(numbers) == 3
        assert numbers == sorted(numbers, reverse=True)
        assert 0 < sum(numbers) <= 1


def test_products_outside_of_layers_are_named_by_the_function():
    """What forward itself multiplies belongs to no layer."""

    class Bare(nn.Module):
        def forward(self, x):
            return x.flatten(1) @ torch.ones(3072, 10)

    found = counted(Bare())
    assert found["busiest"] == [["forward", 1.0]]
    assert (found["parameters"], found["largest"]) == (0, [])


def test_counting_leaves_torch_as_it_was():
    """No hook stays, whatever forward does."""
    from torch.nn.modules import module

    class Fails(nn.Module):
        def forward(self, x):
            raise ValueError("mine")

    model = nn.Sequential(Fails())
    with pytest.raises(ValueError, match="mine"):
        counted(model)
    assert not module._global_forward_hooks
    assert not module._global_forward_pre_hooks
    assert counted(plain(4))["busiest"][0][0] == "0"


def test_einsum_counts_every_index_once():
    """With an ellipsis, or its operands in a list; the form without letters is not counted."""
    a, b = torch.ones(2, 3, 4), torch.ones(4, 5)
    out = torch.einsum("...k,kn->...n", a, b)
    assert costs.sums_over_indices(out, "...k,kn->...n", a, b) == 2 * 3 * 4 * 5
    assert costs.sums_over_indices(out, "...k,kn->...n", [a, b]) == 2 * 3 * 4 * 5
    assert costs.sums_over_indices(out, a, [0, 1, 2], b, [2, 3]) == 0
