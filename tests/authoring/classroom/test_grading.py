"""One submission of a class: its run, its results, and whatever goes wrong."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from making import record

from grader import assignment, tape
from grader.authoring.classroom import grading
from grader.authoring.classroom.grading import Look, Request
from grader.errors import SandboxError
from grader.exporters.lint import validate
from grader.outcomes import from_json


@pytest.fixture
def ask(tmp_path):
    """A request for a file that is no zip."""
    path = tmp_path / "ada_lovelace.zip"
    path.write_text("no zip")
    return Request("s1", str(path), str(tape.PUBLIC), str(assignment.DEFAULT))


@pytest.fixture
def graded(monkeypatch):
    """What a grading gives, without one: give a function that says what it does."""

    def pretend(work):
        monkeypatch.setattr(grading, "grade", lambda options, pool: work(options))

    return pretend


def test_a_submission_of_no_use_is_graded(ask, pool):
    """The student is told why, and the run names the key and not the file."""
    answer = grading.grade_one(ask, pool)
    assert (answer.failure, answer.files, answer.features) == ("", {}, None)
    assert "not a zip archive" in answer.run["error"]
    assert answer.run["submission"] == "s1"
    assert "lovelace" not in json.dumps(answer.as_json())
    assert validate(answer.results) == []


def test_lateness_from_the_metadata(ask, graded):
    """A submission after the due date has its verdict in run and results, others have none."""
    graded(lambda options: record("x").run)
    late = replace(ask, metadata={"created_at": "2024-02-20 12:00:00.5 -05:00", "assignment": {}})
    answer = grading.grade_one(late, None)
    assert answer.run["late"]["status"] == "grace"
    assert answer.results["extra_data"]["late"]["status"] == "grace"
    assert grading.grade_one(ask, None).run["late"] == {}


def test_a_penalty_costs_points(ask, graded, tmp_path):
    """With a policy that takes points off, the score is what the platform would show."""
    text = assignment.DEFAULT.read_text().replace('after_grace = "accept"', "after_grace = 20")
    (tmp_path / "other.toml").write_text(text)
    graded(lambda options: record("x").run)
    late = {"created_at": "2024-02-23T12:00:00-05:00"}
    answer = grading.grade_one(
        replace(ask, assignment=str(tmp_path / "other.toml"), metadata=late), None
    )
    run = from_json(answer.run)
    assert run.penalty == Fraction(1, 5) * run.late["days"] > 0
    assert answer.results["score"] == pytest.approx(float(run.score), abs=0.01)


def test_the_time_is_the_assignments(ask, graded, monkeypatch):
    """What TIMEOUT_SECONDS says to this process changes no grade; demands are passed on."""
    monkeypatch.setenv("TIMEOUT_SECONDS", "1")
    seen = []
    graded(lambda options: seen.append(options) or record("x").run)
    grading.grade_one(ask, None)
    table = assignment.load()
    assert seen[0].seconds == table.limits.total_seconds
    assert seen[0].demand == table.demanded_isolation
    assert (seen[0].data, seen[0].private) == (None, None)


@pytest.mark.parametrize(
    ("error", "reason"), [(SandboxError("no lock"), "no lock"), (KeyError("x"), "KeyError('x')")]
)
def test_a_fault_of_the_grader_is_an_answer(ask, graded, error, reason):
    """Nothing was graded: staff get the reason, the student a sentence without blame."""

    def fail(options):
        raise error

    graded(fail)
    answer = grading.grade_one(ask, None)
    assert (answer.run, answer.failure) == (None, reason)
    assert "not your fault" in answer.results["output"]
    assert answer.results["extra_data"]["staff_notes"] == [reason]
    assert validate(answer.results) == []


def test_what_was_graded_before_a_fault_stays(ask, graded):
    """The run up to then is kept with its points and its lateness, and the failure is told."""

    def fail(options):
        run = record("x", run={"complete": False}).run
        options.save(run)
        raise SandboxError("no lock")

    graded(fail)
    late = {"created_at": "2024-02-20 12:00:00.5 -05:00", "assignment": {}}
    answer = grading.grade_one(replace(ask, metadata=late), None)
    run = from_json(answer.run)
    assert answer.failure == "no lock"
    assert (run.submission, run.complete, run.late["status"]) == ("s1", False, "grace")
    assert run.points > 0
    assert any("stopped before the end: no lock" in note for note in run.staff_notes)


def test_an_interrupt_is_raised(ask, graded):
    """Ctrl-C is no failure of a submission."""

    def interrupt(options):
        raise KeyboardInterrupt

    graded(interrupt)
    with pytest.raises(KeyboardInterrupt):
        grading.grade_one(ask, None)


def test_files_and_features_of_what_was_staged(assignment, submit):
    """The digests are those of the staged files, and similarity gets what it needs."""
    from grader.session import opened

    look = Look()
    with opened(submit(), assignment) as submission:
        look.at(submission)
        digests = {f"{file.part}/{file.path}": file.sha256 for file in submission.files}
    answer = look.added(grading.failed("x"), 1.23456)
    assert answer.files == digests
    assert "part1-convnet/modules/relu.py" in digests
    assert answer.features
    assert (answer.failure, answer.seconds) == ("x", 1.235)


def test_similarity_that_fails_costs_nothing(assignment, submit, monkeypatch):
    """Without features the digests are there, and the grading goes on."""
    from grader.session import opened

    def fail(submission):
        raise ValueError("hostile file")

    monkeypatch.setattr(grading.similarity, "of", fail)
    look = Look()
    with opened(submit(), assignment) as submission:
        look.at(submission)
    answer = look.added(grading.failed("x"), 1)
    assert answer.features is None
    assert answer.files
