"""Linear and ReLU against torch, on inputs whose arithmetic is exact."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal

DTYPES = pytest.mark.parametrize("dtype", [np.float64, np.float32])


def linear(layer, x, dout):
    """Return out, dx, dw and db of one forward and one backward."""
    out = layer.forward(x)
    assert layer.backward(dout) is None
    return out, layer.dx, layer.dw, layer.db


def expected_linear(layer, x, dout):
    """Return what torch makes of it in float64."""
    tensors = [torch.tensor(a, dtype=torch.float64) for a in (x, layer.weight, layer.bias)]
    leaves = [t.requires_grad_() for t in tensors]
    out = leaves[0].flatten(1) @ leaves[1] + leaves[2]
    grads = torch.autograd.grad(out, leaves, torch.tensor(dout, dtype=torch.float64))
    return [t.detach().numpy() for t in (out, *grads)]


@pytest.fixture(params=[(2, 3), (7,), (2, 3, 4)], ids=str)
def case(request, part1, quarters):
    """Give a Linear layer with exact parameters, an input, and an output gradient."""
    in_dim = int(np.prod(request.param))
    layer = part1.Linear(in_dim, 4)
    layer.weight, layer.bias = quarters(in_dim, 4), quarters(4)
    return layer, quarters(3, *request.param, bound=31), quarters(3, 4)


@DTYPES
def test_linear_equals_torch(case, dtype):
    """Linear's output and gradients equal torch's, and keep the dtype."""
    layer, x, dout = case
    layer.weight, layer.bias = layer.weight.astype(dtype), layer.bias.astype(dtype)
    arguments = layer, x.astype(dtype), dout.astype(dtype)
    for ours, theirs in zip(linear(*arguments), expected_linear(*arguments), strict=True):
        assert ours.dtype == dtype
        assert_array_equal(ours, theirs)


def test_linear_second_use(case, quarters):
    """A used Linear writes to nothing it was given, and serves other data as a new one would."""
    layer, x, dout = case
    for array in (x, dout, layer.weight, layer.bias):
        array.setflags(write=False)
    linear(layer, x, dout)
    arguments = layer, quarters(*x.shape), quarters(*dout.shape)
    for ours, theirs in zip(linear(*arguments), expected_linear(*arguments), strict=True):
        assert_array_equal(ours, theirs)


def test_linear_initial_parameters(part1):
    """Weights start as 1e-3 * randn under seed 1024, the bias as zeros."""
    layer = part1.Linear(5, 3)
    assert_array_equal(layer.weight, 1e-3 * np.random.RandomState(1024).randn(5, 3))
    assert_array_equal(layer.bias, np.zeros(3))


@DTYPES
def test_relu_equals_torch(part1, quarters, dtype):
    """ReLU's output and gradient equal torch's for each of two uses, and keep the dtype."""
    layer = part1.ReLU()
    for _ in range(2):
        x, dout = quarters(2, 3, 4, 5).astype(dtype), quarters(2, 3, 4, 5).astype(dtype)
        x.setflags(write=False)
        dout.setflags(write=False)
        leaf = torch.tensor(x).requires_grad_()
        out = leaf.relu()
        out.backward(torch.tensor(dout))

        ours = layer.forward(x)
        assert layer.backward(dout) is None
        assert ours.dtype == layer.dx.dtype == dtype
        assert_array_equal(ours, out.detach().numpy())
        assert_array_equal(layer.dx, leaf.grad.numpy())
