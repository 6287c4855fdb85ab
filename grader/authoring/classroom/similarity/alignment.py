"""The lines that two submissions share, side by side.

Every fingerprint that both have is a seed: from it the match is extended to both sides as long
as the tokens are equal. Longer matches are taken first, and no token twice, as in Wise, *String
Similarity via Greedy String Tiling and Running Karp-Rabin Matching*, 1993.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

import numpy as np

from grader.authoring.classroom.similarity.extraction import Code
from grader.authoring.classroom.similarity.tokens import Token, tokens
from grader.authoring.classroom.similarity.winnowing import Array, K, among, grams

MOST_OCCURRENCES = 8
"""Of one fingerprint in one submission: of one that repeats itself, the first are tried."""
_MOST_OF_LINE = 100  # tokens beyond a match that may belong to its first or last line


@dataclass(frozen=True)
class Place:
    """The lines, as numbers from 1 and texts, of which more than half the tokens are matched.

    Where no line is, all that hold a matched token.
    """

    path: str
    lines: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Match:
    """The same `tokens` tokens in a row in both submissions."""

    left: Place
    right: Place
    tokens: int


@dataclass(frozen=True)
class _Text:
    path: str
    lines: list[str]
    tokens: list[Token]


@dataclass(frozen=True)
class _Run:
    """`count` equal tokens: from `start` on in file `file`, and likewise in the other one."""

    file: int
    start: int
    other_file: int
    other_start: int
    count: int


_Places = dict[int, list[tuple[int, int]]]


def matches(one: Sequence[Code], other: Sequence[Code], rare: Array | None) -> list[Match]:
    """What two submissions have in common, in the order of the files and lines of `one`.

    `rare` (n,) are the fingerprints that count, rising; None: all do. Files whose source was not
    kept have no matches.
    """
    left, right = ([_text(entry) for entry in code if entry.source] for code in (one, other))
    shared = _fingerprints(one) & _fingerprints(other)
    if rare is not None:
        hashes = np.array(sorted(shared), np.int64)
        shared = frozenset(hashes[among(hashes, rare)].tolist())
    runs = _runs(left, right, _places(left, shared), _places(right, shared))
    return [
        Match(
            _place(left[run.file], run.start, run.count),
            _place(right[run.other_file], run.other_start, run.count),
            run.count,
        )
        for run in sorted(_tiled(runs, left, right), key=lambda run: (run.file, run.start))
    ]


def _text(entry: Code) -> _Text:
    return _Text(entry.path, entry.source.split("\n"), tokens(entry.source))


def _fingerprints(code: Sequence[Code]) -> frozenset[int]:
    return frozenset(value for entry in code for value in entry.fingerprints)


def _places(texts: Sequence[_Text], shared: AbstractSet[int]) -> _Places:
    """Where each of the `shared` fingerprints stands: file and token."""
    found: _Places = {}
    for number, text in enumerate(texts):
        for at, value in enumerate(grams([token.text for token in text.tokens]).tolist()):
            if value in shared:
                places = found.setdefault(value, [])
                if len(places) < MOST_OCCURRENCES:
                    places.append((number, at))
    return found


def _runs(
    left: Sequence[_Text], right: Sequence[_Text], here: _Places, there: _Places
) -> Iterator[_Run]:
    """All matches that cannot be extended, each once."""
    reached: dict[tuple[int, int, int], int] = {}  # by files and distance: where the last one ends
    seeds = [
        (file, start, other_file, other_start)
        for value, places in here.items()
        for file, start in places
        for other_file, other_start in there.get(value, ())
    ]
    for file, start, other_file, other_start in sorted(seeds):
        diagonal = file, other_file, start - other_start
        if start < reached.get(diagonal, 0):
            continue
        run = _extended(
            left[file].tokens,
            right[other_file].tokens,
            _Run(file, start, other_file, other_start, 0),
        )
        reached[diagonal] = run.start + run.count
        if run.count >= K:  # fewer: two runs with one hash
            yield run


def _extended(ours: Sequence[Token], theirs: Sequence[Token], seed: _Run) -> _Run:
    """The longest run of equal tokens through the seed."""
    before = 0
    for one, other in zip(
        reversed(ours[: seed.start]), reversed(theirs[: seed.other_start]), strict=False
    ):
        if one.text != other.text:
            break
        before += 1
    after = 0
    for one, other in zip(ours[seed.start :], theirs[seed.other_start :], strict=False):
        if one.text != other.text:
            break
        after += 1
    return replace(
        seed,
        start=seed.start - before,
        other_start=seed.other_start - before,
        count=before + after,
    )


def _tiled(runs: Iterator[_Run], left: Sequence[_Text], right: Sequence[_Text]) -> Iterator[_Run]:
    """Runs in which no token is twice, the longest ones first; one that overlaps is cut."""
    ours = [bytearray(len(text.tokens)) for text in left]
    theirs = [bytearray(len(text.tokens)) for text in right]
    for whole in sorted(runs, key=lambda run: -run.count):
        taken, other_taken = ours[whole.file], theirs[whole.other_file]
        run = _cut(whole, taken, other_taken)
        if run.count < K:
            continue
        taken[run.start : run.start + run.count] = b"\1" * run.count
        other_taken[run.other_start : run.other_start + run.count] = b"\1" * run.count
        yield run


def _cut(run: _Run, taken: bytearray, other_taken: bytearray) -> _Run:
    """The longest piece of a run in which nothing is taken."""
    both = zip(
        taken[run.start : run.start + run.count],
        other_taken[run.other_start : run.other_start + run.count],
        strict=True,
    )
    free = bytes(not (one or other) for one, other in both)
    longest = max(free.split(b"\0"), key=len)
    at = free.find(longest)
    return replace(run, start=run.start + at, other_start=run.other_start + at, count=len(longest))


def _place(text: _Text, start: int, count: int) -> Place:
    matched = Counter(token.line for token in text.tokens[start : start + count])
    near = text.tokens[max(0, start - _MOST_OF_LINE) : start + count + _MOST_OF_LINE]
    whole = Counter(token.line for token in near)
    numbers = [line for line in sorted(matched) if 2 * matched[line] > whole[line]]
    numbers = numbers or sorted(matched)
    return Place(text.path, tuple((number, text.lines[number - 1]) for number in numbers))
