"""Importing a submission's modules one by one. Runs in the worker.

One bad file must not zero the others. A module is imported by itself; its packages'
`__init__` files are run first, and where one fails (it imports a sibling that is
broken, say), an empty package takes its place which finds exported names on demand.
"""

from __future__ import annotations

import ast
import importlib
import os
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

from . import stubs
from .failures import Missing, describe


class Student:
    """The submission as drivers see it: a folder whose modules can be loaded."""

    def __init__(self, root: str) -> None:
        """Put `root` first on the path."""
        self.root = root
        self.broken_packages: dict[str, dict[str, Any]] = {}
        sys.path.insert(0, root)
        stubs.install()

    def load(
        self, name: str, *, stub_missing: tuple[str, ...] = (), bare: bool = False
    ) -> ModuleType:
        """Import the module with the dotted `name` from the submission.

        `stub_missing` names top-level modules that may be replaced by stubs where they
        are not installed. `bare` skips the packages' own `__init__` files, for when one
        of them hung or crashed an earlier worker. Raises `Missing` when the submission
        has no such file, and whatever the student's code raises.
        """
        stubs.install(stub_missing)
        self._require_file(name)
        self._forget_namesake(name.partition(".")[0])
        parts = name.split(".")
        for depth in range(1, len(parts)):
            self._import_package(".".join(parts[:depth]), bare=bare)
        return importlib.import_module(name)

    def _require_file(self, name: str) -> None:
        if not all(part.isidentifier() for part in name.split(".")):
            raise Missing(name)
        path = Path(self.root, *name.split("."))
        file = path.with_suffix(".py")
        if not file.is_file() and not (path / "__init__.py").is_file():
            raise Missing(name.replace(".", "/") + ".py")

    def _forget_namesake(self, top: str) -> None:
        """Drop a module of ours or the library's that has the name of a student's."""
        loaded = sys.modules.get(top)
        if loaded is None or getattr(loaded, "__sandbox_package__", False):
            return
        origin = getattr(loaded, "__file__", None)
        places = [origin] if origin else list(getattr(loaded, "__path__", []))
        if not any(str(place).startswith(self.root + os.sep) for place in places):
            for name in [key for key in sys.modules if key.partition(".")[0] == top]:
                del sys.modules[name]

    def _import_package(self, name: str, *, bare: bool) -> None:
        """Run a package's `__init__`, or put an empty package there if it fails."""
        if name in sys.modules:
            return
        if not bare:
            try:
                importlib.import_module(name)
            except BaseException as error:
                self.broken_packages[name] = describe(error, self.root, importing=True)
            else:
                return
        package = _Package(name, Path(self.root, *name.split(".")))
        sys.modules[name] = package
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], child, package)


class _Package(ModuleType):
    """Stands in for a package whose `__init__` failed.

    What the `__init__` would have exported is looked up when it is asked for: first by
    its `from .module import name` lines, then by the definitions in the modules.
    """

    def __init__(self, name: str, folder: Path) -> None:
        super().__init__(name)
        self.__path__ = [str(folder)]
        self.__file__ = str(folder / "__init__.py")
        self.__package__ = name
        self.__spec__ = ModuleSpec(name, None, origin=self.__file__, is_package=True)
        self.__spec__.submodule_search_locations = self.__path__
        self.__sandbox_package__ = True

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        folder = Path(self.__path__[0])
        module, original = _exported(folder, name) or _defined(folder, name) or (None, name)
        if module is None:
            message = f"module {self.__name__!r} has no attribute {name!r}"
            raise AttributeError(message)
        return getattr(importlib.import_module(f"{self.__name__}.{module}"), original)


def _exported(folder: Path, name: str) -> tuple[str, str] | None:
    """Find `name` among the relative imports of the package's `__init__.py`."""
    for node in ast.walk(_parse(folder / "__init__.py")):
        if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module:
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    return node.module, alias.name
    return None


def _defined(folder: Path, name: str) -> tuple[str, str] | None:
    """Find the module of the package that defines the class or function `name`."""
    for path in sorted(folder.glob("*.py")):
        for node in _parse(path).body:
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and node.name == name:
                return path.stem, name
    return None


def _parse(path: Path) -> ast.Module:
    """Parse a file; one that cannot be parsed is as good as empty here."""
    try:
        return ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module(body=[], type_ignores=[])
