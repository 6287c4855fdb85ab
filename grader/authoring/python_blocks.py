"""Solution blocks in Python: whole statements between two comments."""

from __future__ import annotations

import ast
import dataclasses
import tokenize
from collections.abc import Iterator

from grader.authoring.markers import (
    MARKERS,
    Block,
    Comment,
    TemplateError,
    check_indentation,
    find_blocks,
)

LANGUAGE = "Python"

_LAYOUT = {tokenize.INDENT, tokenize.DEDENT, tokenize.NL, tokenize.COMMENT, tokenize.ENCODING}
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def problem(source: str) -> tuple[int, str] | None:
    """Line and reason if `source` does not parse; the line is 0 where none is known."""
    try:
        ast.parse(source)
    except SyntaxError as error:
        return error.lineno or 0, error.msg
    except ValueError as error:  # null bytes
        return 0, str(error)
    return None


def find(lines: list[str], filename: str) -> list[Block]:
    """The blocks of a file that parses, each with the function around it.

    Raises TemplateError for misused markers, and for a block that cuts a statement.
    """
    tree = ast.parse("".join(lines))
    tokens = _tokens(lines)
    blocks = find_blocks(_comments(tokens, lines, filename), filename)
    starts = list(_statements(tokens, lines))
    for block in blocks:
        check_indentation(block, starts, filename)
        _check_whole(block, tree, filename)
    return [dataclasses.replace(block, function=_function(tree, block)) for block in blocks]


def _tokens(lines: list[str]) -> list[tokenize.TokenInfo]:
    """Tokens of the lines with their endings made alike, for tokenize knows no lone CR."""
    alike = iter([line.rstrip("\r\n") + "\n" for line in lines])
    return list(tokenize.generate_tokens(lambda: next(alike, "")))


def _comments(
    tokens: list[tokenize.TokenInfo], lines: list[str], filename: str
) -> Iterator[Comment]:
    """All comments; raises TemplateError for a marker within brackets."""
    depth = 0
    for token in tokens:
        if token.type == tokenize.OP:
            depth += (token.string in "([{") - (token.string in ")]}")
        elif token.type == tokenize.COMMENT:
            line, column = token.start
            comment = Comment(line, lines[line - 1][:column], token.string)
            if depth and token.string in MARKERS:
                raise TemplateError(filename, line, "a marker cannot stand within brackets")
            yield comment


def _statements(tokens: list[tokenize.TokenInfo], lines: list[str]) -> Iterator[tuple[int, str]]:
    """Line and indentation of every logical line."""
    fresh = True
    for token in tokens:
        if token.type == tokenize.NEWLINE:
            fresh = True
        elif fresh and token.type not in _LAYOUT and token.type != tokenize.ENDMARKER:
            line, column = token.start
            yield line, lines[line - 1][:column]
            fresh = False


def _check_whole(block: Block, tree: ast.Module, filename: str) -> None:
    """Whether no statement lies half in the block: its other half would join something else.

    A statement around the block may end with it, if it begins further left.
    """
    for node in ast.walk(tree):
        if not isinstance(node, ast.stmt):
            continue
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
        last = node.end_lineno or first
        begins, ends = first in block.solution, last in block.solution
        around = first < block.begin and node.col_offset < len(block.indent)
        if begins != ends and not around:
            reason = f"the block that begins in line {block.begin} cuts this statement in two"
            raise TemplateError(filename, first, reason)


def _function(tree: ast.Module, block: Block) -> str:
    """'Class.function' around a block; '' at the top and in the body of a class."""
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, _DEFINITIONS) and node.lineno < block.begin < (node.end_lineno or 0)
    ]
    around.sort(key=lambda node: node.lineno)  # one contains the next
    if not around or isinstance(around[-1], ast.ClassDef):
        return ""
    return ".".join(node.name for node in around)
