"""Versions of what submitted code runs with."""

import platform

import numpy as np

from grader import libraries


def test_versions():
    """What is installed tells its version, as it would when imported; what is not has none."""
    assert libraries.version("numpy") == np.__version__
    assert libraries.version("no-such-package") is None


def test_what_decides(monkeypatch):
    """Python's version and each library's that is there, and nobody can change them for others."""
    libraries._deciding.cache_clear()
    monkeypatch.setattr(libraries, "DECIDING", ("numpy", "no-such-package"))
    found = libraries.deciding()
    libraries._deciding.cache_clear()
    assert found == {"Python": platform.python_version(), "numpy": np.__version__}
    found.clear()
    assert "numpy" in libraries.deciding()
