"""What a wrong array looks like beside the right one."""

import numpy as np
import pytest

from grader.numerics.inputs import odd_quarters, stream
from grader.numerics.patterns import pattern

RIGHT = odd_quarters(stream(1, "pattern"), (2, 3, 4, 4))


def changed(where, right=RIGHT):
    """The right array, wrong in `where`."""
    got = right.copy()
    got[where] += 1
    return got


@pytest.mark.parametrize(
    ("got", "words"),
    [
        (0 * RIGHT, "all entries are 0"),
        (-RIGHT, "the sign is the opposite"),
        (np.swapaxes(RIGHT, 2, 3), "the last two axes are swapped"),
        (RIGHT[..., ::-1, ::-1], "rows and columns are in reverse order"),
        (RIGHT[..., ::-1, :], "the rows are in reverse order"),
        (RIGHT[..., ::-1], "the columns are in reverse order"),
        (changed(np.s_[1]), "only the first slice along axis 0 is right"),
        (changed(np.s_[0]), "only the last slice along axis 0 is right"),
        (changed(np.s_[:, 0]), "only the first slice along axis 1 is wrong"),
        (changed(np.s_[:, :, 3]), "only the last slice along axis 2 is wrong"),
        (changed(np.s_[..., :3]), "only the last slice along axis 3 is right"),
        (changed(np.s_[:, :, 1:3]), ""),
    ],
)
def test_patterns_have_words(got, words):
    """Each simple relation is named, and what is no pattern is left unnamed."""
    assert pattern(got, RIGHT) == words


def test_a_transposed_matrix_is_named():
    """The gradient of a square weight that came transposed is recognised."""
    right = RIGHT[0, 0]
    assert pattern(right.T.copy(), right) == "the last two axes are swapped"


def test_vectors_have_entries():
    """Of a vector no axis is named."""
    right = RIGHT.ravel()[:8]
    assert pattern(changed(np.s_[7], right), right) == "only the last entry is wrong"


@pytest.mark.parametrize("shape", [(2, 2), (2, 3, 4, 5)])
def test_small_arrays_and_other_shapes_have_no_pattern(shape):
    """Of very few entries, or of another shape, nothing is claimed."""
    right = np.ones((2, 2))
    assert pattern(np.zeros(shape), right) == ""


def zero_in(where):
    """The right array with zeros in `where`."""
    right = RIGHT.copy()
    right[where] = 0
    return right


def test_zeros_that_are_right_without_work_are_no_pattern():
    """A row where 0 is right is not "the one that is right", and all others are then wrong."""
    right = zero_in(np.s_[:, :, 3])
    got = right + (right != 0)
    assert pattern(got, right) == ""
    assert pattern(RIGHT + (right != 0), RIGHT) == "only the last slice along axis 2 is right"


def test_one_wrong_row_needs_another_that_is_right_by_work():
    """Where all other rows are 0, the wrong one is all that there is."""
    right = zero_in(np.s_[:, :, 1:])
    got = right.copy()
    got[:, :, 0] += 1
    assert pattern(got, right) == ""


def test_entries_that_should_be_zero_can_be_wrong():
    """Values in a row that should be empty are a pattern like any other."""
    right = zero_in(np.s_[:, :, 3])
    got = right.copy()
    got[:, :, 3] = 1
    assert pattern(got, right) == "only the last slice along axis 2 is wrong"
