"""The graded files of a folder as they lie there, so that two moments can be compared."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from pathlib import Path

from grader.errors import UnusableSubmission
from grader.intake import Layout, Limits
from grader.intake.receive import open_source
from grader.intake.survey import survey

Stamp = tuple[int, int, int]


@dataclass(frozen=True)
class Snapshot:
    """Graded files by 'part-folder/path': where each lies, and a stamp that a save changes."""

    files: dict[str, Path] = field(default_factory=dict)
    stamps: dict[str, Stamp] = field(default_factory=dict)

    def changed(self, later: Snapshot) -> list[str]:
        """The files that were saved, that are new, or that are gone in `later`, sorted."""
        paths = self.stamps.keys() | later.stamps.keys()
        return sorted(path for path in paths if self.stamps.get(path) != later.stamps.get(path))


def take(folder: Path, layout: Layout, limits: Limits) -> Snapshot:
    """The graded files now: no caches, no leavings, nothing hidden or beside the parts.

    Empty where nothing can be graded.
    """
    try:
        with open_source(folder, limits) as source:
            parts = survey(source, layout, limits).parts
    except UnusableSubmission:
        return Snapshot()
    snapshot = Snapshot()
    for part, found in parts.items():
        for relative, path in found.files.items():
            if any(step.startswith(".") for step in relative.split("/")):
                continue
            with contextlib.suppress(FileNotFoundError):  # gone since it was listed
                status = (folder / path).lstat()
                snapshot.files[f"{part}/{relative}"] = folder / path
                stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
                snapshot.stamps[f"{part}/{relative}"] = stamp
    return snapshot
