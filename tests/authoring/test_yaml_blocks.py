"""Blocks in YAML: what is a comment, what is text, and where entries begin."""

from __future__ import annotations

import pytest

from grader.authoring.markers import TemplateError, split_lines
from grader.authoring.yaml_blocks import find, problem

BLOCK = "# BEGIN SOLUTION\nb: 1\n# END SOLUTION\n"


def blocks(source):
    """Find the blocks of a text."""
    return find(split_lines(source), "c.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "a: '# BEGIN SOLUTION'\n",
        'a: "x # begin solution"\n',
        'a: "x\n\n  # BEGIN SOLUTION\n\n  y"\n',
        "a: |\n  # BEGIN SOLUTION\n  # end solution\n\n",
        "a: >-  # folded\n   text\n   # END SOLUTION\n",
        "a#BEGIN: b#SOLUTION\n",
        "a: &x [1, '# END SOLUTION']\n",
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_quoted_markers(text, ending):
    """A marker in a text, of whatever style, is left alone, and those behind it are found."""
    source = (text + BLOCK).replace("\n", ending)
    (block,) = blocks(source)
    assert split_lines(source)[block.begin - 1] == "# BEGIN SOLUTION" + ending
    assert blocks(text.replace("\n", ending)) == []


@pytest.mark.parametrize(
    ("source", "line", "problem"),
    [
        ("a: |  # BEGIN SOLUTION\n  text\n", 1, "alone on its line"),
        ("a: 1\n  # begin solution\n", 2, "looks like a marker"),
        ("a: [\n  # BEGIN SOLUTION\n  1,\n  # END SOLUTION\n  2]\n", 2, "within brackets"),
        ("a: {b: [1],\n  # END SOLUTION\n  c: 2}\n", 2, "within brackets"),
        ("# BEGIN SOLUTION\n# nothing\n# END SOLUTION\na: 1\n", 1, "no code"),
        ("a:\n# BEGIN SOLUTION\n  b: 1\n# END SOLUTION\n", 2, "not indented like the solution"),
        ("a:\n  # BEGIN SOLUTION\n  b: 1\nc: 2\n  # END SOLUTION\n", 4, "has no end before"),
        ("# BEGIN SOLUTION\na: 1\n  # END SOLUTION\n", 3, "not indented like"),
    ],
)
def test_refused(source, line, problem):
    """Markers behind code, within brackets or mis-indented are refused with their line."""
    with pytest.raises(TemplateError, match=problem) as caught:
        blocks(source)
    assert (caught.value.filename, caught.value.line) == ("c.yaml", line)


@pytest.mark.parametrize(
    "inner",
    [
        "b: one\n    two",
        "b: |\n    text\n\n   # no comment\n  # a comment",
        "b: [1,\n2]",
        "- 1\n  - 2",
        "b:\n    c: 1\n# at the margin",
    ],
)
def test_lines_that_go_on(inner):
    """Only entries have an indentation that counts: not the lines of a text or a bracket."""
    (block,) = blocks(f"a:\n  # BEGIN SOLUTION\n  {inner}\n  # END SOLUTION\n")
    assert block.indent == "  "


def test_problem():
    """The line is counted as Python counts, whatever else YAML takes for the end of one."""
    assert problem("a: 1\n") is None
    line, reason = problem("a: '\u2028 \x85'\nb: [1\n")
    assert line == 2
    assert reason == "while parsing a flow sequence, expected ',' or ']', but got '<stream end>'"
    assert problem("a: 1\nb: '\nc: 2\n")[0] == 3
    assert problem("a: 1\n  b: 2\n") == (2, "mapping values are not allowed here")
    assert problem("a: \0")[0] == 0
