"""Record what each known mistake gives, for the tape: the fingerprints that diagnosis matches.

Every variant of the bug library runs through the very checks that will see students'
code, so that a new check or case needs no code of its own here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from grader.authoring.bench import Bench
from grader.authoring.bugs import Component
from grader.diagnosis.library import Library
from grader.diagnosis.sketch import Seen
from grader.tape import Tape, fingerprint_name

Arrays = dict[str, "np.ndarray[Any, Any]"]
Told = Callable[[str], None]


def record(
    components: Iterable[Component],
    bench: Bench,
    tape: Tape,
    seed: int,
    told: Told = lambda _: None,
) -> Arrays:
    """The fingerprints of one seed, by their full names on the tape.

    `tape` holds the reference's arrays of this seed. `told` hears of every variant.
    """
    arrays: Arrays = {}
    for component in components:
        checks = component.checks
        right = _shown(bench, {}, tape, seed, checks)
        wrong: dict[str, dict[tuple[str, str], Mapping[str, Seen]]] = {name: {} for name in checks}
        for bug in component.bugs():
            if bug.equivalent:
                continue
            told(bug.name)
            shown = _shown(bench, bug.files, tape, seed, checks)
            for name in checks:
                wrong[name][bug.name, bug.family] = shown[name]
        for name in checks:
            library = Library.collect(right[name], wrong[name])
            for key, value in library.to_arrays().items():
                arrays[fingerprint_name(seed, name, key)] = value
    return arrays


def _shown(
    bench: Bench, files: Mapping[str, str], tape: Tape, seed: int, checks: frozenset[str]
) -> dict[str, Mapping[str, Seen]]:
    trial = bench.run(files, tape, seed, checks.__contains__)
    return {name: trial.observers[name].seen for name in checks}
