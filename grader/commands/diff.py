"""`grader diff`: what a second grading changes, and whether anybody falls (instructors only)."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from grader.authoring.classroom.compare import accepting, page, reading, terminal
from grader.authoring.classroom.compare.changes import compare
from grader.authoring.classroom.compare.words import Words, count
from grader.authoring.classroom.records import ClassError
from grader.exporters.terminal import wrapped

PLAIN_WIDTH = 100
NOBODY = (
    "nobody is in both gradings: are they of the same class? Where they were graded with "
    "--anonymous, the second one must begin with the file `salt` of the first"
)
_ASCII = str.maketrans({"…": "...", "→": "->", "─": "-", "±": "+-", "\N{MINUS SIGN}": "-"})


def run(options: argparse.Namespace) -> int:
    """Compare, show, and write what is asked for; 1 if a fall is not accepted.

    Raises ClassError when something cannot be read or written, or nobody is in both.
    """
    if options.anonymous and options.write_accept is not None:
        message = "--write-accept names submissions by their keys: leave out --anonymous"
        raise ClassError(message)
    entries = [] if options.accept is None else accepting.read(options.accept)
    old, new = reading.read(options.old, options.new)
    comparison = compare(old, new)
    if not comparison.standings:
        raise ClassError(NOBODY)
    try:
        say = Words(old, new, anonymous=options.anonymous)
    except OSError as error:
        message = f"no pseudonyms can be kept in {options.new} ({error.strerror})"
        raise ClassError(message) from error
    falls = comparison.falls(say.who)
    verdict = accepting.judge(falls, entries)
    _show(lambda console: terminal.show(console, comparison, verdict, say))
    if options.html is not None:
        _written(options.html, lambda path: page.write(path, comparison, verdict, say))
    if options.write_accept is not None:
        _written(options.write_accept, lambda path: accepting.write(path, falls))
    if not verdict.open:
        return 0
    way_out = "`--accept FILE` takes a list of wanted ones, `--write-accept FILE` makes it"
    if options.write_accept is not None:
        way_out = f"from now on, `--accept {options.write_accept}` takes them"
    print(wrapped(f"\n{count(len(verdict.open), 'fall')} not accepted: {way_out}"))
    return 1


def _written(path: Path, write: Callable[[Path], None]) -> None:
    try:
        write(path)
    except OSError as error:
        message = f"{path} could not be written ({error.strerror}): choose another place"
        raise ClassError(message) from error
    print(f"\n{path}")


def _show(draw: Callable[[Console], None]) -> None:
    """Print what is drawn, in ASCII where the terminal's encoding lacks a sign."""
    on_terminal = sys.stdout.isatty()
    stream = io.StringIO()
    console = Console(
        file=stream,
        width=Console().width if on_terminal else PLAIN_WIDTH,
        force_terminal=on_terminal and not os.environ.get("NO_COLOR"),
        highlight=False,
        markup=False,
        emoji=False,
    )
    draw(console)
    text = "\n".join(line.rstrip() for line in stream.getvalue().rstrip("\n").split("\n"))
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        text = text.translate(_ASCII).encode("ascii", "replace").decode("ascii")
    print(text)
