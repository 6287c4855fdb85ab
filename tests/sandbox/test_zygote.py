"""What a zygote does once, so that no worker has to."""

from __future__ import annotations

import sys
import types

import pytest

from grader.sandbox import zygote


@pytest.mark.parametrize("failure", [None, OSError("no Landlock here")])
def test_the_library_of_the_lock_is_ready_before_the_first_worker(monkeypatch, failure):
    """Its first call runs a program to find the C library; that it fails stops no zygote."""
    called = []

    def supported():
        called.append(True)
        if failure is not None:
            raise failure

    library = types.SimpleNamespace(supported=supported)
    monkeypatch.setitem(sys.modules, "landlockpy", library)
    monkeypatch.setattr(sys, "path", list(sys.path))
    zygote._import_all({"torch": False, "drivers": []})
    assert called == [True]


def test_a_zygote_starts_without_the_library_of_the_lock(monkeypatch):
    """Then the layer is off, and the workers say so."""
    monkeypatch.setitem(sys.modules, "landlockpy", None)
    monkeypatch.setattr(sys, "path", list(sys.path))
    zygote._import_all({"torch": False, "drivers": []})
    assert "grader.sandbox.confinement" in sys.modules
