"""The proofs: each holds for the real template, and each fails for one that was sabotaged."""

from __future__ import annotations

import dataclasses
import re
import shutil
from fractions import Fraction
from pathlib import Path

import pytest

from grader.authoring import proofs
from grader.authoring.proofs import (
    Proof,
    earns_nothing,
    everything_imports,
    is_current,
    nothing_leaks,
    reference_passes,
)
from grader.authoring.template import TemplateError, build, generate
from grader.outcomes import CheckOutcome, Run

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "reference"
COMMITTED = ROOT / "student_template"
RELU = "part1-convnet/modules/relu.py"
CNN = "part2-pytorch/models/cnn.py"
CONFIG = "part2-pytorch/configs/config_twolayer.yaml"


@pytest.fixture(scope="module")
def made():
    """Give the real template."""
    return build(REFERENCE)


def with_files(made, files):
    """The template with some files changed or added."""
    encoded = {name: text.encode() for name, text in files.items()}
    return dataclasses.replace(made, files={**made.files, **encoded})


def only(made, *names):
    """The template with these files alone."""
    return dataclasses.replace(made, files={name: made.files[name] for name in names})


def test_the_real_template_is_current(made):
    """What is committed is what the reference gives: run `grader template` if this fails."""
    assert is_current(made, COMMITTED) == []


def test_a_stale_template(made, tmp_path):
    """The files that differ are named, and the command that makes them again."""
    out = tmp_path / "out"
    generate(REFERENCE, out)
    assert is_current(made, out) == []
    with (out / RELU).open("a") as stream:
        stream.write("\n# one more line\n")
    (out / "part1-convnet" / "old.py").touch()
    first, *others = is_current(made, out)
    assert first.endswith("out of date: run `grader template`")
    lines = len(made.files[RELU].splitlines())
    assert others == ["part1-convnet/old.py is generated no more", f"{RELU}:{lines + 1}: differs"]


def test_nothing_of_the_real_solutions_is_left(made):
    """No run of a solution's tokens is in the template."""
    assert nothing_leaks(made) == []


@pytest.mark.parametrize(
    ("name", "lead"),
    [
        ("README.md", "    "),
        ("tests/test_relu.py", "# "),
        (CONFIG, "# "),
        (RELU, "            # "),
        ("part1-convnet/trainer.py", "# "),
    ],
)
def test_a_leaked_comment(made, name, lead):
    """A solution that was left somewhere is found, and its block is named."""
    (solution,) = (item for item in made.solutions if item.file == RELU and "maximum" in item.text)
    text = made.files[name].decode()
    leaked = "".join(f"{lead}{line.strip()}\n" for line in solution.text.splitlines())
    (complaint,) = nothing_leaks(with_files(made, {name: f"{text}\n{leaked}"}))
    assert complaint.startswith(f"{name}:{text.count(chr(10)) + 2}: ")
    assert f"{RELU}:{solution.line}" in complaint


def test_a_prompt_that_tells_the_solution(made):
    """What a prompt gives away is found like anything else."""
    text = made.files[RELU].decode()
    told = text.replace('raise NotImplementedError("ReLU.forward")', made.solutions[0].text.strip())
    assert told != text
    assert nothing_leaks(with_files(made, {RELU: told})) != []


def test_every_real_file_imports(made):
    """Every file of the template parses, and imports by itself."""
    assert everything_imports(made) == []


def test_files_that_do_not_parse(made):
    """Python and YAML that do not parse are named with their line, all of them."""
    broken = {RELU: "x = 1\ndef f(:\n", CONFIG: "a: 1\nb: [\n"}
    first, second = sorted(everything_imports(with_files(made, broken)))
    assert first.startswith(f"{RELU}:2: this is not Python: ")
    assert second.startswith(f"{CONFIG}:2: this is not YAML: ")


def test_files_that_fail_at_import(made):
    """Whatever an import raises is no excuse: each is named once, with its line."""
    files = {
        "part/good.py": "import package.inner\n",
        "part/package/__init__.py": "",
        "part/package/inner.py": "import data\n",
        "part/data/__init__.py": "from data.own import value\n",
        "part/data/own.py": "value = 1\n",
        "other/data/__init__.py": "raise NotImplementedError\n",
        "other/uses.py": "import data\n",
        "other/lacks.py": "\nimport torch.nothing\n",
        "tests/__init__.py": "",
        "tests/test_x.py": "from tests import nothing\n",
        "top.py": "from . import nothing\n",
    }
    sample = with_files(only(made), files)
    found = [
        re.sub(r" \(/.*\)$", " (unknown)", complaint) for complaint in everything_imports(sample)
    ]
    assert found == [
        "other/data/__init__.py:1: NotImplementedError: ",
        "other/lacks.py:2: ModuleNotFoundError: No module named 'torch.nothing'",
        "tests/test_x.py:1: ImportError: cannot import name 'nothing' from 'tests' (unknown)",
        "top.py:1: ImportError: attempted relative import with no known parent package",
    ]


def test_a_file_that_ends_or_never_ends(made, monkeypatch):
    """A module that ends the process, or hangs, is named."""
    dying = with_files(only(made), {"part/a.py": "", "part/b.py": "import os\nos._exit(7)\n"})
    (complaint,) = everything_imports(dying)
    assert complaint.startswith("part/b.py: importing it ended Python with status 7")
    monkeypatch.setattr(proofs, "_IMPORT_SECONDS", 1.0)
    hanging = with_files(only(made), {"part/a.py": "", "part/b.py": "while True: pass\n"})
    assert everything_imports(hanging) == ["part/b.py: importing it was not done in 1 s"]


def test_the_real_template_earns_nothing(made):
    """Graded, all of it is not started."""
    assert earns_nothing(made) == []


def test_a_template_with_a_solution_left(made):
    """What passes, raises or shows a traceback is named by its check, and nothing else is."""
    linear = made.files["part1-convnet/modules/linear.py"].decode()
    files = {
        RELU: (REFERENCE / RELU).read_text(),
        CNN: "raise ValueError('no')\n",
        "part1-convnet/modules/linear.py": f"print('Traceback (most')\n{linear}",
    }
    found = earns_nothing(with_files(made, files))
    assert {complaint.split()[0] for complaint in found} == {"1.5", "1.6", "2.4", "2.6"}
    assert any("passes: which solution has no markers?" in complaint for complaint in found)
    assert any("2.4" in complaint and "`models/cnn.py:1`" in complaint for complaint in found)
    assert "1.6 shows a traceback" in found


@pytest.mark.parametrize("where", ["hint", "advice", "handout", "expected", "remarks"])
def test_everything_that_students_read_is_looked_at(made, monkeypatch, where):
    """A piece of a solution, or a traceback, is found in any text of an outcome."""
    (solution,) = (item for item in made.solutions if item.file == RELU and "maximum" in item.text)
    secret = f"Traceback: {solution.text}"
    told = {"expected": {"dx": secret}, "remarks": [secret]}.get(where, secret)
    check = CheckOutcome("1.5", "1", "ReLU", Fraction(1), **{where: told})
    monkeypatch.setattr(proofs, "grade", lambda _: Run("HW", "s", checks=[check]))
    traceback, leak = earns_nothing(only(made))
    assert traceback == "1.5 shows a traceback"
    assert leak.startswith("what 1.5 says:")
    assert f"{RELU}:{solution.line}" in leak


def test_a_template_that_cannot_be_graded(made):
    """Where no part is found, that is the complaint."""
    (complaint,) = earns_nothing(only(made, "README.md"))
    assert "README.md" in complaint or "convolution.py" in complaint


@pytest.fixture
def broken(tmp_path):
    """Give a function that makes a reference with one text replaced in ReLU."""

    def build_broken(old, new):
        ignored = shutil.ignore_patterns("__pycache__", "*.npz", "*.pth", "runs", "tests")
        folder = shutil.copytree(REFERENCE, tmp_path / "reference", ignore=ignored)
        text = (folder / RELU).read_text()
        assert old in text
        (folder / RELU).write_text(text.replace(old, new))
        return folder

    return build_broken


@pytest.mark.slow
def test_the_real_reference_passes():
    """The reference gets full marks with the tape that ships, and with fresh seeds."""
    assert reference_passes(REFERENCE) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "starts"),
    [
        ("np.where(positive, dout, 0)", "np.where(positive, dout, 1)", {"public_tape.npz: 1.5"}),
        ("np.maximum(x, 0)", "2 * np.maximum(x, 0)", {"public_tape.npz: 1.5"}),
        (
            "dout, 0)",
            "dout, lost)",
            {"public_tape.npz: 1.5", "seed 5: the reference does not pass 1.5"},
        ),
    ],
)
def test_a_wrong_reference(broken, monkeypatch, old, new, starts):
    """A mistake in the reference fails with the tape that ships, and where it raises, with all."""
    monkeypatch.setattr(proofs, "SEEDS", 1)
    monkeypatch.setattr(proofs.secrets, "randbelow", lambda _: 5)
    found = reference_passes(broken(old, new))
    for start in starts:
        assert any(complaint.startswith(start) for complaint in found), found
    assert all("1.5" in complaint or "points" in complaint for complaint in found)


def test_a_proof_that_cannot_be_made():
    """An error of the grader's speaks against the proof, and does not end the others."""

    def find():
        raise TemplateError("a.py", 3, "is odd")

    assert Proof("all is well", find).complaints() == ["a.py:3: is odd"]
    assert Proof("all is well", list).complaints() == []


def test_all_proofs(made, tmp_path):
    """There are five, each with a name of its own."""
    names = [proof.name for proof in proofs.proofs(made, REFERENCE, tmp_path / "out")]
    assert len(set(names)) == 5
    assert names[0] == "out is what the reference gives"
