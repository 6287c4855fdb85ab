"""The linter of results.json finds each fault that would cost a run."""

import json
import math

import pytest

from grader.exporters.lint import inspect, validate

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


def test_good_file():
    """A file that uses every field is without fault, beyond ASCII too."""
    assert inspect(json.dumps({**GOOD, "output": "ä"}, ensure_ascii=False).encode()) == []


@pytest.mark.parametrize("end", range(1, len(json.dumps(GOOD)), 7))
def test_half_written_file(end):
    """Wherever writing stops, the file has a fault."""
    assert inspect(json.dumps(GOOD).encode()[:end])


@pytest.mark.parametrize(
    "text", ["{", '{"score"', '{"score": ', '{"score": 1, "output": "a', '{"a": tr', '{"tests": [']
)
def test_file_that_ends_too_early(text):
    """A file that is right up to its end is said to be half written."""
    (problem,) = inspect(text.encode())
    assert "ends too early" in problem


@pytest.mark.parametrize(
    ("raw", "cause"),
    [
        (b"", "empty"),
        (b"\n", "empty"),
        (b'{"output": "\xe4"}', "not UTF-8: byte 12 is 0xe4"),
        ("\ufeff{}".encode(), "byte order mark"),
        ('{"score": 1}'.encode("utf-16"), "not UTF-8"),
        (b"{'score': 1}", "line 1, column 2"),
        (b'{"score": 1,\n "output": None}', "line 2, column 12"),
        (b'{"score": 1} {}', "Extra data"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"score": ' + b"1" * 5000 + b"}", "no JSON that can be read"),
        (b'{"score": 1, "score": 2}', "'score' is given twice"),
        (b'{"score": NaN}', "top.score: nan"),
        (b'{"score": 0, "tests": [{"score": Infinity}]}', "top.tests[0].score: inf"),
        (b'{"score": 1e999}', "top.score: inf"),
        (b"[]", "the top level is list"),
    ],
)
def test_what_only_the_bytes_tell(raw, cause):
    """Faults of encoding and syntax are named with their place."""
    assert any(cause in problem for problem in inspect(raw))
