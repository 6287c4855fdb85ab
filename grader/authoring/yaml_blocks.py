"""Solution blocks in YAML: whole entries between two comments.

What is a comment is asked of PyYAML's scanner: a '#' within a scalar, quoted or in a block
of text, is none.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import yaml

from grader.authoring.markers import (
    MARKERS,
    Block,
    Comment,
    TemplateError,
    check_indentation,
    find_blocks,
    split_lines,
)

LANGUAGE = "YAML"

_OPENING = (yaml.FlowSequenceStartToken, yaml.FlowMappingStartToken)
_CLOSING = (yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken)


@dataclass(frozen=True)
class _Span:
    """Characters of the file, counted from 0, `end` not among them."""

    start: int
    end: int

    def holds(self, index: int) -> bool:
        return self.start < index < self.end


def problem(source: str) -> tuple[int, str] | None:
    """Line and reason if `source` does not parse; the line is 0 where none is known."""
    try:
        yaml.safe_load(source)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        if mark is None:
            return 0, str(error)
        # The scanner counts lines in another way than Python, so it is asked for the place.
        said = [getattr(error, "context", None), getattr(error, "problem", None)]
        return len(split_lines(source[: mark.index + 1])), ", ".join(filter(None, said))
    return None


def find(lines: list[str], filename: str) -> list[Block]:
    """The blocks of a file that parses; raises TemplateError for misused markers."""
    tokens = list(yaml.scan("".join(lines)))
    scalars, brackets = list(_scalars(tokens, lines)), list(_brackets(tokens))
    blocks = find_blocks(_comments(lines, scalars, brackets, filename), filename)
    starts = list(_entries(lines, [*scalars, *brackets]))
    for block in blocks:
        check_indentation(block, starts, filename)
    return blocks


def _offsets(lines: list[str]) -> list[int]:
    """Where each line begins."""
    return list(itertools.accumulate(map(len, lines), initial=0))[:-1]


def _scalars(tokens: list[yaml.Token], lines: list[str]) -> Iterator[_Span]:
    """Texts; that of a literal block begins behind the line of its '|', which has comments."""
    ends = list(itertools.accumulate(map(len, lines)))
    for token in tokens:
        if isinstance(token, yaml.ScalarToken):
            start = token.start_mark.index
            if token.style in ("|", ">"):
                start = next(end for end in ends if end > start) - 1
            yield _Span(start, token.end_mark.index)


def _brackets(tokens: list[yaml.Token]) -> Iterator[_Span]:
    """The outermost [...] and {...}."""
    opened: list[int] = []
    for token in tokens:
        if isinstance(token, _OPENING):
            opened.append(token.start_mark.index)
        elif isinstance(token, _CLOSING):
            start = opened.pop()
            if not opened:
                yield _Span(start, token.end_mark.index)


def _inside(index: int, spans: Iterable[_Span]) -> bool:
    return any(span.holds(index) for span in spans)


def _comments(
    lines: list[str], scalars: list[_Span], brackets: list[_Span], filename: str
) -> Iterator[Comment]:
    """All comments; raises TemplateError for a marker within brackets."""
    for number, (offset, line) in enumerate(zip(_offsets(lines), lines), start=1):
        for column, sign in enumerate(line):
            opens = sign == "#" and (column == 0 or line[column - 1] in " \t")
            if opens and not _inside(offset + column, scalars):
                text = line[column:].rstrip("\r\n")
                if text in MARKERS and _inside(offset + column, brackets):
                    raise TemplateError(filename, number, "a marker cannot stand within brackets")
                yield Comment(number, line[:column], text)
                break


def _entries(lines: list[str], spans: list[_Span]) -> Iterator[tuple[int, str]]:
    """Line and indentation of every line that does not go on with a text or a bracket."""
    for number, (offset, line) in enumerate(zip(_offsets(lines), lines), start=1):
        content = line.lstrip(" \t")
        if content.strip() and not content.startswith("#") and not _inside(offset, spans):
            yield number, line[: len(line) - len(content)]
