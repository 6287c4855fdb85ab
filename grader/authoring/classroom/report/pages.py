"""Students' pages in their files: one is written where something of it is new.

Each ends with a digest of all that it is made from. After a regrade of one submission the others'
pages are not even rendered, which is most of what a report takes.
"""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

import grader
from grader.authoring.classroom import records
from grader.authoring.classroom.records import SUBMISSIONS, Record
from grader.authoring.classroom.report import student
from grader.authoring.classroom.report.names import PAGE, Names
from grader.replacing import READABLE, replacing

_MAKERS = frozenset({".py", ".j2", ".css"})
_ENDING = "\n<!-- {} -->\n"
_LENGTH = len(_ENDING.format("0" * 64))


def write(out: Path, told: Record, names: Names, title: str) -> bool:
    """Write a submission's page, if it would be another one; whether it was.

    `told` is the record as `names` tells it. Raises OSError.
    """
    path = names.place(out) / SUBMISSIONS / names.folder(told.key) / PAGE
    ending = _ENDING.format(_digest(out, told, names, title)).encode()
    if _last(path) == ending:
        return False
    results = names.scrubbed(records.results(out, told.key))
    text = student.page_of(told, results, names, title)
    write_text(path, text.rstrip("\n"), ending)
    return True


def write_text(path: Path, text: str, ending: bytes = b"") -> None:
    """Write a page in one step, for others to read as well; raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path, READABLE) as file:
        file.write(text.encode("utf-8", "replace") + ending)


def _digest(out: Path, told: Record, names: Names, title: str) -> str:
    """Of everything that the page shows, and of what makes it."""
    folder = records.folder(out, told.key)
    found = hashlib.sha256()
    for text in (of_makers(), names.digest(), names.label(told), title):
        found.update(hashlib.sha256(text.encode("utf-8", "replace")).digest())
    for name in (records.RECORD, records.RESULTS):
        path = folder / name
        content = path.read_bytes() if path.is_file() else b""
        found.update(hashlib.sha256(content).digest())
    return found.hexdigest()


def _last(path: Path) -> bytes:
    """The last bytes of a page, as many as hold a digest; none where there is no page."""
    try:
        with path.open("rb") as file:
            file.seek(-_LENGTH, 2)
            return file.read()
    except OSError:
        return b""


@functools.cache
def of_makers() -> str:
    """A digest of the package's code and templates: with others, pages may look otherwise."""
    root = Path(grader.__file__).parent
    paths = sorted(path for path in root.rglob("*") if path.suffix in _MAKERS)
    found = hashlib.sha256()
    for path in paths:
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()
