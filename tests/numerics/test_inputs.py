"""The inputs on which a correct layer has no error."""

import numpy as np
import pytest

from grader.checks.check_pooling import POOLINGS
from grader.numerics.inputs import (
    directions,
    distinct_odd_quarters,
    odd_quarters,
    pooling_input,
    stream,
)


def test_same_seed_and_name_give_the_same_stream():
    """A stream depends on its seed and its name, and on nothing else."""
    first, again = (stream(7, "conv[core]").randint(0, 1000, 20) for _ in range(2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, stream(8, "conv[core]").randint(0, 1000, 20))
    assert not np.array_equal(first, stream(7, "conv[wide]").randint(0, 1000, 20))


def test_stream_is_frozen():
    """The stream is the one that tapes were recorded with, on every version of numpy."""
    assert stream(1, "frozen").randint(0, 1000, 5).tolist() == [653, 384, 1, 787, 797]


def test_global_generator_is_left_alone():
    """Drawing inputs does not move numpy's global generator, which students seed."""
    np.random.seed(3)
    before = np.random.get_state()[1].copy()
    odd_quarters(stream(1, "x"), (4, 4))
    assert np.array_equal(before, np.random.get_state()[1])


@pytest.mark.parametrize("largest", [15, 31, 63])
def test_odd_quarters_are_odd_and_bounded(largest):
    """Every entry is an odd multiple of 1/4, at most the bound, and both ends occur."""
    values = odd_quarters(stream(1, "q"), (5000,), largest) * 4
    assert (np.abs(values) % 2 == 1).all()
    assert values.max() == largest
    assert values.min() == -largest


@pytest.mark.parametrize("count", [1, 3, 40])
def test_bias_entries_are_distinct(count):
    """A bias has no two equal entries, so that a swapped one shows."""
    values = distinct_odd_quarters(stream(1, "b"), count)
    assert values.shape == (count,)
    assert len(set(values.tolist())) == count
    assert (np.abs(values * 4) % 2 == 1).all()


def test_directions_are_small_odd_multiples():
    """A probe's direction has odd multiples of 1/64 below 1."""
    values = directions(stream(1, "v"), (1000,)) * 64
    assert (np.abs(values) % 2 == 1).all()
    assert np.abs(values).max() < 64


@pytest.mark.parametrize("case", POOLINGS, ids=lambda case: case.name)
@pytest.mark.parametrize("seed", range(5))
def test_pooling_inputs_have_no_ties(case, seed):
    """No window holds two equal values or magnitudes, and one channel is all negative."""
    x = pooling_input(stream(seed, case.name), (case.n, case.c, case.h, case.w), case.k, case.s)
    windows = np.lib.stride_tricks.sliding_window_view(x, (case.k, case.k), axis=(2, 3))
    for window in np.abs(windows[:, :, :: case.s, :: case.s]).reshape(-1, case.k**2):
        assert len(np.unique(window)) == case.k**2
    assert (x[0, 0] < 0).all()


def test_equal_maxima_stand_in_windows_apart():
    """In the first channel, the first and the last window have the same maximum."""
    x = pooling_input(stream(1, "equal"), (1, 1, 4, 4), 2, 2)[0, 0]
    assert x[:2, :2].max() == x[2:, 2:].max() == x.max()


def maxima(x, kernel, stride):
    """Where each window of each channel has its maximum: rows and columns (NC, H', W')."""
    windows = np.lib.stride_tricks.sliding_window_view(x, (kernel, kernel), axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]
    flat = windows.reshape(-1, *windows.shape[2:4], kernel * kernel).argmax(axis=-1)
    return np.divmod(flat, kernel)


@pytest.mark.parametrize("case", POOLINGS, ids=lambda case: case.name)
@pytest.mark.parametrize("seed", range(5))
def test_the_maxima_of_every_configuration_are_telling(case, seed):
    """Some maximum lies off its window's diagonal, and no two channels have the same pattern."""
    x = pooling_input(stream(seed, case.name), (case.n, case.c, case.h, case.w), case.k, case.s)
    rows, columns = maxima(x, case.k, case.s)
    assert (rows != columns).any()
    patterns = (rows * case.k + columns).reshape(len(rows), -1)
    assert len(np.unique(patterns, axis=0)) == len(patterns)


@pytest.mark.parametrize(("size", "kernel", "stride"), [((5, 5), 3, 2), ((4, 4), 2, 1)])
@pytest.mark.parametrize("seed", range(20))
def test_overlapping_windows_share_a_maximum(size, kernel, stride, seed):
    """With overlapping windows some entry is the maximum of two, so '=' for '+=' shows."""
    x = pooling_input(stream(seed, "overlap"), (1, 1, *size), kernel, stride)
    rows, columns = maxima(x, kernel, stride)
    i, j = np.indices(rows.shape[1:])
    pixels = ((i * stride + rows) * size[1] + j * stride + columns).ravel()
    assert len(np.unique(pixels)) < len(pixels)


def test_a_window_of_one_pixel_is_no_special_case():
    """A kernel of 1 has a single place for its maximum."""
    assert pooling_input(stream(1, "one"), (1, 2, 3, 3), 1, 1).shape == (1, 2, 3, 3)
