"""A submission as staged: what is graded, where it lies, and what was noticed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from grader.intake.layout import Layout

Origin = Literal["student", "given"]


@dataclass(frozen=True)
class StagedFile:
    """One file as staged; `path` is relative to the part, `size` in bytes."""

    part: str
    path: str
    size: int
    sha256: str
    origin: Origin = "student"


@dataclass
class Submission:
    """A submission ready for the workers.

    `sha256` is of the student's graded files alone, so packing them again, or adding a
    file that is not graded, does not change it. `parts` maps every part of the layout
    to its staged folder, or to None where it was not found; `roots` holds where each was
    found. `archive_bytes` is the zip's size, or the sum of the graded files of a folder.
    `notes` are for the student, `staff_notes` and `flags` for the instructor only.
    """

    name: str
    layout: Layout
    parts: dict[str, Path | None]
    roots: dict[str, str] = field(default_factory=dict)
    files: list[StagedFile] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    archive_bytes: int = 0
    notes: list[str] = field(default_factory=list)
    staff_notes: list[str] = field(default_factory=list)
    flags: list[dict[str, str]] = field(default_factory=list)

    @property
    def sha256(self) -> str:
        """Hash of the student's files: names and contents, in the order of their names."""
        return content_hash(entry for entry in self.files if entry.origin == "student")

    def missing(self, part: str) -> list[str]:
        """The part's expected files that are not there; 'a or b' for alternatives."""
        present = {entry.path for entry in self.files if entry.part == part}
        return self.layout.parts[part].missing(present)


def content_hash(files: Iterable[StagedFile]) -> str:
    """SHA-256 over the sorted names and contents of `files`."""
    lines = sorted(f"{entry.part}/{entry.path}\0{entry.sha256}\n" for entry in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
