"""Source as a row of tokens in which a disguised copy looks like its original."""

import random
import sys

import pytest
from disguising import disguise

from grader.authoring.classroom.similarity.tokens import (
    MOST_BYTES,
    decoded,
    tokens,
    without_prose,
)
from grader.authoring.right import solutions


def texts(source):
    return [token.text for token in tokens(source)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("total = width * 3", "breite = laenge * 3"),
        ("total = width  # comment", "total = width"),
        ('def f():\n    """Says."""\n    return 1', "def f():\n    return 1"),
        ("import numpy as np\nx = 1", "x = 1"),
        ("a = 1; b = 2", "a = 1\nb = 2"),
        ("f(x, [1, 2,],)", "f(x, [1, 2])"),
        ("a = f(b,\n      c)", "a = f(b, c)"),
        ("a = b + \\\n  c", "a = b + c"),
        ("a = 'one'", 'a = """two"""'),
        ("a = 'one' 'two'", "a = f'three'"),
        ("a = 0.25", "a = 1e-3"),
        ("self.width = 1", "self.size = 1"),
        ("a = 1\r\nb = 2", "a = 1\nb = 2"),
    ],
)
def test_disguises_change_nothing(one, other):
    """Names, comments, layout, quotes, long numbers and imports make no difference."""
    assert texts(one) == texts(other) != []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a = b + c", "a = b - c"),
        ("a = b.sum(1)", "a = b.mean(1)"),
        ("a = b.sum(axis=1)", "a = b.sum(keepdims=1)"),
        ("a = range(b)", "a = len(b)"),
        ("a = b[0]", "a = b[1]"),
        ("for a in b: pass", "while a: pass"),
    ],
)
def test_what_a_program_does_stays(one, other):
    """Operators, small numbers, keywords, built-ins and others' interfaces are told apart."""
    assert texts(one) != texts(other)


def test_lines_of_tokens():
    """Every token knows its line, behind texts and comments of several lines too."""
    found = tokens('"""a\nb"""\n# c\nx = (\n    """d\n""",\n)\ny = 1\n')
    assert [(token.text, token.line) for token in found] == [
        ("a", 4), ("=", 4), ("(", 4), ("''", 5), (")", 7), ("a", 8), ("=", 8), ("1", 8),
    ]  # fmt: skip


def test_docstring_is_no_text_in_brackets():
    """Only a text that is a whole logical line is dropped."""
    assert texts('f(\n    "text"\n)\n"docstring"\n') == ["a", "(", "''", ")"]


@pytest.mark.parametrize(
    "source",
    [
        "",
        "\0\0\0",
        "((((((((((" * 500,
        "'''",
        "'unterminated\nx = 1",
        "def f(:\n  ]]]] x = = 1",
        "\\",
        "é = 'ü' \ud800",
        "0x 1e 1__0 .5.5.",
    ],
)
def test_any_text_has_tokens(source):
    """What is no Python is scanned all the same, without an error."""
    assert isinstance(tokens(source), list)
    assert texts(without_prose(source)) == texts(source)


def test_broken_file_is_compared_up_to_its_end():
    """An error, or a bracket that nothing closes, hides nothing that comes after it."""
    rest = "def g():\n    '''Says.'''\n    return 1\n"
    assert texts(f"x = ((1\n{rest}")[-len(texts(rest)) :] == texts(rest)


def test_quotes_that_nothing_closes_are_looked_for_once():
    """Text full of opening quotes takes time that grows with its length."""
    steps = 0

    def count(*_):
        nonlocal steps
        steps += 1

    source = "\\'''" * 500
    sys.setprofile(count)
    try:
        tokens(source)
    finally:
        sys.setprofile(None)
    assert steps < 100 * len(source)


def test_decoded_bytes():
    """Bytes that are no UTF-8 become text, a byte order mark goes, and the length is bounded."""
    assert decoded(b"\xef\xbb\xbfx = '\xff'\r\n") == "x = '\ufffd'\n"
    assert len(decoded(b"x" * (MOST_BYTES + 1))) == MOST_BYTES


@pytest.mark.parametrize("end", [b"\r", b"\r\n"])
def test_line_ends_of_python(end):
    """A line ends where Python ends it: the code behind a comment is seen."""
    assert decoded(end.join([b"# mine", b"x = 1", b"", b"y = 2"])) == "# mine\nx = 1\n\ny = 2"


def test_without_prose():
    """Comments and texts are gone, lines stay where they were, and so do the tokens."""
    source = 'x = "Ada"  # Ada\n"""Ada\nL."""\ny = \'\'\'Ada\n\'\'\'.strip()\n'
    bare = without_prose(source)
    assert "Ada" not in bare
    assert bare.count("\n") == source.count("\n")
    assert tokens(bare) == tokens(source)


def test_renamed_solutions_have_the_same_tokens():
    """Other names and layout change few tokens of real solutions: those with more brackets."""
    rng = random.Random(0)
    source = next(iter(solutions()[0].files.values()))
    one, other = texts(source), texts(disguise(source, rng))
    assert abs(len(one) - len(other)) < 0.1 * len(one)
    assert "a" in one
