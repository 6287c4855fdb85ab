"""A student's path with what students download: check, train, check, pack, and be graded.

Everything here runs in an environment of its own, away from the checkout.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import pytest

from grader import cli
from grader.authoring.template import render
from grader.outcomes import Status, from_json

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "reference"
CONFIGS = ("practice_twolayer", "practice_vanilla_cnn", "practice_mymodel")

# Installing torch and training three networks takes minutes on two busy cores.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]


class Student:
    """A person with an environment, working in a folder."""

    def __init__(self, environment, folder):
        self.programs, self.folder = environment / "bin", folder

    def does(self, *command, status=0, below=""):
        """Run a program of the environment in the folder; what it printed."""
        variables = {key: os.environ[key] for key in os.environ if key != "PYTHONPATH"}
        done = subprocess.run(
            [self.programs / command[0], *map(str, command[1:])],
            cwd=self.folder / below,
            env={**variables, "PATH": f"{self.programs}{os.pathsep}{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == status, done.stdout[-4000:] + done.stderr[-4000:]
        return done.stdout

    def checks(self, *arguments, status=0):
        """Run `grader check`; what it printed, and the neutral model of the run."""
        outcomes = self.folder.parent / "outcomes.json"
        printed = self.does("grader", "check", "--outcomes", outcomes, *arguments, status=status)
        return printed, from_json(json.loads(outcomes.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def home():
    """A folder that all users may pass through: as root, workers are another user."""
    with tempfile.TemporaryDirectory(prefix="student-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(scope="module")
def released(home):
    """What `grader release` writes. That the template is sound is proven elsewhere."""
    assert cli.run(["release", "-o", str(home / "released"), "--quick"]) == 0
    return home / "released"


@pytest.fixture(scope="module")
def environment(home, released):
    """A fresh environment with torch, installed like scripts/setup does, and the wheel."""
    (wheel,) = released.glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", home / "environment"], check=True)
    torch = ["--no-deps", "-r", ROOT / "requirements-torch.txt"]
    for what in (torch, [f"{wheel}[student]"]):
        python = home / "environment" / "bin" / "python"
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        done = subprocess.run([*pip, *what], cwd=home, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-4000:]
    return home / "environment"


def unpacked(released, folder):
    """The template as a student unpacks it in a new folder."""
    folder.mkdir()
    with zipfile.ZipFile(next(released.glob("*-template.zip"))) as archive:
        archive.extractall(folder)
    (template,) = folder.iterdir()
    return template


@pytest.fixture(scope="module")
def beginner(home, released, environment):
    """A student who has not started."""
    return Student(environment, unpacked(released, home / "beginner"))


@pytest.fixture(scope="module")
def finisher(home, released, environment):
    """A student who has solved everything, and trained on the practice images."""
    student = Student(environment, unpacked(released, home / "finisher"))
    for name, given in render(REFERENCE).items():
        if (REFERENCE / name).read_bytes() != given:
            shutil.copyfile(REFERENCE / name, student.folder / name)
    seconds = {}
    for config in CONFIGS:
        began = time.monotonic()
        student.does(
            "python", "main.py", "--config", f"configs/{config}.yaml", below="part2-pytorch"
        )
        seconds[config] = time.monotonic() - began
    student.seconds = seconds
    return student


def test_the_release_is_whole(released):
    """Template, handout, wheel and sums; the handout is the template's."""
    names = sorted(path.name for path in released.iterdir())
    assert names[0] == "SHA256SUMS"
    assert names[1].endswith(".whl")
    assert names[2:] == ["handout.md", "hw2-template.zip"]
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=released, check=True)


def test_nothing_of_the_checkout_is_installed(environment):
    """The installed grader has the student's commands alone, and needs no checkout."""
    student = Student(environment, environment)
    text = student.does("grader", "--help")
    assert all(command in text for command in ("check", "pack", "doctor"))
    assert not any(command in text for command in ("tape", "release", "sample", "template"))
    where = student.does("python", "-c", "import grader; print(grader.__file__)").strip()
    assert Path(where).is_relative_to(environment)
    assert not list(Path(where).parent.rglob("authoring"))


def test_the_doctor_finds_nothing_missing(environment):
    """With the wheel's [student] extra, nothing has to be installed."""
    text = Student(environment, environment).does("grader", "doctor")
    assert "not installed" not in text
    assert "data practice: 1000 images" in text


def test_a_template_is_not_started(beginner):
    """The fresh template gets no points, status 1, and 'not started' for everything."""
    printed, run = beginner.checks(status=1)
    assert run.points == 0
    assert {case.reason for check in run.checks for case in check.cases} == {"not-started"}
    assert "Traceback" not in printed
    assert "not started" in printed.lower()


def test_a_template_is_not_packed_by_accident(beginner):
    """Packing the fresh template is refused, with the files that are missing."""
    beginner.does("grader", "pack", status=1)
    assert not (beginner.folder / "submission.zip").exists()
    beginner.does("grader", "pack", "--force", "-o", "unfinished.zip")
    assert zipfile.is_zipfile(beginner.folder / "unfinished.zip")


def test_solved_and_trained_gets_full_marks(finisher, capsys, record_property):
    """With the solution in place and networks trained in the folder, the check gives 14 of 14."""
    for config, seconds in finisher.seconds.items():
        record_property(config, round(seconds, 1))
    shown = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in finisher.seconds.items())
    with capsys.disabled():
        print(f"\ntraining: {shown}; together {sum(finisher.seconds.values()):.0f} s")  # noqa: T201
    printed, run = finisher.checks("--data", "practice")
    assert run.points == run.max_points == 14
    assert {check.status for check in run.checks} == {Status.PASSED}
    assert "14 of 14" in printed


def test_what_is_packed_is_graded_the_same(finisher, tmp_path):
    """The archive holds only what is graded, is reported by its hash, and grades with 14."""
    archive = finisher.folder / "hw2.zip"
    printed = finisher.does("grader", "pack", "-o", archive)
    outcomes = tmp_path / "outcomes.json"
    command = ("grader", "grade", archive, "--data", "practice", "--outcomes", outcomes)
    finisher.does(*command)
    run = from_json(json.loads(outcomes.read_text(encoding="utf-8")))
    assert run.points == 14
    assert run.submission_sha256 in printed
    with zipfile.ZipFile(archive) as packed:
        kept = [name for name in packed.namelist() if "runs/" in name or name.endswith(".npz")]
    assert kept == []
    # The instructor's own grader says the same of the same archive.
    here = tmp_path / "here.json"
    assert cli.run(["grade", str(archive), "--data", "practice", "--outcomes", str(here)]) == 0
    assert from_json(json.loads(here.read_text(encoding="utf-8"))).points == 14


def test_packing_again_gives_the_same_bytes(finisher):
    """Nothing of the time or the place is in the archive; an older one is replaced."""
    finisher.does("grader", "pack", "-o", "again.zip")
    first = (finisher.folder / "again.zip").read_bytes()
    finisher.does("grader", "pack", "-o", "again.zip")
    assert (finisher.folder / "again.zip").read_bytes() == first
