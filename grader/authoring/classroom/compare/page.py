"""A comparison as one self-contained page, in the style of the class's report."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from grader.authoring.classroom import html
from grader.authoring.classroom.compare import words
from grader.authoring.classroom.compare.accepting import Verdict
from grader.authoring.classroom.compare.changes import Change, Comparison, Standing
from grader.authoring.classroom.compare.words import Words, arrow, points, signed
from grader.exporters.points import shown
from grader.replacing import replacing

HERE = Path(__file__).parent
TEMPLATE = "page.html.j2"
FALL, ACCEPTED, RISE = "fall", "accepted", "rise"


@dataclass(frozen=True)
class Row:
    """One check of one submission; `kind` is 'fall', 'accepted' or 'rise'."""

    check: str
    title: str
    points: str
    difference: str
    why: str
    fails: str
    kind: str


@dataclass(frozen=True)
class Entry:
    """One submission with what changed; `href` leads to its page, '' where there is none."""

    who: str
    key: str
    href: str
    points: str
    difference: str
    rows: tuple[Row, ...]

    @property
    def falls(self) -> bool:
        """Whether any check falls, be it accepted or not."""
        return any(row.kind != RISE for row in self.rows)


def write(path: Path, comparison: Comparison, verdict: Verdict, say: Words) -> None:
    """Write the page in one step; raises OSError."""
    text = render(comparison, verdict, say, path.resolve().parent)
    with replacing(path) as stream:
        stream.write(text.encode("utf-8"))


def render(comparison: Comparison, verdict: Verdict, say: Words, folder: Path) -> str:
    """The page's HTML, with links as seen from `folder`; every text is escaped."""
    environment = html.environment(HERE, HERE.parent / "report" / "templates")
    accepted = {(one.old_key, one.key, change.check) for one, change in verdict.accepted}
    entries = [_entry(one, accepted, say, folder) for one in comparison.changed(say.who)]
    return environment.get_template(TEMPLATE).render(
        places=say.places(comparison),
        figures=_figures(comparison, verdict),
        between=[(words.flat(cause.text), number) for cause, number in comparison.between],
        total=len(comparison.standings),
        reasons=[(words.kinds(kinds), *numbers) for kinds, *numbers in comparison.by_reason()],
        checks=[
            (row.check, row.title, row.falls, row.rises, signed(row.difference))
            for row in comparison.by_check()
        ],
        losing=[entry for entry in entries if entry.falls],
        gaining=[entry for entry in entries if not entry.falls],
        vanished=say.all(comparison.vanished),
        appeared=say.all(comparison.appeared),
        remarks=verdict.remarks,
    )


def _figures(comparison: Comparison, verdict: Verdict) -> list[tuple[str, str]]:
    """The totals: a figure and what it counts."""
    standings = comparison.standings
    lower = sum(one.difference < 0 for one in standings)
    higher = sum(one.difference > 0 for one in standings)
    before, after = (shown(comparison.mean(new=new)) for new in (False, True))
    gone = [(str(len(comparison.vanished)), "only in the old grading")]
    return [
        (str(len(standings)), "submissions in both"),
        *(gone if comparison.vanished else []),
        (str(lower), "lower in all"),
        (str(higher), "higher in all"),
        (f"{before} → {after}", "mean score"),
        (str(len(verdict.open)), "falls not accepted"),
        (str(len(verdict.accepted)), "accepted falls"),
    ]


def _entry(one: Standing, accepted: set[tuple[str, str, str]], say: Words, folder: Path) -> Entry:
    page = say.page(one)
    changes = sorted(one.changes, key=lambda change: change.difference)
    return Entry(
        who=say.who(one),
        key=say.key(one),
        href="" if page is None else quote(os.path.relpath(page.resolve(), folder)),
        points=arrow(one.old, one.new) if one.old != one.new else points(one.new),
        difference=signed(one.difference),
        rows=tuple(
            _row(change, (one.old_key, one.key, change.check) in accepted, say)
            for change in changes
        ),
    )


def _row(change: Change, is_accepted: bool, say: Words) -> Row:
    fall = ACCEPTED if is_accepted else FALL
    return Row(
        check=change.check,
        title=words.flat(change.title),
        points=arrow(change.old, change.new),
        difference=signed(change.difference),
        why=say.why(change),
        fails=words.fails(change),
        kind=fall if change.difference < 0 else RISE,
    )
