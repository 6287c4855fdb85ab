"""What a person sees while a run goes on: one line on standard error, with the time left."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from types import TracebackType
from typing import TextIO

from grader.grading import Watcher
from grader.outcomes import CheckOutcome

TICK_SECONDS = 1.0
WIDTH = 78


def overwrite(text: str, stream: TextIO | None = None) -> None:
    """Put `text` in place of a terminal's last line; elsewhere nothing is written."""
    stream = stream or sys.stderr
    if stream.isatty():
        _write(f"\r\x1b[K{text[:WIDTH]}", stream)


def _write(text: str, stream: TextIO) -> None:
    """Write at once; a log that is full or that nobody reads any more stops no grading."""
    with contextlib.suppress(OSError):
        stream.write(text)
        stream.flush()


class Progress(Watcher):
    """Keeps one line current on a terminal; writes a line a check elsewhere."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._began = time.monotonic()
        self._check: CheckOutcome | None = None
        self._deadline = 0.0
        self._over = threading.Event()
        self._ticker = threading.Thread(target=self._tick, daemon=True)

    def started(self, check: CheckOutcome, seconds_left: float) -> None:
        """Say which check runs, and how much time the run has left."""
        self._check, self._deadline = check, time.monotonic() + seconds_left
        self._show()

    def finished(self, check: CheckOutcome) -> None:
        """Without a terminal, one line for each check."""
        if not self._live:
            at = time.monotonic() - self._began
            _write(f"[{at:6.1f} s] {_name(check)}: {check.status.value}\n", self._stream)

    def waiting(self, text: str) -> None:
        """Say, until something begins, what is waited for."""
        self._check = None
        if self._live:
            overwrite(text, self._stream)
        else:
            _write(f"{text}\n", self._stream)

    def _show(self) -> None:
        if self._live and self._check is not None:
            left = max(self._deadline - time.monotonic(), 0.0)
            line = f"{_name(self._check)}  ({left:.0f} s left for the whole run)"
            overwrite(line, self._stream)

    def _tick(self) -> None:
        while not self._over.wait(TICK_SECONDS):
            self._show()

    def __enter__(self) -> Progress:  # noqa: PYI034  typing.Self is not in Python 3.10
        """Begin to keep the line current."""
        if self._live:
            self._ticker.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave a clean line behind."""
        self._over.set()
        if self._live:
            self._ticker.join()
            overwrite("", self._stream)


def _name(check: CheckOutcome) -> str:
    return f"{check.number} {check.title.split(':')[0]}"
