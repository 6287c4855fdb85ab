"""Turn an untrusted zip or folder into a staged submission."""

from __future__ import annotations

import contextlib
import stat
import zlib
from typing import TYPE_CHECKING

from grader.errors import GraderError, UnusableSubmission
from grader.intake import names, sentences, staging
from grader.intake.archive import ZipSource
from grader.intake.folder import FolderSource
from grader.intake.limits import Limits
from grader.intake.submission import Submission
from grader.intake.survey import Survey, find, survey

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.intake.layout import Layout
    from grader.intake.source import Source

_LARGEST_NAMED = 3


def receive(
    path: Path, layout: Layout, given: Path | None, into: Path, limits: Limits | None = None
) -> Submission:
    """Bound what lies at `path`, find the parts, and stage what is graded in `into`.

    Each part that is found goes to `into/<part>`, folders 0755 and files 0644, with the
    course's files from `given/<part>` laid beneath. `into` is made if need be and must
    hold none of the parts' folders.

    Raises UnusableSubmission with a sentence for the student when nothing can be graded,
    and GraderError when `into` is in use.
    """
    limits = limits or Limits()
    if any((into / name).exists() for name in layout.parts):
        message = f"{into} already holds a staged submission: stage into an empty folder"
        raise GraderError(message)
    submission = Submission(path.absolute().name, layout, dict.fromkeys(layout.parts))
    with open_source(path.resolve(), limits) as source:
        inner = _lone_archive(path, source, layout)
        if inner is None:
            _receive(submission, source, given, into, limits)
            return submission
    submission.notes.append(sentences.opened_inner(inner.name))
    with open_source(inner, limits) as source:
        _receive(submission, source, given, into, limits)
    return submission


@contextlib.contextmanager
def open_source(path: Path, limits: Limits) -> Iterator[Source]:
    """The zip or folder at `path`; raises UnusableSubmission for anything else."""
    try:
        is_folder = stat.S_ISDIR(path.stat().st_mode)
    except OSError as error:
        raise UnusableSubmission(sentences.not_there(path.name)) from error
    source: Source
    source = FolderSource(path, limits) if is_folder else ZipSource(path, limits)
    try:
        yield source
    finally:
        source.close()


def bound_size(source: Source, found: Survey, limits: Limits) -> int:
    """The submission's size in bytes: a zip's on disk, a folder's graded files together.

    The platform unpacks uploads, so a folder may be larger than the zip that it came in:
    above the limit, it counts with the size that it has when compressed.
    Raises UnusableSubmission when that is above the limit as well.
    """
    if source.archive_bytes is not None:
        return source.archive_bytes
    paths = {path for part in found.parts.values() for path in part.files.values()}
    total = sum(source.files[path] for path in paths)
    if total <= limits.accepted_bytes:
        return total
    if total > limits.inflated_bytes:
        raise UnusableSubmission(sentences.too_much(limits.inflated_bytes))
    compressed = 0
    for path in sorted(paths):
        compressor = zlib.compressobj(level=1)
        compressed += sum(len(compressor.compress(chunk)) for chunk in source.chunks(path))
        compressed += len(compressor.flush())
    if compressed > limits.accepted_bytes:
        largest = largest_files(source, paths)
        raise UnusableSubmission(sentences.too_large(total, limits.packed_bytes, largest))
    return total


def largest_files(source: Source, paths: set[str]) -> list[tuple[str, int]]:
    """The few largest of `paths` with their sizes in bytes, largest first."""
    sizes = [(path, source.files[path]) for path in sorted(paths)]
    return sorted(sizes, key=lambda entry: -entry[1])[:_LARGEST_NAMED]


def _lone_archive(path: Path, source: Source, layout: Layout) -> Path | None:
    """The zip of a folder that holds nothing else of use: a zip uploaded as a file."""
    if source.archive_bytes is not None:
        return None
    zips = [name for name in source.files if "/" not in name and names.is_archive(name)]
    holds_part = any(find(part, source.files) for part in layout.parts.values())
    return path / zips[0] if len(zips) == 1 and not holds_part else None


def _receive(
    submission: Submission, source: Source, given: Path | None, into: Path, limits: Limits
) -> None:
    found = survey(source, submission.layout, limits)
    submission.archive_bytes = bound_size(source, found, limits)
    submission.roots = {name: part.root for name, part in found.parts.items()}
    submission.left_out = found.left_out
    submission.notes += [*found.notes, *found.absent.values()]
    staging.stage(submission, source, found, given, into)
