"""A folder as a source: regular files only, and no link is followed on any level."""

from __future__ import annotations

import contextlib
import os
import stat
from typing import TYPE_CHECKING

from grader.errors import UnusableSubmission
from grader.intake import names, sentences
from grader.intake.source import CHUNK_BYTES, Meter, Skipped, admit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.intake.limits import Limits

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
# A pipe that turns up where a file was listed must not be waited for.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

_VIRTUAL_ENVIRONMENT = "pyvenv.cfg"
# fwalk recurses, and keeps a descriptor open on each level.
_DEEPEST = 40


class FolderSource:
    """The regular files beneath `path`; clutter folders are not entered.

    Raises UnusableSubmission above the limits and for what cannot be read.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self.files: dict[str, int] = {}
        self.skipped = Skipped()
        self.archive_bytes: int | None = None
        self._limits = limits
        self._meter = Meter(limits.inflated_bytes)
        try:
            self._root = os.open(path, _FOLDER)
        except OSError as error:
            raise UnusableSubmission(sentences.unreadable(path.name)) from error
        try:
            self._list()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the folder."""
        os.close(self._root)

    def chunks(self, path: str) -> Iterator[bytes]:
        """Read one file, counting what is really there."""
        self._meter.start(path)
        try:
            descriptor = self._open(path)
        except OSError as error:
            raise UnusableSubmission(sentences.unreadable(path)) from error
        with os.fdopen(descriptor, "rb") as stream:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise UnusableSubmission(sentences.unreadable(path))
            while chunk := stream.read(CHUNK_BYTES):
                self._meter.add(path, len(chunk))
                yield chunk

    def _open(self, path: str) -> int:
        """Open `path` step by step, so that no folder on the way can be a link either."""
        *folders, name = path.split("/")
        here = os.dup(self._root)
        try:
            for folder in folders:
                deeper = os.open(folder, _FOLDER | os.O_NOFOLLOW, dir_fd=here)
                os.close(here)
                here = deeper
            return os.open(name, _FILE, dir_fd=here)
        finally:
            os.close(here)

    def _list(self) -> None:
        visited = 0
        for top, folders, files, here in os.fwalk(dir_fd=self._root, onerror=_unreadable):
            prefix = "" if top == "." else top.removeprefix("./") + "/"
            visited += len(folders) + len(files)
            if visited > self._limits.visited:
                raise UnusableSubmission(sentences.too_many(self._limits.visited))
            folders.sort()
            for name in folders.copy():  # what is taken out is not entered
                link = stat.S_ISLNK(os.lstat(name, dir_fd=here).st_mode)
                if names.is_clutter_folder(name) or link or prefix.count("/") >= _DEEPEST:
                    folders.remove(name)
                if link and not names.is_clutter_folder(name):
                    self.skipped.links.append(prefix + name)
            if _VIRTUAL_ENVIRONMENT in files:
                folders.clear()
                continue
            for name in sorted(files):
                with contextlib.suppress(FileNotFoundError):  # an editor's, gone by now
                    self._admit(prefix + name, os.lstat(name, dir_fd=here))

    def _admit(self, path: str, status: os.stat_result) -> None:
        if stat.S_ISREG(status.st_mode):
            admit(self.files, self.skipped, path, status.st_size)
        elif not names.is_clutter(path):
            self.skipped.links.append(path)


def _unreadable(error: OSError) -> None:
    raise UnusableSubmission(sentences.unreadable(str(error.filename))) from error
