"""A driver for the tests: what an assignment's own code inside a worker looks like."""

from __future__ import annotations

from typing import Any


def double(student: Any, module: Any, x: Any, *, times: int = 1) -> Any:
    """Call the student's `double` several times."""
    for _ in range(times):
        x = module.double(x)
    return x


def load(student: Any, name: str, stub_missing: tuple[str, ...] = ()) -> Any:
    """Load a module of the submission, and give it back."""
    return student.load(name, stub_missing=stub_missing)


def broken(student: Any) -> None:
    """Fail in code of ours."""
    raise KeyError("ours")
