"""Fingerprints of a text by winnowing: few of its k-grams, chosen by what they are.

Schleimer, Wilkerson, Aiken, *Winnowing: Local Algorithms for Document Fingerprinting*,
SIGMOD 2003. Every run of k tokens (a k-gram) has a hash, and of every w hashes in a row the
smallest one is kept, the rightmost of equals. With that

* two texts that share a run of at least w + k - 1 tokens share a fingerprint (the guarantee);
* a shared run shorter than k tokens never shows (the noise threshold);
* about 2 / (w + 1) of the hashes are kept (the density).

k-grams that are known (the template's, the reference's) are taken out first, and what is left
is winnowed, so that the guarantee holds for w unknown k-grams in a row.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

Array: TypeAlias = "np.ndarray[Any, Any]"

K = 16
W = 8
_BASE = np.uint64(0x9E3779B97F4A7C15)  # odd: every power of it is a unit modulo 2^64
_BITS = np.uint64(4)  # dropped, so that a hash is a positive int64


def mix(values: Array) -> Array:
    """A bijection of uint64 in which every bit depends on all (the finaliser of SplitMix64)."""
    mixed = values.astype(np.uint64, copy=True)
    mixed ^= mixed >> np.uint64(30)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return mixed


def grams(texts: Sequence[str], k: int = K) -> Array:
    """The hash of every k-gram, int64 (number of texts - k + 1,), the same on every machine."""
    codes = np.array([_code(text) for text in texts], dtype=np.uint64)
    count = len(codes) - k + 1
    if count <= 0:
        return np.empty(0, np.int64)
    sums = np.zeros(count, np.uint64)
    for place in range(k):
        sums = sums * _BASE + codes[place : place + count]
    hashes: Array = (mix(sums) >> _BITS).astype(np.int64)
    return hashes


@lru_cache(maxsize=10_000)
def _code(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "replace"))


def winnow(hashes: Array, known: Array, w: int = W) -> Array:
    """Places in `hashes` of the fingerprints, rising: int64 (n,).

    `known` (m,) are hashes that do not count, rising. Where fewer than w are left, the smallest
    is kept.
    """
    places = np.flatnonzero(~among(hashes, known))
    left = hashes[places]
    if not len(left):
        return np.empty(0, np.int64)
    windows = sliding_window_view(left, min(w, len(left)))
    width = windows.shape[1]
    rightmost = width - 1 - windows[:, ::-1].argmin(axis=1)
    chosen: Array = places[np.unique(rightmost + np.arange(len(windows)))]
    return chosen


def among(values: Array, sorted_ones: Array) -> Array:
    """Which of `values` (n,) are in `sorted_ones` (m,), which rise: bool (n,)."""
    if not len(sorted_ones):
        return np.zeros(len(values), bool)
    places = np.minimum(np.searchsorted(sorted_ones, values), len(sorted_ones) - 1)
    found: Array = sorted_ones[places] == values
    return found
