"""Blocks in Python: they hold whole statements, and know their function."""

from __future__ import annotations

from textwrap import dedent

import pytest

from grader.authoring.markers import TemplateError, split_lines
from grader.authoring.python_blocks import find, problem


def blocks(source):
    """Find the blocks of an indented snippet."""
    return find(split_lines(dedent(source).lstrip("\n")), "f.py")


def test_several_blocks():
    """Each block has its lines, its indentation and the function around it."""
    first, second = blocks("""
        # BEGIN SOLUTION
        x = 1
        # END SOLUTION
        class A:
            def f(self):
                # BEGIN SOLUTION
                return (
            1)
                # END SOLUTION
    """)
    assert (first.begin, first.end, first.indent, first.function) == (1, 3, "", "")
    assert (second.begin, second.end, second.indent, second.function) == (6, 9, " " * 8, "A.f")


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("if a:\n  p\n# BEGIN SOLUTION\nif b:\n  q\n# END SOLUTION\nelse:\n  r\n", 4),
        ("if a:\n  p\n# BEGIN SOLUTION\nelse:\n  r\n# END SOLUTION\n", 1),
        ("try:\n  p\n# BEGIN SOLUTION\nexcept E:\n  r\n# END SOLUTION\nx\n", 1),
        ("@one\n# BEGIN SOLUTION\n@two\ndef f(): ...\n# END SOLUTION\ndef g(): ...\n", 1),
        ("# BEGIN SOLUTION\n@one\n# END SOLUTION\ndef g(): ...\n", 2),
        ("# BEGIN SOLUTION\nfor x in y:\n  p\n# END SOLUTION\n  q\n", 2),
    ],
)
def test_a_block_may_not_cut_a_statement(source, line):
    """What is left of half a statement could join another one, and change its meaning."""
    with pytest.raises(TemplateError, match="cuts this statement in two") as caught:
        blocks(source)
    assert caught.value.line == line


@pytest.mark.parametrize(
    "source",
    [
        "if a:\n  p\nelse:\n  # BEGIN SOLUTION\n  q\n  # END SOLUTION\n",
        "if a:\n  # BEGIN SOLUTION\n  p\n  # END SOLUTION\nelse:\n  q\n",
        "class A:\n def f():\n  x\n  # BEGIN SOLUTION\n  if b:\n    y\n  # END SOLUTION\n",
        "# BEGIN SOLUTION\n@one\ndef f():\n  x\n# END SOLUTION\n",
        "try:\n  p\nexcept E:\n  # BEGIN SOLUTION\n  r\n  # END SOLUTION\n",
    ],
)
def test_whole_statements(source):
    """A block may end with the statement around it, or be one of its branches."""
    assert len(blocks(source)) == 1


def test_problem():
    """What parses has no problem; what does not has one, with its line where it is known."""
    assert problem("x = 1\n") is None
    line, reason = problem("x = 1\nx = (\n")
    assert (line, bool(reason)) == (2, True)
    assert problem("x = '\0'")[0] == 0
