"""A run as a table for people at a terminal, or as plain text for a log."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

from grader.exporters import summary
from grader.exporters.points import shown
from grader.exporters.text import clean, cut, to_plain
from grader.outcomes import Status

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from grader.outcomes import CheckOutcome, Run

_PLAIN_WIDTH = 100
_NARROWEST = 40
_LONGEST_DETAIL = 700
_LONGEST_PRINT = 400
_LONGEST_NAME = 120
_MOST_FINDINGS = 4
_MOST_NAMES = 6

_MARKS = {True: ("✓", "✗", "?", "-"), False: ("ok", "X", "?", "-")}
_COLORS = ("green", "red", "yellow", "dim")


def render(
    run: Run,
    console_width: int | None = None,
    *,
    color: bool | None = None,
    details: bool = True,
) -> str:
    """The run as text: notes, a table of each part, what failed, and the totals.

    `console_width` is in columns and `color` decides on ANSI sequences; both are found
    out from stdout by default. `details` adds the findings of the checks that failed.
    Where stdout cannot show '✓', the text is ASCII.
    """
    from rich.console import Console

    unicode = _speaks_unicode()
    stream = io.StringIO()
    colored = _wants_color() if color is None else color
    console = Console(
        file=stream,
        width=max(console_width or _width(), _NARROWEST),
        force_terminal=colored,
        color_system="standard" if colored else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    _write(console, run, unicode=unicode, details=details)
    text = "\n".join(line.rstrip() for line in stream.getvalue().split("\n"))
    return text if unicode else _ascii(text)


def _write(console: Console, run: Run, *, unicode: bool, details: bool) -> None:
    from rich.text import Text

    if run.error:
        console.print(Text(f"Nothing could be graded. {_flat(run.error)}", style="red"))
    for part in summary.parts(run):
        score = f"{shown(part.points)} of {shown(part.max_points)}"
        console.print()
        console.print(Text(f"{_flat(part.title)}: {score}", style="bold"))
        console.print(_table(part.checks, unicode=unicode))
    if details:
        for check in run.checks:
            if not summary.earned(check) or check.remarks:
                _detail(console, check, unicode=unicode)
    _section(console, "Could not be checked", [_unchecked(check) for check in _open(run)])
    _section(console, "Notes", [_flat(note) for note in run.notes])
    if run.late.get("notice"):
        _section(console, "Late policy", [_flat(str(run.late["notice"]))])
    if not run.complete:
        _section(console, "Cut short", ["checks that were not reached count 0 points"])
    if run.checks:
        total = f"{shown(run.score)} of {shown(run.max_points)} points in all"
        console.print()
        console.print(Text(total, style="bold"))


def _table(checks: list[CheckOutcome], *, unicode: bool) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.expand = True
    for check in checks:
        kind = _kind(check)
        table.add_row(
            Text(_MARKS[unicode][kind], style=_COLORS[kind]),
            Text(_flat(check.number)),
            Text(_flat(check.title)),
            Text(f"{shown(check.points)}/{shown(check.max_points)}"),
            Text(f"{check.cpu_seconds:.1f} s", style="dim"),
        )
    return table


def _detail(console: Console, check: CheckOutcome, *, unicode: bool) -> None:
    """What failed, beneath the check's headline."""
    from rich.padding import Padding
    from rich.text import Text

    kind = _kind(check)
    lead = f"{_MARKS[unicode][kind]} {_flat(check.number)} {_flat(check.title)}"
    console.print()
    console.print(Text(lead, style=_COLORS[kind]))
    console.print(Padding(Text(summary.headline(check)), (0, 0, 0, 2)))
    findings = summary.findings(check)
    for found in findings[:_MOST_FINDINGS]:
        names = _names(found.names)
        message = to_plain(cut(found.message, _LONGEST_DETAIL, "message")).strip()
        text = f"{names}: {message}" if names and message else names or message
        console.print(Padding(Text(text), (0, 0, 0, 2)))
    if len(findings) > _MOST_FINDINGS:
        more = f"and {len(findings) - _MOST_FINDINGS} more findings"
        console.print(Padding(Text(more, style="dim"), (0, 0, 0, 2)))
    for remark in check.remarks:
        console.print(Padding(Text(f"Remark: {_flat(remark)}"), (0, 0, 0, 2)))
    if check.printed.strip() and not summary.earned(check):
        printed = cut(clean(check.printed).strip(), _LONGEST_PRINT, "output")
        console.print(Padding(Text(f"Printed:\n{printed}", style="dim"), (0, 0, 0, 2)))


def _names(names: list[str]) -> str:
    more = len(names) - _MOST_NAMES
    listed = "; ".join(cut(_flat(name), _LONGEST_NAME, "name") for name in names[:_MOST_NAMES])
    return listed + (f"; and {more} more" if more > 0 else "")


def _section(console: Console, title: str, lines: list[str]) -> None:
    from rich.padding import Padding
    from rich.text import Text

    if not lines:
        return
    console.print()
    console.print(Text(title, style="bold"))
    for line in lines:
        console.print(Padding(Text(line), (0, 0, 0, 2)))


def _open(run: Run) -> list[CheckOutcome]:
    return [check for check in run.checks if check.status is Status.UNCHECKED]


def _unchecked(check: CheckOutcome) -> str:
    fault = " (the grader's fault, not yours)" if summary.is_grader_fault(check) else ""
    return f"{_flat(check.number)} {_flat(check.title)}{fault}"


def _kind(check: CheckOutcome) -> int:
    """Index of the check's mark and colour."""
    if summary.earned(check):
        return 0
    return {Status.UNCHECKED: 2, Status.NOT_RUN: 3}.get(check.status, 1)


def _flat(text: str) -> str:
    return " ".join(clean(text).split())


def _wants_color() -> bool:
    """A terminal that can, and a user who does not mind (no-color.org)."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not plain


def _width() -> int:
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):  # no terminal, or no descriptor behind stdout
        return _PLAIN_WIDTH


def _speaks_unicode() -> bool:
    try:
        "✓✗…".encode(sys.stdout.encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return False
    return True


def _ascii(text: str) -> str:
    return (
        text.replace("…", "...")
        .replace("\N{MULTIPLICATION SIGN}", "x")
        .encode("ascii", "replace")
        .decode("ascii")
    )
