"""A comparison at the terminal: the totals, what falls most, and how many more there are."""

from __future__ import annotations

from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.authoring.classroom.compare import words
from grader.authoring.classroom.compare.accepting import Verdict
from grader.authoring.classroom.compare.changes import Change, Comparison, Standing
from grader.authoring.classroom.compare.words import Words, arrow, count, signed
from grader.exporters.points import shown

MOST_FALLS = 12
MOST_LINES = 8
WHO = 18  # columns


def show(console: Console, comparison: Comparison, verdict: Verdict, say: Words) -> None:
    """Print it, in a bounded number of lines."""
    _head(console, comparison, say)
    if comparison.by_check():
        _reasons(console, comparison)
        _checks(console, comparison)
    _falls(console, verdict, say)
    _lines(console, "Only in the old grading", say.all(comparison.vanished))
    _lines(console, "Only in the new grading", say.all(comparison.appeared))
    _lines(console, "The list of accepted falls", verdict.remarks)


def _head(console: Console, comparison: Comparison, say: Words) -> None:
    standings = comparison.standings
    _say(console, " → ".join(say.places(comparison)), style="bold")
    fall = sum(one.difference < 0 for one in standings)
    rise = sum(one.difference > 0 for one in standings)
    same = len(standings) - fall - rise
    _say(
        console,
        f"{count(len(standings), 'submission')} in both: {fall} lower, {rise} higher, {same} equal;"
        f" mean {_means(comparison)}",
    )
    met = [
        f"{words.flat(cause.text)} ({number} of {len(standings)})"  # versions may be a container's
        for cause, number in comparison.between
    ]
    _say(console, f"Not as before: {'; '.join(met) or 'nothing that is recorded'}")


def _means(comparison: Comparison) -> str:
    """The mean scores of those who are in both, rounded as they are no exact points."""
    before, after = (shown(comparison.mean(new=new)) for new in (False, True))
    return f"{before} → {after}"


def _reasons(console: Console, comparison: Comparison) -> None:
    table = _table("why", "falls", "rises")
    rows = comparison.by_reason()
    for kinds, falls, rises in rows[:MOST_LINES]:
        table.add_row(words.kinds(kinds), str(falls or ""), str(rises or ""))
    console.print()
    console.print(table)
    _more(console, len(rows) - MOST_LINES, "combination of reasons", "combinations of reasons")


def _checks(console: Console, comparison: Comparison) -> None:
    table = _table("check", "falls", "rises", "points")
    rows = comparison.by_check()
    for total in rows[:MOST_LINES]:
        table.add_row(
            Text(f"{total.check:5} {words.flat(total.title)}"),
            str(total.falls or ""),
            str(total.rises or ""),
            signed(total.difference),
        )
    console.print()
    console.print(table)
    _more(console, len(rows) - MOST_LINES, "check", "checks")


def _falls(console: Console, verdict: Verdict, say: Words) -> None:
    total, known = len(verdict.open) + len(verdict.accepted), len(verdict.accepted)
    console.print()
    if not total:
        _say(console, "No check of anybody falls.", style="bold")
        return
    head = f"{count(total, 'fall')} of checks" + (f", {known} accepted" if known else "")
    _say(console, head, style="bold")
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(width=WHO, no_wrap=True, overflow="ellipsis")
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    for standing, change in verdict.open[:MOST_FALLS]:
        table.add_row(*_row(standing, change, say))
    console.print(table)
    _more(console, len(verdict.open) - MOST_FALLS, "fall", "falls")


def _row(standing: Standing, change: Change, say: Words) -> tuple[Text, Text, Text, Text]:
    why = Text(say.why(change))
    fails = words.fails(change)
    if fails:
        why.append(f"; {fails}", style="dim")
    points = arrow(change.old, change.new)
    return Text(say.who(standing)), Text(change.check), Text(points), why


def _lines(console: Console, title: str, lines: Iterable[str]) -> None:
    """A short list under a title; nothing where it is empty."""
    found = list(lines)
    if not found:
        return
    console.print()
    _say(console, f"{title}: {len(found)}", style="bold")
    for line in found[:MOST_LINES]:
        _say(console, f"  {line}")
    _more(console, len(found) - MOST_LINES, "", "")


def _table(first: str, *others: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    table.add_column(first, overflow="fold")
    for name in others:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _more(console: Console, number: int, one: str, several: str) -> None:
    if number > 0:
        what = one if number == 1 else several
        _say(console, f"… and {number} more {what}".rstrip() + ": --html FILE has all", style="dim")


def _say(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text, style=style))
