"""From what a check showed to what is known of its mistakes."""

import pytest

from grader.diagnosis.family import Family
from grader.diagnosis.library import Library
from grader.diagnosis.observer import Observer
from grader.diagnosis.report import Diagnosis, diagnose

FAMILIES = {"index": Family("an index", "Which index comes last?", "1.1 Convolution")}
PASSED, FAILED = [{"the padding is 0": False}], [{"the padding is 0": True}]


def shown(how):
    """A check of one case that failed with a text, or passed."""
    observer = Observer()
    if how:
        observer.failed("case", how)
    else:
        observer.passed("case")
    return observer.seen


LIBRARY = Library.collect(
    shown(""),
    {("one", "index"): shown("index: out of range"), ("two", "nameless"): shown("key: missing")},
)


def test_a_known_mistake_and_its_configurations_are_found():
    """Both the family and what the failing configurations share are reported."""
    found = diagnose(shown("index: out of range"), LIBRARY, FAMILIES, FAILED, PASSED)
    assert found == Diagnosis((("index",),), complete=True, only_when="the padding is 0")
    assert found


def test_families_without_words_are_left_out():
    """A family that nobody wrote a hint for is not named, and the rest is not complete."""
    assert not diagnose(shown("key: missing"), LIBRARY, FAMILIES, [], [])


@pytest.mark.parametrize("library", [None, LIBRARY])
def test_the_unknown_is_left_open(library):
    """Without a library, or without a fit, nothing is claimed."""
    found = diagnose(shown("file: missing"), library, FAMILIES, [], [])
    assert found == Diagnosis()
    assert not found
