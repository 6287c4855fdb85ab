"""The bug library's variants of the training and the validation step."""

import ast

import pytest

from grader.authoring.bugs import training_solver
from grader.authoring.bugs.bug import Bug, reference
from grader.authoring.bugs.training import PATH, bugs
from grader.checks.hints.training import FAMILIES
from grader.outcomes import Status

BUGS = bugs()
WRONG = [bug for bug in BUGS if not bug.equivalent]
CHECKS = {"2.1", "2.2"}
SAMPLED = 30
# Mistakes that no case of the checks shows, each with what it would take.
UNSEEN = {
    "training-validation-softmax": "a look at what the criterion gets in validation",
    "training-validation-grad-off-for-good": "a look at the grad mode after validation",
    "training-solver-returns-loss-alone": "a look at the kinds of the returned pair",
    "training-solver-returns-swapped": "a look at the kinds of the returned pair",
}


def marks(index, bug):
    """All but a sample are slow; the unseen ones are expected to get away."""
    found = [] if index % SAMPLED == 0 else [pytest.mark.slow]
    if bug.name in UNSEEN:
        found.append(pytest.mark.xfail(strict=True, reason=UNSEEN[bug.name]))
    return found


@pytest.mark.parametrize(
    "bug", [pytest.param(bug, id=bug.name, marks=marks(i, bug)) for i, bug in enumerate(BUGS)]
)
def test_each_variant_fails_where_it_should_and_nowhere_else(bug, judged):
    """The checks that fail are those that the library names; an equivalent one passes all."""
    expected = {Status.FAILED: set(bug.caught_by)} if bug.caught_by else {}
    assert judged(bug, CHECKS) == expected


@pytest.mark.slow
def test_families_can_be_told_apart(confused):
    """Variants of two families differ in what some case of their checks shows."""
    assert confused([bug for bug in WRONG if bug.name not in UNSEEN], CHECKS) == []


def test_there_are_enough_variants_and_none_is_there_twice():
    """At least 30 wrong variants, with names and texts of their own."""
    names = [bug.name for bug in BUGS]
    assert len(WRONG) >= 30
    assert len(names) == len(set(names))
    assert len(names) == len({tuple(bug.files.values()) for bug in BUGS})
    assert all(name.startswith("training-") and name == name.lower() for name in names)
    assert set(UNSEEN) <= set(names)


def test_each_variant_changes_what_is_asked_for_and_parses():
    """Variants are Python, and differ from the reference."""
    for bug in BUGS:
        assert set(bug.files) in ({PATH}, {PATH, training_solver.PATH})
        assert bug.files[PATH] != reference(PATH)
        assert bug.files.get(training_solver.PATH) != training_solver.RIGHT
        for text in bug.files.values():
            ast.parse(text)


def test_every_family_is_known_and_used():
    """The families of the variants are those with a hint."""
    assert {bug.family for bug in BUGS} == set(FAMILIES)


def test_wrong_variants_name_their_checks_and_equivalent_ones_none():
    """Either a variant is caught by a check, or it says why it is equivalent."""
    assert all(bool(bug.caught_by) != bool(bug.equivalent) for bug in BUGS)
    assert all(bug.caught_by <= CHECKS for bug in BUGS)


def test_the_solver_that_variants_are_edits_of_is_right(judged):
    """Without an edit the Solver passes both checks."""
    files = {PATH: training_solver.MAIN, training_solver.PATH: training_solver.RIGHT}
    assert judged(Bug("training-solver-right", "", frozenset(), files), CHECKS) == {}
