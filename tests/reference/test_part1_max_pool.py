"""MaxPooling against torch, on inputs without ties, and the rule for ties."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal

# For each case the shape of x, then k and s.
PANEL = {
    "core": ((2, 3, 4, 4), 2, 2),
    "tall": ((2, 3, 6, 4), 2, 2),
    "wide": ((2, 3, 4, 6), 2, 2),
    "overlap": ((2, 3, 5, 5), 3, 2),
    "stride 1": ((2, 3, 4, 4), 2, 1),
    "remainder": ((2, 3, 5, 5), 2, 2),
    "gap": ((2, 3, 5, 5), 2, 3),
    "kernel 3": ((2, 3, 6, 6), 3, 3),
    "all in one": ((2, 2, 5, 7), 3, 2),
    "gap, not square": ((1, 1, 4, 5), 2, 3),
    "kernel 1": ((2, 2, 3, 4), 1, 1),
}


def distinct(shape: tuple[int, ...], seed: int) -> np.ndarray:
    """Give each channel the values of a permutation; the first channel is all negative."""
    n, c, h, w = shape
    rng = np.random.default_rng(seed)
    x = np.stack([rng.permutation(h * w) for _ in range(n * c)]).reshape(shape) - h * w / 2 + 0.5
    x[:, 0] -= h * w
    return x


@pytest.fixture(params=PANEL.values(), ids=PANEL.keys())
def case(request, part1, quarters):
    """Give a layer, an input without ties, and an output gradient."""
    (n, c, h, w), k, s = request.param
    dout = quarters(n, c, 1 + (h - k) // s, 1 + (w - k) // s)
    return part1.MaxPooling(k, s), distinct((n, c, h, w), seed=0), dout


def run(layer, x, dout):
    """Return out and dx of one forward and one backward."""
    out = layer.forward(x)
    assert layer.backward(dout) is None
    return out, layer.dx


def expected(layer, x, dout):
    """Return what torch makes of it in float64."""
    leaf = torch.tensor(x, dtype=torch.float64).requires_grad_()
    out = torch.nn.functional.max_pool2d(leaf, layer.kernel_size, layer.stride)
    (dx,) = torch.autograd.grad(out, leaf, torch.tensor(dout, dtype=torch.float64))
    return out.detach().numpy(), dx.numpy()


def test_equals_torch(case):
    """Output and gradient equal torch's on every shape, to the last bit."""
    for ours, theirs in zip(run(*case), expected(*case), strict=True):
        assert_array_equal(ours, theirs)


def test_float32(case):
    """With everything in float32 the results are the same, and float32."""
    layer, x, dout = case
    arguments = layer, x.astype(np.float32), dout.astype(np.float32)
    for ours, theirs in zip(run(*arguments), expected(*arguments), strict=True):
        assert ours.dtype == np.float32
        assert_array_equal(ours, theirs)


def test_leaves_its_arguments_alone(case):
    """Neither pass writes to x or dout."""
    layer, x, dout = case
    x.setflags(write=False)
    dout.setflags(write=False)
    run(layer, x, dout)


def test_second_use(case, quarters):
    """A used layer gives the same answers for other data as a new one would."""
    layer, x, dout = case
    run(layer, x, dout)
    arguments = layer, distinct(x.shape, seed=1), quarters(*dout.shape)
    for ours, theirs in zip(run(*arguments), expected(*arguments), strict=True):
        assert_array_equal(ours, theirs)


def test_tie_goes_to_the_first(part1):
    """Of several equal maxima the first, row by row, takes the whole gradient."""
    layer = part1.MaxPooling(2, 2)
    _, dx = run(layer, np.zeros((1, 1, 2, 4)), np.array([[[[3.0, 5.0]]]]))
    assert_array_equal(dx, [[[[3, 0, 5, 0], [0, 0, 0, 0]]]])
