"""Stand-ins for modules that a submission imports and this machine lacks.

A script such as main.py imports yaml, torchvision, matplotlib or its own data loader,
although the functions that are graded need none of them. `install` names modules that
may be stubbed. The real one is preferred; where it is missing or cannot be imported, a
module takes its place whose every attribute is another stub. Runs in the worker.

A library that nobody foresaw is lent by `lend`: it can be imported, since unused imports
cost nothing where it is installed, and it raises what the import would have at its first
use.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, Any

from grader.sandbox import operators

if TYPE_CHECKING:
    from typing_extensions import Self

# Imported at the top of many files, and of no use to a layer or a network.
IDLE = (
    "matplotlib",
    "sklearn",
    "tensorboard",
    "thop",
    "tkinter",
    "torchinfo",
    "torchsummary",
    "turtle",
    "wandb",
)


class Stub:
    """Whatever is asked of it, it is: callable, iterable (empty), a decorator, a context."""

    def __init__(self, name: str = "stub", *_args: object, **_kwargs: object) -> None:
        """Take any arguments: student classes may derive from a stub and call this."""
        self._stub_name = name if isinstance(name, str) else "stub"

    def __getattr__(self, name: str) -> Stub:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Stub(f"{self.__dict__.get('_stub_name', 'stub')}.{name}")

    def __call__(self, *args: Any, **_kwargs: object) -> Any:
        """As a decorator give the function back, else another stub."""
        if len(args) == 1 and callable(args[0]) and not isinstance(args[0], Stub):
            return args[0]
        return Stub(f"{self._stub_name}()")

    def __mro_entries__(self, _bases: tuple[object, ...]) -> tuple[type, ...]:
        """Let a class derive from a stub."""
        return (Stub,)

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __getitem__(self, _key: object) -> Stub:
        return Stub(f"{self._stub_name}[]")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        return None

    def __repr__(self) -> str:
        return f"<stand-in for {self._stub_name}>"


class StubModule(ModuleType):
    """A module whose every attribute is a `Stub`."""

    __path__: list[str] = []  # noqa: RUF012 - as a package has it

    def __getattr__(self, name: str) -> Stub:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Stub(f"{self.__name__}.{name}")


class Absent(Stub):
    """Something of a library that is not installed: to use it is an error."""

    def __getattr__(self, name: str) -> Absent:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Absent(f"{self._stub_name}.{name}")

    def __call__(self, *_args: object, **_kwargs: object) -> Any:
        """Raise what the import would have raised."""
        top = self._stub_name.partition(".")[0]
        message = f"No module named {top!r}"
        raise ModuleNotFoundError(message, name=top)

    __mro_entries__ = __iter__ = __getitem__ = __enter__ = __bool__ = __array__ = __call__
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __call__
    __truediv__ = __rtruediv__ = __pow__ = __rpow__ = __matmul__ = __rmatmul__ = __call__


class AbsentModule(StubModule):
    """A module whose every attribute is `Absent`."""

    def __getattr__(self, name: str) -> Absent:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Absent(f"{self.__name__}.{name}")


class _StubLoader:
    """Loads a `StubModule`."""

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        lent = spec.name.partition(".")[0] in _FINDER.lent
        return AbsentModule(spec.name) if lent else StubModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to run."""


class _Fallback:
    """Loads the real module, and a stub in its place when that fails."""

    def __init__(self, real: Any, *, may_stub: bool) -> None:
        self._real = real
        self._may_stub = may_stub

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        module: ModuleType | None = self._real.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        name = module.__name__
        try:
            try:
                self._real.exec_module(module)
            except RuntimeError as error:
                if operators.LACKING not in str(error):
                    raise
                operators.forget_submodules(name)
                operators.declare()
                self._real.exec_module(module)
        except Exception:
            operators.forget_submodules(name)
            if not self._may_stub:
                raise
            spec = ModuleSpec(name, _StubLoader(), is_package=True)  # type: ignore[arg-type]
            stub = StubModule(name)
            stub.__spec__ = spec
            sys.modules[name] = stub


class _Finder:
    """First on `sys.meta_path`; knows the names that may be stubbed."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.lent: set[str] = set()
        self._searching: set[str] = set()

    def find_spec(
        self, name: str, _path: Sequence[str] | None = None, _target: object = None
    ) -> ModuleSpec | None:
        top, _, rest = name.partition(".")
        if rest:
            if isinstance(sys.modules.get(top), StubModule):
                return ModuleSpec(name, _StubLoader(), is_package=True)  # type: ignore[arg-type]
            return None
        if name in self.lent:
            return ModuleSpec(name, _StubLoader(), is_package=True)  # type: ignore[arg-type]
        if name in self._searching or (name not in self.names and name != "torchvision"):
            return None
        self._searching.add(name)
        try:
            spec = importlib.util.find_spec(name)
        finally:
            self._searching.discard(name)
        may_stub = name in self.names
        if spec is None or spec.loader is None or spec.origin is None:
            # A folder without __init__.py counts as missing: a leftover `data/`, say.
            return ModuleSpec(name, _StubLoader(), is_package=True) if may_stub else None  # type: ignore[arg-type]
        spec.loader = _Fallback(spec.loader, may_stub=may_stub)  # type: ignore[assignment]
        return spec


_FINDER = _Finder()


def install(names: Iterable[str] = ()) -> None:
    """Let the top-level modules `names` be stubbed from now on; more calls add more names."""
    _FINDER.names.update(names)
    if _FINDER not in sys.meta_path:
        sys.meta_path.insert(0, _FINDER)


def lend(name: str) -> bool:
    """Let the missing top-level module `name` be imported; False if it already could be."""
    if not name.isidentifier() or name in sys.modules or name in _FINDER.names | _FINDER.lent:
        return False
    _FINDER.lent.add(name)
    return True
