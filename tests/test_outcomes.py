"""The neutral outcome model and its JSON."""

import json
from fractions import Fraction

import pytest

from grader.outcomes import (
    CaseOutcome,
    CheckOutcome,
    Run,
    Status,
    from_json,
    to_json,
    write_json,
)


def check(*statuses, points=Fraction(1)):
    cases = [
        CaseOutcome(f"case {i}", "core", points, status, points, status.value)
        for i, status in enumerate(statuses)
    ]
    return CheckOutcome("1.1", "1", "A check", Fraction(7, 4), cases=cases)


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([], Status.NOT_RUN),
        ([Status.PASSED, Status.PASSED], Status.PASSED),
        ([Status.PASSED, Status.FAILED, Status.UNCHECKED], Status.FAILED),
        ([Status.PASSED, Status.UNCHECKED, Status.NOT_RUN], Status.UNCHECKED),
        ([Status.PASSED, Status.NOT_RUN], Status.NOT_RUN),
    ],
)
def test_the_worst_case_decides_a_checks_status(statuses, expected):
    """Failed beats unchecked beats not run beats passed; no cases means not run."""
    assert check(*statuses).status is expected


def test_points_never_exceed_the_maximum():
    """Cases that add up to more than the check is worth are capped."""
    assert check(Status.PASSED, Status.PASSED).points == Fraction(7, 4)
    assert check(Status.PASSED).points == 1


def test_the_reason_is_the_first_case_with_the_status():
    """A failed check's reason is that of its first failed case."""
    assert check(Status.PASSED, Status.FAILED).reason == "failed"
    assert check().reason == ""


def test_score_is_points_less_the_penalty():
    """A penalty of a tenth leaves nine tenths of the points."""
    run = Run("HW", "s", checks=[check(Status.PASSED)], penalty=Fraction(1, 10))
    assert (run.points, run.score, run.max_points) == (1, Fraction(9, 10), Fraction(7, 4))


def test_json_round_trip_is_exact():
    """What is read back equals what was written, fractions included."""
    run = Run("HW", "s", checks=[check(Status.PASSED, Status.FAILED)], notes=["a"])
    run.checks[0].cases[0].points = Fraction(1, 3)
    again = from_json(json.loads(json.dumps(to_json(run))))
    assert again == run


def test_what_a_check_read_is_kept():
    """Files read, all that is told a student, and what was left out survive the round trip."""
    outcome = check(Status.PASSED)
    outcome.reads, outcome.advice, outcome.cpu_limit = ["p/a.py", "p/b.py"], "Loop less.", 10.0
    outcome.expected, outcome.handout, outcome.printed_more = {"dx": "a sum"}, "1.5 ReLU", 7
    run = Run("HW", "s", checks=[outcome], left_out=["1.2"])
    again = from_json(json.loads(json.dumps(to_json(run))))
    assert again == run
    assert to_json(run)["checks"][0]["reads"] == ["p/a.py", "p/b.py"]


def test_older_outcomes_can_be_read():
    """A document without the fields that came later has their defaults."""
    document = to_json(Run("HW", "s", checks=[check(Status.PASSED)]))
    for name in ("reads", "advice", "cpu_limit", "expected", "handout", "printed_more"):
        del document["checks"][0][name]
    del document["left_out"]
    assert from_json(document) == Run("HW", "s", checks=[check(Status.PASSED)])


def test_json_says_points_and_status_of_each_check():
    """Readers of the JSON need no arithmetic of their own."""
    document = to_json(Run("HW", "s", checks=[check(Status.FAILED)]))
    assert document["checks"][0]["status"] == "failed"
    assert document["checks"][0]["points"] == "1"
    assert document["max_points"] == "7/4"


def test_another_schema_is_refused():
    """A document of another version is not guessed at."""
    with pytest.raises(ValueError, match="schema 99"):
        from_json({"schema": 99})


def test_writing_replaces_the_file_whole(tmp_path):
    """The new text replaces the old one, and no temporary file stays."""
    path = tmp_path / "deep" / "results.json"
    write_json(path, {"a": 1})
    write_json(path, {"b": "ü"})
    assert json.loads(path.read_text(encoding="utf-8")) == {"b": "ü"}
    assert [entry.name for entry in path.parent.iterdir()] == ["results.json"]


def test_a_failed_write_leaves_the_old_file(tmp_path):
    """NaN is refused before anything is replaced."""
    path = tmp_path / "results.json"
    write_json(path, {"a": 1})
    with pytest.raises(ValueError, match="JSON"):
        write_json(path, {"a": float("nan")})
    assert json.loads(path.read_text()) == {"a": 1}
    assert len(list(tmp_path.iterdir())) == 1


def test_text_that_is_no_unicode_can_be_written(tmp_path):
    """A lone surrogate in what a student printed does not lose the outcomes."""
    outcome = check(Status.FAILED)
    outcome.printed = "a\ud800b"
    write_json(tmp_path / "o.json", to_json(Run("HW", "s", checks=[outcome])))
    assert json.loads((tmp_path / "o.json").read_text())["checks"][0]["printed"] == "a?b"
