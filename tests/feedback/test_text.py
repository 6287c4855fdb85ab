"""What a student wrote, inside a sentence."""

import pytest

from grader import feedback


@pytest.mark.parametrize("text", ["a`b", "``", "x```y", "`", "", "a\nb"])
def test_code_cannot_be_ended_from_inside(text):
    """Whatever a student's text holds, it stays inside its fence and on its line."""
    quoted = feedback.code(text)
    fence = quoted[: len(quoted) - len(quoted.lstrip("`"))]
    assert quoted.endswith(fence)
    assert fence not in quoted[len(fence) : -len(fence)]
    assert "\n" not in quoted
