"""What the README and the documents say can be typed, and works."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from grader import cli
from grader.exporters.lint import validate

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = sorted((ROOT / "docs").glob("*.md"))
SLOW = ("grader template --check", "grader release", "grader panel", "grader bundle")


def commands(text):
    """The commands of a document: lines of its console blocks that begin with '$ '."""
    blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]


COMMANDS = commands(README)
EVERYWHERE = dict.fromkeys(
    [*COMMANDS, *(line for path in DOCUMENTS for line in commands(path.read_text("utf-8")))]
)
GRADER = [
    pytest.param(line, marks=pytest.mark.slow if line.startswith(SLOW) else ())
    for line in EVERYWHERE
    if line.startswith("grader ")
]


def shell(command):
    """Run a command of the README in the checkout, with the environment's programs first."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-c", command],
        cwd=ROOT,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_two_commands_come_first():
    """The first two commands are the demonstration and the tests."""
    assert COMMANDS[:2] == ["scripts/demo", "scripts/test"]


@pytest.mark.parametrize("command", GRADER)
def test_every_grader_command_runs(command):
    """Each `grader` command of the README and the documents ends with status 0."""
    done = shell(command)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("scripts/")])
def test_every_script_is_there(command):
    """Each script of the README exists and can be executed."""
    assert os.access(ROOT / command.split()[0], os.X_OK)


def test_every_path_of_the_map_exists():
    """The folders and files of the README's table are where it says."""
    table = README[README.index("| where | what |") :].split("\n\n")[0]
    paths = [path for line in table.splitlines() for path in re.findall(r"`([^`]+)`", line[:130])]
    assert len(paths) > 8
    for path in paths:
        assert (ROOT / path).exists(), path


def test_every_command_of_the_program_is_mentioned():
    """No command of `grader` is missing from the README."""
    choices = next(action.choices for action in cli.parser()._actions if action.dest == "command")
    for name in choices:
        assert f"grader {name}" in README, name


@pytest.mark.parametrize("path", [ROOT / "README.md", *DOCUMENTS], ids=lambda path: path.name)
def test_every_link_leads_somewhere(path):
    """Links and pictures of each document are files, where they are not sections of it."""
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


@pytest.mark.parametrize("name", ["table", "check"])
def test_pictures_load_nothing_from_elsewhere(name):
    """Each picture shows points, and makes no request."""
    picture = (ROOT / "docs" / f"{name}.svg").read_text(encoding="utf-8")
    assert "points" in picture
    assert "@font-face" not in picture


@pytest.mark.slow
def test_pictures_are_what_the_grader_prints():
    """Drawn again, the pictures are the same but for the times."""
    done = shell("python docs/picture.py --check")
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_the_demonstration_gives_full_marks():
    """`scripts/demo` prints 14 of 14 and leaves a results.json that the platform takes."""
    done = shell("scripts/demo")
    assert done.returncode == 0, done.stderr
    assert "14 of 14 points in all" in done.stdout
    document = json.loads((ROOT / "results.json").read_text(encoding="utf-8"))
    assert validate(document) == []
    assert document["score"] == 14
    assert sum(test["max_score"] for test in document["tests"]) == 14
