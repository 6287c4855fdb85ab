"""What stands beneath the table at a terminal: what failed, what is open, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.exporters import network_table, summary
from grader.outcomes import ALL_FILES, Status
from grader.text import clean, cut, to_plain

if TYPE_CHECKING:
    from rich.console import Console

    from grader.exporters.summary import Finding
    from grader.outcomes import CheckOutcome

_LONGEST_DETAIL = 700
_LONGEST_PRINT = 2048
_MOST_LINES = 12
_LONGEST_NAME = 120
_MOST_FINDINGS = 4
_MOST_NAMES = 6


@dataclass(frozen=True)
class Marks:
    """The sign and the colour of each outcome, in Unicode or in ASCII."""

    unicode: bool

    def of(self, check: CheckOutcome) -> tuple[str, str]:
        """The check's mark, and the style it is shown in."""
        sign, plain, style = _mark(check)
        return sign if self.unicode else plain, style


def _mark(check: CheckOutcome) -> tuple[str, str, str]:
    if summary.earned(check):
        return "✓", "ok", "green"
    if summary.is_not_started(check):
        return "○", "o", "cyan"
    other = {Status.UNCHECKED: ("?", "?", "yellow"), Status.NOT_RUN: ("-", "-", "dim")}
    return other.get(check.status, ("✗", "X", "red"))


def detail(console: Console, check: CheckOutcome, marks: Marks) -> None:
    """What failed in a check; table and remarks of any: nothing for those of the sections below."""
    wrong = check.status is not Status.UNCHECKED and not summary.is_not_started(check)
    wrong = wrong and not summary.earned(check)
    table = network_table.table(check, min(network_table.WIDTH, console.width - 2))
    if not wrong and not check.remarks and not table:
        return
    sign, style = marks.of(check)
    console.print()
    _say(console, f"{sign} {flat(check.number)} {flat(check.title)}", 0, style)
    if wrong:
        _say(console, summary.headline(check))
        if check.hint:
            _say(console, to_plain(cut(check.hint, _LONGEST_DETAIL, "hint")), style="bold")
        _findings(console, summary.findings(check))
        _expected(console, summary.expected(check))
        where = summary.where_to_look(check)
        if where:
            _say(console, f"Where to look: handout, {flat(where)}.")
    if table:
        _say(console, table)
    for remark in check.remarks:
        _say(console, f"Remark: {flat(remark)}")
    if wrong and summary.printed(check):
        lines = _printed(summary.printed(check), check.printed_more)
        _say(console, f"Printed:\n{lines}", style="dim")


def not_started(console: Console, checks: list[CheckOutcome], marks: Marks) -> None:
    """A line for each check that is not started: what to write, and in which file."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    first: dict[str, str] = {}
    for check in filter(summary.is_not_started, checks):
        names = summary.awaited(check)
        fresh = [name for name in names if name not in first]
        first |= dict.fromkeys(fresh, check.number)
        what = ", ".join(fresh) or summary.head(check)
        where = _place(check, fresh) if fresh else f"after {first[names[0]]}"
        table.add_row(flat(check.number), flat(what), Text(flat(where), style="dim"))
    if table.row_count:
        console.print()
        sign, style = marks.of(next(filter(summary.is_not_started, checks)))
        _say(console, f"{sign} Not started", 0, f"bold {style}")
        console.print(Padding(table, (0, 0, 0, 2)))


def _place(check: CheckOutcome, names: list[str]) -> str:
    """The file that the check reads; for several what it is about, for a missing one nothing."""
    if set(names) & set(check.reads) or check.reads == [ALL_FILES]:
        return ""
    return check.reads[0] if len(check.reads) == 1 else summary.head(check)


def unchecked(console: Console, checks: list[CheckOutcome]) -> None:
    """The checks that could not be made, those with the same reasons together."""
    groups: dict[tuple[str, ...], list[CheckOutcome]] = {}
    for check in checks:
        if check.status is Status.UNCHECKED:
            reasons = tuple(found.message for found in summary.findings(check))
            groups.setdefault(reasons, []).append(check)
    if groups:
        console.print()
        _say(console, "? Could not be checked", 0, "bold yellow")
    for alike in groups.values():
        for check in alike:
            passing = sum(case.status is Status.PASSED for case in check.cases)
            count = f" ({passing} of {len(check.cases)} cases pass)" if passing else ""
            _say(console, f"{flat(check.number)} {flat(check.title)}{count}")
        findings = summary.findings(alike[0])
        _findings(console, findings, indent=4, named=len(alike) == 1)


def section(console: Console, title: str, lines: list[str]) -> None:
    """A heading with its lines; nothing without lines."""
    if lines:
        console.print()
        _say(console, title, 0, "bold")
    for line in lines:
        _say(console, line)


def flat(text: str) -> str:
    """A student's text on one line, without what could fool a terminal."""
    return " ".join(clean(text).split())


def _findings(
    console: Console, findings: list[Finding], indent: int = 2, *, named: bool = True
) -> None:
    """Each message, beneath the names of the cases that it is about."""
    for found in findings[:_MOST_FINDINGS]:
        names = _names(found.names) if named else ""
        if names:
            _say(console, f"• {names}", indent, "bold")
        message = to_plain(cut(found.message, _LONGEST_DETAIL, "message")).strip()
        if message:
            _say(console, message, indent + 2 if names else indent)
    rest = findings[_MOST_FINDINGS:]
    if rest:
        names = _names([name for found in rest for name in found.names])
        _say(console, f"• and {len(rest)} more findings: {names}", indent, "dim")


def _expected(console: Console, entries: list[tuple[str, str]]) -> None:
    """What each of the wrong values should be, in words."""
    if entries:
        _say(console, "What should come:")
    for name, words in entries:
        _say(console, f"{cut(flat(name), _LONGEST_NAME, 'name')}: {to_plain(words)}.", 4)


def _printed(text: str, dropped: int) -> str:
    """The first lines of what a check printed; `dropped` bytes came after them."""
    lines = cut(clean(text).strip(), _LONGEST_PRINT, "output").split("\n")
    shown = lines[:_MOST_LINES]
    bytes_left = dropped + len("\n".join(lines[_MOST_LINES:]).encode("utf-8", "replace"))
    more = len(lines) - len(shown)
    if more and not dropped:
        shown.append(f"… and {more} more line{'s' * (more > 1)}")
    elif bytes_left:
        shown.append(f"… and {bytes_left} more bytes")
    return "\n".join(shown)


def _names(names: list[str]) -> str:
    more = len(names) - _MOST_NAMES
    listed = "; ".join(cut(flat(name), _LONGEST_NAME, "name") for name in names[:_MOST_NAMES])
    return listed + (f"; and {more} more" if more > 0 else "")


def _say(console: Console, text: str, indent: int = 2, style: str = "") -> None:
    from rich.padding import Padding
    from rich.text import Text

    console.print(Padding(Text(text, style=style), (0, 0, 0, indent)))
