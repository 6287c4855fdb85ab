"""The diagnosis of code that made no fingerprints: right solutions with a mistake each."""

from collections import Counter
from pathlib import Path

import pytest

from grader.authoring.bench import Bench
from grader.authoring.bugs import COMPONENTS
from grader.authoring.bugs.bug import REFERENCE
from grader.authoring.unseen import load
from grader.diagnosis.match import explain
from grader.outcomes import Status
from grader.tape import PUBLIC, Tape

FILES = sorted(Path(__file__).parent.glob("*.toml"))
UNSEEN = [(path.stem, unseen) for path in FILES for unseen in load(path)]
ENOUGH = 25  # of each kind
SAMPLED = 15


@pytest.fixture(scope="session")
def looked_up(pool, assignment):
    """The explanation of each check that fails for a mistake, by the checks' numbers."""
    bench, tape = Bench(REFERENCE, assignment, pool), Tape(PUBLIC)
    seed = tape.header.seeds[0]

    def look(unseen):
        trial = bench.run(unseen.bug.files, tape, seed, unseen.checks.__contains__)
        return {
            number: explain(trial.observers[number].seen, tape.library(seed, number))
            for number, check in trial.checks.items()
            if check.status is Status.FAILED
        }

    return look


@pytest.mark.parametrize(
    "unseen",
    [
        pytest.param(
            unseen,
            id=f"{file}-{unseen.bug.name}",
            marks=[] if i % SAMPLED == 0 else [pytest.mark.slow],
        )
        for i, (file, unseen) in enumerate(UNSEEN)
    ],
)
def test_strange_code_is_caught_and_its_mistake_named(unseen, looked_up):
    """The right checks fail, the family is named, and no hint is sure of another one alone."""
    found = looked_up(unseen)
    assert set(found) == unseen.bug.caught_by
    explanations = [explanation for explanation in found.values() if explanation]
    named = {family for e in explanations for group in e.mistakes for family in group}
    assert (unseen.bug.family in named) == unseen.named
    for explanation in explanations:
        if explanation.complete:
            assert all(unseen.families.intersection(group) for group in explanation.mistakes)


def test_there_are_many_of_every_task():
    """Enough mistakes that shaped the library, and enough that never did, over all checks."""
    sizes = Counter("held out" if file == "held_out" else "others" for file, _ in UNSEEN)
    assert min(sizes["held out"], sizes["others"]) >= ENOUGH
    tried = frozenset().union(*(unseen.bug.caught_by for _, unseen in UNSEEN))
    everything = frozenset().union(*(component.checks for component in COMPONENTS))
    assert tried >= everything - {"2.7"}  # MyModel has no handout to be wrong about


def test_names_are_given_once():
    """No two mistakes of a file share a name, and none is the same text as another."""
    names = Counter((file, unseen.bug.name) for file, unseen in UNSEEN)
    texts = Counter(tuple(unseen.bug.files.values()) for _, unseen in UNSEEN)
    assert max(names.values()) == max(texts.values()) == 1


def test_nearly_all_are_to_be_named():
    """What the diagnosis is known to miss stays a small part, in both kinds."""
    for held_out in (True, False):
        some = [unseen.named for file, unseen in UNSEEN if (file == "held_out") == held_out]
        assert sum(some) >= 0.85 * len(some)
