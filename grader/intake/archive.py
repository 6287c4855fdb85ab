"""A zip as a source: its directory bounded before it is parsed, its entries counted.

Only entries that are graded are ever inflated, and what is counted is what comes out
of the decompressor, never what a header says.
"""

from __future__ import annotations

import os
import stat
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, BinaryIO

from grader.errors import UnusableSubmission
from grader.intake import names, sentences, signatures
from grader.intake.source import CHUNK_BYTES, Meter, Skipped, admit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.intake.limits import Limits

# bz2 and lzma are refused: zipfile inflates them without a bound, so 4 KB of an entry
# could fill gigabytes before any counter sees them.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1 | 0x40
_UTF8 = 0x800
_END = b"PK\x05\x06"
_END_BYTES = 22
_LOCATOR = b"PK\x06\x07"
_LOCATOR_BYTES = 20
_END64_SIZE = slice(40, 48)
_LONGEST_COMMENT = 0xFFFF

# What zipfile lets through when an archive lies about itself.
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, struct.error,
    NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip


class ZipSource:
    """The files of a zip; raises UnusableSubmission for anything that is not a sane zip."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.files: dict[str, int] = {}
        self.skipped = Skipped()
        self._limits = limits
        self._meter = Meter(limits.inflated_bytes)
        self._entries: dict[str, zipfile.ZipInfo] = {}
        self._stream = _open_regular(path)
        try:
            self.archive_bytes = os.fstat(self._stream.fileno()).st_size
            self._zip = self._open()
            self._list()
        except BaseException:
            self._stream.close()
            raise

    def close(self) -> None:
        """Close the archive."""
        self._zip.close()
        self._stream.close()

    def chunks(self, path: str) -> Iterator[bytes]:
        """Inflate one entry; raises UnusableSubmission at the first excess or damage."""
        entry = self._entries[path]
        self._meter.start(path)
        try:
            with self._zip.open(entry) as stream:
                while chunk := stream.read(CHUNK_BYTES):
                    count = self._meter.add(path, len(chunk))
                    if self._is_bomb(count, entry.compress_size):
                        raise UnusableSubmission(sentences.bomb(path))
                    yield chunk
        except _DAMAGE as error:
            raise UnusableSubmission(sentences.damaged(path)) from error

    def _is_bomb(self, count: int, packed: int) -> bool:
        limits = self._limits
        return count > limits.ratio_from_bytes and count > limits.ratio * packed

    def _open(self) -> zipfile.ZipFile:
        head = self._stream.read(signatures.HEAD_BYTES)
        if not head.startswith(b"PK"):
            raise UnusableSubmission(sentences.not_a_zip(signatures.describe(head)))
        limits = self._limits
        if self.archive_bytes > limits.accepted_bytes:
            message = sentences.too_large(self.archive_bytes, limits.packed_bytes)
            raise UnusableSubmission(message)
        if _directory_bytes(self._stream, self.archive_bytes) > limits.directory_bytes:
            raise UnusableSubmission(sentences.too_many(limits.entries))
        try:
            return zipfile.ZipFile(self._stream)
        except UnicodeDecodeError as error:
            raise UnusableSubmission(sentences.bad_names()) from error
        except _DAMAGE as error:
            raise UnusableSubmission(sentences.damaged()) from error

    def _list(self) -> None:
        entries = self._zip.infolist()
        if len(entries) > self._limits.entries:
            raise UnusableSubmission(sentences.too_many(self._limits.entries))
        for entry in entries:
            self._admit(entry)

    def _admit(self, entry: zipfile.ZipInfo) -> None:
        name = _decoded(entry)
        try:
            path = names.normalise(name)
        except names.EscapingName:
            raise UnusableSubmission(sentences.escaping(name)) from None
        folder = name.endswith(("/", "\\"))
        if folder or not path or names.is_clutter(path):
            return
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind == stat.S_IFDIR:
            return
        if kind not in (0, stat.S_IFREG):
            self.skipped.links.append(path)
            return
        if entry.flag_bits & _ENCRYPTED:
            raise UnusableSubmission(sentences.encrypted(path))
        if entry.compress_type not in _METHODS:
            raise UnusableSubmission(sentences.unknown_compression(path))
        admit(self.files, self.skipped, path, entry.file_size)
        self._entries[path] = entry


def _open_regular(path: Path) -> BinaryIO:
    """Open without following a link, and without waiting at a pipe."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise UnusableSubmission(sentences.unreadable(path.name)) from error
    stream = os.fdopen(descriptor, "rb")
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        stream.close()
        raise UnusableSubmission(sentences.unreadable(path.name))
    return stream


def _directory_bytes(stream: BinaryIO, size: int) -> int:
    """Size of the zip's directory as zipfile will read it; 0 where there is none."""
    start = max(0, size - _END_BYTES - _LONGEST_COMMENT - _LOCATOR_BYTES)
    stream.seek(start)
    tail = stream.read()
    stream.seek(0)
    end = len(tail) - _END_BYTES
    if not (tail[end:].startswith(_END) and tail.endswith(b"\x00\x00")):  # a comment follows
        end = tail.rfind(_END)
    if end < 0 or len(tail) < end + _END_BYTES:
        return 0
    (directory,) = struct.unpack_from("<L", tail, end + 12)
    locator = tail[max(0, end - _LOCATOR_BYTES) : end]
    if not locator.startswith(_LOCATOR):
        return int(directory)
    (offset,) = struct.unpack_from("<Q", locator, 8)
    stream.seek(min(offset, size))
    record = stream.read(_END64_SIZE.stop)
    stream.seek(0)
    return max(int(directory), int.from_bytes(record[_END64_SIZE], "little"))


def _decoded(entry: zipfile.ZipInfo) -> str:
    """The name as its writer meant it: macOS writes UTF-8 without setting the flag for it."""
    if entry.flag_bits & _UTF8:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.filename
