"""What tells whose a text is, and where that is looked for, so that code stays as it is.

A name must be found, and code must not be changed because somebody is called Max. So '_', a
digit and mostly a new capital end a word, and there are found, in texts and in names of files:

- addresses, user names and student numbers ('model_adal.pth', '900042_hw2.zip');
- two names of one student side by side, in any order and case, with a separator or none
  ('Ada_Lovelace_HW2.pdf', 'lovelace, ada', 'AdaLovelaceHW2', 'adalovelace');
- one name with a capital ('by Lovelace', 'LovelaceNet'), in small letters only in names of files
  and folders ('hw2_lovelace.pdf');
- any of them as a folder behind /home/ and the like.

The last is all for a name that is a word of code or of our sentences (`words`: 'Max', 'Linear'),
but some of these are names where they stand alone with a capital, or in a file's name with one
(`NAMES_TOO`: 'Will', 'Mark_HW2.pdf'). Beside another name they are found, but in small letters
not before '.' or ',' ('max, stone'); two words ('Mark Page') only with capitals. A name of
two letters is found as 'Mark' is, and as a folder; one of three in names of files as well.

These are not found: 'mark_hw2.zip', 'lovelace' in a sentence or in code, initials, nicknames that
the roster does not have, names that run on in other letters ('alovelace', or Chinese, Japanese
and Korean ones in a sentence), user names of two letters outside of folders, and student numbers
of up to five digits outside of names of files.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator

from grader.authoring.classroom.scrubbing import Where
from grader.authoring.classroom.words import NAMES_TOO, WORDS

_COMMAS_AND_BLANKS = re.compile(r"[\s,.;_]+")
_SEAMS = re.compile(r"[^\w\u0300-\u036f]+")  # of 'Jean-Luc', "O'Neil" and '(Addie)'
_LETTERS_OR_DIGITS = re.compile(r"[^\W\d_]+|\d+")
_SHORTEST = 4  # characters: what is shorter is found in too many texts to be looked for anywhere
_SHORTEST_IN_FILES = 3
_SHORTEST_PIECE = 2
_SHORTEST_TOGETHER = 6  # of two names without anything between: 'liwu' may be a word
_SHORTEST_NUMBER = 6  # digits: shorter ones are sizes and counts
_SHORTEST_KEY = 5  # digits: a key with them is found beside '_'
_FEWEST_DIGITS = 2  # of a user's name such as 'cb17'; 'dx1' is a variable
_MOST_PIECES = 8  # of a name that are looked for side by side


def of_submission(text: str) -> Iterator[Where]:
    """Where a submission's key or file is looked for; a submission called 'pooling' is not."""
    words, digits = _taken_apart(text)
    if digits >= _SHORTEST_KEY:
        yield Where.AS_PIECE
    elif len(text) >= _SHORTEST and (digits or any(map(_is_own, words))):
        yield Where.AS_WRITTEN


def of_code(text: str) -> Iterator[Where]:
    """Where a user's name, a student's number or the name of a file is looked for.

    The less it looks like one, the fewer are the places.
    """
    words, digits = _taken_apart(text)
    size = digits + sum(map(_size, words))
    is_own = any(map(_is_own, words))
    may_be_own = any(map(_may_be_own, words))
    if size >= _SHORTEST_PIECE:
        yield Where.IN_HOMES
    if digits and not words:
        if digits >= _SHORTEST:
            yield Where.ANYWHERE if digits >= _SHORTEST_NUMBER else Where.IN_FILES
    elif digits >= _SHORTEST or (is_own and size >= _SHORTEST):
        yield Where.ANYWHERE if digits or len(words) > 1 else Where.AS_PIECE
    elif may_be_own and digits >= _FEWEST_DIGITS and size >= _SHORTEST:
        yield Where.ANYWHERE
    elif digits >= _FEWEST_DIGITS or (may_be_own and size >= _SHORTEST_IN_FILES):
        yield Where.IN_FILES
    elif may_be_own:
        yield Where.IN_PATHS


def of_name(name: str) -> Iterator[tuple[str, Where]]:
    """A name as it is written, its pieces, and any two of them side by side.

    It may be the name of a file, where nobody knows more.
    """
    last, _, first = name.partition(",")
    whole, turned = (_pieces(order) for order in (name, f"{first} {last}"))
    if len(whole) == 1 or any(map(str.isdigit, name)):
        yield from ((name, where) for where in of_code(name))
        for number in re.findall(r"\d+", name):
            if len(number) >= _SHORTEST_NUMBER:
                yield number, Where.ANYWHERE
    if len(whole) > 1 and name != name.lower():
        yield name, Where.AS_WRITTEN
    pieces = list(dict.fromkeys([*whole, *_parts(whole)]))
    for piece in pieces:
        yield from _alone(piece)
    pieces = [piece for piece in pieces if sum(map(_size, piece)) >= _SHORTEST_PIECE]
    sides = [
        one + other
        for one, other in itertools.permutations(pieces[:_MOST_PIECES], 2)
        if not {*one} & {*other}
    ]
    for words in dict.fromkeys([sum(whole, ()), sum(turned, ()), *sides]):
        if len(words) > 1:
            yield from _together(words)


def _parts(pieces: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """'JeanLuc', 'Jean' and 'Luc' of 'Jean-Luc'."""
    for piece in pieces:
        if len(piece) > 1:
            yield ("".join(piece),)
            yield from ((word,) for word in piece if _size(word) >= _SHORTEST_PIECE)


def _pieces(name: str) -> list[tuple[str, ...]]:
    """First, last and middle names, each in its words: 'Jean-Luc' has two."""
    pieces = [
        tuple(word for word in _SEAMS.split(piece) if word and not any(map(str.isdigit, word)))
        for piece in _COMMAS_AND_BLANKS.split(name)
    ]
    return [piece for piece in pieces if piece]


def _alone(piece: tuple[str, ...]) -> Iterator[tuple[str, Where]]:
    """A first, last or middle name: as a name, and as people call their folders and files."""
    text = " ".join(piece)
    if len(piece) > 1:
        if any(map(_is_own, piece)):
            yield text, Where.AS_NAME
            yield text, Where.IN_FILES
        return
    word, size = text.lower(), _size(text)
    if size < _SHORTEST_PIECE:
        return
    yield text, Where.IN_HOMES
    if word not in WORDS and size >= _SHORTEST:
        yield text, Where.AS_NAME
    elif (word not in WORDS or word in NAMES_TOO) and not text[0].islower():
        yield text, Where.AS_WRITTEN
        yield text.title(), Where.AS_WRITTEN
        yield text, Where.AS_FILE
    if word not in WORDS:
        yield text, Where.IN_FILES if size >= _SHORTEST_IN_FILES else Where.IN_PATHS


def _together(words: tuple[str, ...]) -> Iterator[tuple[str, Where]]:
    """Several names side by side, with and without something between them."""
    text, joined = " ".join(words), "".join(words)
    names = sum(_is_own(word) or word.lower() in NAMES_TOO for word in words)
    if joined.lower() in WORDS:
        joined = ""
    if names > 1 and any(map(_is_own, words)):
        yield text, Where.ANYWHERE
    elif any(map(_may_be_own, words)):
        yield text, Where.AS_PIECE
        yield text, Where.AS_NAME
        yield text, Where.IN_FILES
    else:  # 'Max Pool'
        yield text, Where.AS_WRITTEN
        yield ", ".join(words), Where.AS_WRITTEN
        yield text, Where.AS_FILE
        yield joined, Where.IN_HOMES
        return
    yield joined, Where.ANYWHERE if len(joined) >= _SHORTEST_TOGETHER else Where.IN_FILES


def _taken_apart(text: str) -> tuple[list[str], int]:
    """The words of a text in small letters, and how many digits it has."""
    pieces = _LETTERS_OR_DIGITS.findall(text)
    words = [piece.lower() for piece in pieces if not piece.isdecimal()]
    return words, sum(len(piece) for piece in pieces if piece.isdecimal())


def _is_own(word: str) -> bool:
    """Whether this is long enough for a name, and none of our words."""
    return _size(word) >= _SHORTEST_IN_FILES and word.lower() not in WORDS


def _may_be_own(word: str) -> bool:
    """Whether this is no initial, and none of our words."""
    return _size(word) >= _SHORTEST_PIECE and word.lower() not in WORDS


def _size(word: str) -> int:
    """How many letters it has; a sign without small and capital forms tells as much as two."""
    return sum(1 if char.lower() != char.upper() else 2 for char in word)
