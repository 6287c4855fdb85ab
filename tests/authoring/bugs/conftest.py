"""Running the bug library: as submissions through the checks, and by itself."""

from collections import defaultdict
from types import SimpleNamespace

import numpy as np
import pytest

from grader.authoring.bench import Bench
from grader.checks.layers import SECOND_CALL
from grader.outcomes import Status
from grader.tape import Expected


@pytest.fixture(scope="session")
def tried(pool, tape, assignment, reference_dir):
    """Try a bug on some checks, once for all tests that ask: gives a Trial."""
    bench = Bench(reference_dir, assignment, pool)
    trials = {}

    def run(bug, numbers):
        if bug.name not in trials:
            seed = tape.header.seeds[0]
            trials[bug.name] = bench.run(bug.files, tape, seed, numbers.__contains__)
        return trials[bug.name]

    return run


@pytest.fixture(scope="session")
def judged(tried):
    """Judge a bug by some checks.

    Gives the numbers of the checks that failed, and the cases outside of these that
    neither passed nor wait for a forward that does not run.
    """

    def run(bug, numbers):
        checks = tried(bug, numbers).checks
        failed = {number for number, check in checks.items() if check.status is Status.FAILED}
        strays = [
            (number, case.name, case.reason)
            for number, check in checks.items()
            for case in check.cases
            if number not in failed and case.status is not Status.PASSED and case.reason != "needs"
        ]
        return failed, strays

    return run


@pytest.fixture(scope="session")
def confused(tried):
    """Sets of families that no case of one check tells apart: they show the very same."""

    def run(bugs, numbers):
        families = defaultdict(set)
        for bug in bugs:
            for number, observer in tried(bug, numbers).observers.items():
                shown = sorted(observer.seen.items())
                key = tuple((slot, *(seen.sketch.round(4) + 0.0)) for slot, seen in shown)
                if observer.anything_wrong:
                    families[number, key].add(bug.family)
        return [found for found in families.values() if len(found) > 1]

    return run


@pytest.fixture(scope="session")
def alike():
    """Groups of bugs that do the same in every case of a layer's checks."""

    def find(bugs, build, cases, draw):
        """`build(module, case, trial)` makes a bug's layer, `draw(part, case, tape)` a trial."""
        groups = defaultdict(list)
        for bug in bugs:
            module = {}
            (text,) = bug.files.values()
            exec(text, module)
            does = tuple(_observe_case(module, build, case, draw) for case in cases)
            groups[does].append(bug.name)
        return [names for names in groups.values() if len(names) > 1]

    return find


def _observe_case(module, build, case, draw):
    """What a layer does in a case; a second call follows two with other parameters and data."""
    part, tape = SimpleNamespace(load=lambda _: None), Expected(7, case.name, None)
    trial = draw(part, case, tape)
    layer = build(module, case, trial)
    if case.purpose != SECOND_CALL:
        return _pass(layer, trial)
    before = draw(part, case.another(), tape), draw(part, case, tape)
    for earlier in before:
        _pass(layer, earlier)
    twin = before[-1]
    return _pass(layer, trial, between=lambda: _forward(build(module, case, twin), twin))


def _pass(layer, trial, between=lambda: None):
    """What one forward and backward give and leave behind; `between` runs between the two."""
    x, out = _forward(layer, trial)
    between()
    dout = trial.dout.copy()
    returned = _attempt(lambda: layer.backward(dout))
    left = [getattr(layer, name, None) for name in ("dx", *trial.gradients, *trial.parameters)]
    return tuple(_frozen(value) for value in (out, returned, x, dout, *left))


def _forward(layer, trial):
    """The input afterwards, and the output, of a forward with the trial's parameters."""
    for name, value in trial.parameters.items():
        setattr(layer, name, value.copy())
    x = trial.x.copy()
    return x, _attempt(lambda: layer.forward(x))


def _attempt(action):
    try:
        return action()
    except Exception as error:  # noqa: BLE001  wrong code raises anything
        return type(error).__name__


def _frozen(value):
    """The value as something hashable; equal arrays stay equal, 0 and -0 too."""
    if isinstance(value, (np.ndarray, float, int)):
        array = np.asarray(value, np.float64)
        return array.shape, (array.round(6) + 0.0).tobytes()
    return tuple(map(_frozen, value)) if isinstance(value, tuple) else value
