"""The list of the functions that students write, as the template has them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.authoring import starting_points
from grader.authoring.starting_points import functions, holds, is_current, write
from grader.authoring.template import TemplateError, build
from grader.not_started import TEMPLATE
from grader.sandbox.unchanged import unchanged

ROOT = Path(__file__).resolve().parents[2]
BLOCK = "        # BEGIN SOLUTION\n        return 1\n        # END SOLUTION\n"
LAYER = f'''\
class A:
    def given(self):
        return 0

    def f(self, x):
        """What to do."""
{BLOCK}
    def g(self):
        # BEGIN SOLUTION
        # BEGIN PROMPT
        #: out = None
        # END PROMPT
        out = 1
        # END SOLUTION
        return out
'''


@pytest.fixture
def reference(tmp_path):
    """A reference with two functions to write, one of them with a prompt."""
    folder = tmp_path / "reference" / "part"
    folder.mkdir(parents=True)
    (folder / "a.py").write_text(LAYER)
    (folder / "b.py").write_text("def given():\n    return 0\n")
    (folder / "c.yaml").write_text("# BEGIN SOLUTION\n# BEGIN PROMPT\n#: a: 1\n# END PROMPT\na: 2\n"
                                   "# END SOLUTION\n")  # fmt: skip
    return tmp_path / "reference"


def test_what_is_listed(reference):
    """Functions with a solution block, without it and without docstring, and nothing else."""
    assert functions(build(reference)) == {
        "part/a.py": {
            "A.f": "def f(self, x):\n    raise NotImplementedError('A.f')",
            "A.g": "def g(self):\n    out = None\n    return out",
        }
    }


def test_it_is_written_and_current(reference, tmp_path):
    """What was written holds until the reference changes; writing it again mends that."""
    path = tmp_path / "template.json"
    made = build(reference)
    complaint = [f"{path} is out of date: run `grader template`"]
    assert is_current(path, made) == complaint
    write(path, made)
    assert is_current(path, made) == []
    source = reference / "part" / "a.py"
    source.write_text(source.read_text().replace("out = None", "out = 0"))
    assert is_current(path, build(reference)) == complaint
    write(path, build(reference))
    assert is_current(path, build(reference)) == []


def test_other_words_for_the_same_code(reference, tmp_path):
    """A list that another Python wrote is current, and stays as it is."""
    path = tmp_path / "template.json"
    made = build(reference)
    listed = functions(made)
    listed["part/a.py"]["A.g"] = "def g( self ):\n  out = ( None )\n  return out"
    path.write_text(json.dumps(listed))
    before = path.read_bytes()
    write(path, made)
    assert path.read_bytes() == before
    assert is_current(path, made) == []


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff", b"[]", b"3", b'{"part/a.py": []}', b'{"part/a.py": {"A.f": "def"}}',
     b'{"part/a.py": {"A.f": "x = 1; y = 2"}}', b'{"part/a.py": {"A.f": 3}}', b"{}"],
)  # fmt: skip
def test_what_is_no_such_list(reference, content):
    """Anything else does not hold, whatever is wrong with it."""
    assert not holds(content, build(reference))


def test_a_function_that_is_too_long(reference, monkeypatch):
    """A worker would get half of it: the instructor is told to shorten what is given."""
    monkeypatch.setattr(starting_points, "MAX_TEXT", 50)
    with pytest.raises(TemplateError, match=r"part/a\.py:5: A\.f has more than 50 characters"):
        functions(build(reference))


def test_the_real_list_is_current():
    """What is committed is what the reference gives: run `grader template` if this fails."""
    assert is_current(TEMPLATE, build(ROOT / "reference")) == []


@pytest.mark.parametrize("file", sorted(json.loads(TEMPLATE.read_bytes())))
def test_the_template_is_unchanged_and_the_reference_is_not(file):
    """Every listed function is the template's in the template, and none is in the reference."""
    listed = json.loads(TEMPLATE.read_bytes())[file]

    class Here:
        root = str(ROOT / "student_template")

    assert unchanged(Here, file, listed) == list(listed)
    Here.root = str(ROOT / "reference")
    assert unchanged(Here, file, listed) == []
