"""A run as a table for people at a terminal, or as plain text for a log."""

from __future__ import annotations

import io
import os
import re
import sys
import textwrap
from typing import TYPE_CHECKING

from grader.exporters import summary
from grader.exporters.blocks import Marks, detail, flat, not_started, section, unchecked
from grader.exporters.points import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from grader.exporters.summary import PartTotal
    from grader.outcomes import CheckOutcome, Run

_PLAIN_WIDTH = 100
_NARROWEST = 40
_COMMAND = re.compile(r"`[^`\n]+`")
_ASCII = {"…": "...", "\N{MULTIPLICATION SIGN}": "x", "•": "-", "→": ">", "»": ">"}


def render(
    run: Run,
    console_width: int | None = None,
    *,
    color: bool | None = None,
    details: bool = True,
    before: Mapping[str, CheckOutcome] | None = None,
) -> str:
    """The run as text: notes, a table of each part, what failed, and the totals.

    `console_width` is in columns and `color` decides on ANSI sequences; both are found
    out from stdout by default. `details` adds the findings of the checks that failed.
    `before` holds, by number, the former outcomes of checks that were just run again:
    those are marked, and the details are theirs alone. Where stdout cannot show '✓',
    the text is ASCII.
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
    _write(console, run, Marks(unicode), details=details, before=before)
    text = "\n".join(line.rstrip() for line in stream.getvalue().split("\n"))
    return text if unicode else _ascii(text)


def wrapped(text: str) -> str:
    """Lines broken to the terminal's width: not within backticks, nor what is indented."""
    width = max(_width(), _NARROWEST)
    text = _COMMAND.sub(lambda command: command[0].replace(" ", "\xa0"), text)
    lines = [
        line if line.startswith(" ") else textwrap.fill(line, width, break_on_hyphens=False)
        for line in text.split("\n")
    ]
    text = "\n".join(lines).replace("\xa0", " ")
    return text if _speaks_unicode() else _ascii(text)


def _write(
    console: Console,
    run: Run,
    marks: Marks,
    *,
    details: bool,
    before: Mapping[str, CheckOutcome] | None,
) -> None:
    from rich.text import Text

    if run.error:
        console.print(Text(f"Nothing could be graded. {flat(run.error)}", style="red"))
    for part in summary.parts(run):
        console.print()
        console.print(Text(_part_line(part), style="bold"))
        console.print(_table(part.checks, marks, before))
    if details:
        told = [check for check in run.checks if before is None or check.number in before]
        for check in told:
            detail(console, check, marks)
        not_started(console, told, marks)
        unchecked(console, told)
    section(console, "Notes", [flat(note) for note in run.notes])
    if run.late.get("notice"):
        section(console, "Late policy", [flat(str(run.late["notice"]))])
    if not run.complete:
        section(console, "Cut short", ["checks that were not reached count 0 points"])
    if run.isolation:
        console.print()
        console.print(Text(f"Isolation: {flat(str(run.isolation.get('summary')))}", style="dim"))
    if run.checks:
        console.print()
        console.print(Text(_total_line(run), style="bold"))


def _part_line(part: PartTotal) -> str:
    score = f"{shown(part.points)} of {shown(part.max_points)}"
    if part.left_out:
        count = len(part.checks)
        score += f" in {count} of {count + part.left_out} checks"
    return f"{flat(part.title)}: {score}"


def _total_line(run: Run) -> str:
    """The points; those of selected checks are not to be taken for the homework's."""
    score = f"{shown(run.score)} of {shown(run.max_points)} points"
    if not run.left_out:
        return f"{score} in all"
    chosen, rest = len(run.checks), len(run.left_out)
    what = "the selected check" if chosen == 1 else f"the {chosen} selected checks"
    return f"{score} in {what}; the homework has {rest} more check{'s' * (rest > 1)}"


def _table(
    checks: list[CheckOutcome],
    marks: Marks,
    before: Mapping[str, CheckOutcome] | None,
) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, no_wrap=True, overflow="ellipsis" if marks.unicode else "crop")
    table.add_column(justify="right", no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.expand = True
    for check in checks:
        style = "bold" if before and check.number in before else ""
        table.add_row(
            _mark(check, marks, before),
            Text(flat(check.number), style=style),
            Text(flat(check.title), style=style),
            Text(f"{shown(check.points)}/{shown(check.max_points)}"),
            Text(f"{check.cpu_seconds:.1f} s", style="dim"),
        )
    return table


def _mark(check: CheckOutcome, marks: Marks, before: Mapping[str, CheckOutcome] | None) -> Text:
    """The check's mark; of one that was run again with a sign, and with what it was before."""
    from rich.text import Text

    mark, style = marks.of(check)
    if before is None:
        return Text(mark, style=style)
    if check.number not in before:
        return Text(f"  {mark}", style=style)
    former, _ = marks.of(before[check.number])
    return Text(f"» {mark}" if mark == former else f"» {former}→{mark}", style=style)


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
        "✓✗○…•»→".encode(sys.stdout.encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return False
    return True


def _ascii(text: str) -> str:
    for sign, plain in _ASCII.items():
        text = text.replace(sign, plain)
    return text.encode("ascii", "replace").decode("ascii")
