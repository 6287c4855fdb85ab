"""How far a long run of the panel is: a bar at a terminal, lines elsewhere."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


@contextlib.contextmanager
def bar(what: str, total: int, stream: TextIO | None = None) -> Iterator[Callable[[str], None]]:
    """Show on standard error how many of `total` are done; gives what counts one more.

    At a terminal the text that it is called with stands beside the bar. Elsewhere it is a
    line of its own, none if it is empty. `stream` is another than standard error.
    """
    stream = stream or sys.stderr
    done = 0
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[text]}", markup=False),
        console=Console(file=stream),
        transient=True,
        disable=not stream.isatty(),
        # What is printed meanwhile stands above the bar, where both are on one terminal.
        redirect_stdout=sys.stdout.isatty(),
        redirect_stderr=False,
    ) as progress:
        task = progress.add_task(what, total=total, text="")

        def advance(text: str = "") -> None:
            nonlocal done
            done += 1
            progress.update(task, advance=1, text=text)
            if text and not stream.isatty():
                stream.write(f"[{done}/{total}] {text}\n")
                stream.flush()

        yield advance
