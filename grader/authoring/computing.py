"""Find code that computes a convolution, a pooling or their gradients.

Such code would be a solution in another spelling, which no comparison with the reference's
text finds. It gives itself away by the functions that it calls, by windows that it cuts out
in a loop, or by deep loops around an index. Code that is kept in a string is looked at, too.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from typing import NamedTuple

DEEPEST = 3
"""An index within so many loops is harmless: a convolution in plain Python has four and more."""

_ARRAYS = re.compile(
    r"as_strided|sliding_window_view|stride_tricks|einsum|tensordot|ndindex|fft|reduceat|"
    r"correlate(2d)?|convolve(2d)?|(im2col|col2im)\w*|import scipy|numpy\.pad"
)
_TORCH = re.compile(
    r"(Lazy)?Conv(Transpose)?[123]d|conv(_transpose)?[123]d\w*|[Uu]nfold|[Ff]old|"
    r"((Adaptive)?(Max|Avg)|FractionalMax|LP)(Unp|P)ool[123]d|"
    r"((adaptive_)?(max|avg)|fractional_max|lp)_(un)?pool[123]d\w*"
)
_NUMPY = {"np", "numpy"}
_SCATTER = {"add", "maximum"}  # np.add.at is the gradient of a choice, such as pooling's
_SHORTEST_CODE = 20


class Finding(NamedTuple):
    """What in which line computes too much."""

    line: int
    what: str


def find(source: str, *, torch_layers: bool = False, in_strings: bool = True) -> list[Finding]:
    """Everything in `source` that computes, or may compute, what students shall write.

    `torch_layers` lets torch's own layers pass; without `in_strings`, a string may be the name
    of a function. Raises SyntaxError where it is not Python.
    """
    finder = _Finder(torch_layers=torch_layers, in_strings=in_strings)
    finder.visit(ast.parse(source))
    return sorted(set(finder.found))


class _Finder(ast.NodeVisitor):
    """Walks through a tree with the loops around it in mind."""

    def __init__(self, *, torch_layers: bool, in_strings: bool) -> None:
        self.found: list[Finding] = []
        self._torch_layers = torch_layers
        self._in_strings = in_strings
        self._depth = 0

    def visit(self, node: ast.AST) -> None:
        """Look at a node, then at those within it."""
        line = getattr(node, "lineno", 0)
        named = self._in_strings or not isinstance(node, ast.Constant)
        for name in _names(node) if named else ():
            if _ARRAYS.fullmatch(name) or (_TORCH.fullmatch(name) and not self._torch_layers):
                self.found.append(Finding(line, name))
        if _is_numpys(node, "pad") or _scatters(node):
            self.found.append(Finding(line, ast.unparse(node)))
        self._look_at_index(node, line)
        self._look_into_string(node, line)
        before, self._depth = self._depth, self._depth + _loops(node)
        self.generic_visit(node)
        self._depth = before

    def _look_at_index(self, node: ast.AST, line: int) -> None:
        if not isinstance(node, ast.Subscript):
            return
        if self._depth > DEEPEST:
            self.found.append(Finding(line, f"an index within {self._depth} loops"))
        if self._depth and _cuts_window(node):
            self.found.append(Finding(line, "a window cut out in a loop"))

    def _look_into_string(self, node: ast.AST, line: int) -> None:
        match node:
            case ast.Constant(value=str(text)) if len(text) >= _SHORTEST_CODE:
                try:
                    inner = find(textwrap.dedent(text), torch_layers=self._torch_layers)
                except (SyntaxError, ValueError):  # ValueError: null bytes
                    return
                self.found += [Finding(line, f"{what}, in a string") for _, what in inner]


def _names(node: ast.AST) -> Iterator[str]:
    """The names that a node itself mentions; a string may be one, for getattr."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Constant(value=str(name)):
            yield name
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Import(names=aliases):
            yield from (f"import {alias.name.split('.')[0]}" for alias in aliases)
            yield from (step for alias in aliases for step in alias.name.split("."))
        case ast.ImportFrom(module=str(module), names=aliases):
            yield f"import {module.split('.')[0]}"
            yield from module.split(".")
            yield from (alias.name for alias in aliases)
            yield from (f"{module}.{alias.name}" for alias in aliases)


def _is_numpys(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Attribute(value=ast.Name(id=module), attr=attribute):
            return module in _NUMPY and attribute == name
    return False


def _scatters(node: ast.AST) -> bool:
    """Whether this is np.add.at or np.maximum.at."""
    match node:
        case ast.Attribute(value=ast.Attribute() as ufunc, attr="at"):
            return any(_is_numpys(ufunc, name) for name in _SCATTER)
    return False


def _cuts_window(node: ast.Subscript) -> bool:
    """Whether two axes at least are sliced from here to there, as in x[i : i + k, j : j + k]."""
    axes = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    slices = [axis for axis in axes if isinstance(axis, ast.Slice) and axis.lower and axis.upper]
    return len(slices) > 1


def _loops(node: ast.AST) -> int:
    """How many loops a node is."""
    match node:
        case ast.For() | ast.AsyncFor():
            return _length(node.target, node.iter)
        case ast.While():
            return 1
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return sum(_length(entry.target, entry.iter) for entry in node.generators)
    return 0


def _length(target: ast.expr, iterable: ast.expr) -> int:
    """How many loops `for target in iterable` stands for: itertools.product is several."""
    match iterable:
        case ast.Call(func=ast.Name(id="product") | ast.Attribute(attr="product")):
            names = len(target.elts) if isinstance(target, ast.Tuple) else 1
            return max(names, sum(not isinstance(entry, ast.Starred) for entry in iterable.args))
    return 1
