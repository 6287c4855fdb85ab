"""Take the solutions out of one file, Python or YAML.

A solution block (see `grader.authoring.markers`) gives way to its prompt. Without a
prompt, or with one of words only, a function gets `raise NotImplementedError("Conv2D.forward")`
at the block's place and indentation. Blocks outside of functions, and in YAML, must have
a prompt, for there a `raise` would stop the import, or mean nothing.

In a prompt every line is blank or a comment. `#: code` becomes `code`; any other comment
is copied as it is. All that lies outside of the blocks is copied to the letter, line
endings too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType

from grader.authoring import python_blocks
from grader.authoring.markers import Block, TemplateError, split_lines

_CODE = "#:"
_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True)
class Solution:
    """What a block of `file` holds; `line` is that of its first marker.

    `function` names the function around it ('Conv2D.forward'), '' where there is none.
    """

    file: str
    line: int
    text: str
    function: str = ""


@dataclass(frozen=True)
class Stripped:
    """A file without its solutions, and these."""

    text: str
    solutions: tuple[Solution, ...] = ()


@dataclass(frozen=True)
class _Line:
    """A line of the result, and the line of the source that it comes from."""

    text: str
    source: int
    is_code: bool = False


def split_python(source: str, filename: str) -> Stripped:
    """Part Python from its solutions.

    Raises TemplateError with file and line for misused markers, and where source or
    result are not Python.
    """
    return _split(source, filename, python_blocks)


def split_yaml(source: str, filename: str) -> Stripped:
    """Part YAML from its solutions; raises TemplateError like `split_python`."""
    from grader.authoring import yaml_blocks  # few files are YAML

    return _split(source, filename, yaml_blocks)


def _split(source: str, filename: str, language: ModuleType) -> Stripped:
    mark = _BYTE_ORDER_MARK if source.startswith(_BYTE_ORDER_MARK) else ""
    source = source.removeprefix(mark)
    if found := language.problem(source):
        line, reason = found
        raise TemplateError(filename, line, f"this is not {language.LANGUAGE}: {reason}")
    lines = split_lines(source)
    blocks = language.find(lines, filename)
    kept = list(_replace(lines, blocks, filename))
    text = "".join(line.text for line in kept)
    if found := language.problem(text):
        line, reason = found
        origin = kept[min(line, len(kept)) - 1].source if line else 0
        reason = f"without its solutions this is not {language.LANGUAGE}: {reason}"
        raise TemplateError(filename, origin, reason)
    solutions = (
        Solution(
            filename,
            block.begin,
            "".join(lines[line - 1] for line in block.solution),
            block.function,
        )
        for block in blocks
    )
    return Stripped(mark + text, tuple(solutions))


def _replace(lines: list[str], blocks: list[Block], filename: str) -> Iterator[_Line]:
    """The lines with each block's substitute."""
    position = 0
    for block in blocks:
        for number in range(position + 1, block.begin):
            yield _Line(lines[number - 1], number)
        yield from _substitute(lines, block, filename)
        position = block.end
    for number in range(position + 1, len(lines) + 1):
        yield _Line(lines[number - 1], number)


def _substitute(lines: list[str], block: Block, filename: str) -> list[_Line]:
    """The prompt, and the raise that a function without a prompt of code needs."""
    if block.prompt is None and not block.function:
        problem = "a block outside of functions needs a prompt: nothing could stand in its place"
        raise TemplateError(filename, block.begin, problem)
    kept = list(_prompt(lines, block, filename))
    if block.function and not any(line.is_code for line in kept):
        statement = f'{block.indent}raise NotImplementedError("{block.function}")'
        kept.append(_Line(statement + _ending(lines[block.begin - 1]), block.begin))
    if kept and not _ending(lines[block.end - 1]):  # the file ends without a line ending
        kept[-1] = _Line(kept[-1].text.rstrip("\r\n"), kept[-1].source)
    return kept


def _prompt(lines: list[str], block: Block, filename: str) -> Iterator[_Line]:
    """The prompt's lines for the template."""
    first, last = block.prompt or (0, 0)
    for number in range(first + 1, last):
        line = lines[number - 1]
        text = line.removeprefix(block.indent)
        if not line.strip():
            yield _Line(line, number)
        elif not line.startswith(block.indent + "#"):
            problem = "a prompt holds only comments, indented like its markers ('#: ' before code)"
            raise TemplateError(filename, number, problem)
        elif text.startswith(_CODE):
            code = text.removeprefix(_CODE).removeprefix(" ")
            is_code = bool(code.strip()) and not code.lstrip().startswith("#")
            yield _Line(block.indent + code if code.strip() else code, number, is_code)
        else:
            yield _Line(line, number)


def _ending(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]
