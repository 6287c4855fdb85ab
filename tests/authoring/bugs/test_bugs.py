"""The bug library: what holds for the variants of every component."""

import ast
import importlib
from collections import Counter

import pytest

from grader.authoring.bugs import COMPONENTS
from grader.authoring.bugs.bug import REFERENCE

BUGS = {component: component.bugs() for component in COMPONENTS}
ALL = [(component, bug) for component, bugs in BUGS.items() for bug in bugs]
SAMPLED = 50
ENOUGH = {
    "convolution": 100,
    "pooling": 60,
    "relu": 15,
    "linear": 15,
    "network": 15,
    "sgd": 20,
    "training": 30,
    "models": 15,
    "losses": 30,
}
PREFIXES = {"convolution": "conv-", "pooling": "pool-"}

each_component = pytest.mark.parametrize("component", COMPONENTS, ids=lambda c: c.name)


def wrong(component):
    """A component's variants without those that are as good as right."""
    return [bug for bug in BUGS[component] if not bug.equivalent]


def families(component):
    """The families of a component, by name, with their hints."""
    return importlib.import_module(f"grader.checks.hints.{component.name}").FAMILIES


@pytest.mark.parametrize(
    ("component", "bug"),
    [
        pytest.param(*pair, id=pair[1].name, marks=[] if i % SAMPLED == 0 else [pytest.mark.slow])
        for i, pair in enumerate(ALL)
    ],
)
def test_each_variant_fails_where_it_should_and_nowhere_else(component, bug, judged):
    """The checks that fail are those that the library names; an equivalent one passes all."""
    assert judged(bug, component.checks) == (bug.caught_by, [])


@pytest.mark.slow
@each_component
def test_families_can_be_told_apart(component, confused):
    """Variants of two families differ in what some case of their checks shows."""
    assert confused(wrong(component), component.checks) == []


def test_no_variant_is_there_twice():
    """Names and texts are the variants' own."""
    names = Counter(bug.name for _, bug in ALL)
    texts = Counter(tuple(sorted(bug.files.items())) for _, bug in ALL)
    assert max(names.values()) == max(texts.values()) == 1


@each_component
def test_there_are_enough_variants(component):
    """Each component has its least number of wrong variants, named after it."""
    prefix = PREFIXES.get(component.name, f"{component.name}-")
    assert len(wrong(component)) >= ENOUGH[component.name]
    assert all(bug.name.startswith(prefix) for bug in BUGS[component])
    assert all(bug.name == bug.name.lower() for bug in BUGS[component])


def test_each_variant_is_python_and_differs_from_the_reference():
    """Every file parses, and none is the reference's own."""
    for _, bug in ALL:
        for path, text in bug.files.items():
            ast.parse(text)
            place = REFERENCE / path
            assert not place.exists() or text != place.read_text()


@each_component
def test_every_family_is_known_and_used(component):
    """The families of wrong variants are those with a hint; equivalent ones have no others."""
    assert {bug.family for bug in wrong(component)} == set(families(component))
    assert {bug.family for bug in BUGS[component]} == set(families(component))


def test_the_hints_point_at_sections_of_the_handout(reference_dir):
    """Every `see` is a heading of the handout."""
    headings = {
        line.lstrip("# ")
        for line in (reference_dir / "README.md").read_text().splitlines()
        if line.startswith("#")
    }
    assert {f.see for component in COMPONENTS for f in families(component).values()} <= headings


def test_wrong_variants_name_their_checks_and_equivalent_ones_none():
    """Either a variant is caught by checks of its component, or it says why it is equivalent."""
    for component, bug in ALL:
        assert bool(bug.caught_by) != bool(bug.equivalent)
        assert bug.caught_by <= component.checks
