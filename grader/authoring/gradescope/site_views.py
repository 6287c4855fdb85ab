"""A page of the site at a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.text import clean

if TYPE_CHECKING:
    from grader.authoring.gradescope.site import Item, Page, Passage

_INDENT = 4
_MARKS = {"passed": ("✓", "green"), "failed": ("✗", "red")}


def show(console: Console, page: Page) -> None:
    """Print the page: what is Markdown as the site sets it, everything else as plain text."""
    console.print()
    console.rule(Text(clean(page.title), "bold cyan"), characters="═", align="left", style="cyan")
    console.print(Text(f"Score: {page.score}", "bold"))
    for notice in page.notices:
        console.print(_bullet("!", notice, "yellow"))
    _section(console, "Notes for staff", [_bullet("•", note) for note in page.staff_notes])
    if page.output is not None:
        _section(console, "Output", [_set(page.output)])
    for item in page.tests:
        console.print()
        console.print(_heading(item))
        if item.output.text.strip():
            console.print(Padding(_set(item.output), (0, 0, 0, _INDENT)))
    board = [Text(f"{clean(name)}: {clean(value)}") for name, value in page.leaderboard]
    _section(console, "Leaderboard", board)
    if page.stdout is not None:
        text = clean(page.stdout).rstrip("\n")
        _section(console, "stdout", [Text(text or "(empty)", "" if text else "dim")])
    _section(console, "The run", [_facts(page.facts)] if page.facts else [])


def _section(console: Console, title: str, lines: Sequence[RenderableType]) -> None:
    """A heading with what stands beneath it; nothing without lines."""
    if lines:
        console.print()
        console.print(Text(title, "bold"))
        console.print(Padding(Group(*lines), (0, 0, 0, 2)))


def _heading(item: Item) -> Table:
    """The test's mark, number, name and points; when students see it, if not always."""
    mark, style = _MARKS.get(item.status, ("·", ""))
    name = " ".join(clean(f"{item.number} {item.name}").split())
    text = Text(f"{name} ({_points(item)})" if item.score is not None else name, f"bold {style}")
    if item.note:
        text.append(f"  [{item.note}]", "bold yellow")
    return _bullet(mark, text, style)


def _points(item: Item) -> str:
    most = "" if item.max_score is None else f"/{item.max_score:g}"
    return f"{item.score:g}{most}"


def _bullet(sign: str, text: str | Text, style: str = "") -> Table:
    """A sign with a text beside it, which stays in its column."""
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_row(Text(sign, style), text if isinstance(text, Text) else Text(_line(text), style))
    return table


def _facts(facts: tuple[tuple[str, str], ...]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    for name, value in facts:
        table.add_row(Text(_line(name), "dim"), Text(_line(value)))
    return table


def _set(passage: Passage) -> RenderableType:
    text = clean(passage.text)
    return Markdown(text, hyperlinks=False) if passage.format == "md" else Text(text)


def _line(text: str) -> str:
    return " ".join(clean(text).split())
