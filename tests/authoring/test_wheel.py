"""The students' wheel is built from what is public, and from nothing else."""

import hashlib
import os
import shutil
import zipfile
from pathlib import Path

import pytest

from grader.assignment import load
from grader.authoring.wheel import ROOT, WheelError, build, stage
from grader.authoring.wheel_scan import scan

GIVEN = {
    f"grader/given/{part}/{path}"
    for part, entry in load().table["parts"].items()
    for path in entry.get("given", ())
}


def contents(folder):
    """The files beneath a folder, by relative path."""
    return {p.relative_to(folder).as_posix() for p in Path(folder).rglob("*") if p.is_file()}


@pytest.fixture
def checkout(tmp_path):
    """A checkout with secrets that lie about in it."""
    for name in (
        "pyproject.toml",
        "README.md",
        "notes.txt",
        "grader/cli.py",
        "grader/authoring/tape.py",
        "grader/__pycache__/cli.pyc",
        "grader/data/public_tape.npz",
        "grader/data/practice_test.npz",
        "grader/data/template.json",
        "grader/data/cifar10_test.npz",
        "grader/data/secret_tape.npz",
        "reference/part1/data/__init__.py",
        "reference/part1/data/practice_train.npz",
        "reference/part2/checkpoints/net.pth",
        "submissions/complete/sample.toml",
    ):
        (tmp_path / "checkout" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "checkout" / name).write_text(name)
    return tmp_path / "checkout"


def test_only_what_is_public_is_copied(checkout, tmp_path):
    """Labels, secret tapes, weights and the instructors' code stay behind."""
    stage(checkout, tmp_path / "copy")
    assert contents(tmp_path / "copy") == {
        "pyproject.toml",
        "README.md",
        "grader/cli.py",
        "grader/data/public_tape.npz",
        "grader/data/practice_test.npz",
        "grader/data/template.json",
        "reference/part1/data/__init__.py",
    }


def test_a_wheel_that_cannot_be_built(checkout, tmp_path):
    """The last words of pip are in the error, with a likely cause."""
    with pytest.raises(WheelError, match=r"(?s)is a package registry there.*TOML"):
        build(tmp_path, checkout)


@pytest.mark.slow
def test_the_wheel(tmp_path):
    """The wheel has every given file, the tape and the practice images, and passes its scan."""
    wheel = build(tmp_path)
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert names >= GIVEN
    data = ("public_tape.npz", "practice_test.npz", "template.json")
    assert names >= {f"grader/data/{name}" for name in data}
    assert names >= {f"grader/commands/{name}.py" for name in ("check", "pack", "doctor")}
    assert scan(wheel) == []


@pytest.mark.slow
def test_the_same_wheel_every_time(tmp_path):
    """Two builds, from folders with other dates and modes, give the same bytes."""
    copy = tmp_path / "copy"
    stage(ROOT, copy)
    for path in copy.rglob("*.py"):
        os.utime(path, (2e9, 2e9))
    digests = set()
    for root in (ROOT, copy):
        built = build(tmp_path, root)
        digests.add(hashlib.sha256(built.read_bytes()).hexdigest())
        built.unlink()
    assert len(digests) == 1


@pytest.mark.slow
def test_the_scan_finds_what_a_careless_build_takes_along(tmp_path):
    """With other data in the checkout and a command of the instructors', the scan complains."""
    copy = tmp_path / "copy"
    stage(ROOT, copy)
    shutil.copytree(ROOT / "grader" / "authoring" / "bugs", copy / "grader" / "bugs")
    command = copy / "grader" / "commands" / "marking.py"
    command.write_text("from grader.authoring import samples\n")
    found = "\n".join(scan(build(tmp_path, copy)))
    assert "grader/bugs/pooling.py: bugs/ is for instructors only" in found
    assert "grader/commands/marking.py: imports grader.authoring" in found
