"""Copy what is graded into a folder of ours, the given files beneath it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from grader.intake import sentences
from grader.intake.inspection import Inspection
from grader.intake.submission import StagedFile

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from grader.intake.layout import Part
    from grader.intake.source import Source
    from grader.intake.submission import Submission
    from grader.intake.survey import Found, Survey

# Workers run as another user: they must be able to read, and nothing more.
_FOLDER_MODE = 0o755
_FILE_MODE = 0o644
# A given file is a few kilobytes; what is compared with it is read whole.
_LARGEST_RATIO = 4
_SPARE_BYTES = 1 << 16


def stage(
    submission: Submission, source: Source, found: Survey, given: Path | None, into: Path
) -> None:
    """Write the parts of `found` to `into`, and put files and notes into `submission`."""
    into.mkdir(parents=True, exist_ok=True)
    into.chmod(_FOLDER_MODE)
    for name, entry in found.parts.items():
        part = submission.layout.parts[name]
        folder = into / name
        _make_folder(folder)
        submission.parts[name] = folder
        _stage_student(submission, part, source, entry, folder)
        _lay_given(submission, part, given / name if given else None, folder)


def _stage_student(
    submission: Submission, part: Part, source: Source, found: Found, folder: Path
) -> None:
    for relative, path in found.files.items():
        inspection = Inspection(part, relative)
        _write(folder, relative, inspection.watch(source.chunks(path)))
        submission.files.append(StagedFile(part.name, relative, inspection.size, inspection.sha256))
        if note := inspection.note():
            submission.notes.append(note)


def _lay_given(submission: Submission, part: Part, given: Path | None, folder: Path) -> None:
    """Supply given files that the student lacks; name for staff those that differ."""
    supplied, differs, unavailable = [], [], []
    for relative in part.given:
        ours = given / relative if given else None
        theirs = folder / relative
        if ours is None or not ours.is_file():
            if not theirs.exists():
                unavailable.append(relative)
        elif not theirs.exists():
            content = ours.read_bytes()
            _write(folder, relative, [content])
            digest = hashlib.sha256(content).hexdigest()
            submission.files.append(
                StagedFile(part.name, relative, len(content), digest, origin="given")
            )
            supplied.append(relative)
        elif _differs(theirs, ours):
            differs.append(relative)
    if supplied:
        submission.staff_notes.append(sentences.supplied(part.title, supplied))
    if differs:
        text = sentences.given_differs(part.name, differs)
        submission.flags.append({"check": part.name, "kind": "given-files", "text": text})
    if unavailable:
        submission.staff_notes.append(sentences.given_unavailable(part.name, unavailable))


def _differs(theirs: Path, ours: Path) -> bool:
    """Whether the texts differ; a file of another order of size is not even read."""
    if theirs.stat().st_size > _LARGEST_RATIO * ours.stat().st_size + _SPARE_BYTES:
        return True
    return _lines(theirs) != _lines(ours)


def _lines(path: Path) -> list[bytes]:
    """The lines without their endings: another editor's line ends are no other edition."""
    return [line.rstrip() for line in path.read_bytes().splitlines()]


def _write(folder: Path, relative: str, chunks: Iterable[bytes]) -> None:
    target = folder / relative
    missing = [parent for parent in target.parents if not parent.exists()]
    for parent in reversed(missing):
        _make_folder(parent)
    with target.open("wb") as stream:
        for chunk in chunks:
            stream.write(chunk)
    target.chmod(_FILE_MODE)


def _make_folder(path: Path) -> None:
    path.mkdir()
    path.chmod(_FOLDER_MODE)  # the umask has a say in mkdir's mode, not in chmod's
