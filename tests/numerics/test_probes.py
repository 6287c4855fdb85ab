"""Exact probes of a backward against its own forward."""

import numpy as np
import pytest

from grader.numerics.inputs import odd_quarters, stream
from grader.numerics.probes import consistent, interact, reach


def linear(x, weight, bias):
    return x @ weight + bias


@pytest.fixture
def problem():
    rng = stream(5, "probe")
    arguments = {
        "x": odd_quarters(rng, (3, 4)),
        "weight": odd_quarters(rng, (4, 2)),
        "bias": odd_quarters(rng, (2,)),
    }
    dout = odd_quarters(rng, (3, 2))
    gradients = {
        "x": dout @ arguments["weight"].T,
        "weight": arguments["x"].T @ dout,
        "bias": dout.sum(axis=0),
    }
    return arguments, gradients, dout, rng


def test_the_right_gradient_is_consistent(problem):
    """The gradients of a linear layer pass its probes."""
    arguments, gradients, dout, rng = problem
    assert consistent(linear, arguments, gradients, dout, rng)


@pytest.mark.parametrize("name", ["x", "weight", "bias"])
def test_a_scaled_gradient_is_not(problem, name):
    """A gradient that is off by one per cent in one array is found."""
    arguments, gradients, dout, rng = problem
    gradients[name] = gradients[name] * 1.01
    assert not consistent(linear, arguments, gradients, dout, rng)


@pytest.mark.parametrize("name", ["x", "weight", "bias"])
def test_one_wrong_entry_is_found(problem, name):
    """A single entry that is off by ten per cent is found."""
    arguments, gradients, dout, rng = problem
    gradients[name] = gradients[name].copy()
    gradients[name].flat[1] *= 1.1
    assert not consistent(linear, arguments, gradients, dout, rng)


def test_a_backward_that_fits_a_wrong_forward_is_consistent(problem):
    """A forward that halves everything with a backward that does so too is consistent."""
    arguments, gradients, dout, rng = problem
    halves = {name: value / 2 for name, value in gradients.items()}
    assert consistent(lambda **a: linear(**a) / 2, arguments, halves, dout, rng)


def test_zeros_for_zeros_earn_nothing(problem):
    """A forward of zeros with a backward of zeros is not consistent."""
    arguments, gradients, dout, rng = problem
    zeros = {name: np.zeros_like(value) for name, value in gradients.items()}
    assert not consistent(lambda **a: linear(**a) * 0, arguments, zeros, dout, rng)


@pytest.mark.parametrize(("times", "filled"), [([6, 1, 1, 1, 1], True), ([9, 1, 0, 0, 0], False)])
def test_a_gradient_may_have_zeros_where_outputs_share_an_entry(times, filled):
    """Entries behind a quarter of the outputs are enough, as for maxima that windows share."""
    rng = stream(6, "shared")
    x, dout = odd_quarters(rng, (2, 10)), odd_quarters(rng, (2, 10))
    sources = np.repeat(np.arange(5), times)
    gradient = np.zeros_like(x)
    for output, source in enumerate(sources):
        gradient[:, source] += dout[:, output]
    assert consistent(lambda x: x[:, sources], {"x": x}, {"x": gradient}, dout, rng) is filled


@pytest.mark.parametrize("bad", [None, np.ones(3), np.full((3, 4), np.nan), np.full((3, 4), 1e200)])
def test_a_gradient_that_cannot_be_compared_is_not_consistent(problem, bad):
    """Missing, misshapen, NaN and huge gradients are refused, not raised."""
    arguments, gradients, dout, rng = problem
    assert not consistent(linear, arguments, {**gradients, "x": bad}, dout, rng)


def test_a_forward_of_another_shape_is_not_consistent(problem):
    """A forward whose output does not fit dout cannot be probed."""
    arguments, gradients, dout, rng = problem
    assert not consistent(lambda **a: linear(**a)[:1], arguments, gradients, dout, rng)


def test_reach_tells_which_outputs_an_entry_moves(problem):
    """An entry of x moves its row of a linear layer's output, a bias its column, and no more."""
    arguments, _, dout, rng = problem
    found = reach(linear, arguments, dout.shape, rng)
    assert all((moved == moved.any(axis=1, keepdims=True)).all() for moved in found["x"])
    assert [int(moved.sum()) for moved in found["x"]] == [2, 2, 2]
    assert [int(moved.sum()) for moved in found["bias"]] == [3, 3, 3]


def test_the_reach_of_a_sum_is_everything(problem):
    """A forward that adds up all that it gets is told from a linear layer."""
    arguments, _, dout, rng = problem

    def total(**given):
        return sum(value.sum() for value in given.values()) * np.ones(dout.shape)

    assert reach(total, arguments, dout.shape, rng)["x"].all()


def test_a_forward_without_a_shape_has_no_reach(problem):
    """Where no arrays of one shape come back, there is nothing to compare."""
    arguments, _, dout, rng = problem
    assert reach(lambda **_: None, arguments, dout.shape, rng) == dict.fromkeys(arguments)


@pytest.mark.parametrize(
    ("forward", "meets"),
    [
        (linear, True),
        (lambda x, weight, bias: x[:, ::-1] @ weight, True),
        (lambda x, weight, bias: np.maximum(x, 0) @ np.abs(weight) + bias, True),
        (lambda x, weight, bias: x.sum() + weight.sum(axis=0) + bias + 0 * (x @ weight), False),
        (lambda x, weight, bias: np.full((3, 2), np.cos(x.sum()) + weight.prod()), False),
        (lambda x, weight, bias: None, False),
        (lambda x, weight, bias: (x @ weight)[: 3 if weight.any() else 2], False),
    ],
)
def test_factors_meet_and_terms_of_a_sum_do_not(problem, forward, meets):
    """A wrong product is still one; what only adds up is made up."""
    arguments, *_ = problem
    assert interact(forward, "x", "weight", arguments) is meets
