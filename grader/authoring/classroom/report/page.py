"""The report of a class as one HTML file, from templates that escape everything."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from grader.assignment import Assignment
from grader.authoring.classroom import html
from grader.authoring.classroom.records import Basis, Record
from grader.authoring.classroom.report import (
    clusters,
    figures,
    markdown,
    near_misses,
    percent,
    statistics,
    troubles,
)
from grader.authoring.classroom.report.names import Names
from grader.authoring.classroom.report.sections import Section
from grader.exporters import summary
from grader.exporters.points import shown
from grader.text import clean, inline

TEMPLATES = Path(__file__).with_name("templates")
MOST_CLUSTERS = 40
MOST_CASES = 30
_LONGEST = 600
_LONGEST_NAME = 80  # of a group's names
_MANY_SECONDS = 10
_LONGEST_MOMENT = 40
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::\d\d(?:\.\d+)?)? ?(Z|UTC|[+-]\d\d:?\d\d|)"
)
_DIGITS = 10  # of a digest: two of them are told apart by eye
_OF_ONE_KIND = 3  # sizes: with fewer, all have trained the network that was given


def report(
    records: Sequence[Record],
    names: Names,
    assignment: Assignment,
    sections: Sequence[Section] = (),
    earlier: Sequence[Record] = (),
) -> str:
    """The whole page; `records` name nobody where `names` are anonymous.

    `earlier` were handed in by students who did so again: they are listed, and count nowhere.
    """
    found = clusters.find(records)
    last = near_misses.last_cases(records)
    whole = statistics.whole(records)
    return render(
        "report.html.j2",
        title=assignment.title,
        names=names,
        whole=whole,
        dates=sorted(record.graded_at for record in records if record.graded_at),
        bases=_bases(records),
        histogram=figures.histogram(whole.points, whole.most) if whole.points else None,
        checks=statistics.checks(records),
        clusters=found[:MOST_CLUSTERS],
        several_seeds=len({run.tape_seed for _, run in statistics.graded(records)}) > 1,
        more_clusters=len(found) - MOST_CLUSTERS,
        networks=_networks(records, names),
        measured=_is_measured(records),
        thresholds=near_misses.thresholds(records),
        near=100 * near_misses.NEAR,
        last_cases=last[:MOST_CASES],
        more_cases=len(last) - MOST_CASES,
        bites=troubles.bites(records),
        ungraded=troubles.ungraded(records),
        flags=troubles.flags(records),
        late=troubles.late(records),
        undated=troubles.undated(records),
        sections=sections,
        parts={part.number: part.title for part in assignment.parts if part.points},
        earlier=[record.key for record in earlier],
        submissions=_submissions([*records, *earlier], names, len(records)),
    )


def render(template: str, **values: Any) -> str:
    """A page from one of the templates."""
    return _environment().get_template(template).render(**values)


@functools.lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = html.environment(TEMPLATES)
    environment.filters |= {
        "block": markdown.block,
        "line": lambda text: markdown.line(_cut(text)),
        "plain": lambda text: _cut(" ".join(clean(str(text)).split())),
        "name": lambda text: _cut(" ".join(clean(text).split()), _LONGEST_NAME),
        "points": lambda value: f"{float(value):.2f}".rstrip("0").rstrip("."),
        "counted": percent.counted,
        "given": percent.given,
        "seconds": _seconds,
        "digest": lambda text: text.removeprefix("sha256:")[:_DIGITS],
        "told": lambda text: markdown.line(inline(_cut(str(text)))),
        "moment": _moment,
        "versions": _versions,
    }
    return environment


def _cut(text: str, most: int = _LONGEST) -> str:
    return text if len(text) <= most else f"{text[:most]}…"


def _seconds(value: float) -> str:
    """Seconds, to the hundredth where they are few."""
    return f"{value:.0f}" if value >= _MANY_SECONDS or value == int(value) else f"{value:.2f}"


def _moment(text: str) -> str:
    """A moment as ISO 8601 or the export has it, to the minute, and with its zone."""
    found = _MOMENT.fullmatch(str(text).strip())
    if found is None:
        return _cut(" ".join(clean(str(text)).split()), _LONGEST_MOMENT)
    day, minute, zone = found.groups()
    told = {"": "", "Z": " UTC", "UTC": " UTC", "+00:00": " UTC"}.get(zone, f" {zone}")
    return f"{day} {minute}{told}"


def _bases(records: Sequence[Record]) -> list[tuple[Basis, str, int]]:
    """What submissions were graded with, and how many of them, the commonest first."""
    graded = [(record.basis, record.run) for record in records if record.run is not None]
    counts = Counter((basis, _versions(run.libraries)) for basis, run in graded)
    found = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
    return [(*with_what, count) for with_what, count in found]


def _versions(libraries: Mapping[str, str]) -> str:
    """The versions that submitted code ran with, in a line; '' where they are not known."""
    return ", ".join(f"{name} {version}" for name, version in libraries.items())


def _networks(records: Sequence[Record], names: Names) -> list[dict[str, Any]]:
    """For each check of networks of different sizes: its accuracies against size and time."""
    found: dict[str, list[tuple[str, Any]]] = {}
    for key, run in statistics.graded(records):
        for check in run.checks:
            if near_misses.figure(check, "accuracy") is not None:
                found.setdefault(check.number, []).append((key, check))
    networks = []
    for number, entries in found.items():
        sizes = {check.facts.get("parameters") for _, check in entries}
        if len(sizes) < _OF_ONE_KIND:
            continue
        pictures = [
            _scatter(entries, names, fact, label, f"{fact}-{number.replace('.', '-')}")
            for fact, label in (
                ("parameters", "parameters"),
                ("cpu_seconds", "CPU seconds for all test images"),
            )
        ]
        networks.append(
            {
                "number": number,
                "title": entries[0][1].title,
                "count": len(entries),
                "figures": [picture for picture in pictures if picture is not None],
            }
        )
    return sorted(networks, key=lambda network: statistics.number_order(network["number"]))


def _is_measured(records: Sequence[Record]) -> bool:
    """Whether any network's accuracy is known."""
    return any(
        near_misses.figure(check, "accuracy") is not None
        for _, run in statistics.graded(records)
        for check in run.checks
    )


def _scatter(
    entries: list[tuple[str, Any]], names: Names, fact: str, label: str, name: str
) -> Markup | None:
    points = [
        figures.Point(x, y, names.who(key).href)
        for key, check in entries
        if (x := near_misses.figure(check, fact)) and x > 0
        if (y := near_misses.figure(check, "accuracy")) is not None
    ]
    limits = sorted({limit for _, check in entries for limit in near_misses.limits(check)})
    return figures.accuracies(points, limits, label, name) if points else None


def _submissions(records: Sequence[Record], names: Names, counting: int) -> list[dict[str, Any]]:
    """A row for each: who, the points of each part, the score, and the time it took.

    The first `counting` records count in the figures.
    """
    rows = []
    for index, record in enumerate(records):
        run = record.run
        parts = {} if run is None else {c.checks[0].part: c for c in summary.parts(run)}
        rows.append(
            {
                "who": names.who(record.key),
                "counts": index < counting,
                "parts": {number: shown(total.points) for number, total in parts.items()},
                "score": None if run is None else shown(run.score),
                "seconds": record.seconds,
            }
        )
    return sorted(rows, key=lambda row: row["who"].label.casefold())
