"""Make the archive that is handed in: only what is graded, the same bytes every time."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from grader.intake import sentences
from grader.intake.inspection import CHECKPOINT_SUFFIXES, Inspection
from grader.intake.limits import Limits
from grader.intake.receive import largest_files, open_source
from grader.intake.submission import StagedFile, content_hash
from grader.intake.survey import survey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.intake.layout import Layout
    from grader.intake.source import Source
    from grader.intake.survey import Survey

_TIMESTAMP = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can hold
_UNIX = 3
_MODE = 0o100644


@dataclass
class Draft:
    """An archive in the making, at `path` until it is published; sizes are in bytes.

    `included` are the packed files with their sizes before compression, `left_out` the
    folder's other files, clutter apart. `pointers` are packed files that Git LFS has
    replaced. `refusals` say in a sentence each why this should not be handed in as it is;
    `excess`, if it is not empty, why it cannot be.
    """

    path: Path
    included: list[StagedFile] = field(default_factory=list)
    left_out: list[tuple[str, int]] = field(default_factory=list)
    pointers: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    excess: str = ""

    @property
    def archive_bytes(self) -> int:
        """Size of the archive."""
        return self.path.stat().st_size

    @property
    def sha256(self) -> str:
        """The hash that the grader will report for this archive."""
        return content_hash(self.included)

    def publish(self, out: Path) -> None:
        """Put the archive at `out`, atomically; what was there is replaced."""
        out.parent.mkdir(parents=True, exist_ok=True)
        # Beside `out`, so that the last step is one rename.
        handle, beside = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
        try:
            with os.fdopen(handle, "wb") as copy, self.path.open("rb") as archive:
                shutil.copyfileobj(archive, copy)
            Path(beside).chmod(_MODE & 0o777)
            Path(beside).replace(out)
        finally:
            Path(beside).unlink(missing_ok=True)


@contextlib.contextmanager
def draft(folder: Path, layout: Layout, name: str, limits: Limits | None = None) -> Iterator[Draft]:
    """The graded files of `folder` (or of a zip) as the archive `name` in a temporary place.

    Raises UnusableSubmission when nothing can be graded.
    """
    limits = limits or Limits()
    with (
        open_source(folder, limits) as source,
        tempfile.TemporaryDirectory(prefix="packing-") as temporary,
    ):
        source.skipped.archives.clear()  # an older archive of ours, and `left_out` has it
        found = survey(source, layout, limits)
        made = Draft(Path(temporary, name), notes=found.notes)
        made.left_out = [(path, source.files[path]) for path in found.left_out]
        made.refusals = list(_what_is_missing(layout, found))
        paths = {path for part in found.parts.values() for path in part.files.values()}
        size = sum(source.files[path] for path in paths)
        if size <= limits.inflated_bytes:
            _write(made, source, layout, found)
            size = made.archive_bytes
        if size > limits.packed_bytes:
            largest = largest_files(source, paths)
            made.excess = sentences.too_large(size, limits.packed_bytes, largest)
        yield made


def refuse_overwriting(folder: Path, out: Path) -> None:
    """Raise FileExistsError if `out` is the input `folder`, a folder, or no zip archive."""
    if not out.exists():
        return
    if out.is_dir() or (folder.exists() and out.samefile(folder)):
        message = f"{out} is a folder or what is to be packed: choose another name"
        raise FileExistsError(message)
    if not zipfile.is_zipfile(out):
        message = f"{out} exists and is no zip archive, so it is not replaced: choose another name"
        raise FileExistsError(message)


def entry(name: str) -> zipfile.ZipInfo:
    """A zip's entry for a plain file that tells neither when nor where it was packed."""
    made = zipfile.ZipInfo(name, _TIMESTAMP)
    made.compress_type = zipfile.ZIP_DEFLATED
    made.create_system = _UNIX
    made.external_attr = _MODE << 16
    return made


def _what_is_missing(layout: Layout, found: Survey) -> Iterator[str]:
    """A sentence about each part that is not there, or not whole."""
    for name, part in layout.parts.items():
        if name in found.absent:
            yield found.absent[name]
        elif missing := part.missing(found.parts[name].files):
            weights = any(path.endswith(CHECKPOINT_SUFFIXES) for path in missing)
            yield sentences.files_missing(part.title, name, missing, weights=weights)


def _write(made: Draft, source: Source, layout: Layout, found: Survey) -> None:
    with zipfile.ZipFile(made.path, "w") as archive:
        for name, part in found.parts.items():
            for relative, path in sorted(part.files.items()):
                inspection = Inspection(layout.parts[name], relative)
                with archive.open(entry(f"{name}/{relative}"), "w") as packed:
                    for chunk in inspection.watch(source.chunks(path)):
                        packed.write(chunk)
                made.included.append(StagedFile(name, relative, inspection.size, inspection.sha256))
                if inspection.is_lfs_pointer:
                    made.pointers.append(f"{name}/{relative}")
                    made.refusals.append(inspection.note())
                elif note := inspection.note():
                    made.notes.append(note)
