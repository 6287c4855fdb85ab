"""How a known mistake is written down."""

import pytest

from grader.authoring.bugs.bug import REFERENCE, BugError, edited, reference


def test_edits_are_applied_one_after_the_other():
    """A later edit sees what an earlier one wrote."""
    assert edited("a = 1", [("1", "2 + 3"), ("2 +", "4 -")]) == "a = 4 - 3"


@pytest.mark.parametrize(("old", "times"), [("c", 0), ("a", 2)])
def test_an_edit_that_does_not_fit_is_refused(old, times):
    """What is replaced occurs once; else the solution has changed."""
    with pytest.raises(BugError, match=f"occurs {times} times"):
        edited("a = a + b", [(old, "d")])


def test_the_reference_is_read_by_its_path():
    """Paths are those of a submission."""
    path = "part1-convnet/modules/relu.py"
    assert reference(path) == (REFERENCE / path).read_text(encoding="utf-8")
