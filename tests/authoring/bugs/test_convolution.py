"""The bug library's variants of Conv2D."""

import ast

import pytest

from grader.authoring.bugs.bug import Bug
from grader.authoring.bugs.convolution import bugs
from grader.authoring.bugs.convolution_bases import LOOPS, PATH, SPREAD, VECTORS
from grader.checks.check_convolution import CONVOLUTIONS, trial
from grader.checks.hints.convolution import FAMILIES

BUGS = bugs()
CHECKS = {"1.1", "1.2"}
SAMPLED = 30
# Mistakes that no case of the checks shows, each with what it would take.
UNSEEN = {
    "conv-forward-first-weight": "nobody changes the weight between two calls",
    "conv-forward-first-batch-size": "the second call has the shapes of the first",
    "conv-cache-of-class": "no second layer runs between forward and backward",
    "conv-dx-reuses-unpadded-input": "arguments are only watched with padding 1",
}
WRONG = [bug for bug in BUGS if not bug.equivalent and bug.name not in UNSEEN]


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


def test_there_are_enough_variants_and_none_is_there_twice():
    """At least 100 wrong variants, with names of their own."""
    names = [bug.name for bug in BUGS]
    assert len(WRONG) >= 100
    assert len(names) == len(set(names))
    assert all(name.startswith("conv-") and name == name.lower() for name in names)


def test_each_variant_is_one_file_that_parses():
    """Variants replace the layer's own file by Python."""
    for bug in BUGS:
        assert list(bug.files) == [PATH]
        ast.parse(bug.files[PATH])


def test_every_family_is_known_and_used():
    """The families of the variants that the checks see are those with a hint."""
    assert {bug.family for bug in WRONG} == {bug.family for bug in BUGS} == set(FAMILIES)


def test_the_hints_point_at_sections_of_the_handout(reference_dir):
    """Every `see` is a heading of the handout."""
    headings = {
        line.lstrip("# ")
        for line in (reference_dir / "README.md").read_text().splitlines()
        if line.startswith("#")
    }
    assert {family.see for family in FAMILIES.values()} <= headings


def test_wrong_variants_name_their_checks_and_equivalent_ones_none():
    """Either a variant is caught by a check, or it says why it is equivalent."""
    assert all(bool(bug.caught_by) != bool(bug.equivalent) for bug in BUGS)
    assert all(bug.caught_by <= CHECKS for bug in BUGS)


def build(module, case, trial):
    """The layer of a case."""
    return module["Conv2D"](case.c, case.f, case.k, case.s, case.p)


def test_the_solutions_that_bugs_are_edits_of_are_right(alike):
    """Loops and spread gradients do what the reference does."""
    bases = {"reference": VECTORS, "loops": LOOPS, "spread": SPREAD}
    same = [Bug(name, "", frozenset(), {PATH: base.text}) for name, base in bases.items()]
    assert alike(same, build, CONVOLUTIONS, trial) == [list(bases)]


@pytest.mark.slow
def test_no_two_variants_behave_alike(alike):
    """In some case any two variants give other outputs, gradients or errors."""
    assert alike(WRONG, build, CONVOLUTIONS, trial) == []
