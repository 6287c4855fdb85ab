"""Find pieces of solutions in other files: as code, in comments, docstrings and prose.

Texts are compared as tokens of no language in particular: words, numbers and single signs.
White space, comment signs, `>>>` prompts, quotes and backslashes are none, so that a copy
is found when it is commented out, indented or wrapped in another way, or kept in a string
or a notebook. Each text is read twice, once without what follows a '#', so that neither
comments that were added nor such as were dropped hide a copy.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from grader.authoring.stripping import Solution

RUN = 12
"""So many tokens in a row are a leak; fewer may be the same by chance."""
SHORTEST_BLOCK = 6
"""A shorter block, such as `return x * 2`, says too little to be looked for as a whole."""

_TOKEN = re.compile(r"[^\W\d]\w*|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[^\w\s]")
_PROMPT = re.compile(r"^\s*(?:>+|\.\.\.(?=\s|$))")
_LINE_END_IN_STRING = re.compile(r"\\[nrt][\"']?,?")
_DROPPED = re.compile(r"[#\"'`\\]")
_COMMENT = re.compile(r"#.*")
_CLOSING = {")", "]", "}"}
_EXCERPT = 70


class Token(NamedTuple):
    """One token and its line, from 1."""

    text: str
    line: int


Words: TypeAlias = tuple[str, ...]


@dataclass(frozen=True)
class Leak:
    """Where `file` holds `tokens` tokens in a row of `source`; `line` is where they begin."""

    file: str
    line: int
    tokens: int
    excerpt: str
    source: Solution

    def __str__(self) -> str:
        return (
            f"{self.file}:{self.line}: {self.tokens} tokens in a row are in the solution at "
            f"{self.source.file}:{self.source.line}, too: {self.excerpt}"
        )


def find_leaks(
    solutions: Iterable[Solution],
    files: Mapping[str, bytes],
    given: Collection[str] = (),
) -> list[Leak]:
    """Every run of RUN or more tokens of a solution in one of `files`.

    A shorter solution is looked for as a whole. Of the files that are `given`, by name,
    only the comments count: their code may do what a solution does as well, and everybody
    has it. Files that hold null bytes are no text.
    """
    index: dict[Words, Solution] = {}
    for solution in solutions:
        for text in _readings(solution.text):
            for run in _runs([token.text for token in tokens_of(text)]):
                index.setdefault(run, solution)
    return [
        leak
        for name, content in files.items()
        if b"\0" not in content
        for leak in _leaks_in(name, content.decode("utf-8", "replace"), index, name in given)
    ]


def tokens_of(text: str) -> list[Token]:
    """The tokens of a text in any language."""
    found = []
    for number, line in enumerate(text.split("\n"), start=1):
        bare = _DROPPED.sub(" ", _LINE_END_IN_STRING.sub(" ", _PROMPT.sub("", line)))
        found += [Token(token, number) for token in _TOKEN.findall(bare)]
    # A formatter adds and removes the comma behind the last argument.
    return [
        token
        for token, following in zip(found, [*found[1:], Token("", 0)])
        if not (token.text == "," and following.text in _CLOSING)
    ]


def _readings(text: str) -> list[str]:
    """The text as it is, and without comments, its lines ended alike."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return list(dict.fromkeys([text, _COMMENT.sub("", text)]))


def _comments_of(text: str) -> str:
    """What follows a '#', each in its own line."""
    return "\n".join(line.partition("#")[2] for line in text.split("\n"))


def _runs(words: list[str]) -> Iterator[Words]:
    """Each run of RUN tokens; a block that is shorter, as a whole."""
    length = min(RUN, len(words))
    if length >= SHORTEST_BLOCK:
        for start in range(len(words) - length + 1):
            yield tuple(words[start : start + length])


def _leaks_in(
    name: str, text: str, index: Mapping[Words, Solution], is_given: bool
) -> Iterator[Leak]:
    """The leaks in one file, each once, whichever reading shows it."""
    seen: set[tuple[int, Solution]] = set()
    readings = _readings(text)
    for reading in [_comments_of(readings[0])] if is_given else readings:
        for found, source in _matches(tokens_of(reading), index):
            lines = {(token.line, source) for token in found}
            if not lines & seen:
                shown = " ".join(token.text for token in found)
                excerpt = shown if len(shown) <= _EXCERPT else f"{shown[:_EXCERPT]}..."
                yield Leak(name, found[0].line, len(found), excerpt, source)
            seen |= lines


def _matches(
    tokens: list[Token], index: Mapping[Words, Solution]
) -> Iterator[tuple[list[Token], Solution]]:
    """Stretches of tokens that a solution has, too, as long as they go."""
    words = [token.text for token in tokens]
    lengths = {len(run) for run in index}
    start = 0
    while start < len(words):
        for length in lengths:
            source = index.get(tuple(words[start : start + length]))
            if source is None:
                continue
            first = start
            while tuple(words[start + 1 : start + 1 + length]) in index:
                start += 1
            yield tokens[first : start + length], source
            break
        start += 1
