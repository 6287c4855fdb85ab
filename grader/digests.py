"""The digest of a file, without holding it in memory: training images may be in it."""

from __future__ import annotations

import hashlib
from pathlib import Path

_BLOCK = 1 << 20


def of_file(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal; raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
