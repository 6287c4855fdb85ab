"""The variants of the four layers, run by themselves."""

import pytest

from grader.authoring.bugs import convolution, linear, pooling, relu
from grader.authoring.bugs.bug import Bug
from grader.authoring.bugs.convolution_bases import BATCHES, LOOPS, PATH, SPREAD, VECTORS
from grader.checks import check_convolution, check_linear_relu, check_pooling


def conv2d(module, case, _):
    """Conv2D with the settings of a case."""
    return module["Conv2D"](case.c, case.f, case.k, case.s, case.p)


def max_pooling(module, case, _):
    """MaxPooling with the settings of a case."""
    return module["MaxPooling"](case.k, case.s)


def rectifier(module, _, __):
    """ReLU, which has no settings."""
    return module["ReLU"]()


def fully_connected(module, _, trial):
    """Linear with the sizes of a trial's weight."""
    return module["Linear"](*trial.parameters["weight"].shape)


CONVOLUTIONS = (conv2d, check_convolution.CONVOLUTIONS, check_convolution.trial)


@pytest.mark.parametrize(
    ("bugs", "layer"),
    [
        pytest.param(convolution.bugs, CONVOLUTIONS, id="convolution", marks=pytest.mark.slow),
        pytest.param(
            pooling.bugs,
            (max_pooling, check_pooling.POOLINGS, check_pooling.trial),
            id="pooling",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            relu.bugs, (rectifier, check_linear_relu.RELUS, check_linear_relu.relu), id="relu"
        ),
        pytest.param(
            linear.bugs,
            (fully_connected, check_linear_relu.LINEARS, check_linear_relu.linear),
            id="linear",
        ),
    ],
)
def test_no_two_variants_behave_alike(bugs, layer, alike):
    """In some case any two variants give other outputs, gradients or errors."""
    assert alike([bug for bug in bugs() if not bug.equivalent], *layer) == []


def test_the_convolutions_that_bugs_are_edits_of_are_right(alike):
    """Loops, spread gradients and whole batches do what the reference does."""
    bases = {"reference": VECTORS, "loops": LOOPS, "spread": SPREAD, "batches": BATCHES}
    same = [Bug(name, "", frozenset(), {PATH: base.text}) for name, base in bases.items()]
    assert alike(same, *CONVOLUTIONS) == [list(bases)]
