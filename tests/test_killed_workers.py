"""A worker that somebody kills costs an honest student nothing; code that kills itself fails."""

import dataclasses
import re
import shutil
import signal
import tempfile
from fractions import Fraction
from pathlib import Path

import pytest

from grader import sandbox
from grader.assignment import load
from grader.budget import Budget
from grader.grading import Grading
from grader.intake import Layout, Submission
from grader.outcomes import Run, Status
from grader.session import run_checks

HEAD = """
import os, signal
from grader.errors import Blocked, SubmissionError
from grader.marks import *

killed, drawn, memos, worker_ids = [], [], [], []

def kill(part1, key):
    '''Kill the worker as somebody else would, once for each key.'''
    if key not in killed:
        killed.append(key)
        os.kill(part1.worker.pid, signal.SIGKILL)

"""
CODE = "import os\ndef one():\n    return 1\ndef die():\n    os.kill(os.getpid(), 9)\n"


@pytest.fixture(scope="module")
def workers():
    """A pool with a zygote for all tests of this file."""
    with sandbox.WorkerPool() as pool:
        pool.start("numpy")
        yield pool


@pytest.fixture
def run(tmp_path, workers):
    """Run the text of a check file, worth 7 points in Part 1, over a submission of one module."""
    root = Path(tempfile.mkdtemp(prefix="submission-"))
    root.chmod(0o755)
    (root / "code.py").write_text(CODE)

    def go(text, total=600):
        name = re.sub(r"\W", "_", tmp_path.name)
        (tmp_path / f"check_{name}.py").write_text(HEAD + text)
        base = load()
        parts = tuple(
            dataclasses.replace(part, points=Fraction(7 if part.number == "1" else 0))
            for part in base.parts
        )
        assignment = dataclasses.replace(base, parts=parts, point_overrides={})
        folder = next(part.folder for part in parts if part.number == "1")
        go.budget = Budget(assignment, total)
        go.allowances = []
        allowance = go.budget.allowance
        go.budget.allowance = lambda check: go.allowances.append(check) or allowance(check)
        submission = Submission("s", Layout({}), {folder: root})
        go.grading = Grading(assignment, go.budget, workers, submission, Run("HW", "s"), seed=1)
        run_checks(go.grading, checks=tmp_path)
        return {check.number: check for check in go.grading.run.checks}

    yield go
    shutil.rmtree(root)


def notes(run):
    """What staff is told of killed workers."""
    return [note for note in run.grading.run.staff_notes if "killed" in note]


def test_a_worker_that_is_killed_costs_no_point(run):
    """The case runs once more from its set-up on, with the same inputs; staff is told."""
    checks = run('''
@number("1.1")
@weight(7)
@cases([Case("a"), Case("b"), Case("c")])
def test_a(case, part1, tape, report):
    """A"""
    code = part1.load("code")
    drawn.append(tape.rng.randint(1 << 30))
    if case.name == "b":
        report.rank("accuracy", 1.0)
        kill(part1, "b")
    assert code.one() == 1
    report.fact("drawn", drawn)
''')
    check = checks["1.1"]
    assert (check.status, check.points) == (Status.PASSED, 7)
    assert [case.message for case in check.cases] == ["", "", ""]
    assert check.remarks == []
    assert len(check.leaderboard) == 1
    first, second, again, third = check.facts["drawn"]
    assert second == again
    assert len({first, second, third}) == 3
    (note,) = notes(run)
    assert note.startswith("1.1: a worker was killed")


def test_what_cases_share_is_made_anew(run):
    """A reference into the dead worker, or its error, is not kept for the repeated case."""
    checks = run('''
@number("1.1")
@weight(7)
@cases([Case("a"), Case("b"), Case("c")])
def test_a(case, part1, memo):
    """A"""
    if case.name == "b":
        kill(part1, "b")
    if "code" not in memo:
        memo["code"] = part1.load("code")
    try:
        memo["one"] = memo["code"].one()
    except SubmissionError as error:
        memo["error"] = error
    if "error" in memo:
        raise memo["error"]
''')
    assert checks["1.1"].points == 7


def test_a_death_that_a_check_words_otherwise_is_noticed(run):
    """What counts is the worker's end, not the error that the check made of it."""
    checks = run('''
@number("1.1")
@weight(7)
def test_a(part1):
    """A"""
    code = part1.load("code")
    kill(part1, "once")
    try:
        code.one()
    except SubmissionError as error:
        raise Blocked("could not be measured") from error
''')
    assert (checks["1.1"].status, checks["1.1"].points) == (Status.PASSED, 7)


def test_a_worker_killed_during_a_fixture_is_noticed(run):
    """A case whose set-up fails by a killed worker runs once more, too."""
    checks = run('''
import pytest

@pytest.fixture
def code(part1):
    module = part1.load("code")
    kill(part1, "set-up")
    module.one()
    return module

@number("1.1")
@weight(7)
def test_a(code):
    """A"""
    assert code.one() == 1
''')
    assert checks["1.1"].points == 7


def test_code_that_kills_itself_fails(run):
    """It is killed twice for each case, gets a new share of time once, and no point."""
    checks = run('''
@number("1.1")
@weight(6)
@cases([Case("a"), Case("b"), Case("c")])
def test_a(case, part1, report):
    """A"""
    worker_ids.append(part1.worker.pid)
    report.fact("workers", len(set(worker_ids)))
    part1.load("code").die()

@number("1.2")
@weight(1)
def test_b(part1):
    """B"""
    assert part1.load("code").one() == 1
''')
    check = checks["1.1"]
    assert (check.status, check.reason, check.points) == (Status.FAILED, "crash", 0)
    assert check.facts["workers"] == 6
    assert all("SIGKILL" in case.message for case in check.cases)
    assert run.allowances == ["1.1", "1.1", "1.2"]
    assert checks["1.2"].points == 1
    assert len(notes(run)) == 1


def test_without_time_for_another_share_the_old_one_serves(run):
    """Where the run has no time left for a new share, the case has what its check has left."""
    checks = run('''
@number("1.1")
@weight(7)
def test_a(part1, grading):
    """A"""
    code = part1.load("code")
    if not killed:
        grading.budget.usable_seconds = 0.0
    kill(part1, "once")
    assert code.one() == 1
''')
    assert run.allowances == ["1.1", "1.1"]
    assert checks["1.1"].points == 7


@pytest.mark.parametrize("end", ["SIGSEGV", "SIGTERM"])
def test_other_signals_are_no_reason_to_repeat(run, end):
    """A crash is the code's own: it runs once."""
    checks = run(f'''
@number("1.1")
@weight(7)
def test_a(part1, report):
    """A"""
    worker_ids.append(part1.worker.pid)
    report.fact("workers", len(worker_ids))
    code = part1.load("code")
    os.kill(part1.worker.pid, signal.{end})
    code.one()
''')
    check = checks["1.1"]
    assert (check.reason, check.facts["workers"]) == ("crash", 1)
    assert notes(run) == []
    assert signal.Signals[end].name in check.cases[0].message
