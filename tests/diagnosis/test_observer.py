"""What an observer keeps of one check."""

import numpy as np
import pytest

from grader.diagnosis.observer import Observer
from grader.diagnosis.sketch import of_text, same

RIGHT = np.array([0.25, 0.75, 1.25])


@pytest.fixture
def observer():
    """A new one."""
    return Observer()


def test_arrays_are_kept_by_slot(observer):
    """A compared array is kept with whether it is wrong, and may be added to others."""
    observer.array("case/out", -RIGHT, RIGHT, wrong=True)
    assert observer.seen["case/out"].wrong
    assert observer.seen["case/out"].linear
    assert observer.anything_wrong


def test_a_slot_keeps_the_last_array(observer):
    """An array that is compared again takes the place of the first."""
    observer.array("case/out", -RIGHT, RIGHT, wrong=True)
    observer.array("case/out", RIGHT, RIGHT, wrong=False)
    assert not observer.anything_wrong


def test_how_a_case_failed_is_kept_where_no_array_tells(observer):
    """An exception is told by its text; after a wrong array it says nothing new."""
    observer.failed("one", "raised IndexError")
    observer.array("two/out", -RIGHT, RIGHT, wrong=True)
    observer.failed("two", "raised IndexError")
    assert same(observer.seen["one"].sketch, of_text("raised IndexError"))
    assert "two" not in observer.seen


def test_the_kind_of_an_exception_is_told_from_other_texts(observer):
    """An exception's kind says less than a sentence, and a slot says which of them it holds."""
    observer.failed("one", "raised IndexError")
    observer.failed("two", "no-pair: tuple of 3")
    assert observer.seen["one"].raised
    assert not observer.seen["two"].raised


def test_a_passed_case_is_right(observer):
    """A case that passed refutes mistakes that fail in it."""
    observer.passed("case")
    assert not observer.seen["case"].wrong
    assert not observer.anything_wrong


def test_a_case_is_forgotten(observer):
    """Its arrays and its end go; those of a case with a longer name stay."""
    observer.array("case/out", -RIGHT, RIGHT, wrong=True)
    observer.failed("case", "raised TypeError")
    observer.failed("case 2", "raised TypeError")
    observer.passed("other")
    observer.forget("case")
    observer.forget("never seen")
    assert set(observer.seen) == {"case 2", "other"}
