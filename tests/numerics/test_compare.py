"""The comparison of arrays: shape first, then finiteness, then values."""

import numpy as np
import pytest

from grader.numerics.compare import difference

EXPECTED = np.array([[1.0, -2.0, 3.0], [4.0, 5.0, -6.0]])


def test_equal_arrays_do_not_differ():
    """An equal array passes, also in float32 and in Fortran order."""
    assert difference(EXPECTED.copy(), EXPECTED) is None
    assert difference(EXPECTED.astype(np.float32), EXPECTED) is None
    assert difference(np.asfortranarray(EXPECTED), EXPECTED) is None


def test_nothing_is_told_apart_from_wrong():
    """None is reported as nothing computed."""
    assert difference(None, EXPECTED).kind == "none"


def test_an_object_is_no_array():
    """Something that is no array is reported with its type's name."""
    found = difference("text", EXPECTED)
    assert (found.kind, found.note) == ("type", "str")


def test_a_shape_that_would_broadcast_is_wrong():
    """A shape that `allclose` would stretch is a shape error."""
    found = difference(np.ones((1, 3)), np.ones((2, 3)))
    assert (found.kind, found.got_shape, found.expected_shape) == ("shape", (1, 3), (2, 3))


@pytest.mark.parametrize("shape", [(1, 6), (6, 1), (1, 1, 6)])
def test_axes_of_length_one_may_be_forgiven(shape):
    """With a loose shape, axes of length 1 do not count; otherwise they do."""
    flat = EXPECTED.reshape(6)
    assert difference(flat.reshape(shape), flat, loose_shape=True) is None
    assert difference(flat.reshape(shape), flat).kind == "shape"
    assert difference(np.ones((2, 3)), flat, loose_shape=True).kind == "shape"


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_number_that_is_not_finite_is_found(bad):
    """One NaN or infinity is enough, and its index is named."""
    got = EXPECTED.copy()
    got[1, 0] = bad
    found = difference(got, EXPECTED)
    assert (found.kind, found.wrong, found.worst) == ("finite", 1, (1, 0))


def test_the_worst_entry_is_named():
    """Wrong entries are counted and the worst is located."""
    got = EXPECTED.copy()
    got[0, 1] += 0.5
    got[1, 2] += 2
    found = difference(got, EXPECTED)
    assert (found.kind, found.wrong, found.total, found.worst) == ("values", 2, 6, (1, 2))
    assert found.ratio is None


def test_a_constant_ratio_is_reported():
    """A result that is off by one factor everywhere gives that factor."""
    assert difference(EXPECTED / 2, EXPECTED).ratio == pytest.approx(0.5)


def test_tolerance_is_relative_to_the_largest_entry():
    """Differences below 1e-5 of the largest expected entry pass, larger ones do not."""
    scaled = EXPECTED * 1e6
    assert difference(scaled + 50, scaled) is None
    assert difference(scaled + 70, scaled).kind == "values"


def test_zeros_are_compared_absolutely():
    """Where everything expected is 0, the tolerance is absolute."""
    assert difference(np.full(3, 1e-6), np.zeros(3)) is None
    assert difference(np.full(3, 1e-4), np.zeros(3)).kind == "values"


def test_scalars_compare_as_arrays():
    """A plain number equals an array without axes."""
    assert difference(2.5, np.asarray(2.5)) is None
    assert difference(2, np.asarray(2.5)).kind == "values"


def test_empty_arrays_are_equal():
    """Two empty arrays of one shape do not differ."""
    assert difference(np.zeros((0, 3)), np.zeros((0, 3))) is None
