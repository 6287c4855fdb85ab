"""Conv2D against torch, on inputs whose arithmetic is exact: equal means equal."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal

# For each case N, C, F, then H and W, then k, s and p.
PANEL = {
    "core": (2, 3, 2, (5, 5), 3, 1, 1),
    "padding 0": (2, 3, 2, (5, 5), 3, 1, 0),
    "padding 2": (2, 3, 2, (5, 5), 3, 1, 2),
    "tall": (2, 3, 2, (6, 4), 3, 1, 1),
    "wide": (2, 3, 2, (4, 6), 3, 1, 1),
    "stride 2": (2, 3, 2, (5, 5), 3, 2, 1),
    "stride 2, remainder": (2, 3, 2, (6, 6), 3, 2, 1),
    "kernel 1": (2, 3, 2, (5, 5), 1, 1, 0),
    "one of each": (1, 1, 1, (5, 5), 3, 1, 1),
    "all in one": (2, 3, 2, (5, 4), 3, 2, 1),
    "all in one, padding 0": (2, 2, 3, (4, 6), 3, 2, 0),
    "gaps": (2, 2, 3, (8, 7), 2, 3, 0),
    "whole image": (2, 2, 3, (4, 4), 4, 1, 0),
    "padding beyond the kernel": (1, 2, 2, (3, 4), 2, 3, 3),
}


@pytest.fixture(params=PANEL.values(), ids=PANEL.keys())
def case(request, part1, quarters):
    """Give a layer with exact parameters, an input, and an output gradient."""
    n, c, f, (h, w), k, s, p = request.param
    layer = part1.Conv2D(c, f, kernel_size=k, stride=s, padding=p)
    layer.weight, layer.bias = quarters(f, c, k, k), quarters(f)
    x = quarters(n, c, h, w, bound=31)
    h_out, w_out = 1 + (h - k + 2 * p) // s, 1 + (w - k + 2 * p) // s
    return layer, x, quarters(n, f, h_out, w_out)


def run(layer, x, dout):
    """Return out, dx, dw and db of one forward and one backward."""
    out = layer.forward(x)
    assert layer.backward(dout) is None
    return out, layer.dx, layer.dw, layer.db


def expected(layer, x, dout):
    """Return what torch makes of it in float64."""
    tensors = [torch.tensor(a, dtype=torch.float64) for a in (x, layer.weight, layer.bias)]
    leaves = [t.requires_grad_() for t in tensors]
    out = torch.nn.functional.conv2d(*leaves, stride=layer.stride, padding=layer.padding)
    grads = torch.autograd.grad(out, leaves, torch.tensor(dout, dtype=torch.float64))
    return [t.detach().numpy() for t in (out, *grads)]


def test_equals_torch(case):
    """Output and all gradients equal torch's on every shape, to the last bit."""
    for ours, theirs in zip(run(*case), expected(*case), strict=True):
        assert_array_equal(ours, theirs)


def test_float32(case):
    """With everything in float32 the results are the same, and float32."""
    layer, x, dout = case
    layer.weight, layer.bias = layer.weight.astype(np.float32), layer.bias.astype(np.float32)
    x, dout = x.astype(np.float32), dout.astype(np.float32)
    for ours, theirs in zip(run(layer, x, dout), expected(layer, x, dout), strict=True):
        assert ours.dtype == np.float32
        assert_array_equal(ours, theirs)


def test_integer_input(part1, quarters):
    """Integer images need no conversion."""
    layer = part1.Conv2D(2, 3, padding=1)
    layer.weight = quarters(3, 2, 3, 3)
    x, dout = np.arange(32).reshape(1, 2, 4, 4), quarters(1, 3, 4, 4)
    for ours, theirs in zip(run(layer, x, dout), expected(layer, x, dout), strict=True):
        assert_array_equal(ours, theirs)


def test_leaves_its_arguments_alone(case):
    """Neither pass writes to x, dout, weight or bias."""
    layer, x, dout = case
    for array in (x, dout, layer.weight, layer.bias):
        array.setflags(write=False)
    weight, bias = layer.weight, layer.bias
    run(layer, x, dout)
    assert layer.weight is weight
    assert layer.bias is bias


def test_second_use(case, quarters):
    """A used layer gives the same answers for other data as a new one would."""
    layer, x, dout = case
    run(layer, x, dout)
    x, dout = quarters(*x.shape, bound=31), quarters(*dout.shape)
    for ours, theirs in zip(run(layer, x, dout), expected(layer, x, dout), strict=True):
        assert_array_equal(ours, theirs)


def test_initial_parameters(part1):
    """Weights start as 1e-3 * randn under seed 1024, the bias as zeros."""
    layer = part1.Conv2D(3, 4, 5)
    normal = np.random.RandomState(1024).randn(4, 3, 5, 5)
    assert_array_equal(layer.weight, 1e-3 * normal)
    assert_array_equal(layer.bias, np.zeros(4))
