"""Which files an assignment consists of, as data.

The engine knows no file name of any assignment; `Layout.from_table` reads them from
the `[parts.*]` tables of `assignment.toml`:

    [parts.part2-pytorch]
    title = "Part 2: PyTorch"
    points = 7
    markers = ["models/my_model.py", "losses/focal_loss.py", "main.py"]
    expected = ["models/my_model.py", "main.py|solver.py", "checkpoints/mymodel.pth"]
    given = ["models/__init__.py", "models/resnet.py"]
    keep = ["**/*.py", "configs/*.yaml", "checkpoints/*.pth"]

`markers`   files that give the part away: a folder that holds one of them may be the
            part's root, and the folder with most markers and expected files is it.
`expected`  files whose absence is reported; `a|b` means that one of them is enough, and
            a checkpoint may have another ending of checkpoints.
`given`     the course's own files: laid underneath where the submission lacks them.
`keep`      patterns of what is graded, relative to the root; `**/` stands for any
            number of folders, `*` and `?` stay within one. Markers, expected and given
            files are kept in any case.

All paths are relative to the part's root and use '/'. A part with a `folder` lies among
that part's files and is none here. Other keys belong to other modules and are ignored.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from grader.errors import ConfigurationError
from grader.intake.inspection import CHECKPOINT_SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


@dataclass(frozen=True)
class Part:
    """One part of the assignment; `expected` holds the alternatives of each file."""

    name: str
    title: str
    points: Fraction
    markers: tuple[str, ...]
    expected: tuple[tuple[str, ...], ...] = ()
    given: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()

    @cached_property
    def landmarks(self) -> frozenset[str]:
        """Markers and expected files: what a candidate's rank counts."""
        return frozenset(self.markers).union(*self.expected)

    @cached_property
    def _kept(self) -> re.Pattern[str]:
        return re.compile("|".join(_regex(pattern) for pattern in self.keep) or r"(?!)")

    def keeps(self, path: str) -> bool:
        """Whether the file at `path`, relative to the part's root, is graded."""
        named = path in self.landmarks or path in self.given
        return named or self._kept.fullmatch(path) is not None

    def missing(self, present: Collection[str]) -> list[str]:
        """The expected files that are not in `present`; alternatives as 'a or b'."""
        return [
            " or ".join(alternatives)
            for alternatives in self.expected
            if not any(name in present for path in alternatives for name in _names(path))
        ]


@dataclass(frozen=True)
class Layout:
    """All parts of the assignment, by name, in the order of the file."""

    parts: Mapping[str, Part] = field(default_factory=dict)

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Layout:
        """Read the `parts` table of a whole assignment file.

        A part whose `folder` is another part's has no files of its own and is left out.

        Raises ConfigurationError when a part has no markers or a path is not relative.
        """
        parts = table.get("parts")
        if not isinstance(parts, dict) or not parts:
            message = "the assignment names no [parts.<name>]: add one with its markers"
            raise ConfigurationError(message)
        own = {name: entry for name, entry in parts.items() if "folder" not in entry}
        return cls({name: _part(name, entry) for name, entry in own.items()})


def _names(path: str) -> list[str]:
    """The names that an expected file may have."""
    stem, dot, ending = path.rpartition(".")
    if dot + ending not in CHECKPOINT_SUFFIXES:
        return [path]
    return [stem + suffix for suffix in CHECKPOINT_SUFFIXES]


def _part(name: str, entry: Mapping[str, Any]) -> Part:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        message = f"[parts.{name}]: the name must be usable as a folder's name"
        raise ConfigurationError(message)
    expected = tuple(
        tuple(_path(name, path) for path in alternatives.split("|"))
        for alternatives in _strings(name, entry, "expected")
    )
    part = Part(
        name=name,
        title=str(entry.get("title", name)),
        points=_points(name, entry.get("points", 0)),
        markers=tuple(_path(name, path) for path in _strings(name, entry, "markers")),
        expected=expected,
        given=tuple(_path(name, path) for path in _strings(name, entry, "given")),
        keep=tuple(_path(name, path) for path in _strings(name, entry, "keep")),
    )
    if not part.markers:
        message = f"[parts.{name}] needs markers: files that tell where the part lies"
        raise ConfigurationError(message)
    return part


def _strings(part: str, entry: Mapping[str, Any], key: str) -> list[str]:
    values = entry.get(key, [])
    if isinstance(values, list) and all(isinstance(value, str) for value in values):
        return values
    message = f"[parts.{part}] {key} must be a list of strings"
    raise ConfigurationError(message)


def _points(part: str, value: object) -> Fraction:
    try:
        return Fraction(str(value))  # through str, so that 0.1 is a tenth
    except (ValueError, ZeroDivisionError):
        message = f"[parts.{part}] points must be a number, not {value!r}"
        raise ConfigurationError(message) from None


def _path(part: str, path: str) -> str:
    if path and all(step not in ("", ".", "..") for step in path.split("/")):
        return path
    message = f"[parts.{part}] {path!r} must be a plain path relative to the part's root"
    raise ConfigurationError(message)


def _regex(pattern: str) -> str:
    pieces = re.split(r"(\*\*/|\*|\?)", pattern)
    wild = {"**/": r"(?:[^/]+/)*", "*": r"[^/]*", "?": r"[^/]"}
    return "".join(wild.get(piece, re.escape(piece)) for piece in pieces)
