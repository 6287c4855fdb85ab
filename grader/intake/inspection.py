"""Look at a file's bytes as they pass: its hash, its size, and what a student should know."""

from __future__ import annotations

import codecs
import hashlib
from typing import TYPE_CHECKING

from grader.intake import sentences, signatures

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.intake.layout import Part

CHECKPOINT_SUFFIXES = (".pth", ".safetensors", ".pt")
"""The endings that a checkpoint may have; of several files the first counts."""
_SOURCE_SUFFIXES = (".py", ".yaml", ".yml")


class Inspection:
    """Reads through one file; `path` is relative to the root of `part`."""

    def __init__(self, part: Part, path: str) -> None:
        self.size = 0
        self._part = part
        self._path = path
        self._head = b""
        self._hash = hashlib.sha256()
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._is_utf8 = True

    @property
    def sha256(self) -> str:
        """Hash of the bytes so far."""
        return self._hash.hexdigest()

    @property
    def is_lfs_pointer(self) -> bool:
        """Whether Git has put a pointer in the file's place."""
        return signatures.is_lfs_pointer(self._head)

    def watch(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Pass the chunks on, and note what they hold."""
        for chunk in chunks:
            missing = signatures.HEAD_BYTES - len(self._head)
            self._head += chunk[: max(0, missing)]
            self.size += len(chunk)
            self._hash.update(chunk)
            self._decode(chunk)
            yield chunk
        self._decode(b"", final=True)

    def _decode(self, chunk: bytes, *, final: bool = False) -> None:
        if self._is_utf8 and self._path.endswith(_SOURCE_SUFFIXES):
            try:
                self._decoder.decode(chunk, final)
            except UnicodeDecodeError:
                self._is_utf8 = False

    def note(self) -> str:
        """A sentence for the student about a file that cannot be what its name says, or ''."""
        path = f"{self._part.name}/{self._path}"
        if self.is_lfs_pointer:
            return sentences.lfs_pointer(path)
        if self._path.endswith(CHECKPOINT_SUFFIXES):
            if signatures.is_checkpoint(self._head):
                return ""
            return sentences.not_a_checkpoint(path, signatures.describe(self._head))
        if not self._is_utf8 and not signatures.declares_encoding(self._head):
            return sentences.not_utf8(path)
        if self.size == 0 and self._path in self._part.landmarks:
            return sentences.empty_file(path)
        return ""
