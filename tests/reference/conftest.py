"""What the tests of the reference share: loading a part by path, and exact inputs."""

from __future__ import annotations

import importlib
import sys
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

REFERENCE = Path(__file__).resolve().parents[2] / "reference"

# Both parts have a package `data`, and "modules" could be anyone's: these never stay behind.
PART_NAMES = {
    "modules", "optimizer", "trainer", "train",
    "models", "losses", "main", "solver", "configs",
    "data", "support",
}  # fmt: skip


@contextmanager
def _only_on_path(root: Path) -> Iterator[None]:
    """Let the part at root be imported, and leave sys.path and sys.modules as they were."""

    def is_part(name: str) -> bool:
        return name.partition(".")[0] in PART_NAMES

    path, outside = sys.path[:], {n: m for n, m in sys.modules.items() if is_part(n)}
    for name in outside:
        del sys.modules[name]
    sys.path.insert(0, str(root))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path[:] = path
        for name in [n for n in sys.modules if is_part(n)]:
            del sys.modules[name]
        sys.modules.update(outside)


def import_part(root: Path, *names: str) -> dict[str, ModuleType]:
    """Import modules of the part at root, each under its dotted name, without a trace."""
    with _only_on_path(root):
        return {name: importlib.import_module(name) for name in names}


@pytest.fixture(scope="session")
def load_part() -> Callable[..., dict[str, ModuleType]]:
    """Give import_part: modules of a part by name, fresh each time."""
    return import_part


@pytest.fixture(scope="session")
def reference_dir() -> Path:
    """Give the folder of the reference solution."""
    return REFERENCE


@pytest.fixture(scope="session")
def part1() -> SimpleNamespace:
    """Give everything Part 1 exports, by name."""
    names = ("modules", "optimizer", "trainer", "data")
    loaded = import_part(REFERENCE / "part1-convnet", *names)
    exports = {k: v for module in loaded.values() for k, v in vars(module).items()}
    return SimpleNamespace(**exports)


@pytest.fixture
def quarters() -> Callable[..., np.ndarray]:
    """Give a maker of odd multiples of 1/4: sums of their products are exact in any order."""
    rng = np.random.default_rng(7)

    def make(*shape: int, bound: int = 15) -> np.ndarray:
        return (2 * rng.integers(-(bound + 1) // 2, (bound + 1) // 2, shape) + 1) / 4

    return make
