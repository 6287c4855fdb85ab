"""Submitting too often: `grader grade` keeps the earlier result and says so."""

import argparse
import datetime as dt
import errno
import json
import os
from fractions import Fraction
from pathlib import Path

import pytest

from grader import cli
from grader.assignment import DEFAULT, load
from grader.commands.grade import Writer
from grader.errors import GraderError
from grader.exporters.lint import validate
from grader.outcomes import CaseOutcome, CheckOutcome, Run, Status, from_json
from grader.ratelimit import RECORD

TEMPLATE = Path(__file__).parents[2] / "student_template"
START = dt.datetime(2024, 2, 19, 20, tzinfo=dt.timezone.utc)


@pytest.fixture
def limited(tmp_path):
    """An assignment's file that allows one submission within a day."""
    path = tmp_path / "limited.toml"
    path.write_text(DEFAULT.read_text().replace("submissions = 0 ", "submissions = 1 "))
    assert load(path).rate_limit.submissions == 1
    return path


@pytest.fixture
def run():
    """A whole run of one check that passes."""
    done = CaseOutcome("", "core", Fraction(3), Status.PASSED, Fraction(3))
    checks = [CheckOutcome("1.1", "1", "One", Fraction(3), cases=[done])]
    return Run("HW", "s", checks=checks, complete=True)


@pytest.fixture
def submit_at(tmp_path, limited):
    """Call `grader grade` at so many hours, with the results of the submissions before."""

    def call(hour, *before, path=tmp_path, status=0):
        created = START + dt.timedelta(hours=hour)
        listed = [
            {
                "submission_time": (START + dt.timedelta(hours=then)).isoformat(),
                "score": document["score"],
                "autograder_error": False,
            }
            for then, document in before
        ]
        if before:
            listed[-1]["results"] = before[-1][1]
        metadata = tmp_path / "metadata.json"
        metadata.write_text(
            json.dumps({"created_at": created.isoformat(), "previous_submissions": listed})
        )
        results = tmp_path / "results.json"
        arguments = ["grade", str(path), "--assignment", str(limited), "--metadata", str(metadata)]
        outcomes = tmp_path / "outcomes.json"
        arguments += ["--results", str(results), "--outcomes", str(outcomes)]
        assert cli.run(arguments) == status
        document = json.loads(results.read_text())
        assert validate(document) == []
        return document

    return call


@pytest.fixture
def graded(monkeypatch, run):
    """Let every grading give `run` at once; the list grows with each."""
    calls = []

    def grade(options):
        calls.append(options)
        options.save(run)
        return run

    monkeypatch.setattr("grader.commands.grade.grade", grade)
    return calls


def test_one_too_many_keeps_the_earlier_result(submit_at, graded, capsys, tmp_path):
    """It is not graded; score and tests are the earlier ones, and a line says what happened."""
    first = submit_at(0)
    capsys.readouterr()
    second = submit_at(1, (0, first))
    assert len(graded) == 1
    assert (second["score"], len(second["tests"])) == (3, 1)
    assert second["output"].startswith("**This submission was not graded.**")
    printed = capsys.readouterr().out
    assert "Not graded: more than 1 submission within 24 hours. The 3 points" in printed
    outcomes = from_json(json.loads((tmp_path / "outcomes.json").read_text()))
    assert "At most 1 submission" in outcomes.error


def test_refused_ones_use_up_no_attempt(submit_at, graded):
    """A day after the graded one the next is graded, however many were refused between."""
    first = submit_at(0)
    second = submit_at(1, (0, first))
    third = submit_at(23, (0, first), (1, second))
    assert third["score"] == 3
    submit_at(24, (0, first), (1, second), (23, third))
    assert len(graded) == 2


def test_graded_anew_it_decides_the_same(submit_at, graded):
    """A submission that was refused is refused again, with the same score and text."""
    first = submit_at(0)
    assert submit_at(1, (0, first)) == submit_at(1, (0, first))
    assert len(graded) == 1


@pytest.mark.parametrize("fault", ["incomplete", "error", "empty"])
def test_what_was_not_graded_to_its_end_does_not_count(submit_at, graded, run, fault):
    """A grading that was cut short, or graded nothing, uses up no attempt."""
    run.complete = fault != "incomplete"
    run.error = "The archive is damaged." if fault == "error" else ""
    run.checks = [] if fault == "empty" else run.checks
    status = 2 if run.error else 0
    document = submit_at(0, status=status)
    assert document["extra_data"][RECORD]["counted"] == []
    submit_at(1, (0, document), status=status)
    assert len(graded) == 2


def test_a_failure_of_the_grader_does_not_count(tmp_path, limited):
    """Where the grader could not do its job, the record says that nothing was graded."""
    metadata = tmp_path / "metadata.json"
    metadata.write_text(json.dumps({"created_at": START.isoformat(), "previous_submissions": []}))
    results = tmp_path / "results.json"
    writer = Writer(argparse.Namespace(results=results, outcomes=None, metadata=metadata))
    writer.assess(load(limited))
    writer.failed(GraderError("the tape is damaged"))
    document = json.loads(results.read_text())
    assert validate(document) == []
    assert document["extra_data"][RECORD]["graded"] is False
    assert document["extra_data"][RECORD]["counted"] == []


@pytest.mark.parametrize("content", ["", "{}", "{", "[]", '{"created_at": 5}'])
def test_metadata_that_tell_nothing(tmp_path, limited, graded, content):
    """Without an instant it is graded, and staff read why."""
    metadata, results = tmp_path / "metadata.json", tmp_path / "results.json"
    metadata.write_text(content)
    arguments = ["grade", str(tmp_path), "--assignment", str(limited)]
    assert cli.run([*arguments, "--metadata", str(metadata), "--results", str(results)]) == 0
    extra = json.loads(results.read_text())["extra_data"]
    assert any("rate limit" in note for note in extra["staff_notes"])
    assert RECORD not in extra
    assert len(graded) == 1


def test_without_metadata_there_is_no_limit(tmp_path, limited, graded):
    """An instructor's own grading is never refused, and nobody is told of a limit."""
    results = tmp_path / "results.json"
    arguments = ["grade", str(tmp_path), "--assignment", str(limited), "--results", str(results)]
    assert cli.run(arguments) == 0
    assert "rate limit" not in results.read_text()


def test_without_a_limit_nothing_is_recorded(tmp_path, graded):
    """The packaged assignment allows any number, and results know nothing of a limit."""
    metadata, results = tmp_path / "metadata.json", tmp_path / "results.json"
    metadata.write_text(json.dumps({"created_at": START.isoformat()}))
    arguments = ["grade", str(tmp_path), "--metadata", str(metadata), "--results", str(results)]
    assert cli.run(arguments) == 0
    assert RECORD not in json.loads(results.read_text())["extra_data"]


def test_a_refusal_that_cannot_be_written(submit_at, graded, monkeypatch, capsys):
    """A full disk is status 2 with the file named, as for any grading."""
    first = submit_at(0)

    def replace(source, target):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", replace)
    assert submit_at(1, (0, first), status=2) == first
    assert "could not be written" in capsys.readouterr().err
    assert len(graded) == 1


@pytest.mark.slow
def test_the_template_twice(submit_at):
    """The whole path: the template is graded, and submitted again an hour later it is not."""
    first = submit_at(0, path=TEMPLATE)
    assert first["extra_data"][RECORD]["graded"] is True
    second = submit_at(1, (0, first), path=TEMPLATE)
    assert second["score"] == first["score"] == 0
    names = [[test["name"] for test in document["tests"]] for document in (first, second)]
    assert names[0] == names[1] != []
    assert first["output"] in second["output"]
    third = submit_at(2, (0, first), (1, second), path=TEMPLATE)
    assert third["output"] == second["output"]
