"""The bug library's variants of SGD."""

import ast

import pytest

from grader.authoring.bugs.bug import reference
from grader.authoring.bugs.sgd import PATH, bugs
from grader.checks.hints.sgd import FAMILIES
from grader.outcomes import Status

BUGS = bugs()
WRONG = [bug for bug in BUGS if not bug.equivalent]
CHECKS = {"1.7", "1.8"}
SAMPLED = 20
# Mistakes that no case of the checks shows, each with what it would take.
UNSEEN = {
    "sgd-one-velocity-for-each-shape": "two layers whose weights have the same shape",
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
    """At least 20 wrong variants, with names and texts of their own."""
    names = [bug.name for bug in BUGS]
    assert len(WRONG) >= 20
    assert len(names) == len(set(names))
    assert len(names) == len({tuple(bug.files.values()) for bug in BUGS})
    assert all(name.startswith("sgd-") and name == name.lower() for name in names)
    assert set(UNSEEN) <= set(names)


def test_each_variant_changes_what_is_asked_for_and_parses():
    """Variants are Python, and differ from the reference."""
    for bug in BUGS:
        assert list(bug.files) == [PATH]
        ast.parse(bug.files[PATH])
        assert bug.files[PATH] != reference(PATH)


def test_every_family_is_known_and_used():
    """The families of the variants are those with a hint."""
    assert {bug.family for bug in BUGS} == set(FAMILIES)


def test_wrong_variants_name_their_checks_and_equivalent_ones_none():
    """Either a variant is caught by a check, or it says why it is equivalent."""
    assert all(bool(bug.caught_by) != bool(bug.equivalent) for bug in BUGS)
    assert all(bug.caught_by <= CHECKS for bug in BUGS)
