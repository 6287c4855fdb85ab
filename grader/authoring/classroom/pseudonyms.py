"""Names that say nothing, for `--anonymous`: one for each student, one for each submission.

They come from a keyed hash, so that all that is written of somebody has the same one: the table,
the log, the report and its pages, and a comparison with another grading. The key is random and
lies in OUT (`salt`, for its owner alone). Who has it and a list of the class can find out who is
who: pass OUT on without that file. Two gradings that shall be compared need the same key: copy
the file into the new OUT before grading.

What of a name is looked for, and where: `telling`.
"""

from __future__ import annotations

import functools
import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from grader.authoring.classroom import records, telling
from grader.authoring.classroom.records import ClassError, Record, Student
from grader.authoring.classroom.scrubbing import Scrubber, Secret
from grader.authoring.classroom.sources import Source
from grader.replacing import PRIVATE, replacing

SALT = "salt"
_SALT_BYTES = 32
_DIGITS = 10


@dataclass(frozen=True)
class Owned:
    """One submission by all that may tell whose it is: `place` is where it came from."""

    key: str
    place: str
    students: tuple[Student, ...]

    @classmethod
    def source(cls, source: Source) -> Owned:
        """As it was found."""
        return cls(source.key, source.name, source.students)

    @classmethod
    def record(cls, record: Record) -> Owned:
        """As it was graded."""
        return cls(record.key, record.source, record.students)


class Pseudonyms:
    """What stands in place of names."""

    def __init__(self, salt: bytes, owned: Iterable[Owned] = ()) -> None:
        """`owned` are the submissions whose owners' names are looked for in texts."""
        self._salt = salt
        self._secrets = [secret for one in owned for secret in self._telling(one)]
        self._scrubber = Scrubber(self._secrets)

    @classmethod
    def of(cls, out: Path, owned: Iterable[Owned] = ()) -> Pseudonyms:
        """Those of OUT: with its key, or a new one.

        Raises ClassError where the key is damaged, or was taken away after results were written;
        OSError where it cannot be read or written.
        """
        path = out / SALT
        if not path.exists():
            if records.is_anonymous(out):
                message = (
                    f"{path} is not there, so pseudonyms would be other ones than before: put it "
                    "back, or grade into another folder"
                )
                raise ClassError(message)
            with replacing(path, PRIVATE) as stream:
                stream.write(secrets.token_bytes(_SALT_BYTES))
        salt = path.read_bytes()
        if len(salt) != _SALT_BYTES:
            message = (
                f"{path} is damaged, so pseudonyms would be other ones than before: take it from "
                "a copy, or remove it and all that was written with --anonymous"
            )
            raise ClassError(message)
        return cls(salt, owned)

    def of_key(self, key: str) -> str:
        """What a submission is called."""
        return self._make("submission", key)

    def of_student(self, student: Student) -> Student:
        """A student by their e-mail address, student number or name, the first that is known."""
        known = student.email.casefold() or student.sid or student.name
        return Student(name=self._make("student", known)) if known else student

    def of_source(self, source: Source) -> Source:
        """The source under another name, handed in by nobody known."""
        key = self.of_key(source.key)
        students = tuple(map(self.of_student, source.students))
        return replace(source, key=key, students=students, name=key)

    def text(self, text: str) -> str:
        """The text without the names, addresses, numbers and files of the class."""
        return self._scrubber.text(text)

    def scrubbed(self, document: Any) -> Any:
        """JSON without the names, addresses, numbers and files of the class.

        They are found where they stand as they are known: as a folder in a traceback. What only
        we write, such as the status of a check, stays as it is.
        """
        return self._scrubber.json(document)

    @functools.cached_property
    def digest(self) -> str:
        """Changes with what is replaced, and with what replaces it."""
        told = sorted((secret.text, secret.label, secret.where.name) for secret in self._secrets)
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def _telling(self, owned: Owned) -> Iterator[Secret]:
        """Texts that tell whose a submission is, and what stands in their place."""
        key = self.of_key(owned.key)
        for text in {owned.key, owned.place} - {student.name for student in owned.students}:
            yield from (Secret(text, key, where) for where in telling.of_submission(text))
        for student in owned.students:
            label = self.of_student(student).name
            user = student.email.split("@")[0]
            if "@" in student.email:
                yield Secret(student.email, label)
            for text in (user, student.sid):
                yield from (Secret(text, label, where) for where in telling.of_code(text))
            yield from (Secret(text, label, where) for text, where in telling.of_name(student.name))

    def _make(self, what: str, known: str) -> str:
        digest = hashlib.blake2b(json.dumps([what, known]).encode(), key=self._salt)
        return f"{what}-{digest.hexdigest()[:_DIGITS]}"
