"""How well workers are locked up, in one word and in a sentence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from grader.errors import SandboxError

FULL, DEGRADED, NONE = "full", "degraded", "none"
LEVELS = (NONE, DEGRADED, FULL)

HOLES = MappingProxyType(
    {
        "user": "the rights of root",
        "memory": "memory without a limit",
        "files": "files that everybody may read",
        "packages": "other packages than numpy for the numpy part",
        "grader": "the grader's environment",
        "writing": "new empty files",
        "permissions": "the modes of the grader's files",
        "network": "the network",
        "processes": "other programs and processes",
        "signals": "killing the grader",
        "shared memory": "shared memory beyond the limit",
    }
)
"""What a self-test may find open, and the words for it."""

_NOTHING_HOLDS = frozenset({"files", "network", "signals"})


def level(holes: Collection[str]) -> str:
    """'full' if nothing is open, 'none' if nothing separates the code from its user's rights."""
    if not holes:
        return FULL
    return NONE if set(holes) >= _NOTHING_HOLDS else DEGRADED


def describe(holes: Iterable[str]) -> str:
    """One line: the level, and what is open."""
    known = [name for name in HOLES if name in set(holes)]
    word = level(known)
    if word == FULL:
        return "full: nothing of what was tried is open to submitted code"
    return f"{word}: open to submitted code: {', '.join(HOLES[name] for name in known)}"


def report(layers: Mapping[str, str], holes: Collection[str]) -> dict[str, Any]:
    """Plain JSON for results: the level, what is open, one line, and the layers by name."""
    known = [name for name in HOLES if name in holes]
    return {
        "level": level(known),
        "open": known,
        "summary": describe(known),
        "layers": dict(layers),
    }


def require(holes: Collection[str], demanded: str) -> None:
    """Raises SandboxError where the level is below `demanded`, ValueError for an unknown one."""
    if LEVELS.index(level(holes)) < LEVELS.index(demanded):
        message = (
            f"workers are not locked up as assignment.toml demands ({demanded}). Here it is "
            f"{describe(holes)}. Run the grader as root in a container whose kernel has "
            "Landlock and seccomp, or lower [isolation] demand; `grader doctor` shows each layer"
        )
        raise SandboxError(message)
