"""Make the students' template from the reference by taking the solutions out.

A solution block (see `grader.authoring.markers`) gives way to its prompt. Without a
prompt, or with one of words only, a function gets `raise NotImplementedError("Conv2D.forward")`
at the block's place and indentation. Blocks outside of functions, and in YAML, must have
a prompt, for there a `raise` would stop the import, or mean nothing.

In a prompt every line is blank or a comment. `#: code` becomes `code`; any other comment
is copied as it is. All that lies outside of the blocks is copied to the letter, line
endings too. Markers in Python are COMMENT tokens, so one quoted in a string is none.
"""

from __future__ import annotations

import ast
import io
import re
import shutil
import tokenize
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from grader.authoring.markers import MARKERS, Block, Comment, TemplateError, find_blocks

__all__ = ["TemplateError", "generate", "is_leftover", "render", "strip", "strip_yaml"]

_CODE = "#:"
_LAYOUT = {tokenize.INDENT, tokenize.DEDENT, tokenize.NL, tokenize.COMMENT, tokenize.ENCODING}
_ANY_MARKER = re.compile(rb"\b(BEGIN|END)[\W_]{0,3}(SOLUTION|PROMPT)\b", re.IGNORECASE)
_WEIGHTS = (".pth", ".pt", ".safetensors", ".npy", ".ckpt")
_LEFTOVER_FOLDERS = {"runs", "plots", "__pycache__"}


def strip(source: str, filename: str) -> str:
    """Python source without its solutions.

    Raises TemplateError with file and line for misused markers, and where source or
    result are not Python.
    """
    mark = "\ufeff" if source.startswith("\ufeff") else ""
    lines = _lines(source.removeprefix(mark))
    tree = _parse("".join(lines), filename, "this is not Python")
    tokens = _tokens(lines)
    blocks = find_blocks(_comments(tokens, lines, filename), filename)
    starts = list(_statements(tokens, lines))
    for block in blocks:
        _check_indentation(block, starts, filename)
    result = mark + _replace(lines, blocks, tree, filename)
    _parse(result.removeprefix(mark), filename, "without its solutions this is not Python")
    return result


def strip_yaml(source: str, filename: str) -> str:
    """YAML without its solutions; a line that begins with '#' is a comment, wherever it stands.

    Raises TemplateError like `strip`.
    """
    lines = _lines(source)
    comments = []
    for number, line in enumerate(lines, start=1):
        before, sign, text = line.partition("#")
        if sign:
            comments.append(Comment(number, before, f"#{text}".rstrip("\r\n")))
    blocks = find_blocks(comments, filename)
    result = _replace(lines, blocks, None, filename)
    _check_yaml(result, filename)
    return result


def is_leftover(path: PurePosixPath) -> bool:
    """Whether a file of the reference is a cache, a run's output or downloaded images."""
    hidden = any(step.startswith(".") for step in path.parts)
    downloaded = "data" in path.parts and any(step.startswith("cifar") for step in path.parts)
    folders = _LEFTOVER_FOLDERS.intersection(path.parts[:-1])
    return hidden or downloaded or bool(folders) or path.suffix in {".pyc", ".partial", ".log"}


def render(reference: Path) -> dict[str, bytes]:
    """The template's files by relative path: the reference's, without solutions.

    Checkpoints and leftovers stay out; the practice images stay in. Raises TemplateError
    where a marker is misused, in whatever file it stands.
    """
    files = {}
    for path in sorted(reference.rglob("*")):
        relative = PurePosixPath(path.relative_to(reference).as_posix())
        if is_leftover(relative) or relative.suffix in _WEIGHTS or path.is_dir():
            continue
        if path.is_symlink():
            raise TemplateError(str(relative), 0, "is a link: put the file itself there")
        files[str(relative)] = _rendered(path.read_bytes(), str(relative))
    if not files:
        raise TemplateError(str(reference), 0, "holds no files to make a template of")
    return files


def generate(reference: Path, out: Path) -> None:
    """Write the template to the folder `out`, which must be new or empty.

    Nothing is written unless every file can be stripped. Raises TemplateError.
    """
    files = render(reference)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise TemplateError(str(out), 0, "exists and is not an empty folder: remove it first")
    for name, content in files.items():
        target = out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        shutil.copymode(reference / name, target)


def _rendered(content: bytes, name: str) -> bytes:
    strippers = {".py": strip, ".yaml": strip_yaml, ".yml": strip_yaml}
    stripper = strippers.get(PurePosixPath(name).suffix)
    if stripper is None:
        if found := _ANY_MARKER.search(content):
            line = content[: found.start()].count(b"\n") + 1
            raise TemplateError(name, line, "markers work in .py and .yaml files only")
        return content
    try:
        return stripper(content.decode("utf-8"), name).encode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise TemplateError(name, line, "this is not UTF-8 text") from error


def _lines(source: str) -> list[str]:
    """Lines as Python counts them, each with its own ending."""
    return io.StringIO(source, newline="").readlines()


def _ending(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]


def _parse(source: str, filename: str, problem: str) -> ast.Module:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError) as error:  # ValueError: null bytes
        line = getattr(error, "lineno", 0) or 0
        raise TemplateError(filename, line, f"{problem}: {error}") from error


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


def _check_indentation(block: Block, starts: list[tuple[int, str]], filename: str) -> None:
    """The solution begins at its markers' indentation and never goes left of it."""
    inside = [(line, indent) for line, indent in starts if line in block.solution]
    if not inside:
        raise TemplateError(filename, block.begin, "there is no code in this solution block")
    first, indent = inside[0]
    if indent != block.indent:
        problem = f"the markers are not indented like the solution, which begins in line {first}"
        raise TemplateError(filename, block.begin, problem)
    for line, indent in inside:
        if not indent.startswith(block.indent):
            problem = f"the block that begins in line {block.begin} has no end before this"
            raise TemplateError(filename, line, problem)


def _replace(lines: list[str], blocks: list[Block], tree: ast.Module | None, filename: str) -> str:
    """The lines with each block's substitute; `tree` is None for YAML."""
    kept: list[str] = []
    position = 0
    for block in blocks:
        kept += lines[position : block.begin - 1]
        kept += _substitute(lines, block, tree, filename)
        position = block.end
    return "".join(kept + lines[position:])


def _substitute(
    lines: list[str], block: Block, tree: ast.Module | None, filename: str
) -> list[str]:
    """The prompt, and the raise that a function without a prompt of code needs."""
    function = _enclosing_function(tree, block) if tree else None
    if block.prompt is None and function is None:
        problem = "a block outside of functions needs a prompt: nothing could stand in its place"
        raise TemplateError(filename, block.begin, problem)
    prompt = _prompt(lines, block, filename)
    kept = [line for line, _ in prompt]
    if function is not None and not any(is_code for _, is_code in prompt):
        ending = _ending(lines[block.begin - 1])
        kept.append(f'{block.indent}raise NotImplementedError("{function}"){ending}')
    if kept and not _ending(lines[block.end - 1]):  # the file ends without a line ending
        kept[-1] = kept[-1].rstrip("\r\n")
    return kept


def _prompt(lines: list[str], block: Block, filename: str) -> list[tuple[str, bool]]:
    """The prompt's lines for the template, each with whether it is code."""
    if block.prompt is None:
        return []
    prompt = []
    for number in range(block.prompt[0] + 1, block.prompt[1]):
        line = lines[number - 1]
        text = line.removeprefix(block.indent)
        if not line.strip():
            prompt.append((line, False))
        elif not line.startswith(block.indent + "#"):
            problem = "a prompt holds only comments, indented like its markers ('#: ' before code)"
            raise TemplateError(filename, number, problem)
        elif text.startswith(_CODE):
            code = text.removeprefix(_CODE).removeprefix(" ")
            is_code = bool(code.strip()) and not code.lstrip().startswith("#")
            prompt.append((block.indent + code if code.strip() else code, is_code))
        else:
            prompt.append((line, False))
    return prompt


def _enclosing_function(tree: ast.Module, block: Block) -> str | None:
    """'Class.function' around a block; None at the top and in the body of a class."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, kinds) and node.lineno < block.begin < (node.end_lineno or 0)
    ]
    around.sort(key=lambda node: node.lineno)  # one contains the next
    if not around or isinstance(around[-1], ast.ClassDef):
        return None
    return ".".join(node.name for node in around)


def _check_yaml(source: str, filename: str) -> None:
    import yaml  # only authors need it, and few files are YAML

    try:
        yaml.safe_load(source)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        problem = f"without its solutions this is not YAML: {error}"
        raise TemplateError(filename, line, problem) from error
