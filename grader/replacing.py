"""Put a file in place in one step: readers see the old one or the new one, never a half."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

READABLE, PRIVATE = 0o644, 0o600


@contextlib.contextmanager
def replacing(path: Path, mode: int = READABLE) -> Iterator[BinaryIO]:
    """A stream that becomes the file `path` at the end, with these permissions.

    If anything is raised meanwhile, an interrupt included, what was there stays. Missing
    folders are made, and a link is followed. Raises OSError.
    """
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield cast("BinaryIO", stream)
        beside.chmod(mode)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def require_place(path: Path) -> None:
    """Raise OSError where `replacing` could not put a file: to ask before long work."""
    path = path.resolve()
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    tempfile.TemporaryFile(dir=path.parent).close()
