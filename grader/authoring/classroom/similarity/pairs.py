"""Which two submissions share code that few others have: an inverted index, not all pairs.

A fingerprint that more than `owners.most_common` students have counts for nobody. Each of the
others gives a point to every pair of submissions that have it; its list is short, so the work
grows with the fingerprints, not with the square of the class.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from grader.authoring.classroom.similarity.extraction import Features
from grader.authoring.classroom.similarity.owners import Sets, most_common, owners
from grader.authoring.classroom.similarity.winnowing import Array, among

LEAST_SHARED = 20
"""Fingerprints; fewer are a few lines. One stands for about 4.5 tokens."""
LEAST_SHARE = 0.25
"""Of the smaller submission. Independent right solutions of the panel share less than 0.08 of
theirs; copies with other names, layout and order more than 0.75, and more than 0.5 with every
third statement moved or followed by another: see `benchmarks/similarity.py`."""
LEAST_SHARE_OF_FILE = 0.5
LEAST_IN_FILE = 30
"""A file with fewer fingerprints is too short to be judged alone."""
LEAST_EQUAL = 60
"""Fingerprints, about 270 tokens: so long a solution is not the same by chance."""
SAME = 0.5
"""With this share two submissions belong to one group."""


@dataclass(frozen=True)
class Pair:
    """Submissions `one` < `other`, by number, and how many fingerprints both have.

    `share` is the part of the smaller one that these are. Where that is small, `path` is the
    file of which the largest part, `file_share`, is in the other submission. `equal` are two
    with the same fingerprints throughout: then those count, too, that many students have.
    """

    one: int
    other: int
    shared: int
    share: float
    file_share: float = 0.0
    path: str = ""
    equal: bool = False


@dataclass(frozen=True)
class Found:
    """Pairs, those with most in common first; `rare` are the fingerprints that count, rising."""

    pairs: list[Pair]
    rare: Array


def find(all_features: Sequence[Features], people: Sequence[frozenset[str]]) -> Found:
    """The pairs of a class worth looking at; `people` are `owners.identities`."""
    owned = owners(people)
    hashes, numbers = _postings(all_features)
    rare = _rare(hashes, np.asarray(owned, np.int64)[numbers], most_common(owned))
    counts = among(hashes, rare)
    hashes, numbers = hashes[counts], numbers[counts]
    sizes = np.bincount(numbers, minlength=len(all_features))

    @cache  # one entry a submission: fewer would be made anew for pair after pair
    def files(number: int) -> list[tuple[str, frozenset[int]]]:
        return _files(all_features[number], rare)

    pairs = list(_equal(all_features, people))
    listed = {(pair.one, pair.other) for pair in pairs}
    for one, other, shared in _shared(hashes, numbers, len(all_features)):
        if people[one] & people[other] or (one, other) in listed:
            continue
        share = shared / min(int(sizes[one]), int(sizes[other]))
        if share >= LEAST_SHARE:
            pairs.append(Pair(one, other, shared, share))
            continue
        part, path = max(_largest(files(one), files(other)), _largest(files(other), files(one)))
        if part >= LEAST_SHARE_OF_FILE:
            pairs.append(Pair(one, other, shared, share, part, path))
    pairs.sort(key=lambda pair: (-pair.shared, -pair.share, pair.one, pair.other))
    return Found(pairs, rare)


def _equal(all_features: Sequence[Features], people: Sequence[frozenset[str]]) -> Iterator[Pair]:
    """Each submission whose fingerprints are all those of an earlier one, with the first such.

    However many students have them: a solution that half of a class found on the web is not
    what everybody writes.
    """
    first: dict[frozenset[int], int] = {}
    for number, features in enumerate(all_features):
        hashes = frozenset(value for entry in features.code for value in entry.fingerprints)
        if len(hashes) >= LEAST_EQUAL:
            earlier = first.setdefault(hashes, number)
            if not people[earlier] & people[number]:
                yield Pair(earlier, number, len(hashes), 1.0, equal=True)


def groups(count: int, pairs: Sequence[Pair]) -> list[list[int]]:
    """Submissions, `count` in all, that pairs with much in common join; the largest first."""
    sets = Sets(count)
    for pair in pairs:
        if pair.share >= SAME:
            sets.join(pair.one, pair.other)
    return sorted(sets.groups(), key=len, reverse=True)


def _postings(all_features: Sequence[Features]) -> tuple[Array, Array]:
    """Every fingerprint with the number of its submission, once each, sorted by both."""
    lists = [
        np.array(sorted({h for entry in features.code for h in entry.fingerprints}), np.int64)
        for features in all_features
    ]
    hashes = np.concatenate([np.empty(0, np.int64), *lists])
    numbers = np.repeat(np.arange(len(lists)), [len(entry) for entry in lists])
    order = np.argsort(hashes, kind="stable")
    return hashes[order], numbers[order]


def _rare(hashes: Array, owned: Array, most: int) -> Array:
    """Fingerprints that at most `most` owners have, rising."""
    order = np.lexsort((owned, hashes))
    hashes, owned = hashes[order], owned[order]
    new = np.ones(len(hashes), bool)
    new[1:] = (hashes[1:] != hashes[:-1]) | (owned[1:] != owned[:-1])
    values, counts = np.unique(hashes[new], return_counts=True)
    return values[counts <= most]


def _shared(hashes: Array, numbers: Array, count: int) -> Iterator[tuple[int, int, int]]:
    """Pairs with at least `LEAST_SHARED` of `hashes` in common: one, other, how many.

    `hashes` are sorted, and `numbers` says which of `count` submissions has each.
    """
    if not len(hashes):
        return
    new = np.r_[True, hashes[1:] != hashes[:-1]]
    starts = np.flatnonzero(new)
    lengths = np.diff(np.r_[starts, len(hashes)])
    lists = np.cumsum(new) - 1  # the list that an entry is in
    by_number = np.argsort(numbers, kind="stable")
    ends = np.cumsum(np.bincount(numbers, minlength=count))
    begin = 0
    for one, end in enumerate(ends):
        own = lists[by_number[begin:end]]
        begin = end
        own = own[lengths[own] > 1]
        sizes = lengths[own]
        within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        others = numbers[np.repeat(starts[own], sizes) + within]
        found, shared = np.unique(others[others > one], return_counts=True)
        enough = shared >= LEAST_SHARED
        for other, total in zip(found[enough], shared[enough], strict=True):
            yield one, int(other), int(total)


def _files(features: Features, rare: Array) -> list[tuple[str, frozenset[int]]]:
    """The fingerprints of each file, as far as they count."""
    found = []
    for entry in features.code:
        hashes = np.array(entry.fingerprints, np.int64)
        found.append((entry.path, frozenset(hashes[among(hashes, rare)].tolist())))
    return found


def _largest(
    ours: list[tuple[str, frozenset[int]]], theirs: list[tuple[str, frozenset[int]]]
) -> tuple[float, str]:
    """The file of `ours` with the largest part in `theirs`: part and path."""
    everything = frozenset().union(*(hashes for _, hashes in theirs))
    best = (0.0, "")
    for path, hashes in ours:
        if len(hashes) >= LEAST_IN_FILE:
            best = max(best, (len(hashes & everything) / len(hashes), path))
    return best
