"""What a person sees while a run goes on: one line on standard error, with the time left."""

from __future__ import annotations

import sys
import time
from types import TracebackType

from grader.grading import Watcher
from grader.outcomes import CheckOutcome


class Progress(Watcher):
    """Rewrites one line on a terminal; writes a line a check elsewhere."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._began = time.monotonic()

    def started(self, check: CheckOutcome, seconds_left: float) -> None:
        """Say which check runs, and how much time the run has left."""
        if self._live:
            title = check.title.split(":")[0]
            line = f"{check.number}  {title}  ({seconds_left:.0f} s left)"
            sys.stderr.write(f"\r\x1b[K{line[:100]}")
            sys.stderr.flush()

    def finished(self, check: CheckOutcome) -> None:
        """Without a terminal, one line for each check."""
        if not self._live:
            at = time.monotonic() - self._began
            sys.stderr.write(
                f"[{at:6.1f} s] {check.number} {check.title.split(':')[0]}: {check.status.value}\n"
            )
            sys.stderr.flush()

    def __enter__(self) -> Progress:  # noqa: PYI034  typing.Self is not in Python 3.10
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave a clean line behind."""
        if self._live:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
