"""`grader template`: what it writes and says, and its exit status."""

from __future__ import annotations

import io
import sys

import pytest

from grader import cli
from grader.authoring import proofs
from grader.authoring.generated import MANIFEST
from grader.authoring.proofs import Proof
from grader.commands import template

LAYER = "def f():\n    # BEGIN SOLUTION\n    return 1\n    # END SOLUTION\n"


@pytest.fixture
def reference(tmp_path):
    """Give a reference of two files, with one block."""
    folder = tmp_path / "reference"
    (folder / "part").mkdir(parents=True)
    (folder / "part" / "layer.py").write_text(LAYER)
    (folder / "README.md").write_text("# Handout\n")
    return folder


@pytest.fixture
def run(reference, tmp_path):
    """Give a function that runs the command on this reference."""

    def command(*options):
        out = tmp_path / "out"
        return cli.run(["template", "--reference", str(reference), "-o", str(out), *options])

    return command


@pytest.fixture
def prove(run, monkeypatch):
    """Give a function that runs `--check` with other proofs: names and complaints."""

    def check(**complaints):
        stubs = [Proof(name, lambda found=found: found) for name, found in complaints.items()]
        monkeypatch.setattr(proofs, "proofs", lambda *_: stubs)
        return run("--check")

    return check


def test_writes_the_template(run, tmp_path, capsys):
    """Files and blocks are counted; a second run replaces what the first one wrote."""
    assert run() == 0
    assert run() == 0
    out = tmp_path / "out"
    line = f"{out}: 2 files, 1 solution blocks replaced\n"
    assert capsys.readouterr().out == line * 2
    assert (out / "part" / "layer.py").read_text().endswith('raise NotImplementedError("f")\n')
    assert {path.name for path in out.rglob("*")} == {"part", "layer.py", "README.md", MANIFEST}


def test_refuses_to_replace_other_files(run, tmp_path, capsys):
    """Status 2, and the sentence names what is in the way."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.tex").touch()
    assert run() == 2
    assert "holds thesis.tex" in capsys.readouterr().err


def test_refuses_misused_markers(run, reference, tmp_path, capsys):
    """Status 2, with file and line, and nothing is written; as a proof it failed, with status 1."""
    (reference / "part" / "layer.py").write_text("\n# begin solution\n")
    assert run() == 2
    assert "part/layer.py:2: " in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert run("--check") == 1
    said = capsys.readouterr().out
    assert said.startswith("FAILED  the solutions can be taken out")
    assert "part/layer.py:2: " in said


def test_proofs_that_hold(prove, capsys):
    """A line each, and status 0."""
    assert prove(one=[], two=[]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" (")[0] for line in lines] == ["ok      one", "ok      two"]


def test_proofs_that_fail(prove, capsys):
    """The complaints follow the proof, the first of many; the other proofs run, too; status 1."""
    assert prove(one=["a.py:1: no"], two=[], three=[f"complaint {k}" for k in range(40)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("FAILED  one")
    assert lines[1] == "        a.py:1: no"
    assert lines[2].startswith("ok      two")
    assert lines[-1] == "        and 28 more"
    assert len(lines) == 3 + 1 + 12 + 1


def test_a_terminal_shows_which_proof_runs(prove, monkeypatch):
    """Its name is there before it is done."""
    screen = io.StringIO()
    screen.isatty = lambda: True
    monkeypatch.setattr(sys, "stdout", screen)
    assert prove(one=[]) == 0
    assert screen.getvalue().startswith("...     one\r\x1b[Kok      one (")


def test_the_committed_template_comes_with_its_list(run, reference, tmp_path, monkeypatch, capsys):
    """Only where the committed template is made is the grader's list of functions, too."""
    listed = tmp_path / "template.json"
    monkeypatch.setattr(template, "TEMPLATE", listed)
    assert run() == 0
    assert not listed.exists()
    monkeypatch.setattr(template, "STUDENT_TEMPLATE", tmp_path / "out")
    monkeypatch.setattr(proofs, "proofs", lambda *_: [])
    assert run("--check") == 1
    assert f"{listed} is out of date: run `grader template`" in capsys.readouterr().out
    assert run() == 0
    assert "raise NotImplementedError('f')" in listed.read_text()
    assert run("--check") == 0
    assert "ok      template.json has the functions that students write" in capsys.readouterr().out


def test_places():
    """Without options it is the checkout's own template."""
    assert template.STUDENT_TEMPLATE.name == "student_template"
    assert (template.STUDENT_TEMPLATE.parent / "pyproject.toml").is_file()
