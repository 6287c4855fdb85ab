"""The list of falls that are known and wanted: one a line, comments after '#'.

    submission_17 1.2              any fall of that check
    submission_17 *                any fall of that submission
    submission_17 1.2 7/4 1.5      a fall of at most that much: points before and after
    'Lee, Kim' late                quotes where a key holds blanks

Beside the checks' numbers there are `late` (the penalty) and `whole` (it could not be graded, or
is not in the new grading).
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from grader.authoring.classroom.compare.changes import NOTHING, Change, Standing
from grader.authoring.classroom.records import ClassError
from grader.replacing import replacing

EVERY = "*"
HEAD = "# Falls that are accepted: `grader diff OLD NEW --accept` this file.\n"
BARE, BOUNDED = 2, 4


@dataclass(frozen=True)
class Entry:
    """One line of the list; `most` is the greatest fall that it accepts, None for any."""

    line: int
    key: str
    check: str
    most: Fraction | None = None

    def covers(self, standing: Standing, change: Change) -> bool:
        """Whether this line speaks of this change, be it small enough or not."""
        return self.key == standing.key and self.check in (EVERY, change.check)

    def accepts(self, change: Change) -> bool:
        """Whether the change is no greater fall than what was accepted."""
        return self.most is None or -change.difference <= self.most


@dataclass(frozen=True)
class Verdict:
    """Falls that count, falls that are accepted, and in words what is odd about the list.

    The words name lines and no keys, which may tell who it is.
    """

    open: tuple[tuple[Standing, Change], ...]
    accepted: tuple[tuple[Standing, Change], ...] = ()
    remarks: tuple[str, ...] = ()


def read(path: Path) -> list[Entry]:
    """Read a list.

    Raises ClassError with the line that makes no sense.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, ValueError) as error:
        message = f"{path} cannot be read ({error}): `--write-accept {path}` writes such a list"
        raise ClassError(message) from error
    entries = []
    for number, line in enumerate(lines, 1):
        try:
            entry = _entry(number, shlex.split(line, comments=True))
        except (ValueError, ZeroDivisionError) as error:
            message = f"{path}, line {number} ({error}): write KEY CHECK, or KEY CHECK OLD NEW"
            raise ClassError(message) from error
        entries += [] if entry is None else [entry]
    return entries


def judge(falls: Sequence[tuple[Standing, Change]], entries: Sequence[Entry]) -> Verdict:
    """Divide the falls, in their order, by whether a line of the list accepts them."""
    by_key: dict[str, list[Entry]] = {}
    for entry in entries:
        by_key.setdefault(entry.key, []).append(entry)
    still: list[tuple[Standing, Change]] = []
    accepted: list[tuple[Standing, Change]] = []
    used: set[Entry] = set()
    exceeded: set[Entry] = set()
    for standing, change in falls:
        covering = [
            entry for entry in by_key.get(standing.key, ()) if entry.covers(standing, change)
        ]
        fitting = [entry for entry in covering if entry.accepts(change)]
        used.update(fitting)
        if not fitting:
            exceeded.update(covering)
        (accepted if fitting else still).append((standing, change))
    remarks = [
        f"line {entry.line}: "
        + ("falls further now than was accepted" if entry in exceeded else "nothing falls there")
        for entry in entries
        if entry not in used
    ]
    return Verdict(tuple(still), tuple(accepted), tuple(remarks))


def write(path: Path, falls: Sequence[tuple[Standing, Change]]) -> None:
    """Write the list that accepts these falls, none greater, in one step; raises OSError."""
    lines = [
        f"{shlex.quote(one.key)} {change.check} {change.old or NOTHING} {change.new or NOTHING}"
        f"  # {'; '.join(cause.text for cause in change.causes)}\n"
        for one, change in falls
    ]
    with replacing(path) as stream:
        stream.write((HEAD + "".join(lines)).encode())


def _entry(line: int, words: list[str]) -> Entry | None:
    """One line's entry, None for an empty one; raises ValueError or ZeroDivisionError."""
    if not words:
        return None
    if len(words) == BARE:
        return Entry(line, words[0], words[1])
    if len(words) != BOUNDED:
        raise ValueError(f"{len(words)} words")
    return Entry(line, words[0], words[1], Fraction(words[2]) - Fraction(words[3]))
