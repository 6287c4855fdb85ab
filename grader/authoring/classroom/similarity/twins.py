"""Checkpoints with the same or nearly the same weights, of different students.

Tensors are put into classes first: equal bytes, equal numbers in another order, or sketches whose
cosine is above `NEAR`. Two checkpoints are alike if more than half of the smaller one's numbers
are in classes that both have. Sketches are compared only among tensors of one size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from grader.authoring.classroom.similarity.extraction import Features
from grader.authoring.classroom.similarity.owners import Sets, most_common, owners
from grader.authoring.classroom.similarity.weights import Tensor, Weights

NEAR = 0.99
"""Measured on the two-layer network (practice set): another seed 0.0, the same seed with another
order of images 0.7, with half the learning rate 0.8; a copy trained for another epoch at a tenth of
the rate 0.998, one with noise of 1 % of the weights, or in half precision, above 0.9999."""
ALIKE = 0.5
_ROWS = 2048  # of a product of sketches at a time


@dataclass(frozen=True)
class Twins:
    """Checkpoints that are alike: `members` are numbers of submissions and paths.

    `kind` is 'identical' (all large tensors have the same bytes), 'reordered' (the same numbers),
    'close' (as far as the sketches tell) or 'partly' (some tensors). `common` says that so
    many students have them that there will be an honest reason.
    """

    members: tuple[tuple[int, str], ...]
    kind: str
    common: bool = False


def find(all_features: Sequence[Features], people: Sequence[frozenset[str]]) -> list[Twins]:
    """Groups of at least two students, the largest first; `people` are `owners.identities`."""
    owned = owners(people)
    checkpoints = [
        (number, weights)
        for number, features in enumerate(all_features)
        for weights in features.checkpoints
    ]
    found = []
    for group in _alike([weights for _, weights in checkpoints]):
        members = [checkpoints[place] for place in group]
        students = {owned[number] for number, _ in members}
        if len(students) > 1:
            paths = tuple((number, weights.path) for number, weights in members)
            common = len(students) > most_common(owned)
            found.append(Twins(paths, _kind([weights for _, weights in members]), common))
    return sorted(found, key=lambda twins: (twins.common, -len(twins.members), twins.members))


def _kind(group: Sequence[Weights]) -> str:
    if len({tuple(tensor.digest for tensor in weights.tensors) for weights in group}) == 1:
        return "identical"
    if len({tuple(tensor.bag for tensor in weights.tensors) for weights in group}) == 1:
        return "reordered"
    sizes = {tuple(tensor.values for tensor in weights.tensors) for weights in group}
    if len(sizes) == 1 and all(_close(group[0], weights) for weights in group):
        return "close"
    return "partly"


def _close(one: Weights, other: Weights) -> bool:
    pairs = zip(one.tensors, other.tensors, strict=True)
    return all(float(a.vector @ b.vector) > NEAR or a.bag == b.bag for a, b in pairs)


def _alike(checkpoints: Sequence[Weights]) -> list[list[int]]:
    """Places of checkpoints that are alike, in groups."""
    classes = _classes([tensor for weights in checkpoints for tensor in weights.tensors])
    kinds: list[dict[int, int]] = []  # of each checkpoint: how many numbers of each class
    at = 0
    for weights in checkpoints:
        kind: dict[int, int] = {}
        for tensor in weights.tensors:
            kind[classes[at]] = kind.get(classes[at], 0) + tensor.values
            at += 1
        kinds.append(kind)
    sets = Sets(len(checkpoints))
    for one, other in _candidates(kinds, sets):
        both = sum(min(count, kinds[other].get(c, 0)) for c, count in kinds[one].items())
        if both > ALIKE * min(sum(kinds[one].values()), sum(kinds[other].values())):
            sets.join(one, other)
    return sets.groups()


def _candidates(kinds: Sequence[dict[int, int]], sets: Sets) -> Iterator[tuple[int, int]]:
    """Pairs with a class in common that are not in one set yet.

    Checkpoints with the same classes throughout are joined here, so that a class of a thousand
    equal ones makes no million of pairs.
    """
    first: dict[tuple[tuple[int, int], ...], int] = {}
    having: dict[int, list[int]] = {}
    for number, kind in enumerate(kinds):
        same = first.setdefault(tuple(sorted(kind.items())), number)
        if same != number:
            sets.join(same, number)
            continue
        for entry in kind:
            having.setdefault(entry, []).append(number)
    for members in having.values():
        for place, one in enumerate(members):
            for other in members[place + 1 :]:
                if sets.find(one) != sets.find(other):
                    yield one, other


def _classes(tensors: Sequence[Tensor]) -> list[int]:
    """A number for each tensor; the same for equal and for nearly equal ones."""
    sets = Sets(len(tensors))
    firsts: dict[tuple[int, str], int] = {}
    by_size: dict[int, list[int]] = {}
    for number, tensor in enumerate(tensors):
        known = firsts.setdefault((tensor.values, tensor.bag), number)
        sets.join(known, number)
        if known == number:
            by_size.setdefault(tensor.values, []).append(number)
    for numbers in by_size.values():
        for one, other in _near([tensors[number] for number in numbers]):
            sets.join(numbers[one], numbers[other])
    return [sets.find(number) for number in range(len(tensors))]


def _near(tensors: Sequence[Tensor]) -> Iterator[tuple[int, int]]:
    """Places of tensors whose sketches nearly agree."""
    vectors = np.stack([tensor.vector for tensor in tensors])
    for start in range(0, len(vectors), _ROWS):
        for column in range(start, len(vectors), _ROWS):
            cosines = vectors[start : start + _ROWS] @ vectors[column : column + _ROWS].T
            for one, other in np.argwhere(cosines > NEAR):
                if start + one < column + other:
                    yield int(start + one), int(column + other)
