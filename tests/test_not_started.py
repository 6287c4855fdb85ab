"""What is said of code that is still the template's, and when the worker is asked about it."""

from __future__ import annotations

import json
import types

import numpy as np
import pytest

from grader import errors, not_started
from grader.marks import Case, Exercise
from grader.not_started import template, unwritten

LISTED = {
    "part1/relu.py": {
        "ReLU.forward": "def forward(self): ...",
        "ReLU.backward": "def backward(): x",
    }
}


@pytest.fixture(autouse=True)
def listed(tmp_path, monkeypatch):
    """A template of two functions."""
    path = tmp_path / "template.json"
    path.write_text(json.dumps(LISTED))
    monkeypatch.setattr(not_started, "TEMPLATE", path)
    return path


class Part:
    """A part whose worker gives one answer, or raises it; it notes what it was asked."""

    part = types.SimpleNamespace(folder="part1")

    def __init__(self, answer, files=("relu.py",)):
        self.answer, self.files, self.asked = answer, files, []
        self.worker = self

    def has(self, path):
        return path in self.files

    def drive(self, *request):
        self.asked.append(request)
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


def exercise(*functions, path="relu.py", when=lambda case: True, unless=""):
    """A mark of a check."""
    return Exercise(path, functions, when, unless)


BOTH = [
    exercise("ReLU.forward"),
    exercise("ReLU.backward", when=lambda case: case.name == "backward"),
]


def named(part, exercises=BOTH, case="backward", known=None):
    """The name of the function that is not started, None if there is none."""
    error = unwritten(exercises, Case(case), part, {} if known is None else known)
    return None if error is None else error.name


def test_the_first_unchanged_function_that_the_case_runs():
    """A forward case is about the forward; a backward case needs both, the forward first."""
    assert named(Part(["ReLU.forward", "ReLU.backward"])) == "ReLU.forward"
    assert named(Part(["ReLU.backward"])) == "ReLU.backward"
    assert named(Part(["ReLU.backward"]), case="forward") is None
    assert named(Part([])) is None


def test_a_file_is_asked_about_once():
    """All its functions are told in one answer, which the check keeps."""
    part, known = Part(["ReLU.backward"]), {}
    for _ in range(3):
        assert named(part, known=known) == "ReLU.backward"
    driver = "grader.sandbox.unchanged:unchanged"
    assert part.asked == [(driver, "relu.py", LISTED["part1/relu.py"])]


@pytest.mark.parametrize(
    "answer",
    [
        errors.StudentCodeRaised("SyntaxError", "invalid syntax"),
        errors.TimeLimitExceeded(10.0),
        errors.WorkerCrashed("SIGSEGV"),
        errors.BadAnswer("no"),
    ],
)
def test_without_an_answer_there_is_no_claim(answer):
    """A file that does not parse, a dead worker: the finding stays, and nobody asks again."""
    part, known = Part(answer), {}
    assert named(part, known=known) is None
    assert named(part, known=known) is None
    assert len(part.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "ReLU.forward",
        {"ReLU.forward": True},
        [None, 3, np.arange(3), ["ReLU.forward"]],
        ["Conv2D.forward", "<script>", "ReLU.forward\n"],
    ],
)
def test_a_worker_that_lies_gets_no_name_of_its_own(answer):
    """Only the names that the check is marked with count, and only in a list of texts."""
    assert named(Part(answer)) is None


def test_nobody_is_asked_about_what_is_not_there():
    """A file that was deleted or that the template does not have, and a case that runs nothing."""
    for part, marks in (
        (Part(["ReLU.forward"], files=()), BOTH),
        (Part(["f"], files=("mine.py",)), [exercise("f", path="mine.py")]),
        (Part(["ReLU.forward"]), [exercise("ReLU.forward", when=lambda case: False)]),
    ):
        assert named(part, marks) is None
        assert part.asked == []


def test_another_file_may_do_the_same():
    """Where there is one that can stand in, the template's function is no reason to fail."""
    marks = [exercise("ReLU.forward", unless="solver.py")]
    assert named(Part(["ReLU.forward"]), marks) == "ReLU.forward"
    assert named(Part(["ReLU.forward"], files=("relu.py", "solver.py")), marks) is None


@pytest.mark.parametrize("content", [None, b"", b"[1]", b'{"a": 3}', b"\xff"])
def test_a_damaged_list_is_the_graders_fault(tmp_path, content):
    """The error names the command that makes it again."""
    path = tmp_path / "damaged.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(errors.ConfigurationError, match=r"damaged\.json .*run `grader template`"):
        template(path)


def test_what_is_known_is_said_without_a_guess():
    """The function is the template's for sure, so the text has no other explanation."""
    error = unwritten(BOTH, Case("forward"), Part(["ReLU.forward"]), {})
    assert error.text == "`ReLU.forward` is still as the template has it."
