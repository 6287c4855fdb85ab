"""The check that the instructors' document writes from beginning to end."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENT = (ROOT / "docs" / "instructor.md").read_text(encoding="utf-8")
SECTION = DOCUMENT[DOCUMENT.index("## A check of your own") :]


def block(language):
    """The first block of the section in this language."""
    return re.search(rf"```{language}\n(.*?)```", SECTION, re.DOTALL)[1]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of the checkout with the check, and the points that the document says."""
    folder = tmp_path_factory.mktemp("checkout")
    ignored = shutil.ignore_patterns("__pycache__", "runs")
    for name in ("grader", "reference", "student_template"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    path = re.search(r"Write `(grader/checks/check_\w+\.py)`", SECTION)[1]
    (folder / path).write_text(block("python"), encoding="utf-8")
    settings = folder / "grader/assignment.toml"
    header, changed = block("toml").strip().splitlines()
    before, after = settings.read_text(encoding="utf-8").split(header)
    after = re.sub(r"^points = .*$", changed, after, count=1, flags=re.MULTILINE)
    settings.write_text(f"{before}{header}{after}", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def grader(checkout):
    """Run the copy's program."""

    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "grader", *arguments],
            cwd=checkout,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.mark.slow
def test_the_check_passes_the_reference_and_refuses_the_template(grader):
    """Recorded as any other, it gives the reference its half point, and the template none."""
    made = grader("tape", "--no-hints")
    assert made.returncode == 0, made.stderr
    passed = grader("check", "reference", "--only", "1.9")
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert "0.5/0.5" in passed.stdout
    failed = grader("check", "student_template", "--only", "1.9")
    assert failed.returncode == 1
    assert "0/0.5" in failed.stdout


@pytest.mark.slow
def test_without_the_points_in_the_assignment_nothing_is_graded(grader, checkout):
    """Half a point more than the part has stops the grader, with what to change."""
    settings = checkout / "grader/assignment.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("points = 7.5", "points = 7"), encoding="utf-8")
    try:
        refused = grader("check", "reference", "--only", "1.9")
    finally:
        settings.write_text(text, encoding="utf-8")
    assert refused.returncode == 2
    assert "add up to 15/2 points" in refused.stderr
