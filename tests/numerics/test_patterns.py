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
        (changed(np.s_[1]), "only the first sample is right"),
        (changed(np.s_[0]), "only the last sample is right"),
        (changed(np.s_[:, 0]), "only the first channel is wrong"),
        (changed(np.s_[:, :, 3]), "only the last row is wrong"),
        (changed(np.s_[..., :3]), "only the last column is right"),
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


def test_vectors_have_samples_only():
    """A vector's entries are called by its first axis."""
    right = RIGHT.ravel()[:8]
    assert pattern(changed(np.s_[7], right), right) == "only the last sample is wrong"


@pytest.mark.parametrize("shape", [(2, 2), (2, 3, 4, 5)])
def test_small_arrays_and_other_shapes_have_no_pattern(shape):
    """Of very few entries, or of another shape, nothing is claimed."""
    right = np.ones((2, 2))
    assert pattern(np.zeros(shape), right) == ""
