"""Texts without what tells who somebody is: names, addresses, numbers, files."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from grader.text import escape

SOMEBODY = "somebody"
"""What takes the place of a text that may stand for several."""

_WORD = re.compile(r"\w+")
_BEFORE_A_USER = ("/", "\\", "~")
# Words of ours under these names: a submission that is called 'wrong' must not change them.
_FIXED = frozenset({
    "number", "part", "status", "reason", "domain", "outcome", "families", "level",
    "points", "max_points", "score", "penalty", "visibility", "stdout_visibility",
    "output_format", "name_format", "test_output_format", "test_name_format",
})  # fmt: skip


class Where(Enum):
    """Where a secret is looked for, always as whole words."""

    ANYWHERE = "anywhere"
    AS_WRITTEN = "with the same capital and small letters"
    IN_PATHS = "as a folder's name, the first word behind a slash"


@dataclass(frozen=True)
class Secret:
    """A text that tells who somebody is, and the label that takes its place."""

    text: str
    label: str
    where: Where = Where.ANYWHERE

    def stands(self, text: str, start: int) -> bool:
        """Whether it stands in `text` at `start`, where a word begins."""
        end = start + len(self.text)
        there = text[start:end]
        if self.where is Where.AS_WRITTEN:
            found = there == self.text
        else:
            found = there.lower() == self.text.lower()
        if self.where is Where.IN_PATHS:
            found = found and text.endswith(_BEFORE_A_USER, 0, start)
        return found and not _goes_on(text, end)


class Scrubber:
    """Puts labels in the place of secrets."""

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        """Of several secrets that could stand at one place the longest counts."""
        labels: dict[tuple[str, Where], Secret] = {}
        for secret in secrets:
            for text in _forms(secret.text):
                exact = secret.where is Where.AS_WRITTEN
                place = (text if exact else text.lower(), secret.where)
                known = labels.setdefault(place, replace(secret, text=text))
                if known.label != secret.label:
                    labels[place] = replace(known, label=SOMEBODY)
        # By their first word: a class has thousands, and texts are long.
        self._by_word: dict[str, list[Secret]] = {}
        for secret in sorted(labels.values(), key=_order):
            first = _WORD.match(secret.text)
            if first is not None:
                self._by_word.setdefault(first[0].lower(), []).append(secret)

    def text(self, text: str) -> str:
        """The text with labels in place of all secrets."""
        pieces, end = [], 0
        for word in _WORD.finditer(text):
            start = word.start()
            for secret in self._by_word.get(word[0].lower(), ()) if start >= end else ():
                if secret.stands(text, start):
                    pieces += [text[end:start], secret.label]
                    end = start + len(secret.text)
                    break
        return "".join([*pieces, text[end:]]) if pieces else text

    def json(self, document: Any) -> Any:
        """A JSON value with all of its texts scrubbed; what only we write stays as it is.

        So do the names of an object's members, unless they are none of ours: paths, say.
        """
        if isinstance(document, str):
            return self.text(document)
        if isinstance(document, dict):
            return {
                key if key.isidentifier() else self.text(key): (
                    value if key in _FIXED else self.json(value)
                )
                for key, value in document.items()
            }
        if isinstance(document, (list, tuple)):
            return [self.json(item) for item in document]
        return document


def _forms(text: str) -> Iterator[str]:
    """The ways to write a text, each from its first word on.

    As it is, as Markdown escapes it, with accents composed or apart (as file systems have
    them), and without.
    """
    apart = unicodedata.normalize("NFD", text)
    bare = "".join(char for char in apart if not unicodedata.combining(char))
    composed = unicodedata.normalize("NFC", text)
    for form in dict.fromkeys((text, escape(text), composed, apart, bare)):
        first = _WORD.search(form)
        if first is not None:
            yield form[first.start() :]


def _order(secret: Secret) -> tuple[int, str, str]:
    return -len(secret.text), secret.where.value, secret.text


def _goes_on(text: str, at: int) -> bool:
    """Whether a word goes on at this place, be it with an accent of its own."""
    if not 0 < at < len(text):
        return False
    if unicodedata.combining(text[at]):
        return True
    return _WORD.fullmatch(text[at - 1 : at + 1]) is not None
