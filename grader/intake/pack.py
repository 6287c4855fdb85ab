"""Make the archive that is handed in: only what is graded, the same bytes every time."""

from __future__ import annotations

import os
import tempfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import UnusableSubmission
from grader.intake import sentences
from grader.intake.inspection import Inspection
from grader.intake.limits import Limits
from grader.intake.receive import largest_files, open_source
from grader.intake.sentences import files, kilobytes, megabytes
from grader.intake.submission import StagedFile, content_hash
from grader.intake.survey import survey

if TYPE_CHECKING:
    from typing import IO

    from grader.intake.layout import Layout
    from grader.intake.source import Source
    from grader.intake.survey import Survey

_TIMESTAMP = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can hold
_UNIX = 3
_MODE = 0o100644
_LEFT_OUT_NAMED = 10


@dataclass
class PackReport:
    """What went into the archive at `path`; sizes are in bytes, before compression.

    `left_out` holds the folder's other files and their sizes, clutter apart. `sha256` is
    that of the submission which the archive makes. `missing` maps each part to the
    expected files that it lacks; a part that was not found lacks all of them.
    """

    path: Path
    included: list[StagedFile] = field(default_factory=list)
    left_out: list[tuple[str, int]] = field(default_factory=list)
    missing: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    archive_bytes: int = 0

    @property
    def sha256(self) -> str:
        """The hash that the grader will report for this archive."""
        return content_hash(self.included)

    def text(self) -> str:
        """What is in the archive, what is missing and what was left out, for people."""
        lines = [f"{self.path}: {megabytes(self.archive_bytes)}, {len(self.included)} files"]
        lines += [
            f"  {entry.part}/{entry.path}  {kilobytes(entry.size)}" for entry in self.included
        ]
        for part, missing in self.missing.items():
            if missing:
                lines.append(f"Missing from {part}: {', '.join(missing)}")
        if self.left_out:
            size = sum(size for _, size in self.left_out)
            named = files((path for path, _ in self.left_out), _LEFT_OUT_NAMED)
            lines.append(f"Left out, because it is not graded ({megabytes(size)}): {named}")
        return "\n".join([*lines, *self.notes])


def pack(folder: Path, layout: Layout, out: Path, limits: Limits | None = None) -> PackReport:
    """Write the graded files of `folder` (or of a zip) to the zip `out`, atomically.

    An older archive at `out` is replaced. Raises UnusableSubmission when nothing can be
    graded or the archive is above the limit, FileExistsError when `out` is the input, a
    folder, or something that is no zip.
    """
    limits = limits or Limits()
    _refuse_overwriting(folder, out)
    with open_source(folder, limits) as source:
        source.skipped.archives.clear()  # an older archive of ours, and `left_out` has it
        found = survey(source, layout, limits)
        report = PackReport(out, notes=list(found.notes))
        report.left_out = [(path, source.files[path]) for path in found.left_out]
        # Beside `out`, so that the last step is one rename.
        handle, temporary = tempfile.mkstemp(dir=out.absolute().parent, prefix=f".{out.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                _write(stream, source, layout, found, report)
                report.archive_bytes = stream.tell()
            _refuse_excess(source, found, report.archive_bytes, limits)
            Path(temporary).chmod(0o644)
            Path(temporary).replace(out)
        finally:
            Path(temporary).unlink(missing_ok=True)
    return report


def _write(
    stream: IO[bytes], source: Source, layout: Layout, found: Survey, report: PackReport
) -> None:
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in layout.parts.items():
            own = found.parts[name].files if name in found.parts else {}
            for relative, path in sorted(own.items()):
                inspection = Inspection(part, relative)
                with archive.open(_entry(f"{name}/{relative}"), "w") as packed:
                    for chunk in inspection.watch(source.chunks(path)):
                        packed.write(chunk)
                report.included.append(
                    StagedFile(name, relative, inspection.size, inspection.sha256)
                )
                if note := inspection.note():
                    report.notes.append(note)
            report.missing[name] = part.missing(own)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _TIMESTAMP)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = _UNIX  # else it would tell on which system it was packed
    entry.external_attr = _MODE << 16
    return entry


def _refuse_overwriting(folder: Path, out: Path) -> None:
    if not out.exists():
        return
    if out.is_dir() or (folder.exists() and out.samefile(folder)):
        message = f"{out} is a folder or what is to be packed: choose another name"
        raise FileExistsError(message)
    if not zipfile.is_zipfile(out):
        message = f"{out} exists and is no zip archive, so it is not replaced: choose another name"
        raise FileExistsError(message)


def _refuse_excess(source: Source, found: Survey, size: int, limits: Limits) -> None:
    if size <= limits.packed_bytes:
        return
    paths = {path for part in found.parts.values() for path in part.files.values()}
    largest = largest_files(source, paths)
    raise UnusableSubmission(sentences.too_large(size, limits.packed_bytes, largest))
