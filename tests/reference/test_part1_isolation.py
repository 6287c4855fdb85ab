"""Loading a part leaves the other tests' imports alone."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest


def test_load_leaves_no_trace(load_part, reference_dir, monkeypatch):
    """After a load sys.path is as before, and so are modules that bear a part's names."""
    other = ModuleType("data")
    monkeypatch.setitem(sys.modules, "data", other)
    monkeypatch.delitem(sys.modules, "modules", raising=False)
    path = sys.path[:]
    loaded = load_part(reference_dir / "part1-convnet", "data", "modules.linear")
    assert loaded["data"] is not other
    assert loaded["modules.linear"].__file__.endswith("linear.py")
    assert sys.modules["data"] is other
    assert "modules" not in sys.modules
    assert "modules.linear" not in sys.modules
    assert sys.path == path


def test_failed_load_leaves_no_trace(load_part, reference_dir):
    """A load that fails cleans up as well."""
    path = sys.path[:]
    with pytest.raises(ModuleNotFoundError):
        load_part(reference_dir / "part1-convnet", "modules", "no_such_module")
    assert sys.path == path
    assert "modules" not in sys.modules
