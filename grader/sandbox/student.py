"""Importing a submission's modules one by one. Runs in the worker.

One bad file must not zero the others, whether it raises, hangs or kills the process. So a
module is imported by itself: an empty package that finds exported names on demand takes the
place of each package's own `__init__`, which would import all the siblings. Only a module
that does not import that way gets the real packages.
"""

from __future__ import annotations

import ast
import importlib
import os
import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

from . import stubs
from .failures import Missing


class Student:
    """The submission as drivers see it: a folder whose modules can be loaded."""

    def __init__(self, root: str) -> None:
        """Put `root` first on the path."""
        self.root = root
        sys.path.insert(0, root)
        stubs.install()

    def load(self, name: str, *, stub_missing: tuple[str, ...] = ()) -> ModuleType:
        """Import the module with the dotted `name` from the submission.

        `stub_missing` names top-level modules that may be replaced by stubs where they
        are not installed. Raises `Missing` when the submission has no such file, and
        whatever the student's code raises.
        """
        stubs.install((*stubs.IDLE, *stub_missing))
        self._require_file(name)
        self._forget_namesake(name.partition(".")[0])
        while True:
            try:
                return self._import(name)
            except ModuleNotFoundError as error:
                # A library that is missing only matters once it is used.
                if not stubs.lend(error.name or ""):
                    raise

    def _import(self, name: str) -> ModuleType:
        self._stand_in_for_packages(name)
        try:
            return importlib.import_module(name)
        except (ImportError, AttributeError, NameError):
            # Perhaps it needs what only its package's own __init__ defines.
            module = self._import_with_packages(name)
            if module is None:
                raise
            return module

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

    def _stand_in_for_packages(self, name: str) -> None:
        """Put an empty package for each package on the way that is not imported yet."""
        parts = name.split(".")
        for depth in range(1, len(parts)):
            dotted = ".".join(parts[:depth])
            if dotted in sys.modules:
                continue
            package = _Package(dotted, Path(self.root, *parts[:depth]))
            sys.modules[dotted] = package
            if depth > 1:
                setattr(sys.modules[".".join(parts[: depth - 1])], parts[depth - 1], package)

    def _import_with_packages(self, name: str) -> ModuleType | None:
        """Import with the packages' own `__init__`; None, and nothing changed, if that fails."""
        top = name.partition(".")[0]
        if not isinstance(sys.modules.get(top), _Package):
            return None
        saved = {key: sys.modules[key] for key in list(sys.modules) if key.split(".")[0] == top}
        for key, module in saved.items():
            if getattr(module, "__spec__", None) is not None:  # a driver's stand-ins stay
                del sys.modules[key]
        try:
            return importlib.import_module(name)
        except BaseException:
            for key in [key for key in sys.modules if key.split(".")[0] == top]:
                del sys.modules[key]
            sys.modules.update(saved)
            return None


class _Package(ModuleType):
    """Stands in for a package, so that its `__init__` need not run.

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
        folder = Path(self.__path__[0])
        if name == "__all__":  # what `from package import *` asks for
            return [export for export in _exports(folder) if not self._is_awaited(export)]
        if name.startswith("__"):
            raise AttributeError(name)
        module, original = _exported(folder, name) or _defined(folder, name) or (None, name)
        if module is None and (folder / f"{name}.py").is_file():
            return importlib.import_module(f"{self.__name__}.{name}")
        if module is None:
            message = f"module {self.__name__!r} has no attribute {name!r}"
            raise AttributeError(message)
        return getattr(importlib.import_module(f"{self.__name__}.{module}"), original)

    def _is_awaited(self, name: str) -> bool:
        """Whether a module that is being imported right now will define `name` later on."""
        folder = Path(self.__path__[0])
        module, original = _exported(folder, name) or _defined(folder, name) or ("", name)
        loaded = sys.modules.get(f"{self.__name__}.{module}")
        importing = getattr(getattr(loaded, "__spec__", None), "_initializing", False)
        return importing and not hasattr(loaded, original)


def _exported(folder: Path, name: str) -> tuple[str, str] | None:
    """Find `name` among what the package's `__init__.py` imports from its own modules."""
    for module, original, alias in _own_imports(folder):
        if alias == name:
            return module, original
    return None


def _exports(folder: Path) -> list[str]:
    """All names that the package's `__init__.py` imports from its own modules."""
    found: list[str] = []
    for module, _, alias in _own_imports(folder):
        found += _definitions(folder / f"{module}.py") if alias == "*" else [alias]
    return found


def _own_imports(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Give (module, name, alias) of each `from .module import name as alias`.

    The package's own name may stand in place of the dot.
    """
    for node in ast.walk(_parse(folder / "__init__.py")):
        if not isinstance(node, ast.ImportFrom) or not node.module:
            continue
        package, _, inside = node.module.partition(".")
        module = node.module if node.level == 1 else inside if package == folder.name else ""
        if module and node.level <= 1:
            for alias in node.names:
                yield module, alias.name, alias.asname or alias.name


def _defined(folder: Path, name: str) -> tuple[str, str] | None:
    """Find the module of the package that defines the class or function `name`."""
    for path in sorted(folder.glob("*.py")):
        if name in _definitions(path):
            return path.stem, name
    return None


def _definitions(path: Path) -> list[str]:
    """The classes and functions that the file defines."""
    kinds = (ast.ClassDef, ast.FunctionDef)
    return [node.name for node in _parse(path).body if isinstance(node, kinds)]


def _parse(path: Path) -> ast.Module:
    """Parse a file; one that cannot be parsed is as good as empty here."""
    try:
        return ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module(body=[], type_ignores=[])
