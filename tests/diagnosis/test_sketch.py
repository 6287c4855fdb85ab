"""Sketches of arrays and of what is none."""

import numpy as np
import pytest

from grader.diagnosis.sketch import LENGTH, of_array, of_text, same
from grader.numerics.inputs import odd_quarters, stream

ARRAY = odd_quarters(stream(1, "sketch"), (2, 3, 4))


def sketch(got, shape=ARRAY.shape):
    """The sketch alone."""
    return of_array(got, shape)[0]


def test_equal_arrays_have_equal_sketches():
    """Float32 and axes of length 1 make no difference."""
    assert same(sketch(ARRAY), sketch(ARRAY.astype(np.float32)))
    assert same(sketch(ARRAY), sketch(ARRAY[:, None]))
    assert sketch(ARRAY).shape == (LENGTH,)


@pytest.mark.parametrize("other", [ARRAY[::-1], -ARRAY, ARRAY / 2, ARRAY.reshape(3, 2, 4)])
def test_other_arrays_have_other_sketches(other):
    """A rearranged, negated, scaled or reshaped array is not the same."""
    assert not same(sketch(ARRAY), sketch(other))


def test_sketches_add_up():
    """The projections of a sum are the sums of the projections."""
    total = sketch(ARRAY)[:-1] + sketch(ARRAY[::-1])[:-1]
    assert np.allclose(total, sketch(ARRAY + ARRAY[::-1])[:-1])


def test_only_arrays_of_the_right_shape_may_be_added():
    """A wrong shape, and what is no finite array, do not add up."""
    assert of_array(ARRAY, (2, 3, 4))[1]
    assert not of_array(ARRAY[0], (2, 3, 4))[1]
    for odd in (None, "text", np.full((2, 3, 4), np.nan), np.zeros((0, 3))):
        found, linear = of_array(odd, (2, 3, 4))
        assert not linear
        assert np.isfinite(found).all()


def test_numbers_are_arrays_without_axes():
    """A Python number is sketched like an array of shape ()."""
    assert same(sketch(2.5, ()), sketch(np.float32(2.5), ()))
    assert not same(sketch(2.5, ()), sketch(2.25, ()))


def test_texts_are_told_apart():
    """Two texts have the same sketch only if they are the same."""
    assert same(of_text("raised IndexError"), of_text("raised IndexError"))
    assert not same(of_text("raised IndexError"), of_text("raised ValueError"))


def test_nothing_equals_what_is_not_there():
    """NaN, which stands for an empty slot, equals nothing."""
    assert not same(np.full(LENGTH, np.nan), np.full(LENGTH, np.nan))
