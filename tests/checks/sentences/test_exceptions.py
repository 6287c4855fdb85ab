"""What is said about exceptions that this assignment's code is known to raise."""

import pytest

import grader.checks.sentences  # noqa: F401  it gives its advice to the engine
from grader import errors, feedback
from grader.checks.sentences.exceptions import ADVICE


@pytest.mark.parametrize(
    ("kind", "message", "words"),
    [
        ("ModuleNotFoundError", "No module named 'scipy'", "Only numpy is there for Part 1"),
        ("AssertionError", "Torch not compiled with CUDA enabled", "There is no GPU here"),
        ("NameError", "name 'args' is not defined", "`main()` does not run"),
        ("AttributeError", "'Solver' object has no attribute 'steps'", "without Solver's"),
        ("RuntimeError", "no pretrained weights here", "`weights=None`"),
    ],
)
def test_a_known_cause_gets_advice(kind, message, words):
    """What stops honest code of this assignment here and not at home is explained."""
    assert words in feedback.explain(errors.StudentCodeRaised(kind, message))


def test_all_advice_is_short_and_whole():
    """Each is a sentence or two with a full stop."""
    for advice in ADVICE.values():
        assert len(advice) <= 200
        assert advice.endswith(".")
