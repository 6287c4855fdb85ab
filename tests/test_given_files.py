"""The files that the course gives, and what a wheel carries."""

import subprocess
import sys
import zipfile

import pytest

from grader.assignment import load
from grader.session import given_files

GIVEN = [
    (name, path) for name, entry in load().table["parts"].items() for path in entry.get("given", [])
]


@pytest.mark.parametrize(("part", "path"), GIVEN)
def test_given_files_exist_and_hold_no_solution(part, path, reference_dir):
    """Each given file lies in the reference and has nothing for a student to write."""
    text = (reference_dir / part / path).read_text()
    assert "SOLUTION" not in text


def test_a_checkout_takes_them_from_the_reference(reference_dir):
    """Without packed copies, the reference's own files are laid under submissions."""
    assert given_files() == reference_dir


@pytest.mark.slow
def test_a_wheel_carries_them_and_no_solution(tmp_path, reference_dir):
    """The wheel holds every given file, the tape and the practice images, and no authoring."""
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "-q", "-w", str(tmp_path)]
    subprocess.run([*command, str(reference_dir.parent)], check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
        text = b"".join(wheel.read(name) for name in names if name.endswith(".py"))
    assert {f"grader/given/{part}/{path}" for part, path in GIVEN} <= names
    assert {"grader/data/public_tape.npz", "grader/data/practice_test.npz"} <= names
    assert not any("authoring" in name for name in names)
    assert b"BEGIN SOLUTION" not in text
