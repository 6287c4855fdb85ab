"""A checkpoint's weights in a few numbers: equal ones, and nearly equal ones, are found by them.

Of every tensor that is large enough to tell trainings apart:

* `digest` of its bytes: the same file, or the same tensor in another file;
* `bag`, a hash of the set of its numbers: the same in another order (hidden units exchanged);
* `sketch`, a random projection to 64 numbers: the cosine of two sketches estimates the cosine of
  the weights with a standard deviation of (1 - cosine^2) / 8 (a sparse variant of Johnson and
  Lindenstrauss's, as Charikar, Chen, Farach-Colton, *Finding Frequent Items in Data Streams*,
  ICALP 2002, hash into buckets with random signs). A scaled copy, one in half precision, one with
  a little noise or a few further steps has a cosine near 1; an honest second training is near 0,
  for it starts from other random weights.

The bytes are taken for the kind of number as which they look like weights, so that the pickle,
which names the kind, need not be read; equal bytes are taken for the same kind in any case.
"""

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from grader.authoring.classroom.similarity.storages import Place, places
from grader.authoring.classroom.similarity.winnowing import Array, mix

LEAST_VALUES = 512
"""A smaller tensor (a bias, batch normalisation's) says little, and may be all ones."""
MOST_TENSORS = 400
"""Of one checkpoint: the largest."""
DIMENSIONS = 64
_CHUNK = 1 << 20  # values at a time: bounds memory
_KINDS = (np.dtype("<f4"), np.dtype("<f8"), np.dtype("<f2"))  # of equally likely ones the first
_PLAUSIBLE = (1e-8, 1e4)  # magnitudes of weights
_MOST_OF = 0.6  # some weights may be zero
_SAMPLE = 4096
_ROUNDING = 1e-7


@dataclass(frozen=True)
class Tensor:
    """`values` numbers; `sketch` is a unit vector (64,) of float32 in base64."""

    values: int
    digest: str
    bag: str
    sketch: str

    @property
    def vector(self) -> Array:
        """The sketch, float32 (64,)."""
        return np.frombuffer(base64.b64decode(self.sketch), "<f4")


@dataclass(frozen=True)
class Weights:
    """One checkpoint: 'part/path', and its large tensors in the order of the file."""

    path: str
    tensors: tuple[Tensor, ...]

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Weights:
        """What `dataclasses.asdict` made.

        Raises KeyError, TypeError, ValueError or OverflowError for others.
        """
        weights = cls(
            str(document["path"]),
            tuple(
                Tensor(int(entry["values"]), *(str(entry[n]) for n in ("digest", "bag", "sketch")))
                for entry in document["tensors"]
            ),
        )
        if any(tensor.vector.shape != (DIMENSIONS,) for tensor in weights.tensors):
            raise ValueError("a sketch has another length")
        return weights


def sketch(name: str, path: Path, most_bytes: float) -> Weights | None:
    """The weights in the file at `path`; None where it is no checkpoint or has none."""
    tensors = []
    found = places(path, most_bytes)
    largest = sorted(found, key=lambda place: place.size, reverse=True)[:MOST_TENSORS]
    try:
        with path.open("rb") as stream, np.errstate(all="ignore"):
            for place in sorted(largest):
                tensor = _tensor(stream, place)
                if tensor is not None:
                    tensors.append(tensor)
    except OSError:
        return None
    return Weights(name, tuple(tensors)) if tensors else None


def _tensor(stream: BinaryIO, place: Place) -> Tensor | None:
    """One tensor; None if it is too small, constant, or its bytes are no weights."""
    if place.size < 2 * LEAST_VALUES:
        return None
    kind = _kind(stream, place)
    if kind is None or place.size // kind.itemsize < LEAST_VALUES:
        return None
    count = place.size // kind.itemsize
    digest = hashlib.blake2b(digest_size=16)
    bag = 0
    sums, signs = np.zeros(DIMENSIONS), np.zeros(DIMENSIONS)
    total = squares = 0.0
    for start, values in _chunks(stream, place, kind):
        digest.update(values.tobytes())
        bits = values.view(f"<u{kind.itemsize}")
        bag = (bag + int(mix(bits).sum(dtype=np.uint64))) % 2**64
        numbers = values.astype(np.float64)
        numbers[~np.isfinite(numbers)] = 0
        total += float(numbers.sum())
        squares += float(numbers @ numbers)
        sums += _folded(numbers * (sign := _signs(start, len(numbers))))
        signs += _folded(sign)
    direction = _unit(sums - signs * (total / count), math.sqrt(squares))
    return Tensor(count, digest.hexdigest(), f"{bag:016x}", direction) if direction else None


def _kind(stream: BinaryIO, place: Place) -> np.dtype[Any] | None:
    """As what most of a sample looks like weights, by their magnitudes; None if as nothing."""
    stream.seek(place.start)
    raw = stream.read(min(place.size, 8 * _SAMPLE) // 8 * 8)
    best, most = None, _MOST_OF
    for kind in _KINDS:
        sizes = np.abs(np.frombuffer(raw, kind).astype(np.float64))
        share = float(np.mean((sizes > _PLAUSIBLE[0]) & (sizes < _PLAUSIBLE[1])))
        if share > most and place.size % kind.itemsize == 0:
            best, most = kind, share
    return best


def _chunks(stream: BinaryIO, place: Place, kind: np.dtype[Any]) -> Iterator[tuple[int, Array]]:
    """The numbers, `_CHUNK` at a time, each with the index of its first one."""
    stream.seek(place.start)
    count = place.size // kind.itemsize
    for start in range(0, count, _CHUNK):
        raw = stream.read(min(_CHUNK, count - start) * kind.itemsize)
        yield start, np.frombuffer(raw, kind)


def _signs(start: int, count: int) -> Array:
    """A random sign for every index, the same in all tensors: +1.0 or -1.0, (count,)."""
    bits = mix(np.arange(start, start + count, dtype=np.uint64) + np.uint64(1)) >> np.uint64(63)
    signs: Array = bits.astype(np.float64) * 2 - 1
    return signs


def _folded(numbers: Array) -> Array:
    """Sums (64,) over the indices that are equal modulo 64; a chunk begins with a multiple."""
    missing = -len(numbers) % DIMENSIONS
    folded: Array = np.pad(numbers, (0, missing)).reshape(-1, DIMENSIONS).sum(axis=0)
    return folded


def _unit(vector: Array, whole: float) -> str:
    """`vector` at length 1 in base64; '' where it is nothing beside `whole`, as of a constant."""
    length = float(np.linalg.norm(vector))
    if not np.isfinite(length) or length <= _ROUNDING * whole:
        return ""
    return base64.b64encode((vector / length).astype("<f4").tobytes()).decode()
