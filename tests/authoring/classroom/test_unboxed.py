"""The run that is made of what a container left, and what is told of it to staff."""

import json
from fractions import Fraction

import pytest
from making import Failure, record

from grader.authoring.classroom import unboxed
from grader.exporters.gradescope import export, placeholder
from grader.outcomes import Status, to_json

WRONG = Failure(("padding 0",), message="`out` is wrong", hint="transposed", families=(("a",),))
FACTS = {"accuracy": 0.65, "parameters": 789258, "thresholds": [0.5, 0.6]}


@pytest.fixture
def graded():
    """A run with a failed case, facts of a network and a penalty."""
    return record(
        "x",
        failing={"1.2": WRONG},
        facts={"2.8": FACTS},
        run={
            "penalty": Fraction(1, 5),
            "late": {"status": "late", "days": 1},
            "staff_notes": ["look"],
            "flags": [{"check": "2.8", "kind": "gap", "text": "odd"}],
        },
    ).run


@pytest.fixture
def left(graded):
    """Its two files: results.json as an object, outcomes.json as an object."""
    return export(graded), to_json(graded)


def made(results, outcomes):
    """The run and the notes."""
    text = outcomes if isinstance(outcomes, str) else json.dumps(outcomes)
    return unboxed.run(results, text, "s1")


def test_nothing_is_lost(graded, left):
    """Where both agree, the run is the container's in everything but its name."""
    run, notes = made(*left)
    assert notes == []
    assert run.submission == "s1"
    run.submission = graded.submission
    assert run == graded


def test_points_that_results_round(graded):
    """A third of a point and its hundredths in results.json do not disagree."""
    check = graded.checks[1]
    check.cases[0].status = Status.FAILED
    for case in check.cases:
        case.points = case.max_points / 3
    run, notes = made(export(graded), to_json(graded))
    assert notes == []
    assert run.points == graded.points


@pytest.mark.parametrize("more", ["points", "status", "worth"])
def test_where_they_disagree_results_count(graded, left, more):
    """Points, status or worth of a check that differ: results.json's check, and staff are told."""
    results, outcomes = left
    for case in outcomes["checks"][1]["cases"]:
        if more == "worth":
            case["max_points"], outcomes["checks"][1]["max_points"] = "9", "9"
        elif more == "points":
            case["points"] = case["max_points"]
        else:
            case["status"] = "unchecked"
    run, notes = made(results, outcomes)
    assert "another outcome than results.json for 1.2: that of results.json counts" in notes[0]
    assert run.staff_notes == ["look", notes[0]]
    assert (len(run.checks[1].cases), run.checks[1].max_points) == (1, Fraction("1.75"))
    assert float(run.checks[1].points) == results["tests"][1]["score"]
    assert run.checks[1].status is Status.FAILED
    assert run.checks[0] == graded.checks[0]
    assert run.checks[15].facts == FACTS


@pytest.mark.parametrize(
    "change",
    [
        {"submission_sha256": "0" * 64},
        {"complete": False},
        {"penalty": "0"},
        {"error": "no zip"},
        {"checks": []},
    ],
)
def test_outcomes_of_another_run(left, change):
    """Another submission, penalty, error or list of checks: nothing of outcomes.json is taken."""
    results, outcomes = left
    run, notes = made(results, {**outcomes, **change})
    assert "of another run" in notes[0]
    assert run == _of_results(results, notes)


def _of_results(results, notes):
    """The run of results.json alone, with these notes."""
    run = unboxed.of_results(results, "s1")
    run.staff_notes += notes
    return run


def test_without_outcomes(left):
    """An older image: the run of results.json, and a note on how to get the cases."""
    run, notes = made(left[0], "")
    assert "`grader image build`" in notes[0]
    assert run == _of_results(left[0], notes)


def test_nothing_graded_and_no_outcomes():
    """Where the grader itself failed, nothing is said about an older image."""
    run, notes = made(placeholder("no", staff="tape missing"), "")
    assert (run.checks, run.complete, notes) == ([], False, [])
    assert run.staff_notes == ["tape missing"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"schema": 99}, "schema 99"),
        ({"penalty": "1e999999999"}, "no points"),
        ({"penalty": "1/0"}, "no points"),
        ({"penalty": 0.5}, "no points"),
        ({"penalty": "3/2"}, "more than everything"),
        ({"checks": None}, "not iterable"),
        ({"checks": [7]}, "not subscriptable"),
        ({"checks": [{}]}, "max_points"),
        ({"flags": [{"check": 7}]}, "cannot be 7"),
        ({"wall_seconds": "long"}, "wall_seconds in the run cannot be 'long'"),
        ({"late": {"days": "many"}}, "late, days, cannot be 'many'"),
    ],
)
def test_broken_outcomes(left, change, words):
    """What does not fit ends as results.json's run, with the reason for staff."""
    results, outcomes = left
    run, notes = made(results, {**outcomes, **change})
    assert "outcomes.json of the container cannot be used" in notes[0]
    assert words in notes[0]
    assert run == _of_results(results, notes)


@pytest.mark.parametrize(
    "text", ["{", "[]", "7", "null", "[" * 100_000, '{"penalty": NaN}', "\ufffd", "{}", "9" * 9999]
)
def test_outcomes_that_are_none(left, text):
    """A file that is cut, nested without end or no object is treated in the same way."""
    run, notes = made(left[0], text)
    assert "outcomes.json of the container cannot be used" in notes[0]
    assert run == _of_results(left[0], notes)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "splendid"),
        ("points", "99"),
        ("points", "-1"),
        ("max_points", "9" * 50),
        ("message", None),
        ("detail", []),
        ("detail", {"output": 1e400}),
        ("unheard", 1),
    ],
)
def test_a_case_that_does_not_fit(left, name, value):
    """One wrong value in one case is enough: nothing of the file is taken."""
    results, outcomes = left
    outcomes["checks"][3]["cases"][0][name] = value
    run, notes = made(results, outcomes)
    assert "outcomes.json of the container cannot be used" in notes[0]
    assert run == _of_results(results, notes)


def test_a_run_from_results(graded, left):
    """Points, status, reasons, texts, times and the verdict on lateness survive the way."""
    again = unboxed.of_results(left[0], "s1")
    assert [check.number for check in again.checks] == [check.number for check in graded.checks]
    for one, two in zip(graded.checks, again.checks, strict=True):
        assert float(two.points) == pytest.approx(float(one.points), abs=0.01)
        assert (one.status, one.reason, one.part) == (two.status, two.reason, two.part)
    conv = again.checks[1]
    assert "`out` is wrong" in conv.cases[0].message
    assert conv.cases[0].detail["failed_cases"] == ["padding 0"]
    assert (again.submission, again.penalty) == ("s1", Fraction(1, 5))
    assert (again.late["status"], again.complete) == ("late", True)
    assert (again.tape_seed, again.submission_sha256) == (
        graded.tape_seed,
        graded.submission_sha256,
    )


def test_results_of_the_shells_placeholder():
    """What run_autograder writes when nothing else could has no checks, and is not complete."""
    document = {"score": 0.0, "output": "x", "tests": [], "extra_data": {"placeholder": True}}
    run = unboxed.of_results(document, "s1")
    assert (run.checks, run.complete) == ([], False)


def test_a_test_that_says_nothing_was_not_run():
    """A test without our extra data counts as not run."""
    test = {"name": "a", "number": "1.1", "score": 0, "max_score": 2}
    run = unboxed.of_results({"tests": [test]}, "s1")
    assert run.checks[0].status is Status.NOT_RUN


@pytest.mark.parametrize(
    "change",
    [
        {"tests": [7]},
        {"tests": [{"name": "a", "score": 3, "max_score": 2}]},
        {"score": None},
        {"extra_data": {"seconds": 7}},
        {"extra_data": {"seconds": {"used": "long"}}},
        {"extra_data": {"penalty": "1e999999999"}},
        {"extra_data": {"staff_notes": "one"}},
        {"extra_data": {"complete": 1}},
        {"extra_data": {"late": {"days": "many"}}},
        {"tests": [{"name": "a", "score": 0, "max_score": 10**9}]},
        {"tests": [{"name": "a", "score": 0, "max_score": 1, "extra_data": {"outcome": "?"}}]},
        {"tests": [{"name": "a", "score": 0, "max_score": 1, "extra_data": {"reason": 7}}]},
        {"tests": [{"name": "a", "score": 0, "max_score": 1, "extra_data": {"peak_mb": "x"}}]},
    ],
)
def test_results_that_are_not_ours_are_unclear(left, change):
    """Whatever cannot be understood in results.json is an error that says so."""
    with pytest.raises(unboxed.Unclear, match=r"results\.json of the container cannot be under"):
        made({**left[0], **change}, left[1])


def test_results_nested_without_end(left):
    """Nesting that no reader bears is unclear, too."""
    deep = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(unboxed.Unclear, match="cannot be understood"):
        made({**left[0], "extra_data": {"late": deep}}, left[1])
    while deep:  # taken apart here: the interpreter's own way would overflow its stack
        deep = deep[0]
