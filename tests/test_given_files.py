"""The files that the course gives, in a checkout and where the grader is installed."""

import subprocess
import sys

import pytest

from grader.assignment import load
from grader.authoring.wheel_scan import scan
from grader.session import given_files

GIVEN = [
    (name, path) for name, entry in load().table["parts"].items() for path in entry.get("given", [])
]
# An instructor's checkout may hold these, and the container needs them.
PRIVATE_DATA = "grader/data/"


@pytest.mark.parametrize(("part", "path"), GIVEN)
def test_given_files_exist_and_hold_no_solution(part, path, reference_dir):
    """Each given file lies in the reference and has nothing for a student to write."""
    text = (reference_dir / part / path).read_text()
    assert "SOLUTION" not in text


def test_a_checkout_takes_them_from_the_reference(reference_dir):
    """Without packed copies, the reference's own files are laid under submissions."""
    assert given_files() == reference_dir


@pytest.mark.slow
def test_an_installed_grader_takes_its_own(tmp_path, reference_dir):
    """What `pip install` makes of the checkout holds every given file, and no secret."""
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "-q", "-w", str(tmp_path)]
    subprocess.run([*command, str(reference_dir.parent)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    complaints = [found for found in scan(wheel) if not found.startswith(PRIVATE_DATA)]
    assert complaints == []
