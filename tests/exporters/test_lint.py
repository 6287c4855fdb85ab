"""The linter of results.json finds each fault that would cost a run."""

import math

import pytest

from grader.exporters.lint import validate

GOOD = {
    "score": 1.5,
    "execution_time": 3,
    "output": "text",
    "output_format": "md",
    "test_output_format": "md",
    "test_name_format": "text",
    "visibility": "visible",
    "stdout_visibility": "hidden",
    "extra_data": {"a": [1, True, "x", {"b": 1.0}]},
    "leaderboard": [{"name": "accuracy", "value": 0.8, "order": "desc"}],
    "tests": [
        {
            "score": 1.5,
            "max_score": 2,
            "status": "failed",
            "name": "n",
            "name_format": "text",
            "number": "1.1",
            "output": "o",
            "output_format": "md",
            "tags": ["t"],
            "visibility": "after_published",
            "extra_data": {},
        }
    ],
}


def test_good_document():
    """A document that uses every field is without fault."""
    assert validate(GOOD) == []


def test_top_level_must_be_an_object():
    """A list at the top level loses the run."""
    assert validate([]) == ["the top level is list, not an object"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("score", "1.5"),
        ("score", True),
        ("score", math.nan),
        ("score", math.inf),
        ("score", 9.0),
        ("execution_time", "3 s"),
        ("output", ["text"]),
        ("output", "a\x00b"),
        ("output", "\ud800"),
        ("output", "x" * 100_001),
        ("output_format", "markdown"),
        ("test_output_format", None),
        ("test_name_format", 1),
        ("visibility", "sometimes"),
        ("stdout_visibility", []),
        ("extra_data", []),
        ("extra_data", {"a": None}),
        ("extra_data", {"a": {1: "b"}}),
        ("extra_data", {"a": {1, 2}}),
        ("extra_data", {"a": [math.nan]}),
        ("tests", {}),
        ("tests", ["x"]),
        ("leaderboard", [{"value": 1}]),
        ("leaderboard", [{"name": "a"}]),
        ("leaderboard", [{"name": "a", "value": []}]),
        ("leaderboard", [{"name": "a", "value": 1, "order": "up"}]),
        ("leaderboard", [{"name": "a", "value": 1, "color": "red"}]),
        ("scores", 1),
    ],
)
def test_each_fault_at_the_top(key, value):
    """Every wrong value at the top level is named."""
    assert validate({**GOOD, key: value})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("score", None),
        ("score", 3),
        ("score", -1),
        ("max_score", "2"),
        ("status", None),
        ("status", "error"),
        ("status", "passed"),
        ("name", 1),
        ("number", 1.1),
        ("output", None),
        ("tags", "t"),
        ("tags", [1]),
        ("visibility", "never"),
        ("extra_data", None),
        ("name_format", "ascii"),
        ("output_format", "rst"),
        ("points", 1),
    ],
)
def test_each_fault_of_a_test(key, value):
    """Every wrong value of a test is named with the test's place."""
    problems = validate({**GOOD, "tests": [{**GOOD["tests"][0], key: value}]})
    assert any("tests[0]" in problem for problem in problems)


@pytest.mark.parametrize("key", ["name", "score", "max_score"])
def test_what_a_test_must_have(key):
    """A test without name, score or maximum is named."""
    test = {name: value for name, value in GOOD["tests"][0].items() if name != key}
    assert f"tests[0]: no {key}" in validate({**GOOD, "tests": [test]})


def test_neither_score_nor_tests():
    """A document without any points is of no use."""
    assert validate({"output": "x"}) == ["top: neither a score nor tests"]
