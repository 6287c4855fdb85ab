"""How a class is getting on: a line of JSON for each submission, and a bar for whoever waits."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import TextIO

from rich.progress import Progress, TextColumn

from grader.authoring.bar import progress
from grader.authoring.classroom.records import Record
from grader.text import clean

NAME = "log.jsonl"
_EVERY_SECONDS = 30.0
_LONGEST = 300


def append(out: Path, record: Record, why: str) -> None:
    """Add a submission's line to OUT/log.jsonl: no name and no address. Raises OSError.

    It is written in one call to the end of the file, so that an interrupt leaves whole lines.
    """
    line = {
        "at": record.graded_at,
        "key": record.key,
        "why": why,
        "seconds": record.seconds,
        "score": None if record.run is None else round(float(record.run.score), 4),
        "max": None if record.run is None else float(record.run.max_points),
        "failure": problem(record),
    }
    out.mkdir(parents=True, exist_ok=True)
    handle = os.open(out / NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    with contextlib.closing(os.fdopen(handle, "wb", buffering=0)) as stream:
        stream.write((json.dumps(line) + "\n").encode())


def problem(record: Record) -> str:
    """Why nothing was graded, in a line; '' where it was."""
    known = record.failure or ("" if record.run is None else record.run.error)
    return " ".join(clean(known).split())[:_LONGEST]


def now() -> str:
    """The present, as ISO 8601 in UTC."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def duration(seconds: float) -> str:
    """'45 s', '12 min' or '3 h 05 min'."""
    if seconds < 90:  # noqa: PLR2004  seconds
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"  # noqa: PLR2004


class Meter:
    """Counts submissions; at a terminal a bar, elsewhere a line now and then."""

    def __init__(self, total: int, stream: TextIO, bar: Progress) -> None:
        self._total, self._stream, self._bar = total, stream, bar
        self._done, self._began = 0, time.monotonic()
        self._spoke = self._began
        self._task = bar.add_task("submissions", total=total, left="")

    def advance(self, failure: str = "") -> None:
        """One more is done; a failure has a line of its own."""
        self._done += 1
        self._bar.update(self._task, advance=1, left=self._left())
        if failure:
            self.say(failure)
        elif not self._stream.isatty() and time.monotonic() - self._spoke > _EVERY_SECONDS:
            self.say(self._left())

    def say(self, text: str) -> None:
        """A line, above the bar where there is one."""
        self._spoke = time.monotonic()
        with contextlib.suppress(OSError):  # a log that is full stops no grading
            if self._stream.isatty():
                self._bar.console.print(text, markup=False, highlight=False, soft_wrap=True)
            else:
                self._stream.write(f"[{self._done}/{self._total}] {text}\n")
                self._stream.flush()

    def _left(self) -> str:
        """How long it will take, by how long it took."""
        each = (time.monotonic() - self._began) / max(1, self._done)
        return f"{duration(each * (self._total - self._done))} left"


@contextlib.contextmanager
def meter(total: int, stream: TextIO | None = None) -> Iterator[Meter]:
    """Show on standard error how many of `total` are done; `stream` is another one in tests."""
    stream = stream or sys.stderr
    with progress(stream, TextColumn("{task.fields[left]}")) as bar:
        yield Meter(total, stream, bar)
