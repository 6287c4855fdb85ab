"""Grading in a container: the run that is made of results.json, and what goes wrong."""

import json

import pytest
from making import Failure, record

from grader import assignment
from grader.authoring.classroom import boxed
from grader.authoring.classroom.grading import Request
from grader.exporters.gradescope import export
from grader.outcomes import Status, from_json

WRONG = Failure(("padding 0",), message="`out` is wrong", hint="transposed")


@pytest.fixture
def ask(submit):
    """A request for a folder."""
    path = submit()
    return Request("s1", str(path), "", str(assignment.DEFAULT), metadata={"created_at": "x"})


@pytest.fixture
def container(monkeypatch):
    """A container that leaves a record without running; what it was asked for."""
    asked = {"record": {"outcome": "graded", "results": {}}}

    def grade(client, tag, path, metadata, setting):
        asked.update(tag=tag, path=path, metadata=metadata, setting=setting)
        return json.dumps(asked["record"]).encode(), b""

    monkeypatch.setattr(boxed.container, "grade", grade)
    monkeypatch.setattr(boxed, "_client", lambda: None)
    return asked


def test_a_run_from_results():
    """Points, status, reasons, texts, times and the verdict on lateness survive the way."""
    run = record(
        "x",
        failing={"1.2": WRONG},
        run={"penalty": boxed.Fraction(1, 5), "late": {"status": "late"}, "flags": []},
    ).run
    again = boxed.of_results(export(run), "s1")
    assert [check.number for check in again.checks] == [check.number for check in run.checks]
    for one, two in zip(run.checks, again.checks, strict=True):
        assert float(two.points) == pytest.approx(float(one.points), abs=0.01)
        assert (one.status, one.reason, one.part) == (two.status, two.reason, two.part)
    conv = again.checks[1]
    assert "`out` is wrong" in conv.cases[0].message
    assert conv.cases[0].detail["failed_cases"] == ["padding 0"]
    assert (again.submission, again.penalty) == ("s1", boxed.Fraction(1, 5))
    assert (again.late["status"], again.complete) == ("late", True)
    assert (again.tape_seed, again.submission_sha256) == (run.tape_seed, run.submission_sha256)


def test_results_of_the_shells_placeholder():
    """What run_autograder writes when nothing else could has no checks, and is not complete."""
    placeholder = {"score": 0.0, "output": "x", "tests": [], "extra_data": {"placeholder": True}}
    run = boxed.of_results(placeholder, "s1")
    assert (run.checks, run.complete) == ([], False)


def test_a_test_that_says_nothing_was_not_run():
    """A test without our extra data counts as not run."""
    run = boxed.of_results({"tests": [{"number": "1.1", "max_score": 2}]}, "s1")
    assert run.checks[0].status is Status.NOT_RUN


def test_grading(ask, container):
    """The container gets tag, path and metadata; files and features are looked at here."""
    container["record"]["results"] = export(record("x").run)
    answer = boxed.grade("tag", ask)
    assert (container["tag"], str(container["path"])) == ("tag", ask.path)
    assert container["metadata"] == {"created_at": "x"}
    assert from_json(answer.run).submission == "s1"
    assert "part1-convnet/modules/relu.py" in answer.files
    assert answer.failure == ""


def test_a_run_that_the_platform_loses(ask, container):
    """Staff are told what became of it, and the student that it is not their fault."""
    container["record"] = {"outcome": "timed-out", "reason": "600 s", "results": {}}
    answer = boxed.grade("tag", ask)
    assert answer.failure == "the run in the container timed-out: 600 s"
    assert (answer.run, answer.results["score"]) == (None, 0.0)


def test_a_submission_of_no_use(ask, container, tmp_path):
    """What cannot be staged goes into the container all the same: it tells the student."""
    broken = tmp_path / "broken.zip"
    broken.write_text("no zip")
    container["record"]["results"] = export(record("x").run)
    answer = boxed.grade("tag", Request("s1", str(broken), "", str(assignment.DEFAULT)))
    assert answer.files == {}
    assert container["metadata"] is None
    assert answer.run is not None
