"""Which known mistakes explain what a submission showed.

A mistake *explains* a wrong slot by giving the very same array there. It is *refuted* by
a slot where it is wrong and the submission is right. One mistake that explains all comes
first; then two that together do, each in slots of its own or by adding up; then the one
that explains most, which is said with care. Where mistakes of different families explain
equally well, all of them are named.

The kind of an exception is weak evidence, for many mistakes share it: a mistake that nothing
else speaks for is never claimed for certain.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.diagnosis.library import Library
from grader.diagnosis.sketch import LENGTH, PROJECTIONS, Seen, same

MOST_ALTERNATIVES = 3
MOST = 0.6  # of the wrong slots, for one mistake that leaves some unexplained
FEW = 2

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Explanation:
    """The families that were found.

    `mistakes` has an entry for each mistake: the families that fit it equally well.
    `complete` says that they explain every wrong slot exactly, and for certain.
    """

    mistakes: tuple[tuple[str, ...], ...]
    complete: bool


@dataclass(frozen=True)
class _Evidence:
    """The submission against every mistake: booleans (mistakes, wrong slots)."""

    families: list[str]
    explains: Array
    wrong: Array
    linear: Array
    sketches: Array  # (mistakes, wrong slots, LENGTH)
    right: Array  # the reference's (wrong slots, LENGTH)
    got: Array  # the submission's (wrong slots, LENGTH)
    firm: Array  # slots that tell more than the kind of an exception: booleans (wrong slots,)
    some_right: bool  # where the submission is right somewhere, that speaks, too


def explain(seen: Mapping[str, Seen], library: Library) -> Explanation | None:
    """The known mistakes behind the wrong slots of `seen`; None if none fits."""
    evidence = _weigh(seen, library)
    if evidence is None:
        return None
    return _single(evidence) or _pair(evidence) or _most(evidence)


def _weigh(seen: Mapping[str, Seen], library: Library) -> _Evidence | None:
    """Leave out the mistakes that are refuted; None if nothing is left to explain or with."""
    wrong = np.array([slot in seen and seen[slot].wrong for slot in library.slots], bool)
    right = np.array([slot in seen and not seen[slot].wrong for slot in library.slots], bool)
    refuted = (library.wrong[1:] & right).any(axis=1)
    if not wrong.any() or refuted.all():
        return None
    got = np.full((len(library.slots), LENGTH), np.nan)
    for place, slot in enumerate(library.slots):
        if slot in seen:
            got[place] = seen[slot].sketch
    sketches = library.sketches[1:][~refuted][:, wrong]
    is_wrong = library.wrong[1:][~refuted][:, wrong]
    linear = np.array([slot in seen and seen[slot].linear for slot in library.slots], bool)
    return _Evidence(
        families=[f for f, out in zip(library.families, refuted) if not out],
        explains=same(sketches, got[wrong]) & is_wrong,
        wrong=is_wrong,
        linear=library.linear[1:][~refuted][:, wrong] & linear[wrong],
        sketches=sketches,
        right=library.sketches[0][wrong],
        got=got[wrong],
        firm=~np.array([slot in seen and seen[slot].raised for slot in library.slots])[wrong],
        some_right=bool(right.any()),
    )


def _single(evidence: _Evidence) -> Explanation | None:
    """One mistake explains everything."""
    fitting = np.flatnonzero(evidence.explains.all(axis=1))
    families = _distinct(evidence.families[i] for i in fitting)
    if not 0 < len(families) <= MOST_ALTERNATIVES:
        return None
    return Explanation((families,), complete=bool(evidence.firm.any()) or evidence.some_right)


def _pair(evidence: _Evidence) -> Explanation | None:
    """Two mistakes that together account for every wrong slot.

    In each slot one of them explains what came, or their deviations add up to it, or
    both are wrong there and meet in a way that only running them together would tell.
    """
    found: list[tuple[int, int, int, bool]] = []
    count = len(evidence.families)
    for one in range(count):
        both = evidence.wrong[one] & evidence.wrong[one + 1 :]
        explained = evidence.explains[one] | evidence.explains[one + 1 :]
        accounted = (explained | both).all(axis=1)
        others = one + 1 + np.flatnonzero(accounted)
        if not others.size:
            continue
        explained = explained[accounted] | (both[accounted] & _adds_up(evidence, one, others))
        # Each has to explain something that the other does not, or their sum does.
        sums = explained & ~evidence.explains[one] & ~evidence.explains[others]
        own = (evidence.explains[one] & ~evidence.explains[others]) | sums
        others_own = (evidence.explains[others] & ~evidence.explains[one]) | sums
        good = own.any(axis=1) & others_own.any(axis=1)
        sure = (own & evidence.firm).any(axis=1) & (others_own & evidence.firm).any(axis=1)
        found += [
            (int(explained[i].sum()), one, int(others[i]), bool(sure[i]))
            for i in np.flatnonzero(good)
        ]
    if not found:
        return None
    best = max(score for score, *_ in found)
    pairs: dict[tuple[str, ...], bool] = {}
    for score, one, two, sure in found:
        names = evidence.families[one], evidence.families[two]
        if score == best and names[0] != names[1]:
            key = tuple(sorted(names))
            pairs[key] = pairs.get(key, False) or sure
    total = evidence.got.shape[0]
    return _from_pairs(sorted(pairs), complete=best == total and all(pairs.values()))


def _adds_up(evidence: _Evidence, one: int, others: Array) -> Array:
    """Where the deviations of two mistakes add up to the submission's: (others, slots)."""
    total = evidence.sketches[one] + evidence.sketches[others] - evidence.right
    difference = np.abs(total - evidence.got)[..., :PROJECTIONS].max(axis=-1)
    norms = np.stack(
        [np.broadcast_to(evidence.got[:, -1], difference.shape), evidence.sketches[others][..., -1]]
    )
    close = difference <= 1e-5 * np.maximum(norms.max(axis=0), 1e-12)
    return np.asarray(close & evidence.linear[one] & evidence.linear[others])


def _from_pairs(pairs: list[tuple[str, ...]], *, complete: bool) -> Explanation | None:
    """One pair; or pairs that share a family, with alternatives for the other mistake."""
    if not pairs:
        return None
    if len(pairs) == 1:
        return Explanation(tuple((family,) for family in pairs[0]), complete)
    shared = set(pairs[0]).intersection(*pairs[1:])
    if len(shared) != 1 or len(pairs) > MOST_ALTERNATIVES:
        return None
    (common,) = shared
    others = _distinct(family for pair in pairs for family in pair if family != common)
    return Explanation(((common,), others), complete)


def _most(evidence: _Evidence) -> Explanation | None:
    """The mistake that explains most of the wrong slots, if that is clear."""
    counts = evidence.explains.sum(axis=1)
    best = int(counts.max(initial=0))
    total = evidence.got.shape[0]
    if best < max(min(FEW, total), 1):
        return None
    families = _distinct(
        family for family, count in zip(evidence.families, counts) if count == best
    )
    if len(families) > MOST_ALTERNATIVES or (len(families) > 1 and best < MOST * total):
        return None
    return Explanation((families,), complete=False)


def _distinct(families: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(families))
