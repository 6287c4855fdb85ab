"""Where a student's network has the parameters of a given one."""

import numpy as np
import pytest

from grader.checks.layouts import (
    MOST_ASSIGNMENTS,
    VANILLA_CNN,
    assignments,
    fit,
    holds,
    lacking,
    laid_out,
    two_layers,
)

NET = two_layers(48, 7, 5)


@pytest.mark.parametrize(
    ("shape", "wanted", "expected"),
    [
        ((7, 48), (7, 48), True),
        ((48, 7), (7, 48), True),
        ((1, 7), (7,), True),
        ((32, 147), (32, 3, 7, 7), True),
        ((147, 32), (32, 3, 7, 7), False),
        ((7, 47), (7, 48), False),
        ((8,), (7,), False),
    ],
)
def test_a_shape_can_stand_for_another(shape, wanted, expected):
    """Matrices may be transposed, filters rows, and axes of length 1 do not count."""
    assert holds(shape, wanted) is expected


def test_each_parameter_gets_a_place_of_its_own():
    """Other parameters are left alone, and two places are two ways."""
    own = [(9,), *NET.shapes]
    assert assignments(NET, own) == [[1, 2, 3, 4]]
    assert len(assignments(NET, [*own, (7,)])) == 2
    assert assignments(NET, own[:-1]) == []


def test_the_ways_are_bounded():
    """A network with many layers of one shape does not hold up the check."""
    assert len(assignments(NET, NET.shapes * 4)) == MOST_ASSIGNMENTS


def test_values_are_laid_out_as_the_student_has_them():
    """Transposed, with a further axis, or as filters in rows."""
    weight = np.arange(6.0).reshape(2, 3)
    assert np.array_equal(laid_out(weight, (3, 2)), weight.T)
    assert np.array_equal(laid_out(weight, (2, 3)), weight)
    assert laid_out(weight[0], (1, 3)).shape == (1, 3)
    filters = np.arange(24.0).reshape(2, 3, 2, 2)
    assert np.array_equal(laid_out(filters, (2, 12)), filters.reshape(2, 12))
    fitted = fit([weight, weight[0]], [1, 0], [(1, 3), (3, 2)])
    assert [value.shape for value in fitted] == [(3, 2), (1, 3)]


def test_what_a_network_lacks_is_told_in_words():
    """The first parameter without a place is named; '' where none lacks."""
    shapes = VANILLA_CNN.shapes
    assert lacking(VANILLA_CNN, shapes) == ""
    assert lacking(VANILLA_CNN, [shapes[0], *shapes[2:]]) == "the bias of the convolution"
    assert lacking(NET, []) == "the weight of a linear layer 48 -> 7"
