"""Sketches: a few numbers that stand for an array, to be matched with those of known mistakes.

A sketch is four random projections of the array and its norm. Projections are linear, so
that two mistakes which add up can be recognised by the sum of their sketches; they tolerate
the rounding of float32, which a hash does not; and nothing can be read back from them.
"""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np

PROJECTIONS = 4
LENGTH = PROJECTIONS + 1
# Of the norm: the rounding of float32 stays below, the smallest mistakes are far above.
TOLERANCE = 1e-5
_HUGE = 1e100  # beyond it, squares overflow

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Seen:
    """What one slot of a check showed: an array of one case, or how the case ended.

    `sketch` has shape (LENGTH,). `wrong` says that it differs from what is right.
    `linear` says that sketches of this slot may be added: an array of the right shape.
    `raised` says that it only tells the kind of an exception, which many mistakes share.
    """

    sketch: Array
    wrong: bool
    linear: bool = False
    raised: bool = False


def of_array(got: Any, shape: tuple[int, ...]) -> tuple[Array, bool]:
    """The sketch of what came where an array of `shape` was expected, and if it is linear.

    Axes of length 1 do not count. What is no finite array is sketched by its description.
    """
    if isinstance(got, (bool, int, float, np.generic)):
        got = np.asarray(got)
    if not isinstance(got, np.ndarray):
        return of_text(f"no array: {type(got).__name__}"), False
    values = got.astype(np.float64).reshape(-1)
    if not (np.abs(values) < _HUGE).all():  # NaN is not, either
        return of_text(f"not finite: {got.shape}"), False
    squeezed = tuple(size for size in got.shape if size != 1)
    projected = _directions(squeezed) @ values
    norm = float(np.sqrt(values @ values))
    linear = squeezed == tuple(size for size in shape if size != 1)
    if not values.size:
        return of_text(f"empty: {got.shape}"), False
    return np.append(projected, norm), linear


def of_text(text: str) -> Array:
    """A sketch that equals another one only for equal texts."""
    digest = hashlib.blake2b(text.encode(), digest_size=4 * LENGTH).digest()
    return 1.0 + np.frombuffer(digest, "<u4").astype(np.float64) / 2**32


def same(one: Array, other: Array) -> Array:
    """Whether sketches (..., LENGTH) are equal up to rounding; NaN equals nothing."""
    scale = np.maximum(np.abs(one[..., -1]), np.abs(other[..., -1]))
    close = np.abs(one - other).max(axis=-1) <= TOLERANCE * np.maximum(scale, 1e-12)
    return np.asarray(close)


@functools.lru_cache(maxsize=512)
def _directions(shape: tuple[int, ...]) -> Array:
    """Random directions (PROJECTIONS, size) that depend on nothing but the shape."""
    digest = hashlib.blake2b(repr(shape).encode(), digest_size=16).digest()
    rng = np.random.RandomState(np.frombuffer(digest, "<u4"))
    return np.asarray(rng.standard_normal((PROJECTIONS, int(np.prod(shape)))))
