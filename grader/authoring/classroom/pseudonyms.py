"""Names that say nothing, for `--anonymous`: the same for the same student, in one OUT.

They come from a keyed hash. Its key is random and lies in OUT (`salt`, for its owner alone), so
that a grading that is resumed gives the same ones. Who has the key and a list of the class can
find out who is who: pass OUT on without that file. Two gradings that shall be compared need the
same key: copy the file into the new OUT before grading.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from grader.authoring.classroom.records import ClassError, Student
from grader.authoring.classroom.sources import Source
from grader.replacing import PRIVATE, replacing

SALT = "salt"
_SALT_BYTES = 32
_DIGITS = 10
_WORD = re.compile(r"\w+")
_SHORTEST = 4  # characters: 'Li' is found in too many texts to be a name
# Words of ours under these names: a submission that is called 'wrong' must not change them.
_FIXED = frozenset({
    "number", "part", "status", "reason", "domain", "outcome", "families", "level",
    "points", "max_points", "score", "penalty", "visibility", "stdout_visibility",
    "output_format", "name_format", "test_output_format", "test_name_format",
})  # fmt: skip


class Pseudonyms:
    """What stands in place of names."""

    def __init__(self, salt: bytes, sources: Sequence[Source] = ()) -> None:
        """`sources` are those whose names are looked for in texts."""
        self._salt = salt
        told = (pair for source in sources for pair in self._telling(source))
        # By their first word, the longest first: a class has thousands, and texts are long.
        self._telling_by_word: dict[str, list[tuple[str, str]]] = {}
        for text, instead in sorted(told, key=lambda pair: (-len(pair[0]), pair)):
            found = _WORD.search(text)
            if found is not None:
                rest = text[found.start() :].casefold()
                self._telling_by_word.setdefault(found[0].casefold(), []).append((rest, instead))

    @classmethod
    def of(cls, out: Path, sources: Sequence[Source] = ()) -> Pseudonyms:
        """Those of OUT: with its key, or a new one.

        Raises ClassError where the key is damaged, OSError where it cannot be read or written.
        """
        path = out / SALT
        if not path.exists():
            with replacing(path, PRIVATE) as stream:
                stream.write(secrets.token_bytes(_SALT_BYTES))
        salt = path.read_bytes()
        if len(salt) != _SALT_BYTES:
            message = f"{path} is damaged: remove it and everything graded with it"
            raise ClassError(message)
        return cls(salt, sources)

    def of_source(self, source: Source) -> Source:
        """The source under another name, handed in by nobody known."""
        key = self._make("submission", source.key)
        students = tuple(self.of_student(student) for student in source.students)
        return replace(source, key=key, students=students, name=key)

    def of_student(self, student: Student) -> Student:
        """A student by their e-mail address, student number or name, the first that is known."""
        known = student.email.casefold() or student.sid or student.name
        return Student(name=self._make("student", known))

    def scrubbed(self, document: Any) -> Any:
        """JSON without the names, addresses and numbers of the class.

        They are found where they stand as they are known: as a folder in a traceback. What only
        we write, such as the status of a check, stays as it is.
        """
        if isinstance(document, str):
            return self._scrubbed_text(document)
        if isinstance(document, dict):
            return {
                key: value if key in _FIXED else self.scrubbed(value)
                for key, value in document.items()
            }
        if isinstance(document, list):
            return [self.scrubbed(item) for item in document]
        return document

    def _scrubbed_text(self, text: str) -> str:
        pieces, end = [], 0
        for word in _WORD.finditer(text):
            if word.start() < end:
                continue
            for secret, instead in self._telling_by_word.get(word[0].casefold(), ()):
                stop = word.start() + len(secret)
                if text[word.start() : stop].casefold() == secret and not _goes_on(text, stop):
                    pieces += [text[end : word.start()], instead]
                    end = stop
                    break
        return "".join([*pieces, text[end:]])

    def _telling(self, source: Source) -> Iterator[tuple[str, str]]:
        """Texts that tell whose the submission is, and what stands in their place."""
        hidden = self.of_source(source)
        texts = [(source.name, hidden.key), (source.key, hidden.key)]
        for student, instead in zip(source.students, hidden.students):
            written = {student.name, student.email, student.email.split("@")[0], student.sid}
            if " " in student.name:
                first, last = student.name.split()[0], student.name.split()[-1]
                written |= {f"{last}, {first}", f"{first}{last}", f"{first}_{last}"}
            texts += [(text, instead.name) for text in sorted(written)]
        yield from ((text, name) for text, name in texts if len(text) >= _SHORTEST)

    def _make(self, what: str, known: str) -> str:
        digest = hashlib.blake2b(json.dumps([what, known]).encode(), key=self._salt)
        return f"{what}-{digest.hexdigest()[:_DIGITS]}"


def _goes_on(text: str, at: int) -> bool:
    """Whether a word goes on at this place."""
    return 0 < at < len(text) and _WORD.fullmatch(text[at - 1 : at + 1]) is not None
