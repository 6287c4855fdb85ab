"""Which Python and libraries submitted code runs with: other versions may give other results.

Read from what was installed, without importing any of it.
"""

from __future__ import annotations

import functools
import platform

DECIDING = ("numpy", "torch", "torchvision")


def version(name: str) -> str | None:
    """The version of an installed package; None where there is none."""
    import importlib.metadata

    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def deciding() -> dict[str, str]:
    """Python's version, and that of each library whose arithmetic decides, where it is there."""
    return dict(_deciding())


@functools.cache
def _deciding() -> tuple[tuple[str, str], ...]:
    found = ((name, version(name)) for name in DECIDING)
    there = tuple((name, text) for name, text in found if text is not None)
    return (("Python", platform.python_version()), *there)
