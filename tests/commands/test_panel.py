"""`grader panel`: what it grades, what it prints, and what it refuses."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from fractions import Fraction

import psutil
import pytest

from grader import cli
from grader.authoring import side_by_side
from grader.authoring.expectations import Difference
from grader.authoring.gradings import Graded
from grader.authoring.panel import Verdict
from grader.commands import panel
from grader.outcomes import CaseOutcome, CheckOutcome, Run, Status


def graded(name="one", *differences):
    """Give a sample in which one check failed."""
    case = CaseOutcome("", "core", Fraction(1), Status.FAILED, Fraction(0), "wrong", "It is wrong.")
    check = CheckOutcome("1.1", "1", "Conv2D.forward: y", Fraction(1), cases=[case])
    return Graded(name, f"The {name}", Run("HW", name, checks=[check]), list(differences), 2.4)


@pytest.fixture
def grading(monkeypatch):
    """Give a function that says what grading all samples gives; it keeps the arguments."""

    def gives(*samples):
        def grade_all(names, *, jobs, told):
            gives.names, gives.jobs = names, jobs
            for sample in samples:
                told(sample)
            return list(samples)

        monkeypatch.setattr(panel.gradings, "grade_all", grade_all)

    return gives


def test_all_as_expected(grading, capsys):
    """Samples that get what they must give status 0; each is told as it is done."""
    grading(graded("one"), graded("two"))
    assert cli.run(["panel", "one", "two"]) == 0
    out, err = capsys.readouterr()
    assert out == "all 2 sample submissions get what they must\n"
    assert "[1/2] one: as expected (2 s)\n" in err
    assert grading.names == ["one", "two"]
    assert grading.jobs == side_by_side.cores()


def test_differences(grading, capsys):
    """What differs is a line with name, check, expected and got, and gives status 1."""
    wrong = [Difference("1.1", "passed", "failed (wrong)"), Difference("total", "14", "13\x1b[31m")]
    grading(graded("one", *wrong), graded("two"))
    assert cli.run(["panel", "--jobs", "3"]) == 1
    out, err = capsys.readouterr()
    lines = [line.split() for line in out.splitlines()]
    assert ["one", "1.1", "passed", "failed", "(wrong)"] in lines
    assert ["one", "total", "14", "13"] in lines
    assert "1 of 2 sample submissions do not get what they must" in out
    assert "one: 2 differences" in err
    assert grading.jobs == 3


def test_points(grading, capsys, tmp_path):
    """`--points` prints the report, and writes it where it is asked for."""
    grading(graded("one"))
    path = tmp_path / "reports" / "points.md"
    assert cli.run(["panel", "--points", "--output", str(path)]) == 0
    out = capsys.readouterr().out
    assert "1.1 Conv2D.forward: 1 of 1 lost: It is wrong." in out
    assert str(path) in out
    assert "- 1.1 Conv2D.forward: 1 of 1 lost: It is wrong." in path.read_text()


def test_points_and_differences(grading, capsys):
    """The report comes with what differs, and differences give status 1 here, too."""
    grading(graded("one", Difference("1.1", "passed", "failed")))
    assert cli.run(["panel", "--points"]) == 1
    out = capsys.readouterr().out
    assert "What one mistake costs" in out
    assert "1 of 1 sample submissions do not get what they must" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["complete", "--bugs"], "names of samples"),
        (["complete", "--right"], "names of samples"),
        (["--component", "relu"], "--component"),
        (["--points", "--component", "relu"], "--component"),
        (["--seeds", "2"], "--seeds"),
        (["--output", "points.md"], "--output"),
        (["--bugs", "--output", "points.md"], "--output"),
        (["--bugs", "--component", "sigmoid"], "there is no component 'sigmoid'"),
        (["--jobs", "0"], "--jobs must be at least 1"),
        (["--right", "--seeds", "0"], "--seeds must be at least 1"),
        (["no-such-sample"], "the samples are: "),
    ],
)
def test_refused(capsys, arguments, words):
    """Options that do not go together, and names of nothing, are one sentence and status 2."""
    assert cli.run(["panel", *arguments]) == 2
    (line,) = [line for line in capsys.readouterr().err.splitlines() if line.startswith("grader: ")]
    assert words in line


def test_one_kind_at_a_time(capsys):
    """Known mistakes, right solutions and the report exclude each other."""
    with pytest.raises(SystemExit):
        cli.run(["panel", "--bugs", "--points"])
    assert "not allowed with" in capsys.readouterr().err


@pytest.fixture
def judging(monkeypatch):
    """Let the panel judge every entrant soundly, but those that are named; no tape is recorded."""

    def wrong(*names):
        def judge(entrants, _reference, _tape, *, jobs, told):
            verdicts = [verdict(entrant, entrant.name in names) for entrant in entrants]
            for one in verdicts:
                told(one)
            return verdicts

        monkeypatch.setattr(panel.panel, "judge", judge)

    def verdict(entrant, fails):
        caught = dict.fromkeys(entrant.must_fail, 1)
        lost = dict.fromkeys(entrant.must_fail, Fraction(1, 4))
        unrelated = {"1.6": 1} if fails else {}
        return Verdict(entrant.name, 1, caught, {}, unrelated, lost, Fraction(1, 2))

    monkeypatch.setattr(panel.tape, "record", lambda *_: {})
    return wrong


def test_known_mistakes(judging, capsys):
    """The kill matrix ends with what a mistake of each component costs."""
    judging()
    assert cli.run(["panel", "--bugs", "--component", "relu", "--seeds", "1"]) == 0
    out = capsys.readouterr().out
    assert "a mistake of relu costs 0.25 of 0.5 points (median 0.25, " in out
    assert "equivalent in relu: " in out
    assert "the grader judged all of them rightly" in out


def test_points_lost_elsewhere_are_a_wrong_verdict(judging, capsys):
    """A mistake that costs points in another component is printed, and gives status 1."""
    component = next(one for one in panel.COMPONENTS if one.name == "relu")
    name = f"{component.bugs()[0].name} (other components)"
    judging(name)
    assert cli.run(["panel", "--bugs", "--component", "relu", "--seeds", "1"]) == 1
    out = capsys.readouterr().out
    assert f"  {name}: 1 seeds, also fails 1.6 (1 times)" in out
    assert "1 wrong verdicts" in out


def test_right_solutions(judging, capsys):
    """A right solution that fails is a wrong verdict; costs are not told."""
    judging()
    assert cli.run(["panel", "--right", "--component", "relu", "--seeds", "1"]) == 0
    out = capsys.readouterr().out
    assert "right solutions: " in out
    assert "costs" not in out
    name = next(one.name for one in panel.solutions() if "1.5" in one.checks)
    judging(name)
    assert cli.run(["panel", "--right", "--component", "relu", "--seeds", "1"]) == 1
    assert f"  {name}: 1 seeds, also fails" in capsys.readouterr().out


@pytest.mark.slow
def test_an_interrupt_leaves_nothing(tmp_path):
    """Ended by a signal in the middle, the panel takes its processes and files with it."""
    tmp_path.chmod(0o755)
    process = subprocess.Popen(
        [sys.executable, "-m", "grader", "panel", "hangs", "loops-float32", "--jobs", "2"],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob("grading-*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    family = psutil.Process(process.pid).children(recursive=True)
    assert len(family) > 2
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == cli.INTERRUPTED
    assert "Traceback" not in errors
    assert list(tmp_path.iterdir()) == []
    _, alive = psutil.wait_procs(family, timeout=20)
    assert alive == []
