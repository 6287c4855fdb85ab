"""What a failed check tells a student, from the worker to the outcome."""

import importlib
import pkgutil

import pytest

import grader.checks
from grader.checks.sentences import layers
from grader.outcomes import Status

CONV, RELU, NET = "modules/convolution.py", "modules/relu.py", "modules/conv_classifier.py"

NOISY = """
import warnings
import numpy as np

class ReLU:
    def forward(self, x):
        warnings.warn("mind this")
        print(__file__)
        print("x" * 3000)
        return helper(x)

    def backward(self, dout):
        self.dx = dout

def helper(x):
    raise ValueError(f"no luck in {__file__}")
"""


def checks_of_the_assignment():
    """The check functions of all check files."""
    modules = (
        importlib.import_module(f"grader.checks.{found.name}")
        for found in pkgutil.iter_modules(grader.checks.__path__)
        if found.name.startswith("check_")
    )
    return [item for module in modules for item in vars(module).values()
            if hasattr(item, "__number__")]  # fmt: skip


def test_every_check_names_a_section_of_the_handout(reference_dir):
    """Where to look is a heading of the handout, for each check."""
    lines = (reference_dir / "README.md").read_text().splitlines()
    headings = {line.lstrip("# ") for line in lines if line.startswith("#")}
    sections = {check.__number__: getattr(check, "__handout__", "") for check in
                checks_of_the_assignment()}  # fmt: skip
    assert len(sections) >= 19
    assert {number for number, section in sections.items() if section not in headings} == set()


@pytest.fixture
def noisy(submit, grade):
    """The outcome of ReLU where its forward prints, warns and raises."""
    return grade(submit({RELU: NOISY}), lambda number: number == "1.5")["1.5"]


def test_a_traceback_has_the_students_frames_alone(noisy):
    """The line that raised comes first, then its callers; paths are relative to the part."""
    message = next(case.message for case in noisy.cases if case.status is Status.FAILED)
    assert "`ValueError: no luck in modules/relu.py` at `modules/relu.py:16` in `helper`" in message
    assert "It was called from `modules/relu.py:10` in `ReLU.forward`." in message
    for word in ("/grader/", "drivers", "numpy/", ' "/'):
        assert word not in message


def test_prints_are_kept_without_our_paths(noisy):
    """The first 2 KB of prints and warnings are there, and the size of the rest."""
    assert noisy.printed.startswith("modules/relu.py:7: UserWarning: mind this\n")
    assert "\nmodules/relu.py\nxxx" in noisy.printed
    assert "/part1-convnet/" not in noisy.printed
    assert len(noisy.printed) <= 2048
    assert noisy.printed_more > 900


def test_what_should_come_is_told_once_a_check(submit, grade):
    """Words for the wrong arrays alone stand beside the cases, and not in their messages."""
    crop = ("self.dx = dpadded[:, :, p : p + h, p : p + w]", "self.dx = dpadded[:, :, p:, p:]")
    check = grade(submit({CONV: crop}), lambda number: number == "1.2")["1.2"]
    words = layers.meaning("Conv2D")["dx"]
    assert check.expected == {"dx": words}
    assert not any(words in case.message for case in check.cases)


def test_a_network_is_told_what_its_method_should_do(submit, grade):
    """Only the method that is wrong is explained."""
    change = ("reversed(self.modules)", "self.modules")
    check = grade(submit({NET: change}), lambda number: number == "1.7")["1.7"]
    assert set(check.expected) == {"ConvNet.backward"}


def test_one_mistake_in_many_shapes_is_one_finding(submit, grade):
    """Gradients that are half of what they should be read the same in every configuration."""
    half = (": p + h, p : p + w]", ": p + h, p : p + w] / 2")
    check = grade(submit({CONV: half}), lambda number: number == "1.2")["1.2"]
    messages = {case.message for case in check.cases if case.status is Status.FAILED}
    assert messages == {"`dx`: every entry is 1/2 of what it should be."}
