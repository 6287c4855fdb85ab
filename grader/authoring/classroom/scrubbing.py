"""Texts without what tells who somebody is: names, addresses, numbers, files.

Letters and digits are words of their own, and '_' ends both. Where a new capital begins in the
middle of letters ("AdaLovelaceHW2"), a word may begin as well: `Where` says which secrets are
looked for there, and which only where nothing else could be meant. Inside of digests, long codes
and decimals nothing is looked for.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, IntEnum, auto
from typing import Any

from grader.text import escape

SOMEBODY = "somebody"
"""What takes the place of a text that may stand for several."""

_MARKS = "\u0300-\u036f"  # accents that stand apart from their letter
_WORD = re.compile(rf"([^\W\d_]+(?:[{_MARKS}]+[^\W\d_]*)*|\d+)")
_CAPITALS = "".join(char for char in map(chr, range(0x2000)) if char.isupper())
_SMALL = rf"(?:[^\W\d_{_CAPITALS}]|[{_MARKS}])"
_HUMP = re.compile(rf"[{_CAPITALS}]?{_SMALL}+|[{_CAPITALS}]+(?!{_SMALL})")
_MOST_HUMPS = 4  # of one name: 'McDonald' has two

_BARE = str.maketrans({
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ø": "o", "Ø": "O",
    "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "\u0131": "i",
})  # fmt: skip
_GERMAN = str.maketrans({
    "ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss",
})  # fmt: skip

_BETWEEN = re.compile(r"[\W_]*")
_ANY_SEPARATOR = re.compile(r"(?:%20|[\s_.,;&+/\\'\"`\u00b4\u2018\u2019\u201c\u201d()-]){0,4}")
_PLAIN_SEPARATOR = re.compile(r"\\?_|-|%20|\s{1,2}")

_HOME = re.compile(r"(?:(?:^|[/\\])(?:home|homes|nethome|users|mydrive)[/\\]+|~)\Z", re.IGNORECASE)
_LONGEST_HOME = 32
_NOT_IN_PATHS = re.compile(r"[^\w.~/\\%+@#$-]")
_DRIVE = re.compile(r"(?<!\w)[A-Za-z]:\\")
_FILE = re.compile(
    r"\.(?:py|ipynb|pyc|pth?|ckpt|pkl|h5|np[yz]|zip|7z|rar|tar|t?gz|pdf|docx?|pptx?|odt|txt|md|rtf|"
    r"png|jpe?g|gif|svg|csv|json|ya?ml|toml|html?)(?![\w(])",
    re.IGNORECASE,
)
_LONGEST_PATH = 300
_FEWEST_FOLDERS = 3  # of a path that begins nowhere: 'loss/count' is a quotient
_SLASHES = ("/", "\\", "~")

_CODE = re.compile(r"[^\W_]*")
_LONGEST_NAME = 48  # letters and digits in a row; what is longer was written by a program
_DIGEST = re.compile(r"(?=.*\d)[0-9a-f]{10,}|(?=.*\d)[0-9A-F]{10,}")
_WHOLE_NUMBER = re.compile(r"(?:^|[^\w.])\d+\.\Z")

# Words of ours under these names: a submission that is called 'wrong' must not change them.
_FIXED = frozenset({
    "number", "part", "status", "reason", "domain", "outcome", "families", "level",
    "points", "max_points", "score", "penalty", "visibility", "stdout_visibility",
    "output_format", "name_format", "test_output_format", "test_name_format",
})  # fmt: skip


class Where(Enum):
    """Where a secret is looked for; a blank in one stands for what may separate names."""

    ANYWHERE = "in any case, up to '_', a digit or a new capital"
    AS_PIECE = "in any case, up to '_' or a digit, its words apart by a blank, '_' or '-'"
    AS_NAME = "with capitals, up to '_', a digit or a new capital"
    AS_WRITTEN = "exactly so, no letter, digit or '_' beside it"
    AS_FILE = "with capitals, up to '_' or a digit, in names of files and folders"
    IN_FILES = "in any case, up to '_' or a digit, in names of files and folders"
    IN_PATHS = "as the name of a folder, or of a file up to its ending, behind a slash"
    IN_HOMES = "up to '_' or a digit, where people have their folders: behind /home/"


_WITH_CAPITALS = (Where.AS_NAME, Where.AS_FILE)
_IN_FILES = (Where.AS_FILE, Where.IN_FILES)
_BEHIND_SLASHES = (Where.IN_PATHS, Where.IN_HOMES)


@dataclass(frozen=True)
class Secret:
    """A text that tells who somebody is, and the label that takes its place."""

    text: str
    label: str
    where: Where = Where.ANYWHERE


class Scrubber:
    """Puts labels in the place of secrets."""

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        """Of several secrets that could stand at one place the longest counts."""
        sought: dict[tuple[str, Where], _Sought] = {}
        for secret in secrets:
            for text in _forms(secret.text):
                exact = secret.where is Where.AS_WRITTEN
                place = (text if exact else text.lower(), secret.where)
                known = sought.get(place)
                if known is None:
                    sought[place] = _Sought.of(text, secret)
                elif known.label != secret.label:
                    known.label = SOMEBODY
        # By their first words, the second '' where there is none: a class has thousands, and
        # texts are long.
        self._by_words: dict[str, dict[str, list[_Sought]]] = {}
        for one in sought.values():
            second = one.rest[0][1] if one.rest else ""
            self._by_words.setdefault(one.first, {}).setdefault(second, []).append(one)

    def text(self, text: str) -> str:
        """The text with labels in place of all secrets."""
        parts = _WORD.split(text)
        # One pass over all words, and a look at few: most are no name's and have no hump.
        known = self._by_words
        told = [
            at
            for at, word in enumerate(parts[1::2])
            if (low := word.lower()) in known
            or (word != low and not word.istitle() and not word.isupper())
        ]
        if not told:
            return text
        starts = list(itertools.accumulate(map(len, parts)))
        pieces, end = [], 0
        for at in told:
            begin = starts[2 * at]
            for start, ends in _humps(parts[2 * at + 1], begin):
                if start >= end:
                    stop, label = self._longest(text, start, ends)
                    if label:
                        pieces += [text[end:start], label]
                        end = stop
        return "".join([*pieces, text[end:]]) if pieces else text

    def json(self, document: Any) -> Any:
        """A JSON value with all of its texts scrubbed; what only we write stays as it is.

        So do the names of an object's members, unless they are none of ours: paths, say.
        """
        if isinstance(document, str):
            return self.text(document)
        if isinstance(document, dict):
            return {
                key if key.isidentifier() and key.islower() else self.text(key): (
                    value if key in _FIXED else self.json(value)
                )
                for key, value in document.items()
            }
        if isinstance(document, (list, tuple)):
            return [self.json(item) for item in document]
        return document

    def _longest(self, text: str, start: int, ends: Iterable[int]) -> tuple[int, str]:
        """Where the longest secret ends that begins at `start`, and its label; '' if none does.

        `ends` are where its first word may end. What may be one's or another's is somebody's.
        """
        longest, label = start, ""
        for end in ends:
            by_second = self._by_words.get(text[start:end].lower())
            for one in () if by_second is None else _beginning(by_second, text, end):
                stop = one.stands(text, start, end)
                if stop > longest:
                    longest, label = stop, one.label
                elif stop == longest and one.label != label and label:
                    label = SOMEBODY
        return longest, label


@dataclass
class _Sought:
    """One form of a secret, ready to be looked for: `rest` are its further words.

    Each of those has what stands before it, and how long it is.
    """

    text: str
    label: str
    where: Where
    first: str
    rest: list[tuple[str, str, int]]

    @classmethod
    def of(cls, text: str, secret: Secret) -> _Sought:
        """`text` begins and ends with a word."""
        _, first, *others = _WORD.split(text)
        rest = [
            (between.replace("\\", ""), word.lower(), len(word))
            for between, word in zip(others[::2], others[1::2])
            if word
        ]
        return cls(text, secret.label, secret.where, first.lower(), rest)

    def stands(self, text: str, start: int, end: int) -> int:
        """Where it ends if it stands in `text` at `start`, its first word up to `end`; else -1."""
        if self.where in _BEHIND_SLASHES and not text.endswith(_SLASHES, 0, start):
            return -1
        begins, stop = [start], end
        for between, word, length in self.rest:
            at = self._behind(text, stop, between)
            stop = at + length
            if at < 0 or text[at:stop].lower() != word:
                return -1
            begins.append(at)
        edge = min(_edge(text, start), _edge(text, stop))
        found = (
            edge >= _EDGES.get(self.where, _Edge.PIECE)
            and self._is_written_so(text, begins, stop)
            and self._is_placed_so(text, start, stop)
            and not _is_in_decimal(text, start, stop)
            and (edge is _Edge.WHOLE or not _is_in_code(text, start, stop))
        )
        return stop if found else -1

    def _behind(self, text: str, at: int, between: str) -> int:
        """Where the next word begins if `between` stands at `at`; else -1."""
        if between == " " and self.where is not Where.AS_WRITTEN:
            plain = self.where is Where.AS_PIECE
            found = (_PLAIN_SEPARATOR if plain else _ANY_SEPARATOR).match(text, at)
            return -1 if found is None else found.end()
        found = _BETWEEN.match(text, at)
        is_there = found is not None and found[0].replace("\\", "") == between  # or escaped
        return found.end() if found is not None and is_there else -1

    def _is_written_so(self, text: str, begins: Sequence[int], stop: int) -> bool:
        """Whether capital and small letters are as they must be; words begin at `begins`."""
        if self.where is Where.AS_WRITTEN:
            return text[begins[0] : stop].replace("\\", "") == self.text.replace("\\", "")
        if self.where in _WITH_CAPITALS:
            return not any(text[at].islower() for at in begins)
        return True

    def _is_placed_so(self, text: str, start: int, stop: int) -> bool:
        """Whether it stands where it is looked for."""
        if self.where in _IN_FILES or (self.where is Where.IN_PATHS and text[start - 1] != "~"):
            return _is_in_path(text, start, stop)
        return self.where not in _BEHIND_SLASHES or _is_home(text, start, stop)


def _forms(text: str) -> Iterator[str]:
    """The ways to write a text, each from its first word to its last.

    As it is, as Markdown escapes it, with accents composed or apart (as file systems have
    them), and without.
    """
    forms = [text]
    if not text.isascii():
        apart = unicodedata.normalize("NFD", text.translate(_BARE))
        bare = "".join(char for char in apart if not unicodedata.combining(char))
        composed = unicodedata.normalize("NFC", text)
        forms += [composed, unicodedata.normalize("NFD", text), bare, composed.translate(_GERMAN)]
    if "&" in text or "<" in text:
        forms.append(escape(text))
    for form in dict.fromkeys(forms):
        parts = _WORD.split(form)
        if len(parts) > 1:
            yield "".join(parts[1:-1])


def _humps(word: str, begin: int) -> Iterator[tuple[int, list[int]]]:
    """Where a secret may begin in a word that stands at `begin`, and its own first word end."""
    whole = begin + len(word)
    is_plain = word.islower() or word.istitle() or word.isupper() or word.isdecimal()
    if is_plain or len(word) > _LONGEST_NAME:
        yield begin, [whole]
        return
    ends = [begin + hump.end() for hump in _HUMP.finditer(word)] or [whole]
    starts = [begin, *ends[:-1]]
    for number, start in enumerate(starts):
        yield start, list(dict.fromkeys([*ends[number : number + _MOST_HUMPS], ends[-1]]))


def _beginning(by_second: dict[str, list[_Sought]], text: str, at: int) -> Iterable[_Sought]:
    """Those whose first word ends at a place, and whose second, if they have one, is there."""
    alone = by_second.get("", [])
    if len(by_second) == bool(alone):
        return alone
    return itertools.chain(alone, *(by_second.get(word, ()) for word in _words_behind(text, at)))


def _words_behind(text: str, at: int) -> Iterator[str]:
    """What the word behind a place may be, in small letters."""
    between = _BETWEEN.match(text, at)
    begin = at + len("%20") if text.startswith("%20", at) else between.end() if between else at
    word = _WORD.match(text, begin)
    if word is not None:
        _, ends = next(_humps(word[0], begin))
        yield from (text[begin:end].lower() for end in ends)


class _Edge(IntEnum):
    """How surely a word ends at a place."""

    NONE = auto()
    HUMP = auto()  # a new capital begins
    PIECE = auto()  # '_', or a digit beside a letter
    WHOLE = auto()


_EDGES = {
    Where.ANYWHERE: _Edge.HUMP,
    Where.AS_NAME: _Edge.HUMP,
    Where.AS_WRITTEN: _Edge.WHOLE,
    Where.IN_PATHS: _Edge.WHOLE,
}


def _edge(text: str, at: int) -> _Edge:
    """How surely a word begins or ends in `text` at `at`."""
    if not 0 < at < len(text):
        return _Edge.WHOLE
    before, after = text[at - 1], text[at]
    if not (after.isalnum() or after == "_"):
        return _Edge.NONE if unicodedata.combining(after) else _Edge.WHOLE
    if not (before.isalnum() or before == "_"):
        return _Edge.WHOLE
    if "_" in (before, after) or before.isdecimal() is not after.isdecimal():
        return _Edge.PIECE
    if after.isupper() and (before.islower() or text[at + 1 : at + 2].islower()):
        return _Edge.HUMP
    return _Edge.NONE


def _is_home(text: str, start: int, stop: int) -> bool:
    """Whether this is the name of somebody's own folder."""
    found = _HOME.search(text, max(0, start - _LONGEST_HOME), start)
    if found is None:
        return False
    return found[0] != "~" or text.startswith(("/", "\\"), stop)  # '~mask' is an expression


def _is_in_path(text: str, start: int, stop: int) -> bool:
    """Whether this is in the name of a file or folder, and no operand of a division."""
    before = text[max(0, start - _LONGEST_PATH) : start]
    after = _NOT_IN_PATHS.split(text[stop : stop + _LONGEST_PATH], maxsplit=1)[0]
    path = _NOT_IN_PATHS.split(before)[-1] + text[start:stop] + after
    if _FILE.search(text, stop, stop + len(after) + 1):
        return True
    if _DRIVE.search(before):
        path = path.replace("\\", "/")
    folders = sum(bool(name) and not name.isdecimal() for name in path.split("/"))
    return folders >= _FEWEST_FOLDERS - path.startswith(("/", "~/"))


def _is_in_decimal(text: str, start: int, stop: int) -> bool:
    """Whether these are the digits behind a decimal point."""
    if text[start - 1 : start] != "." or not text[start:stop].isdecimal():
        return False
    return _WHOLE_NUMBER.search(text, max(0, start - _LONGEST_NAME), start) is not None


def _is_in_code(text: str, start: int, stop: int) -> bool:
    """Whether this is a piece of a digest, or of another long code."""
    before = _CODE.match(text[max(0, start - _LONGEST_NAME) : start][::-1])
    after = _CODE.match(text, stop, stop + _LONGEST_NAME)
    lead, trail = (0 if found is None else len(found[0]) for found in (before, after))
    code = text[start - lead : stop + trail]
    return len(code) > _LONGEST_NAME or _DIGEST.fullmatch(code) is not None
