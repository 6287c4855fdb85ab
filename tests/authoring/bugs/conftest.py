"""Running the bug library: as submissions through the checks, and by itself."""

from collections import defaultdict
from types import SimpleNamespace

import numpy as np
import pytest

from grader.authoring.bench import Bench
from grader.checks.layers import SECOND_CALL
from grader.outcomes import Status
from grader.tape import Expected


@pytest.fixture
def verdict(submit, grade):
    """Grade a bug by some checks.

    Gives the numbers of the checks that failed, and the cases outside of these that
    neither passed nor wait for a forward that does not run.
    """

    def run(bug, numbers):
        for path, text in bug.files.items():
            part, _, inside = path.partition("/")
            folder = submit({inside: text}, part)
        checks = grade(folder, frozenset(numbers).__contains__)
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
    part, tape = SimpleNamespace(load=lambda _: None), Expected(7, case.name, None)
    trial, other = draw(part, case, tape), draw(part, case, tape)
    layer = build(module, case, trial)
    for name, value in trial.parameters.items():
        setattr(layer, name, value.copy())
    if case.purpose == SECOND_CALL:
        _pass(layer, other)
    return _pass(layer, trial)


def _pass(layer, trial):
    """What one forward and backward give and leave behind."""
    x, dout = trial.x.copy(), trial.dout.copy()
    out = _attempt(lambda: layer.forward(x))
    returned = _attempt(lambda: layer.backward(dout))
    left = [getattr(layer, name, None) for name in ("dx", *trial.gradients, *trial.parameters)]
    return tuple(_frozen(value) for value in (out, returned, x, dout, *left))


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


@pytest.fixture(scope="session")
def tried(pool, tape, assignment, reference_dir):
    """Try a bug on some checks, once for all tests that ask: gives a Trial."""
    bench = Bench(reference_dir, assignment, pool)
    trials = {}

    def run(bug, numbers):
        if bug.name not in trials:
            seed = tape.header.seeds[0]
            trials[bug.name] = bench.run(bug.files, tape, seed, frozenset(numbers).__contains__)
        return trials[bug.name]

    return run


@pytest.fixture(scope="session")
def judged(tried):
    """By status other than passed, the numbers of the checks on which a bug is tried."""

    def run(bug, numbers):
        found = defaultdict(set)
        for number, check in tried(bug, numbers).checks.items():
            if check.status is not Status.PASSED:
                found[check.status].add(number)
        return dict(found)

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
