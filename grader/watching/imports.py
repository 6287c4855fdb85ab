"""What the modules of a submission import of their own part, told from their source.

A package's `__init__` usually imports everything beside it. A worker does without it where
it can (see `grader.sandbox.student`), so `from modules import ReLU` depends here on the
`__init__` itself and on the module that it takes `ReLU` from. Only where it does not say, the
whole package counts.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

INIT = "__init__.py"
ALL = "*"


@dataclass(frozen=True)
class Statement:
    """One import: the module, and the names taken from it with those they get here."""

    module: str
    names: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Need:
    """A file that is imported; of a package's `__init__` perhaps a single name only."""

    path: str
    name: str = ""


class Imports:
    """The import statements of each file, 'part-folder/path', as it last parsed."""

    def __init__(self) -> None:
        self._statements: dict[str, list[Statement]] = {}

    def read(self, files: Mapping[str, Path]) -> None:
        """Parse files anew; what does not parse, or is gone, keeps what it last imported."""
        for name, path in files.items():
            if name.endswith(".py"):
                statements = _parse(path, PurePosixPath(name).parts[1:])
                if statements is not None:
                    self._statements[name] = statements

    def closure(self, paths: Iterable[str]) -> set[str]:
        """These files, and all that they import, directly or not.

        Holds files that are not there, too: those would be imported if they were.
        """
        todo = [Need(path) for path in paths]
        met = set(todo)
        closure: set[str] = set()
        while todo:
            need = todo.pop()
            closure |= {need.path, *_packages(need.path)}
            fresh = set(self._imported(need)) - met
            met |= fresh
            todo += fresh
        return closure

    def _imported(self, need: Need) -> Iterator[Need]:
        statements = self._statements.get(need.path, [])
        if need.name:
            statements = [chosen for one in statements if (chosen := _binding(one, need.name))]
            if not statements:
                yield from self._whole_package(need.path)
        part = need.path.split("/", maxsplit=1)[0]
        for statement in statements:
            yield from self._needed(part, statement)

    def _needed(self, part: str, statement: Statement) -> Iterator[Need]:
        base = "/".join([part, *filter(None, statement.module.split("."))])
        init = f"{base}/{INIT}"
        if statement.module:
            yield Need(f"{base}.py")
        if not statement.names:
            yield from self._whole_package(init)
        for name, _ in statement.names:
            inside = {f"{base}/{name}.py", f"{base}/{name}/{INIT}"}
            yield from map(Need, inside)
            if name == ALL:
                yield from self._whole_package(init)
            elif inside.isdisjoint(self._statements):
                yield Need(init, name)

    def _whole_package(self, init: str) -> Iterator[Need]:
        folder = init.removesuffix(INIT)
        yield Need(init)
        for path in self._statements:
            if path.startswith(folder) and "/" not in path.removeprefix(folder):
                yield Need(path)


def _binding(statement: Statement, name: str) -> Statement | None:
    """The part of an `__init__`'s statement that gives it `name`, if that does."""
    names = tuple((own, given) for own, given in statement.names if given == name)
    return Statement(statement.module, names) if names else None


def _packages(path: str) -> list[str]:
    """The `__init__` files of the folders that a module lies in, up to the part's."""
    part, *folders, _ = path.split("/")
    return ["/".join([part, *folders[:depth], INIT]) for depth in range(1, len(folders) + 1)]


def _parse(path: Path, place: tuple[str, ...]) -> list[Statement] | None:
    """The import statements of a file at `place` in its part; None if it cannot be parsed."""
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [Statement(alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level <= len(place):
            above = place[: len(place) - node.level] if node.level else ()
            names = tuple((alias.name, alias.asname or alias.name) for alias in node.names)
            found.append(Statement(".".join([*above, *filter(None, [node.module])]), names))
    return found
