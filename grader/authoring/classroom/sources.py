"""The submissions of a class: Gradescope's export, a folder of zips, or a folder of folders."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.authoring.classroom import export, records
from grader.authoring.classroom.records import ClassError, Student
from grader.intake import names

_LONGEST_KEY = 80
_DIGITS = 8
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_ENDING = re.compile(r"\.(zip|7z|rar|tgz|tar(\.(gz|bz2|xz))?)$", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """One submission as it was found.

    `key` names it in everything that is written. `path` is a zip or a folder; it is None where
    there is none, and `problem` then says why. `name` is where it lies in the class's source.
    `dates` are those that counted for it, by the platform's names, where they are known.
    """

    key: str
    path: Path | None
    students: tuple[Student, ...] = ()
    name: str = ""
    submitted_at: str = ""
    dates: dict[str, str] = field(default_factory=dict)
    problem: str = ""

    def metadata(self) -> dict[str, Any]:
        """What the platform's own metadata would say of time, and nothing of whom."""
        if not self.submitted_at:
            return {}
        return {"created_at": self.submitted_at, "assignment": dict(self.dates)}


@dataclass(frozen=True)
class Found:
    """The submissions in the order of their names, and what an instructor should know."""

    sources: list[Source]
    notes: list[str]


def find(folder: Path, parts: Collection[str] = (), out: Path | None = None) -> Found:
    """Find all submissions; `parts` are names that a single one's folders have.

    What cannot be graded is in the list as well, with its problem. Folders of results are no
    submissions: `out`, and what an earlier call wrote.

    Raises ClassError where there is no folder, or nothing in it is a submission.
    """
    if folder.is_file():
        message = f"{folder} is a file: unpack the export first, and give the folder"
        raise ClassError(message)
    try:
        results = None if out is None else out.resolve()
        root = _root(folder, results)
        there = sorted(root.iterdir())
        entries = [path for path in there if not _is_left_out(path, results)]
    except OSError as error:
        message = f"{folder} cannot be read ({error.strerror}): give the folder of the submissions"
        raise ClassError(message) from error
    if {entry.name for entry in entries if entry.is_dir()} & set(parts):
        message = f"{folder} looks like one submission, not like a class: `grader grade {folder}`"
        raise ClassError(message)
    metadata = root / export.METADATA
    found = _exported(metadata, entries) if metadata.is_file() else _lying(entries)
    found.notes.extend(
        f"{path.name} holds results of `grader class`, and is no submission"
        for path in there
        if path.is_dir() and records.is_out(path) and path.resolve() != results
    )
    if not found.sources:
        message = f"{folder} holds no submission: it needs zips, folders or Gradescope's export"
        raise ClassError(message)
    return found


def _root(folder: Path, results: Path | None) -> Path:
    """The folder itself, or the only one in it where the export was unpacked into a folder."""
    there = [path for path in folder.iterdir() if path.is_dir()]
    inner = [path for path in there if not _is_left_out(path, results)]
    if len(inner) == 1 and (inner[0] / export.METADATA).is_file():
        return inner[0]
    return folder


def _is_left_out(path: Path, results: Path | None) -> bool:
    """Whether it is hidden, clutter, or a folder of results."""
    if path.name.startswith(".") or names.is_clutter_folder(path.name):
        return True
    return path.is_dir() and (path.resolve() == results or records.is_out(path))


def _exported(metadata: Path, entries: list[Path]) -> Found:
    """What the export's file lists, and folders that it does not."""
    listed = export.read(metadata)
    lying = {path.name: path for path in entries if _is_submission(path)}
    notes = []
    strangers = sorted(set(lying) - set(listed))
    if strangers:
        notes.append(
            f"{len(strangers)} of the folders are not in {export.METADATA}: they are graded, and "
            "nobody knows whose they are"
        )
    keys = Keys()
    sources = []
    for name in [*listed, *strangers]:
        entry, path = listed.get(name, {}), lying.get(name)
        sources.append(
            Source(
                keys.make(name),
                path,
                export.students(entry),
                name,
                export.submitted_at(entry),
                export.dates(entry),
                "" if path else f"{export.METADATA} lists it, and there is no folder of its name",
            )
        )
    return Found(sources, notes)


def _lying(entries: list[Path]) -> Found:
    """Zips and folders; all that is known of who handed them in is their name."""
    submissions = [path for path in entries if _is_submission(path)]
    ignored = len(entries) - len(submissions)
    notes = [f"{ignored} files are no archives, and were left out"] if ignored else []
    keys = Keys()
    sources = []
    for path in submissions:
        stem = _ENDING.sub("", path.name) if path.is_file() else path.name
        student = Student(name=_printable(stem))
        sources.append(Source(keys.make(stem), path, (student,), _printable(path.name)))
    return Found(sources, notes)


def _is_submission(path: Path) -> bool:
    return path.is_dir() or (path.is_file() and names.is_archive(path.name))


class Keys:
    """Makes names of folders: safe in every file system, and each only once.

    A name that is not safe itself gets a digest: its key must not depend on who else is there,
    or the results of one would stand for another as soon as a third comes.
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def make(self, name: str) -> str:
        """The name itself where that is safe, else one like it."""
        plain = _UNSAFE.sub("_", _printable(name)).strip("._-")[:_LONGEST_KEY] or "submission"
        digest = hashlib.sha256(os.fsencode(name)).hexdigest()[:_DIGITS]
        for key in self._candidates(plain, f"{plain}-{digest}", is_safe=plain == name):
            if key.casefold() not in self._taken:
                self._taken.add(key.casefold())
                return key
        raise AssertionError  # the candidates have no end

    @staticmethod
    def _candidates(plain: str, own: str, *, is_safe: bool) -> Iterator[str]:
        if is_safe:
            yield plain
        yield own
        number = 1
        while True:
            number += 1
            yield f"{own}-{number}"


def _printable(name: str) -> str:
    """A file's name as text that can be written in UTF-8."""
    return os.fsencode(name).decode("utf-8", "replace")
