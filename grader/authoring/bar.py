"""How far a long run is, of the panel or of a class: a bar at a terminal, lines elsewhere."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)


def progress(stream: TextIO, *more: ProgressColumn, has_results: bool = False) -> Progress:
    """A bar with its count and `more` columns, gone in the end; none where no terminal is.

    `has_results` says that results are printed meanwhile: they stand above the bar, where both
    are on one terminal.
    """
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        *more,
        console=Console(file=stream),
        transient=True,
        disable=not stream.isatty(),
        redirect_stdout=has_results and sys.stdout.isatty(),
        redirect_stderr=False,
    )


@contextlib.contextmanager
def bar(what: str, total: int, stream: TextIO | None = None) -> Iterator[Callable[[str], None]]:
    """Show on standard error how many of `total` are done; gives what counts one more.

    At a terminal the text that it is called with stands beside the bar. Elsewhere it is a
    line of its own, none if it is empty. `stream` is another than standard error.
    """
    stream = stream or sys.stderr
    done = 0
    text_column = TextColumn("{task.fields[text]}", markup=False)
    with progress(stream, TimeElapsedColumn(), text_column, has_results=True) as shown:
        task = shown.add_task(what, total=total, text="")

        def advance(text: str = "") -> None:
            nonlocal done
            done += 1
            shown.update(task, advance=1, text=text)
            if text and not stream.isatty():
                stream.write(f"[{done}/{total}] {text}\n")
                stream.flush()

        yield advance
