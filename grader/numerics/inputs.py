"""Inputs on which a correct layer has an error of exactly zero.

With odd multiples of 1/4 every product and sum of these small layers is exact in
float64 and in float32, in any order of summation. Odd, so that no entry is 0 (no
kink of ReLU is touched); quarters and not integers, so that an output of integer dtype
shows. `RandomState` and not `default_rng`: its stream is frozen for all versions of
numpy (NEP 19), and a tape must meet the same inputs years later.
"""

from __future__ import annotations

import hashlib
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]


def stream(seed: int, name: str) -> np.random.RandomState:
    """A private generator for one case of one check, independent of all others."""
    digest = hashlib.blake2b(f"{seed}:{name}".encode(), digest_size=16).digest()
    return np.random.RandomState(np.frombuffer(digest, "<u4"))


def odd_quarters(
    rng: np.random.RandomState,
    shape: tuple[int, ...],
    largest: int = 15,
) -> Array:
    """Odd multiples of 1/4 with magnitude at most `largest`/4 (`largest` is odd)."""
    half = (largest + 1) // 2
    return np.asarray((2 * rng.randint(-half, half, size=shape) + 1) / 4, np.float64)


def distinct_odd_quarters(rng: np.random.RandomState, count: int) -> Array:
    """`count` different odd multiples of 1/4, for a bias: shape (count,)."""
    pool = 2 * np.arange(-max(8, count), max(8, count)) + 1
    return np.asarray(rng.permutation(pool)[:count] / 4, np.float64)


def directions(rng: np.random.RandomState, shape: tuple[int, ...]) -> Array:
    """Directions of a probe: odd multiples of 1/64 with |v| < 1."""
    return np.asarray((2 * rng.randint(-32, 32, size=shape) + 1) / 64, np.float64)


def pooling_input(
    rng: np.random.RandomState,
    shape: tuple[int, int, int, int],
    kernel: int,
    stride: int,
) -> Array:
    """An input of shape (N, C, H, W) on which every window has one clear maximum.

    Each channel is a permutation of 0..HW-1, centred, plus 1/4: all values differ by
    at least 1, and their magnitudes differ, too. One channel is shifted to be all negative
    (it finds maxima that start at 0). In each, the largest value is moved into the first
    window, to another place in every channel: so patterns differ between channels, one lies
    off the diagonal, and where windows overlap, two of them share a maximum. In the first
    channel that value stands in the last window, too: equal values, in windows apart.
    """
    samples, channels, height, width = shape
    area = height * width
    planes = np.stack([rng.permutation(area) for _ in range(samples * channels)])
    places = _places(rng, kernel, stride)
    for index, plane in enumerate(planes):
        row, column = places[index % len(places)]
        largest, target = int(plane.argmax()), row * width + column
        plane[[largest, target]] = plane[[target, largest]]
    rows, columns = (height - kernel) // stride, (width - kernel) // stride
    if rows:  # else the last window may hold the first one's maximum
        planes[0, (rows * stride + kernel) * width - width + columns * stride + kernel - 1] = area
        planes[0, places[0][0] * width + places[0][1]] = area
    x = planes.reshape(shape).astype(np.float64) - area // 2 + 0.25
    x[0, 0] -= area + 1
    return x


def _places(rng: np.random.RandomState, kernel: int, stride: int) -> list[tuple[int, int]]:
    """Every (row, column) of the first window; the first lies off the diagonal.

    With overlap it lies in the next window, too: `stride` columns to the right.
    """
    every = [(row, column) for row in range(kernel) for column in range(kernel)]
    first = min(stride, kernel - 1)
    others = [place for place in every if place != (0, first)]
    return [(0, first), *(others[i] for i in rng.permutation(len(others)))]
