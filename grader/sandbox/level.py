"""How well workers are locked up, in one word and in a sentence."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from types import MappingProxyType

FULL, DEGRADED, NONE = "full", "degraded", "none"
LEVELS = (NONE, DEGRADED, FULL)

HOLES = MappingProxyType(
    {
        "user": "code runs as root",
        "memory": "memory without a limit",
        "files": "files that everybody may read",
        "packages": "other packages than numpy for the numpy part",
        "grader": "the grader's environment",
        "writing": "new empty files",
        "network": "the network",
        "processes": "other programs and processes",
        "signals": "the grader can be killed",
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
    return f"{word}: open to submitted code are {', '.join(HOLES[name] for name in known)}"


def reaches(holes: Collection[str], demanded: str) -> bool:
    """Whether the level is at least `demanded`; raises ValueError for an unknown one."""
    return LEVELS.index(level(holes)) >= LEVELS.index(demanded)
