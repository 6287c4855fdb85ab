"""Record what each known mistake gives, for the tape: the fingerprints that diagnosis matches.

Every variant of the bug library runs through the very checks that will see students'
code, so that a new check or case needs no code of its own here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.authoring.bench import Bench
from grader.authoring.bugs import Component
from grader.diagnosis.library import Library
from grader.diagnosis.sketch import Seen
from grader.tape import Tape, fingerprint_name

Arrays = dict[str, "np.ndarray[Any, Any]"]


@dataclass(frozen=True)
class Variant:
    """A variant of the reference to be looked at with one seed; the reference has no name.

    `place` is its place among all variants: what comes back may come in any order.
    """

    place: int
    seed: int
    checks: frozenset[str]
    name: str
    family: str
    files: Mapping[str, str]


@dataclass(frozen=True)
class Shown:
    """What a variant showed in its checks, by their numbers."""

    place: int
    seed: int
    name: str
    family: str
    seen: Mapping[str, Mapping[str, Seen]]


def variants(components: Iterable[Component], seeds: Iterable[int]) -> list[Variant]:
    """Every variant that leaves a fingerprint, and the reference once for each component."""
    found: list[Variant] = []
    listed = [(component.checks, component.bugs()) for component in components]
    for seed in seeds:
        for checks, bugs in listed:
            found.append(Variant(len(found), seed, checks, "", "", {}))
            for bug in bugs:
                if not bug.equivalent:
                    place = len(found)
                    found.append(Variant(place, seed, checks, bug.name, bug.family, bug.files))
    return found


def show(bench: Bench, tape: Tape, variant: Variant) -> Shown:
    """Run a variant through its checks; `tape` holds the reference's arrays of its seed."""
    trial = bench.run(variant.files, tape, variant.seed, variant.checks.__contains__)
    seen = {name: trial.observers[name].seen for name in variant.checks}
    return Shown(variant.place, variant.seed, variant.name, variant.family, seen)


def collect(shown: Iterable[Shown]) -> Arrays:
    """The fingerprints by their full names on the tape, from all variants."""
    right: dict[tuple[int, str], Mapping[str, Seen]] = {}
    wrong: dict[tuple[int, str], dict[tuple[str, str], Mapping[str, Seen]]] = defaultdict(dict)
    for one in sorted(shown, key=lambda one: one.place):
        for check, seen in one.seen.items():
            if one.name:
                wrong[one.seed, check][one.name, one.family] = seen
            else:
                right[one.seed, check] = seen
    arrays: Arrays = {}
    for (seed, check), reference in right.items():
        library = Library.collect(reference, wrong[seed, check])
        for key, value in library.to_arrays().items():
            arrays[fingerprint_name(seed, check, key)] = value
    return arrays
