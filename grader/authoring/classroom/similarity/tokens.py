"""Python source as a row of tokens in which a disguised copy looks like its original.

Dropped: comments, docstrings, line ends, indentation, imports, `;`, a comma before a closing
bracket. A name of the student's own choice becomes one class, as do text and numbers above 9.
Kept, since a copy that runs can hardly do without: keywords, operators, small numbers,
built-in functions, and the names of others' interfaces (`x.reshape`, `axis=`). On the right
solutions of the panel (independent ones, and disguised copies of them) that tells the two
apart better than one class for all names: see `benchmarks/similarity.py`.

The scanner is our own rather than `tokenize`, which stops at a file's first error (where
depends on Python's version) and builds on a grammar: here every text has tokens, the same ones
on every machine, in time that grows with its length alone. Nothing is parsed, nothing recurses.
"""

from __future__ import annotations

import builtins
import io
import keyword
import re
import tokenize
from collections.abc import Iterator
from typing import NamedTuple

MOST_BYTES = 1_000_000
"""Of one file; what lies behind is not looked at. A megabyte takes 0.5 s of CPU (usual code) to 3 s
(a bracket a byte, 160 MB of memory), and 0.03 s where it is comments."""
NAME, TEXT, NUMBER = "a", "''", "0."

_KEPT = frozenset(
    [*keyword.kwlist, *(name for name in dir(builtins) if name.islower() and name[0] != "_")]
) - {"_"}
_DEFINES = frozenset({"def", "class", "async"})
_IMPORTS = frozenset({"import", "from"})
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_SCANNER = re.compile(
    r"""
    (?P<skip>[^\S\n]+|\\\r?\n|\#[^\n]*)
    |(?P<newline>\n)
    |(?P<triple>[rRbBuUfF]{0,2}(?:\"{3}|'{3}))
    |(?P<text>[rRbBuUfF]{0,2}(?:"[^"\\\n]*(?:\\[\s\S][^"\\\n]*)*"?|'[^'\\\n]*(?:\\[\s\S][^'\\\n]*)*'?))
    |(?P<name>[^\W\d]\w*)
    |(?P<number>0[xXbBoO]\w+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?[jJ]?)
    |(?P<operator>->|:=|\.\.\.|(?:\*\*|//|>>|<<|[-+*/%@&|^<>=!])=?|\S)
    """,
    re.VERBOSE,
)
_LETTERS = bytes(range(128))
_TRIPLE_ENDS = {quotes: re.compile(rf"\\[\s\S]|{quotes}") for quotes in ('"' * 3, "'" * 3)}


class Token(NamedTuple):
    """What is compared, and the line, from 1, on which it stands."""

    text: str
    line: int


class _Lexeme(NamedTuple):
    kind: str
    text: str
    line: int


def decoded(content: bytes) -> str:
    """The text of a source file, whatever it holds, cut off at `MOST_BYTES`.

    Lines end as Python ends them: a carriage return alone does, too.
    """
    text = content[:MOST_BYTES].decode("utf-8-sig", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def is_as_it_reads(content: bytes) -> bool:
    """Whether Python takes the file's plain letters for what they are.

    A file may declare another encoding (PEP 263); in UTF-7 a copy has other letters.
    """
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        return _LETTERS.decode(encoding) == _LETTERS.decode("ascii")
    except SyntaxError:  # nor does Python run it
        return True
    except (LookupError, ValueError):
        return False


def tokens(source: str) -> list[Token]:
    """The tokens that are compared; never raises."""
    found: list[Token] = []
    for statement in _statements(source):
        first = statement[0]
        if first.text in _IMPORTS or all(lexeme.kind == "text" for lexeme in statement):
            continue
        found += _normal(statement)
    return found


def _statements(source: str) -> Iterator[list[_Lexeme]]:
    """Logical lines: up to a line end outside of brackets.

    A bracket that nothing closes ends where a definition begins a line.
    """
    statement: list[_Lexeme] = []
    depth = 0
    fresh = True  # at the beginning of a physical line
    for lexeme in _lexemes(source):
        if lexeme.kind == "newline":
            if statement and not depth:
                yield statement
                statement = []
            fresh = True
            continue
        if depth and fresh and lexeme.text in _DEFINES:
            yield statement
            statement, depth = [], 0
        fresh = False
        if lexeme.kind == "operator":
            depth = max(0, depth + (lexeme.text in _OPENING) - (lexeme.text in _CLOSING))
        statement.append(lexeme)
    if statement:
        yield statement


def without_prose(source: str) -> str:
    """The source without comments and texts, in which people write names; lines stay as they are.

    Its tokens are those of `source`.
    """
    pieces = []
    for lexeme in _scanned(source):
        if lexeme.kind == "text":
            pieces.append(TEXT + "\n" * lexeme.text.count("\n"))
        elif not lexeme.text.startswith("#"):
            pieces.append(lexeme.text)
    return "".join(pieces)


def _lexemes(source: str) -> Iterator[_Lexeme]:
    return (lexeme for lexeme in _scanned(source) if lexeme.kind != "skip")


def _scanned(source: str) -> Iterator[_Lexeme]:
    """The whole source in pieces, white space and comments as 'skip'."""
    at, line = 0, 1
    endless: set[str] = set()  # quotes that nothing closes are looked for once
    while found := _SCANNER.match(source, at):
        kind, text = str(found.lastgroup), found[0]
        if kind == "triple":
            quotes = text[-3:]
            end = None if quotes in endless else _end_of(source, found.end(), quotes)
            if end is None:
                endless.add(quotes)
                kind = "skip"
            else:
                kind, text = "text", source[at:end]
        yield _Lexeme(kind, text, line)
        at += len(text)
        line += text.count("\n")


def _end_of(source: str, at: int, quotes: str) -> int | None:
    """Where the text ends that three quotes begin before `at`; None if nowhere."""
    for found in _TRIPLE_ENDS[quotes].finditer(source, at):
        if found[0] == quotes:
            return found.end()
    return None


def _normal(statement: list[_Lexeme]) -> Iterator[Token]:
    """The tokens of one logical line."""
    depth = 0
    end = _Lexeme("newline", "\n", 0)
    following = [*statement[1:], end]
    before, two_before = end, end
    for lexeme, after in zip(statement, following, strict=True):
        text = lexeme.text
        if lexeme.kind == "operator":
            depth += (text in _OPENING) - (text in _CLOSING)
            if text != ";" and not (text == "," and after.text in _CLOSING):
                yield Token(text, lexeme.line)
        elif lexeme.kind == "name":
            own = not _is_kept(text, depth, before.text, two_before.text, after.text)
            yield Token(NAME if own else text, lexeme.line)
        elif lexeme.kind == "number":
            yield Token(text if len(text) == 1 else NUMBER, lexeme.line)
        elif before.kind != "text":
            yield Token(TEXT, lexeme.line)
        two_before, before = before, lexeme


def _is_kept(text: str, depth: int, before: str, two_before: str, after: str) -> bool:
    """Whether a name is not the student's own, to be renamed at will."""
    if before == ".":
        return two_before != "self"
    return text in _KEPT or (after == "=" and depth > 0)
