"""What everybody has: the template's, the given files' and the reference's k-grams."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from grader.authoring.classroom.similarity.tokens import decoded, tokens
from grader.authoring.classroom.similarity.winnowing import Array, grams

_CHECKOUT = Path(__file__).resolve().parents[4]
_FOLDERS = ("reference", "student_template")  # the given files are part of both


@dataclass(frozen=True)
class Known:
    """Sorted `hashes` of k-grams, int64 (n,), and the SHA-256 `digests` of whole files."""

    hashes: Array
    digests: frozenset[str]


@lru_cache(maxsize=2)
def of_checkout(root: Path = _CHECKOUT) -> Known:
    """All Python files of the reference and of the template in a checkout."""
    paths = (path for folder in _FOLDERS for path in sorted((root / folder).rglob("*.py")))
    return of_files(path.read_bytes() for path in paths)


def of_files(contents: Iterable[bytes]) -> Known:
    """What these files have."""
    digests = set()
    hashes = [np.empty(0, np.int64)]
    for content in contents:
        digests.add(hashlib.sha256(content).hexdigest())
        hashes.append(grams([token.text for token in tokens(decoded(content))]))
    return Known(np.unique(np.concatenate(hashes)), frozenset(digests))
