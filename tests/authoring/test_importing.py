"""The script that imports modules one by one: each as the first, and none spoils the next."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from grader.authoring import importing

FILES = {
    "good.py": "import pack.inner\n",
    "pack/__init__.py": "",
    "pack/inner.py": "value = 1\n",
    "bad.py": "import good\n\n\ndef f():\n    raise ValueError('no')\nf()\n",
    "syntax.py": "x = 1\nx = = 2\n",
    "missing.py": "import nothing_like_it\n",
    "leaving.py": "import sys\nsys.exit(3)\n",
    "dying.py": "import os\nos._exit(7)\n",
    "leaning.py": "import sys\nvalue = sys.modules['good']\n",
    "proofs.py": "value = 'own'\n",
}


@pytest.fixture
def run(tmp_path):
    """Give a function that imports modules of a little tree and returns report and status."""
    for name, text in FILES.items():
        (tmp_path / "tree" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "tree" / name).write_text(text)
    report = tmp_path / "report.json"

    def script(*names):
        command = [sys.executable, importing.__file__, str(report), *names]
        done = subprocess.run(command, cwd=tmp_path / "tree", capture_output=True, check=False)
        return json.loads(report.read_text()) if report.exists() else None, done.returncode

    return script


def test_modules_that_import(run):
    """Packages, their modules, and one with the name of a module of ours are found."""
    assert run("good", "pack", "pack.inner", "proofs") == (
        {name: ["", ""] for name in ("good", "pack", "pack.inner", "proofs")},
        0,
    )


@pytest.mark.parametrize(
    ("name", "place", "reason"),
    [
        ("bad", "bad.py:5", "ValueError: no"),
        ("syntax", "syntax.py:2", "SyntaxError: invalid syntax (syntax.py, line 2)"),
        ("missing", "missing.py:1", "ModuleNotFoundError: No module named 'nothing_like_it'"),
        ("leaving", "leaving.py:2", "SystemExit: 3"),
        ("not_there", "", "ModuleNotFoundError: No module named 'not_there'"),
    ],
)
def test_modules_that_do_not(run, name, place, reason):
    """The innermost own line is named, and the next module is still tried."""
    report, status = run(name, "good")
    assert report == {name: [place, reason], "good": ["", ""]}
    assert status == 0


def test_each_is_the_first(run):
    """What leans on an earlier import is found: nothing is left over from the one before."""
    report, _ = run("good", "leaning")
    assert report["leaning"] == ["leaning.py:2", "KeyError: 'good'"]


def test_a_module_that_ends_the_process(run):
    """The report holds those before it, and the status tells the rest."""
    assert run("good", "dying", "pack") == ({"good": ["", ""]}, 7)
    assert "dying" not in run("good")[0]


def test_everything_is_forgotten(run, tmp_path, monkeypatch):
    """Own modules are dropped, those of the library stay."""
    monkeypatch.setitem(sys.modules, "own", type(sys)("own"))
    sys.modules["own"].__file__ = str(tmp_path / "own.py")
    importing.forget(tmp_path)
    assert "own" not in sys.modules
    assert "json" in sys.modules
