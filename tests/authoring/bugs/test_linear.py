"""The bug library's variants of Linear."""

import ast

import pytest

from grader.authoring.bugs.linear import PATH, bugs
from grader.checks.check_linear_relu import LINEARS, linear
from grader.checks.hints.linear import FAMILIES

BUGS = bugs()
WRONG = [bug for bug in BUGS if not bug.equivalent]
CHECKS = {"1.6"}
SAMPLED = 15
# Mistakes that no case of the checks shows, and why.
UNSEEN = {"linear-weight-of-first-call": "the second call has the weight of the first"}


def marks(index, bug):
    """All but a sample are slow; the unseen ones are expected to get away."""
    found = [] if index % SAMPLED == 0 else [pytest.mark.slow]
    if bug.name in UNSEEN:
        found.append(pytest.mark.xfail(strict=True, reason=UNSEEN[bug.name]))
    return found


@pytest.mark.parametrize(
    "bug", [pytest.param(bug, id=bug.name, marks=marks(i, bug)) for i, bug in enumerate(BUGS)]
)
def test_each_variant_fails_where_it_should_and_nowhere_else(bug, verdict):
    """The checks that fail are those that the library names; an equivalent one passes all."""
    assert verdict(bug, CHECKS) == (bug.caught_by, [])


def test_there_are_enough_variants_and_no_name_twice():
    """At least 15 wrong variants, with names of their own."""
    names = [bug.name for bug in BUGS]
    assert len(WRONG) >= 15
    assert len(names) == len(set(names))
    assert all(name.startswith("linear-") and name == name.lower() for name in names)


def test_each_variant_is_one_file_that_parses():
    """Variants replace the layer's own file by Python."""
    for bug in BUGS:
        assert list(bug.files) == [PATH]
        ast.parse(bug.files[PATH])


def test_every_family_is_known_and_used():
    """The families of the variants are those with a hint."""
    assert {bug.family for bug in BUGS} == set(FAMILIES)


def test_wrong_variants_name_their_checks_and_equivalent_ones_none():
    """Either a variant is caught by a check, or it says why it is equivalent."""
    assert all(bool(bug.caught_by) != bool(bug.equivalent) for bug in BUGS)
    assert all(bug.caught_by <= CHECKS for bug in BUGS)


def build(module, _, trial):
    """The layer with the sizes of the trial's weight."""
    return module["Linear"](*trial.parameters["weight"].shape)


def test_no_two_variants_behave_alike(alike):
    """In some case any two variants give other outputs, gradients or errors."""
    seen = [bug for bug in WRONG if bug.name not in UNSEEN]
    assert alike(seen, build, LINEARS, linear) == []
