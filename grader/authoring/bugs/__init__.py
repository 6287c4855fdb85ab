"""The bug library: wrong variants of the reference, each with its family (instructors only)."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass

from grader.authoring.bugs.bug import Bug


@dataclass(frozen=True)
class Component:
    """A part of the homework: the checks that look at it, and its known mistakes."""

    name: str
    checks: frozenset[str]

    def bugs(self) -> list[Bug]:
        """Its variants, made afresh."""
        make: Callable[[], list[Bug]] = importlib.import_module(f"{__name__}.{self.name}").bugs
        return make()


COMPONENTS = (
    Component("convolution", frozenset({"1.1", "1.2"})),
    Component("pooling", frozenset({"1.3", "1.4"})),
    Component("relu", frozenset({"1.5"})),
    Component("linear", frozenset({"1.6"})),
    Component("network", frozenset({"1.7"})),
    Component("sgd", frozenset({"1.8"})),
    Component("training", frozenset({"2.1", "2.2"})),
    Component("models", frozenset({"2.3", "2.4", "2.7"})),
    Component("losses", frozenset({"3.1", "3.2"})),
)
