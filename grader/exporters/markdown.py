"""The Markdown that students read on Gradescope: one text a check, one for the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.exporters import network_table, summary
from grader.exporters.points import shown
from grader.outcomes import Status
from grader.text import clean, code, cut, escape, fence, inline, without_html

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from grader.outcomes import CheckOutcome, Run

# The platform cuts at 100 000 characters, in the middle and without a word.
LONGEST_OUTPUT = 90_000
_LONGEST_MESSAGE = 8_000
_LONGEST_PRINT = 8_000
_LONGEST_NAME = 200
_MOST_NAMES = 12
_SHORTEST_FENCE = 3
_TOTAL_LATER = "Some of the checks are not shown now, and neither is the total."


def check_output(check: CheckOutcome) -> str:
    """The text of one check: headline, likely mistake, findings, remarks, what was printed."""
    blocks = [_strong_start(summary.headline(check))]
    if check.hint:
        blocks.append(without_html(check.hint))
    blocks += [_finding(found) for found in summary.findings(check)]
    blocks.append(_expected(summary.expected(check)))
    if summary.where_to_look(check):
        blocks.append(f"Where to look: handout, {inline(summary.where_to_look(check))}.")
    passing = [case.name for case in check.cases if case.status is Status.PASSED and case.name]
    if passing and not summary.earned(check):
        blocks.append(f"Passing: {_names(passing)}")
    if table := network_table.table(check):
        blocks.append(fence(table))  # a code block: whether tables are shown is not documented
    if check.remarks:
        blocks += ["Remarks (no points lost):", _bullets(check.remarks)]
    printed = summary.printed(check)
    if printed:
        blocks += ["Printed by your code:", fence(cut(printed, _LONGEST_PRINT, "output"))]
        if check.printed_more:
            blocks.append(f"… and {check.printed_more} more bytes.")
    if check.cpu_seconds > 0:
        blocks.append(f"CPU time: {check.cpu_seconds:.2f} s")
    return _join(blocks)


def overview(run: Run, *, report_points: Fraction | None = None) -> str:
    """The text above the checks: points, lateness, notes, what could not be checked.

    While a check is not shown to students, this tells neither the total nor that of its part:
    the platform hides them, too.
    """
    told = [check for check in run.checks if check.visibility not in summary.HIDDEN]
    all_told = len(told) == len(run.checks)
    blocks = [_TOTAL_LATER]
    if all_told:
        blocks = [f"**{shown(run.score)} of {shown(run.max_points)} points**"]
    if run.error:
        blocks = [nothing_graded(run.error)]
    elif not run.complete:
        blocks.append(
            "The grading was cut short. Checks that were not reached count 0 points and say "
            "so; submit again, and tell the course staff if it happens twice."
        )
    blocks.append(_part_list(run))
    if run.late.get("notice"):
        blocks.append(f"**Late policy**: {inline(str(run.late['notice']))}")
    if run.penalty and all_told:
        blocks.append(f"{shown(run.points)} points before the penalty for late submission.")
    if report_points:
        blocks.append(
            f"The report ({shown(report_points)} points) is graded by hand and is not in this sum."
        )
    unchecked = [check for check in told if check.status is Status.UNCHECKED]
    if unchecked:
        blocks += ["**Could not be checked**", _bullets(_unchecked(check) for check in unchecked)]
    if run.notes:
        blocks += ["**Notes**", _bullets(run.notes)]
    return _join(blocks)


def nothing_graded(reason: str) -> str:
    """The text of a run without any graded check; `reason` is plain text."""
    return f"**Nothing could be graded.** {inline(cut(reason, _LONGEST_MESSAGE))}"


def _finding(found: summary.Finding) -> str:
    """Cases with one message: their names, then the message as paragraphs of its own."""
    mark = "✗" if found.cases[0].status is Status.FAILED else "?"
    names = _names(found.names)
    title = f"{mark} {names}".rstrip()
    message = clean(cut(found.message, _LONGEST_MESSAGE, "message"))
    message = without_html(_closed(message.strip()))
    if not message:
        return title
    if "\n" in message:
        return f"{title}\n\n{message}"  # a list or a code block starts on a line of its own
    return f"{title}: {message}" if names else f"{title} {message}"


def _expected(entries: list[tuple[str, str]]) -> str:
    """What each of the wrong values should be, in words; '' for none."""
    told = [f"{code(cut(name, _LONGEST_NAME))}: {inline(words)}." for name, words in entries]
    if len(told) > 1:
        return "\n".join(["What should come:", "", *(f"- {line}" for line in told)])
    return f"What should come: {told[0]}" if told else ""


def _part_list(run: Run) -> str:
    totals = [
        part
        for part in summary.parts(run)
        if not any(check.visibility in summary.HIDDEN for check in part.checks)
    ]
    return "\n".join(
        f"- {inline(part.title)}: {shown(part.points)} of {shown(part.max_points)}"
        for part in totals
    )


def _unchecked(check: CheckOutcome) -> str:
    who = " (the grader's fault; staff can see it)" if summary.is_grader_fault(check) else ""
    return f"{check.number} {check.title}{who}"


def _names(names: list[str]) -> str:
    more = len(names) - _MOST_NAMES
    listed = ", ".join(code(cut(name, _LONGEST_NAME)) for name in names[:_MOST_NAMES])
    return listed + (f" and {more} more" if more > 0 else "")


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {inline(cut(line, _LONGEST_MESSAGE))}" for line in lines)


def _strong_start(sentence: str) -> str:
    """The words before the colon in bold."""
    outcome, _, rest = sentence.partition(":")
    return f"**{escape(outcome)}**:{rest}"


def _closed(markdown: str) -> str:
    """The Markdown with a code block closed that a cut has left open."""
    opened = ""
    for line in markdown.split("\n"):
        ticks = line[: len(line) - len(line.lstrip("`"))]
        if not opened and len(ticks) >= _SHORTEST_FENCE:
            opened = ticks
        elif opened and len(ticks) >= len(opened) and line.strip() == ticks:
            opened = ""
    return f"{markdown}\n{opened}" if opened else markdown


def _join(blocks: Iterable[str]) -> str:
    """Blocks as paragraphs, as many as stay below the platform's cut."""
    kept: list[str] = []
    room = LONGEST_OUTPUT
    for block in blocks:
        if not block:
            continue
        room -= len(block) + 2
        if room < 0:
            kept.append("*The rest of this text was too long and was left out.*")
            break
        kept.append(block)
    return "\n\n".join(kept)
