"""Which functions of a file are still as the template has them. Runs in the worker.

Parsing a stranger's file can take the interpreter down, so the grader leaves it to the
process that has imported the file anyway. Both sides are parsed here, by one Python, and
syntax trees are compared: comments, layout and the function's own docstring do not count.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .student import Student

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def unchanged(student: Student, path: str, functions: dict[str, str]) -> list[str]:
    """The names of those `functions` that the submission's file `path` has unchanged.

    `functions` has their source by qualified name ('ReLU.forward'). One that is not
    there, that also has another definition, or whose name gets another value somewhere in
    the file is not among them: what runs then may be the student's. Raises what reading
    and parsing the file raise.
    """
    tree = ast.parse(Path(student.root, path).read_bytes())
    here: dict[str, set[str]] = {}
    for name, node in definitions(tree):
        if name in functions:
            here.setdefault(name, set()).add(structure(node))
    assigned = _assigned(tree)
    return [
        name
        for name, source in functions.items()
        if here.get(name) == {structure(ast.parse(source).body[0])}
        and assigned.isdisjoint(name.split("."))
    ]


def definitions(tree: ast.AST) -> Iterator[tuple[str, Definition]]:
    """Every function and class in a tree with its qualified name, such as 'ReLU.forward'."""
    waiting: list[tuple[ast.AST, str]] = [(tree, "")]
    while waiting:  # no recursion: a sum of a thousand terms is a thousand nodes deep
        parent, prefix = waiting.pop()
        for node in ast.iter_child_nodes(parent):
            if isinstance(node, _DEFINITIONS):
                yield f"{prefix}{node.name}", node
                waiting.append((node, f"{prefix}{node.name}."))
            else:
                waiting.append((node, prefix))


def without_docstring(node: ast.stmt) -> ast.stmt:
    """A copy of a definition without its docstring; an empty body becomes `pass`."""
    bare = copy.copy(node)
    if isinstance(bare, _DEFINITIONS) and ast.get_docstring(bare, clean=False) is not None:
        bare.body = bare.body[1:] or [ast.Pass()]
    return bare


def structure(node: ast.stmt) -> str:
    """A definition's syntax tree as a text: equal for code that differs in layout alone."""
    return ast.dump(without_docstring(node))


def _assigned(tree: ast.AST) -> set[str]:
    """Names, of variables or attributes, that get a value otherwise than by a definition."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.add(node.attr)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name)
    return found
