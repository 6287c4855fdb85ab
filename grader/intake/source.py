"""The two things that a submission can be, a zip or a folder, behind one surface."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from grader.errors import UnusableSubmission
from grader.intake import names, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK_BYTES = 1 << 20


@dataclass
class Skipped:
    """What was left out while listing, and why: one note for each reason, not each file."""

    links: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    archives: list[str] = field(default_factory=list)

    def notes(self) -> list[str]:
        """A sentence for the student for each reason that occurred."""
        reasons = (
            (self.links, sentences.skipped_links),
            (self.names, sentences.skipped_names),
            (self.duplicates, sentences.duplicates),
            (self.archives, sentences.inner_archives),
        )
        return [sentence(paths) for paths, sentence in reasons if paths]


class Meter:
    """Counts the bytes that really come out of a source; a file read twice counts once."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._total = 0
        self._counts: dict[str, int] = {}

    def start(self, path: str) -> None:
        """Begin to read `path`, perhaps again."""
        self._total -= self._counts.get(path, 0)
        self._counts[path] = 0

    def add(self, path: str, size: int) -> int:
        """Count `size` more bytes and return the file's sum.

        Raises UnusableSubmission when all files together are above the limit.
        """
        self._total += size
        self._counts[path] += size
        if self._total > self._limit:
            raise UnusableSubmission(sentences.too_much(self._limit))
        return self._counts[path]


class Source(Protocol):
    """Regular files by relative path with '/', and a way to read each.

    `files` holds the sizes in bytes that the source claims; `chunks` counts what it
    really reads and raises UnusableSubmission beyond the limits. `archive_bytes` is the
    size of the zip on disk, None for a folder.
    """

    files: dict[str, int]
    skipped: Skipped

    @property
    def archive_bytes(self) -> int | None:
        """The zip's size on disk; None for a folder."""

    def chunks(self, path: str) -> Iterator[bytes]:
        """The file's bytes, at most CHUNK_BYTES at a time."""

    def close(self) -> None:
        """Let go of file descriptors."""


def admit(files: dict[str, int], skipped: Skipped, path: str, size: int) -> None:
    """Put one regular file into `files`, or into the list that says why not."""
    if names.is_clutter(path):
        return
    if not names.is_usable(path):
        skipped.names.append(path)
        return
    if names.is_archive(path):
        skipped.archives.append(path)
    if path in files:
        skipped.duplicates.append(path)
    files[path] = size
