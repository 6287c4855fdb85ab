"""Files on their way to a worker: as a path where both share a disk, else with their bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader.authoring.classroom import basis
from grader.authoring.classroom.records import ClassError

LARGEST = 1 << 30
"""Bytes of one submission that are sent; what the grader accepts is a small part of it."""


@dataclass(frozen=True, repr=False)
class Parcel:
    """A file or a folder. It prints as nothing, because its name may be somebody's.

    `files` has the bytes by path relative to the folder; a file's only path is its name.
    """

    path: Path | None = None
    name: str = ""
    is_folder: bool = False
    files: Mapping[str, bytes] = field(default_factory=dict)

    def unpack(self, into: Path) -> Path:
        """Where it lies: where it was, or in the new folder `into`; raises OSError."""
        if self.path is not None:
            return self.path
        place = into if self.is_folder else into / self.name
        into.mkdir(mode=0o700)
        for relative, content in self.files.items():
            target = into / relative
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        return place


def shared(path: Path, name: str = "") -> Parcel:
    """For a worker on this machine; `name` is another there than here only elsewhere."""
    return Parcel(path.resolve(), name)


def packed(path: Path, name: str = "") -> Parcel:
    """With all bytes, for a worker anywhere.

    There a file is called `name`; without one it gets a name that says nothing.

    Raises OSError where something cannot be read, ClassError where it is too large to be sent.
    """
    relative = basis.contents(path) if path.is_dir() else []
    every = [path / one for one in relative] or ([] if path.is_dir() else [path])
    size = sum(each.stat().st_size for each in every)
    if size > LARGEST:
        message = f"it has {size >> 20} MiB, and at most {LARGEST >> 20} are sent to a worker"
        raise ClassError(message)
    if not path.is_dir():
        name = name or f"submission{path.suffix}"
        return Parcel(name=name, files={name: path.read_bytes()})
    files = {one.as_posix(): (path / one).read_bytes() for one in relative}
    return Parcel(is_folder=True, files=files)
