"""Known mistakes as the report names them: by the titles that staff know them under."""

from __future__ import annotations

import functools
import importlib
import pkgutil

import grader.checks.hints
from grader.diagnosis.family import Family
from grader.outcomes import CheckOutcome

Families = tuple[tuple[str, ...], ...]


def families(check: CheckOutcome) -> Families:
    """The known mistakes behind a failed check, in a form that can be compared."""
    return tuple(tuple(alternatives) for alternatives in check.families)


def identity(check: CheckOutcome) -> Families | str:
    """What two checks with the same likely mistakes have in common; '' if none is known."""
    return families(check) or check.hint


def title(check: CheckOutcome) -> str:
    """The likely mistakes in a few words; '' where nobody has words for them."""
    known = _titles()
    told = [
        " or ".join(known[name] for name in alternatives if name in known)
        for alternatives in families(check)
    ]
    return "; and ".join(filter(None, told))


@functools.lru_cache(maxsize=1)
def _titles() -> dict[str, str]:
    """The title of every family that any of the assignment's checks knows."""
    found: dict[str, str] = {}
    package = grader.checks.hints
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        table: dict[str, Family] = getattr(importlib.import_module(module.name), "FAMILIES", {})
        found |= {name: family.title for name, family in table.items()}
    return found
