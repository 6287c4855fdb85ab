"""The report's section on similarity: groups and pairs with their shared lines, and checkpoints."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from jinja2 import Environment
from markupsafe import Markup

from grader.authoring.classroom import html, records
from grader.authoring.classroom.records import ClassError, Record
from grader.authoring.classroom.report import names as naming
from grader.authoring.classroom.report import percent
from grader.authoring.classroom.report.names import Names, Who
from grader.authoring.classroom.report.sections import Section
from grader.authoring.classroom.similarity import alignment, owners, pairs, twins
from grader.authoring.classroom.similarity.alignment import Match, Place
from grader.authoring.classroom.similarity.extraction import Code, Features, load
from grader.authoring.classroom.similarity.pairs import Pair
from grader.authoring.classroom.similarity.tokens import without_prose
from grader.authoring.classroom.similarity.twins import Twins
from grader.authoring.classroom.similarity.winnowing import Array, W
from grader.text import clean

TITLE = "Similarity"
NOTE = (
    "A place to look, not a verdict: short tasks have few right answers, and people who learn "
    "together write alike. Read the lines, and talk with the students, before you conclude."
)
MOST_SHOWN = 25
"""Entries with their lines; more are only listed."""
MOST_LISTED = 200
MOST_LINES = 160
LONGEST_LINE = 140
TOKENS_OF_ONE = (W + 1) / 2

_TEMPLATES = Path(__file__).with_name("templates")
_KINDS = {
    "identical": "the same weights, byte for byte",
    "reordered": "the same weights in another order",
    "close": "nearly the same weights",
    "partly": "most of the weights are the same, or nearly",
}


@dataclass(frozen=True)
class Entry:
    """A group or a pair as the template shows it.

    `keys` are of its members, `pair` of the two with most in common: about `tokens`, which are
    `share` of the smaller one and `file_share` of a file of one of them; `matches` are the lines.
    """

    keys: list[str]
    pair: tuple[str, str]
    tokens: int
    share: float
    file_share: float
    path: str
    matches: list[Match]
    lines_left_out: int = 0


def of(out: Path, *, anonymous: bool = False) -> Section:
    """The section of the class in `out`.

    Raises ClassError where `out` holds no class, or damaged records; one whose features are
    damaged is named in it.
    """
    everybody = list(records.each(out))
    names = naming.of(out, everybody, anonymous=anonymous)
    graded = sorted(everybody, key=lambda record: names.folder(record.key))
    with_features, damaged = _loaded(out, graded)
    keys = [record.key for record, _ in with_features]
    people = [owners.identities(record) for record, _ in with_features]
    all_features = [found for _, found in with_features]
    found = pairs.find(all_features, people)
    chosen = list(_entries(found.pairs, len(keys)))
    entries: list[Entry] = []
    for members, pair in chosen[:MOST_LISTED]:
        shown = len(entries) < MOST_SHOWN
        pair_keys = (keys[pair.one], keys[pair.other])
        matches = (
            _matches(out, pair_keys, None if pair.equal else found.rare, names) if shown else []
        )
        entries.append(_entry([keys[member] for member in members], keys, pair, matches, names))
    alike = twins.find(all_features, people)
    html = (
        _environment()
        .get_template("similarity.html.j2")
        .render(
            names=names,
            entries=entries,
            more=len(chosen) - len(entries),
            shown=MOST_SHOWN,
            compared=len(keys),
            not_compared=len(graded) - len(keys) - len(damaged),
            cut=[record.key for record, features in with_features if features.cut],
            damaged=[Who(names.folder(key), names.who(key).href) for key in damaged],
            common=owners.most_common(owners.owners(people)),
            twins=[_row(group, keys, names) for group in alike[:MOST_LISTED]],
            more_twins=max(0, len(alike) - MOST_LISTED),
        )
    )
    return Section(TITLE, Markup(html), NOTE)  # noqa: S704  the template escapes all texts


def _loaded(out: Path, graded: Sequence[Record]) -> tuple[list[tuple[Record, Features]], list[str]]:
    """The records that have features, with these, and the keys of those whose are damaged."""
    found, damaged = [], []
    for record in graded:
        try:
            features = load(out, record.key)
        except ClassError:
            damaged.append(record.key)
            continue
        if features is not None:
            found.append((record, _without_sources(features)))
    return found, damaged


def _without_sources(found: Features) -> Features:
    """What is compared; the sources of a whole class would fill the memory."""
    return replace(found, code=tuple(replace(entry, source="") for entry in found.code))


def _entries(found: Sequence[Pair], count: int) -> Iterator[tuple[list[int], Pair]]:
    """Pairs with most in common first; all those of a group at the place of its first one."""
    group_of: dict[int, int] = {}
    members = pairs.groups(count, found)
    for number, group in enumerate(members):
        group_of.update(dict.fromkeys(group, number))
    seen = set()
    for pair in found:
        number = group_of.get(pair.one, -1)
        if number < 0 or number != group_of.get(pair.other):
            yield [pair.one, pair.other], pair
        elif number not in seen:
            seen.add(number)
            yield members[number], pair


def _matches(out: Path, keys: tuple[str, str], rare: Array | None, names: Names) -> list[Match]:
    """The lines in common of two submissions, whose sources are read once more."""
    left, right = (_sources(out, key, names) for key in keys)
    return alignment.matches(left, right, rare)


def _sources(out: Path, key: str, names: Names) -> list[Code]:
    found = load(out, key)
    code = () if found is None else found.code
    if not names.anonymous:
        return list(code)
    return [replace(entry, source=without_prose(entry.source)) for entry in code]


def _entry(
    members: list[str], keys: Sequence[str], pair: Pair, matches: list[Match], names: Names
) -> Entry:
    shown: list[Match] = []
    lines = 0
    # the longest ones are shown where there is no room for all
    for match in sorted(matches, key=lambda match: -match.tokens):
        longer = max(len(match.left.lines), len(match.right.lines))
        if lines + longer <= MOST_LINES:
            shown.append(match)
            lines += longer
    left_out = sum(len(match.left.lines) for match in matches if match not in shown)
    return Entry(
        keys=members,
        pair=(keys[pair.one], keys[pair.other]),
        tokens=round(pair.shared * TOKENS_OF_ONE),
        share=pair.share,
        file_share=pair.file_share,
        path=_safe_path(pair.path, names),
        matches=[
            Match(_safe(match.left, names), _safe(match.right, names), match.tokens)
            for match in matches
            if match in shown
        ],
        lines_left_out=left_out,
    )


def _row(group: Twins, keys: Sequence[str], names: Names) -> tuple[str, bool, list[str], list[str]]:
    """What checkpoints have in common, whether that is common, whose they are, and their names."""
    members = [keys[number] for number in dict.fromkeys(number for number, _ in group.members)]
    files = {_safe_path(PurePosixPath(path).name, names) for _, path in group.members}
    return _KINDS[group.kind], group.common, members, sorted(files)


def _safe(place: Place, names: Names) -> Place:
    """What may be shown of a place: no control characters, nothing endless, scrubbed, dedented."""
    lines = []
    texts = [clean(text).replace("\n", " ").expandtabs(4).rstrip() for _, text in place.lines]
    indent = min(len(text) - len(text.lstrip()) for text in texts)
    for (number, _), text in zip(place.lines, texts, strict=True):
        line = names.scrub(text[indent:])
        longer = len(line) > LONGEST_LINE
        lines.append((number, f"{line[:LONGEST_LINE]}…" if longer else line))
    return Place(_safe_path(place.path, names), tuple(lines))


def _safe_path(path: str, names: Names) -> str:
    return names.scrub(clean(path).replace("\n", " "))[:LONGEST_LINE]


@functools.lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = html.environment(_TEMPLATES)
    environment.filters["percent"] = percent.counted
    environment.filters["plain"] = lambda text: " ".join(clean(str(text)).split())[:LONGEST_LINE]
    return environment
