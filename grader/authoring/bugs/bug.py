"""What a known mistake is, and how one is written down: as edits of a right solution."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from grader.errors import GraderError

REFERENCE = Path(__file__).resolve().parents[3] / "reference"

Edit = tuple[str, str]


class BugError(GraderError):
    """A variant does not fit the solution that it was written for."""

    reason = "bug-library"


@dataclass(frozen=True)
class Bug:
    """A wrong variant of a right solution.

    `family` is a key of `grader.checks.hints.FAMILIES`. `caught_by` are the checks that
    must fail for it; no other may. `files` maps paths of a submission to the text that
    stands there in place of the reference's. Where no behaviour tells the variant from a
    right one, `equivalent` says why, and no check may fail.
    """

    name: str
    family: str
    caught_by: frozenset[str]
    files: dict[str, str]
    equivalent: str = ""


def reference(path: str) -> str:
    """The text of one of the reference's files, such as 'part1-convnet/modules/relu.py'."""
    return (REFERENCE / path).read_text(encoding="utf-8")


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with each (old, new) applied, one after the other.

    Raises BugError where `old` does not occur exactly once: the solution has changed, and
    the variant must change with it.
    """
    for old, new in edits:
        if text.count(old) != 1:
            message = (
                f"{old!r} occurs {text.count(old)} times in the solution that a bug edits, "
                "and must occur once: adapt the edit to the solution"
            )
            raise BugError(message)
        text = text.replace(old, new)
    return text
