"""The rubric's report for people: tables at a terminal, and Markdown for a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.authoring.rubric import Entry, Loss, Price
from grader.exporters.points import shown
from grader.text import escape

_MOST_NAMES = 4
_WIDEST = len("13.75 of 14")
PRICES = "What one mistake costs"
LEGEND = (
    "! marks a check that takes at least twice the share of its points that the failing "
    "cases have among its cases."
)


def show(console: Console, report: Sequence[Entry], prices: Sequence[Price]) -> None:
    """Print the report: a line a submission, then the reasons, then the prices.

    A reason is one line, which only a terminal breaks.
    """
    console.print(_scores(report))
    for entry in report:
        reasons = _reasons(entry)
        if reasons:
            console.print()
            console.print(Text(f"{entry.name}: {entry.title}", "bold"), soft_wrap=True)
        for reason in reasons:
            _reason(console, reason)
    if prices:
        console.print()
        console.print(_prices(prices))
    if any(price.steep for price in prices):
        console.print(Text(LEGEND, style="dim"))


def markdown(report: Sequence[Entry], prices: Sequence[Price], title: str) -> str:
    """The report as a Markdown document; `title` is the assignment's."""
    return "\n".join(_lines(report, prices, title)) + "\n"


def _lines(report: Sequence[Entry], prices: Sequence[Price], title: str) -> Iterator[str]:
    yield f"# What the sample submissions get: {escape(title)}"
    for entry in report:
        scores = ", ".join(f"Part {part}: {_of(*score)}" for part, score in entry.parts.items())
        yield ""
        yield f"## {_of(entry.points, entry.worth)}: {escape(entry.title)}"
        yield ""
        yield f"`{entry.name}`; {scores}"
        yield ""
        yield from (f"- {escape(reason)}" for reason in _reasons(entry))
    if prices:
        yield ""
        yield f"## {PRICES}"
        yield ""
        yield "| | check | points lost | cases that fail | submissions |"
        yield "|---|---|---|---|---|"
        yield from (f"| {' | '.join(map(escape, _cells(price)))} |" for price in prices)
    if any(price.steep for price in prices):
        yield ""
        yield escape(LEGEND)


def _scores(report: Sequence[Entry]) -> Table:
    """The points; where there is little room, the titles become shorter and nothing else."""
    table = Table(box=None, pad_edge=False, header_style="bold", expand=True)
    table.add_column("submission", width=max((len(entry.name) for entry in report), default=1))
    table.add_column("points", justify="right", width=_WIDEST)
    for part in report[0].parts if report else ():
        table.add_column(f"Part {part}", justify="right", width=_WIDEST)
    table.add_column("", ratio=1, no_wrap=True, overflow="ellipsis")
    for entry in report:
        cells = (_of(*score) for score in entry.parts.values())
        table.add_row(entry.name, _of(entry.points, entry.worth), *cells, Text(entry.title))
    return table


def _reason(console: Console, text: str) -> None:
    if console.is_terminal:
        console.print(Padding(Text(text), (0, 0, 0, 2)))
    else:
        console.print(Text(f"  {text}"), soft_wrap=True)


def _reasons(entry: Entry) -> list[str]:
    """What the submission loses and why, one line for checks that say the same."""
    alike: dict[str, list[Loss]] = {}
    for loss in entry.losses:
        alike.setdefault(loss.why, []).append(loss)
    lines = [entry.error] if entry.error else []
    return lines + [f"{_what(losses)}: {why}" for why, losses in alike.items()]


def _what(losses: Sequence[Loss]) -> str:
    """Which checks, how many of their cases, and the points that are lost."""
    worth = sum((loss.worth for loss in losses), Fraction(0))
    points = sum((loss.points for loss in losses), Fraction(0))
    lost = f"{_of(points, worth)} lost" if worth else "no points"
    if len(losses) > 1:
        return f"{', '.join(loss.number for loss in losses)}: {lost}"
    (loss,) = losses
    cases = f" in {loss.failed} of {loss.cases} cases" if loss.cases > 1 else ""
    return f"{loss.number} {loss.title}: {lost}{cases}"


def _prices(prices: Sequence[Price]) -> Table:
    table = Table(title=PRICES, title_justify="left", title_style="bold", box=None, pad_edge=False)
    table.add_column("")
    table.add_column("check", no_wrap=True)
    table.add_column("points lost", justify="right", no_wrap=True)
    table.add_column("cases that fail", justify="right", no_wrap=True)
    table.add_column("submissions", ratio=1)
    for price in prices:
        table.add_row(*map(Text, _cells(price)), style="yellow" if price.steep else None)
    return table


def _cells(price: Price) -> tuple[str, ...]:
    names = ", ".join(price.names[:_MOST_NAMES])
    more = len(price.names) - _MOST_NAMES
    return (
        "!" * price.steep,
        f"{price.number} {price.title}",
        _of(price.points, price.worth),
        f"{price.failed} of {price.cases}",
        names + (f" and {more} more" if more > 0 else ""),
    )


def _of(points: Fraction, worth: Fraction) -> str:
    return f"{shown(points)} of {shown(worth)}"
