"""The right solutions as a whole, and as submissions."""

import ast
from pathlib import Path

import pytest

from grader.authoring.bench import Bench
from grader.authoring.bugs import COMPONENTS
from grader.authoring.bugs.bug import reference
from grader.authoring.right import solutions
from grader.authoring.tape import record
from grader.outcomes import Status
from grader.tape import Header, Tape, write

ROOT = Path(__file__).parents[3]
SOLUTIONS = solutions()
SEEDS = (101, 102, 103)
EVERY = 13  # one of each that many runs unmarked: about a style of each task


@pytest.fixture(scope="session")
def bench(assignment, pool):
    """Tries solutions in place of the reference's files."""
    return Bench(ROOT / "reference", assignment, pool)


@pytest.fixture(scope="session")
def seeds_tape(tmp_path_factory):
    """A tape of several seeds."""
    path = tmp_path_factory.mktemp("right") / "tape.npz"
    checks = frozenset().union(*(solution.checks for solution in SOLUTIONS))
    write(path, Header(SEEDS, "key", ""), record(ROOT / "reference", SEEDS, checks.__contains__))
    return Tape(path)


def complaints(bench, solution, tape, seed):
    """What did not pass: check, case and what was said."""
    trial = bench.run(solution.files, tape, seed, solution.checks.__contains__)
    assert set(trial.checks) == solution.checks
    return [
        (number, case.name, case.message)
        for number, check in trial.checks.items()
        for case in check.cases
        if case.status is not Status.PASSED
    ]


@pytest.mark.parametrize("solution", SOLUTIONS[::EVERY], ids=lambda solution: solution.name)
def test_a_right_solution_passes(solution, bench, tape):
    """No check complains about a solution in another style than the reference's."""
    assert complaints(bench, solution, tape, tape.header.seeds[0]) == []


@pytest.mark.slow
@pytest.mark.parametrize("solution", SOLUTIONS, ids=lambda solution: solution.name)
def test_every_right_solution_passes_with_every_seed(solution, bench, seeds_tape):
    """Whatever inputs are drawn, no check complains."""
    assert [complaints(bench, solution, seeds_tape, seed) for seed in SEEDS] == [[]] * len(SEEDS)


def test_there_are_many_and_none_is_there_twice():
    """At least 25 ways to solve the layers, and all are texts of their own."""
    names = [solution.name for solution in SOLUTIONS]
    texts = [tuple(solution.files.values()) for solution in SOLUTIONS]
    assert len([name for name in names if name.startswith(("conv-", "pool-"))]) >= 25
    assert len(set(names)) == len(set(texts)) == len(SOLUTIONS)
    assert len({solution.title for solution in SOLUTIONS}) == len(SOLUTIONS)
    assert all(name == name.lower() and " " not in name for name in names)


def test_each_solution_is_python_and_not_the_reference():
    """Every file parses, and differs from what the reference has there."""
    for solution in SOLUTIONS:
        for path, text in solution.files.items():
            ast.parse(text)
            assert not (ROOT / "reference" / path).exists() or text != reference(path)


def test_every_component_with_known_mistakes_has_right_solutions():
    """The checks that wrong variants are held against are tried with right ones, too."""
    tried = frozenset().union(*(solution.checks for solution in SOLUTIONS))
    assert tried == frozenset().union(*(component.checks for component in COMPONENTS))
