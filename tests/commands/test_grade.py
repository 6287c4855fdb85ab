"""Files that cannot be written: the grading goes on, and what stands there stays whole."""

import argparse
import errno
import json
import os
import resource
from fractions import Fraction
from pathlib import Path

import pytest

from grader import cli
from grader.commands.grade import Writer
from grader.errors import GraderError
from grader.exporters.lint import validate
from grader.outcomes import CaseOutcome, CheckOutcome, Run, Status

FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def run():
    """A run of two checks, the first of which is done."""
    done = CaseOutcome("", "core", Fraction(3), Status.PASSED, Fraction(3))
    checks = [
        CheckOutcome("1.1", "1", "One", Fraction(3), cases=[done]),
        CheckOutcome("1.2", "1", "Two", Fraction(4), cases=[CaseOutcome("", "core", Fraction(4))]),
    ]
    return Run("HW", "s", checks=checks)


@pytest.fixture
def options(tmp_path):
    """Both files are asked for."""
    return argparse.Namespace(
        results=tmp_path / "results.json", outcomes=tmp_path / "outcomes.json", metadata=None
    )


@pytest.fixture
def fail(monkeypatch):
    """Let attempts to put a file in place fail, as those of `names` do from now on."""

    def start(error, names=("results.json", "outcomes.json")):
        def replace(source, target):
            if Path(target).name in names:
                raise error
            genuine(source, target)

        monkeypatch.setattr(os, "replace", replace)

    genuine = os.replace
    start.end = lambda: monkeypatch.setattr(os, "replace", genuine)
    return start


def read(path):
    """The document at `path`, which is valid."""
    document = json.loads(path.read_text())
    assert validate(document) == []
    return document


@pytest.mark.parametrize("error", [FULL, MemoryError()])
def test_a_write_that_fails_leaves_the_old_file(options, run, fail, error):
    """The file that is there stays, nothing lies beside it, and the next write succeeds."""
    writer = Writer(options)
    writer.placeholder()
    fail(error)
    writer.save(run)
    assert "did not get to the end" in read(options.results)["output"]
    assert [path.name for path in options.results.parent.iterdir()] == ["results.json"]
    with pytest.raises(GraderError, match=r"outcomes\.json could not be written"):
        writer.require_written()
    fail.end()
    writer.save(run)
    writer.require_written()
    assert read(options.results)["score"] == 3
    assert options.outcomes.is_file()


def test_one_file_does_not_keep_the_other(options, run, fail):
    """Outcomes that cannot be written cost nobody the results."""
    writer = Writer(options)
    fail(FULL, names=("outcomes.json",))
    writer.save(run)
    assert read(options.results)["score"] == 3
    with pytest.raises(GraderError, match=r"outcomes\.json .*No space left.*make room"):
        writer.require_written()


def test_lack_of_memory_is_named(options, run, fail):
    """An error without words is told by its name."""
    writer = Writer(options)
    fail(MemoryError())
    writer.save(run)
    with pytest.raises(GraderError, match="MemoryError"):
        writer.require_written()


def test_results_that_cannot_be_written_end_with_status_2(run, tmp_path, fail, capsys, monkeypatch):
    """The grading runs to its end, the table is printed, and the message says what to do."""

    def grade(options):
        for _ in run.checks:
            options.save(run)
        return run

    monkeypatch.setattr("grader.commands.grade.grade", grade)
    fail(FULL)
    path = tmp_path / "results.json"
    assert cli.run(["grade", str(tmp_path), "--results", str(path)]) == 2
    printed = capsys.readouterr()
    assert "1.1" in printed.out
    assert f"{path} could not be written" in printed.err
    assert not path.exists()


def test_what_was_graded_before_a_failure_keeps_its_points(options, run):
    """When the grader fails midway, finished checks stand and staff reads the reason."""
    writer = Writer(options)
    writer.placeholder()
    writer.save(run)
    writer.failed(RuntimeError("pytest fell over"))
    document = read(options.results)
    assert document["score"] == 3
    assert [test["number"] for test in document["tests"]] == ["1.1", "1.2"]
    assert "cut short" in document["output"]
    assert any("pytest fell over" in note for note in document["extra_data"]["staff_notes"])


def test_a_run_that_cannot_be_exported_keeps_the_last_file(options, run):
    """Where the run itself is what breaks the grader, the last good file stands."""
    writer = Writer(options)
    writer.save(run)
    run.checks[1].cases[0].points = None
    writer.failed(RuntimeError("no number"))
    assert read(options.results)["score"] == 3


@pytest.mark.parametrize("checks", [False, True])
def test_a_failure_before_the_first_check_is_not_the_students(options, run, checks):
    """Without a checked check the text says whose fault it is."""
    writer = Writer(options)
    if checks:
        run.checks = []
        writer.save(run)
    writer.failed(GraderError("the tape is damaged"))
    document = read(options.results)
    assert "not your fault" in document["output"]
    assert document["extra_data"]["staff_notes"] == ["the tape is damaged"]


def test_no_room_for_the_submission_is_the_graders_fault(submit, tmp_path, monkeypatch):
    """A disk that fills while files are staged is said in results.json, and costs no blame."""
    folder = submit({"modules/large.py": "#" * 200_000})
    results = tmp_path / "results.json"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            cli.run(["grade", str(folder), "--results", str(results)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    document = read(results)
    assert "not your fault" in document["output"]
    assert any("File too large" in note for note in document["extra_data"]["staff_notes"])


def test_an_interrupt_while_writing_leaves_the_old_file(options, run, fail):
    """Ctrl-C in the middle of a write goes through, and leaves no half of a file."""
    writer = Writer(options)
    writer.save(run)
    fail(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        writer.save(run)
    assert read(options.results)["score"] == 3
    assert len(list(options.results.parent.iterdir())) == 2


def test_nothing_is_written_unasked(run, tmp_path, monkeypatch):
    """Without --results and --outcomes there is no file."""
    monkeypatch.chdir(tmp_path)
    writer = Writer(argparse.Namespace(results=None, outcomes=None, metadata=None))
    writer.placeholder()
    writer.save(run)
    writer.failed(RuntimeError("x"))
    writer.require_written()
    assert list(tmp_path.iterdir()) == []
