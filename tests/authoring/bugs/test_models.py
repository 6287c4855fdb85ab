"""The bug library's variants of the networks of Part 2."""

import ast

import pytest

from grader.authoring.bugs import models_mine
from grader.authoring.bugs.bug import Bug, reference
from grader.authoring.bugs.models import CNN, TWO_LAYERS, bugs
from grader.checks.hints.models import FAMILIES
from grader.outcomes import Status

BUGS = bugs()
WRONG = [bug for bug in BUGS if not bug.equivalent]
CHECKS = {"2.3", "2.4", "2.7"}
SAMPLED = 40
PATHS = {TWO_LAYERS, CNN, models_mine.PATH}
# Mistakes that no case of the checks shows, each with what it would take.
UNSEEN = {
    "models-two-layers-detached": "a backward through the given networks",
    "models-cnn-batch-norm": "a forward in training mode, or a look at all layers",
    "models-mine-softmax-at-end": "a look at the sums of the rows",
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
    """At least 15 wrong variants, with names and texts of their own."""
    names = [bug.name for bug in BUGS]
    assert len(WRONG) >= 15
    assert len(names) == len(set(names))
    assert len(names) == len({tuple(bug.files.values()) for bug in BUGS})
    assert all(name.startswith("models-") and name == name.lower() for name in names)
    assert set(UNSEEN) <= set(names)


def test_each_variant_changes_what_is_asked_for_and_parses():
    """Variants are Python, and differ from the reference."""
    for bug in BUGS:
        ((path, text),) = bug.files.items()
        assert path in PATHS
        ast.parse(text)
        assert text not in {reference(path), models_mine.RIGHT}


def test_every_family_is_known_and_used():
    """The families of the variants are those with a hint."""
    assert {bug.family for bug in BUGS} == set(FAMILIES)


def test_wrong_variants_name_their_checks_and_equivalent_ones_none():
    """Either a variant is caught by a check, or it says why it is equivalent."""
    assert all(bool(bug.caught_by) != bool(bug.equivalent) for bug in BUGS)
    assert all(bug.caught_by <= CHECKS for bug in BUGS)


def test_the_network_that_variants_are_edits_of_is_right(judged):
    """Without an edit the small network passes its check."""
    right = Bug("models-mine-right", "", frozenset(), {models_mine.PATH: models_mine.RIGHT})
    assert judged(right, CHECKS) == {}
