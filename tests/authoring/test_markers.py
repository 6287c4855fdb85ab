"""Markers: which comments are markers, which only look like it, and how they pair."""

from __future__ import annotations

import pytest

from grader.authoring.markers import Comment, TemplateError, find_blocks, resembles_marker


def comments(*texts, before="    "):
    """Give comments on lines 1, 2, ..., all indented alike."""
    return [Comment(line, before, text) for line, text in enumerate(texts, start=1)]


@pytest.mark.parametrize(
    "text",
    [
        "# begin solution", "# Begin Solution", "#BEGIN SOLUTION", "# BEGIN  SOLUTION",
        "## BEGIN SOLUTION ##", "# BEGIN SOLUTION ", "# BEGIN SOLUTION: the loop",
        "# BEGN SOLUTION", "# BEGIN SOLUTON", "# BEING SOLUTION", "# BEGIN_SOLUTION",
        "# END-SOLUTION", "# ENDSOLUTION", "# END SOLUTIONS", "# SOLUTION END", "# EDN SOLUTION",
        "# START SOLUTION", "# stop solution", "# begin of SOLUTION",
        "# SOLUTION", "# solution", "### Solution:", "# BEGIN PROMT", "# end prompt",
        "# prompt ends",
    ],
)  # fmt: skip
def test_near_misses(text):
    """Case, spacing, spelling and decoration do not hide a marker."""
    assert resembles_marker(text)
    with pytest.raises(TemplateError, match=r"^f\.py:1: .*looks like a marker"):
        find_blocks(comments(text), "f.py")


@pytest.mark.parametrize(
    "text",
    [
        "# the solution is short", "# begin with zeros", "# prompt users first, and end here",
        "# input and solution agree", "# in the end, a resolution", "#: output = None", "# END",
        "# see section 4.2", "#", "# TODO: END OF FILE", "# noqa: E501",
    ],
)  # fmt: skip
def test_prose(text):
    """Words of a marker in a sentence make none."""
    assert not resembles_marker(text)
    assert find_blocks(comments(text), "f.py") == []


def test_blocks_in_order():
    """Each block knows its markers' lines, its prompt's lines and its solution's."""
    first, second = find_blocks(
        [
            Comment(2, "", "# BEGIN SOLUTION"),
            Comment(3, "", "# why"),
            Comment(5, "", "# END SOLUTION"),
            Comment(7, "\t", "# BEGIN SOLUTION"),
            Comment(8, "\t", "# BEGIN PROMPT"),
            Comment(10, "\t", "# END PROMPT"),
            Comment(13, "\t", "# END SOLUTION"),
        ],
        "f.py",
    )
    assert (first.begin, first.end, first.indent, first.prompt) == (2, 5, "", None)
    assert list(first.solution) == [3, 4]
    assert (second.begin, second.end, second.indent, second.prompt) == (7, 13, "\t", (8, 10))
    assert list(second.solution) == [11, 12]


BS, ES, BP, EP = "# BEGIN SOLUTION", "# END SOLUTION", "# BEGIN PROMPT", "# END PROMPT"


@pytest.mark.parametrize(
    ("texts", "line"),
    [
        ((BS,), 1),
        ((BS, BP, EP), 3),
        ((ES,), 1),
        ((BP,), 1),
        ((EP,), 1),
        ((BS, BS), 2),
        ((BS, EP), 2),
        ((BS, ES, ES), 3),
        ((BS, BP, ES), 3),
        ((BS, BP, BP), 3),
        ((BS, BP, BS), 3),
        ((BS, BP, EP, BP), 4),
        ((BS, BP, EP, BS), 4),
    ],
)
def test_disorder(texts, line):
    """Nested, unbalanced and misplaced markers are refused at the line of the culprit."""
    with pytest.raises(TemplateError, match=rf"^f\.py:{line}: ") as caught:
        find_blocks(comments(*texts), "f.py")
    assert (caught.value.filename, caught.value.line) == ("f.py", line)


@pytest.mark.parametrize("texts", [(BS, ES), (BS, BP, EP, ES)])
def test_unlike_indentation(texts):
    """All markers of a block are indented alike, tabs and spaces told apart."""
    *before, last = comments(*texts)
    moved = Comment(last.line, "\t", last.text)
    with pytest.raises(TemplateError, match=rf"^f\.py:{last.line}: .*not indented like"):
        find_blocks([*before, moved], "f.py")


def test_marker_behind_code():
    """A marker behind code is refused."""
    with pytest.raises(TemplateError, match=r"^f\.py:4: .*alone on its line"):
        find_blocks([Comment(4, "x = 1  ", BS)], "f.py")


def test_error_without_a_line():
    """An error about a whole file names the file alone, and is the grader's, not a student's."""
    error = TemplateError("notes.txt", 0, "is a link")
    assert str(error) == "notes.txt: is a link"
    assert error.reason == "template"
