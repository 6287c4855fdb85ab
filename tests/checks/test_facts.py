"""Taking apart what a driver reports, although student code may have said it."""

import numpy as np
import pytest

from grader.checks.facts import arrays, facts, names, shapes, texts
from grader.errors import BadAnswer


@pytest.mark.parametrize("answer", [None, [], {"a": "1"}, {"b": 1}])
def test_facts_need_their_types(answer):
    """No dict, a missing fact, and one of another type are refused."""
    with pytest.raises(BadAnswer):
        facts(answer, a=int)


def test_facts_may_hold_more():
    """What was not asked for does no harm."""
    assert facts({"a": 1, "b": 2}, a=int) == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("value", "expected"), [(["a", 1], ["a", "1"]), (("a",), ["a"]), (None, []), ("text", [])]
)
def test_names_are_a_list_of_texts(value, expected):
    """Anything else holds no names."""
    assert names(value) == expected


@pytest.mark.parametrize("value", [None, "text", [1], [["a"]], [["a", 3]], [["a", [True]]]])
def test_what_are_no_shapes_is_refused(value):
    """A shape is a pair of a name and a list of integers."""
    with pytest.raises(BadAnswer):
        shapes(value)


def test_shapes_are_pairs():
    """Names and tuples, in their order."""
    assert shapes([["a", [1, 2]], ["b", []]]) == [("a", (1, 2)), ("b", ())]


@pytest.mark.parametrize("value", [None, ("a",), [1]])
def test_what_are_no_texts_is_refused(value):
    """A list of texts is a list, of nothing but texts."""
    with pytest.raises(BadAnswer):
        texts(value)
    assert texts(["a"]) == ["a"]


@pytest.mark.parametrize("value", [None, [], [np.zeros(3)], [[0.0, 0.0]]])
def test_what_are_no_arrays_of_the_shapes_is_refused(value):
    """As many arrays of the same shapes must come."""
    with pytest.raises(BadAnswer):
        arrays(value, [np.zeros(2)])


def test_arrays_of_the_right_shapes_pass():
    """Their values are none of its business."""
    (found,) = arrays([np.ones(2)], [np.zeros(2)])
    assert found.sum() == 2
