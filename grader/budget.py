"""Divide the run's time so that nothing starves what comes after it.

Every check has a limit in CPU seconds, scaled by how fast this machine is, and three
times that as wall time (at half a CPU the wall runs twice as fast). On top of it, each
part has a reserve: what earlier parts use can never eat into the reserves of later
ones, and every check of a part leaves a minimum for the checks that follow it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from grader.assignment import Assignment
from grader.errors import OutOfTime

WALL_PER_CPU = 3.0
LEAST_SECONDS = 2.0
SLOWEST = 4.0


@dataclass(frozen=True)
class Allowance:
    """What one check may use, in seconds."""

    cpu_seconds: float
    wall_seconds: float


class Budget:
    """The clock of one run.

    `total_seconds` counts from `started`; `margin_seconds` of it are kept back for
    writing results. `plan` lists (part number, check number) in the order of running.
    """

    def __init__(
        self,
        assignment: Assignment,
        total_seconds: float,
        speed: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        limits = assignment.limits
        self.total_seconds = total_seconds
        self.speed = speed
        self._clock = clock
        self._started = clock()
        margin = min(limits.margin_seconds, 0.15 * total_seconds)
        self.usable_seconds = total_seconds - margin
        scale = min(1.0, self.usable_seconds / (limits.total_seconds - limits.margin_seconds))
        self._reserves = {part.number: part.reserve_seconds * scale for part in assignment.parts}
        self._least = LEAST_SECONDS * scale
        self._waiting: list[tuple[str, str]] = []
        self._used: dict[str, float] = {}

    def plan(self, checks: Sequence[tuple[str, str]]) -> None:
        """State what is going to run, as (part number, check number)."""
        self._waiting = list(checks)

    def elapsed(self) -> float:
        """Seconds since the run began."""
        return self._clock() - self._started

    def remaining(self) -> float:
        """Seconds until every worker must be dead."""
        return self.usable_seconds - self.elapsed()

    def allowance(self, part: str, check: str, cpu_seconds: float) -> Allowance:
        """What `check` may use now.

        Raises OutOfTime, naming what used the time, when less than a useful minimum is
        left outside the reserves of later parts and checks.
        """
        later_parts = {p for p, c in self._waiting if p != part}
        after_here = sum(p == part and c != check for p, c in self._waiting)
        kept = sum(self._reserves[p] for p in later_parts) + self._least * after_here
        left = self.remaining() - kept
        wall = min(WALL_PER_CPU * cpu_seconds * self.speed, left)
        if wall < 0.9 * min(self._least, 0.5):
            raise OutOfTime(self._explain())
        return Allowance(min(cpu_seconds * self.speed, wall), wall)

    def used(self, check: str, wall_seconds: float) -> None:
        """Record that `check` is done, and how long it took."""
        self._used[check] = self._used.get(check, 0.0) + wall_seconds
        self._waiting = [(p, c) for p, c in self._waiting if c != check]

    def _explain(self) -> str:
        slow = sorted(self._used.items(), key=lambda item: -item[1])[:3]
        names = ", ".join(f"{check} ({seconds:.0f} s)" for check, seconds in slow)
        return (
            f"the {self.total_seconds:.0f} s of the whole run were used up before this check; "
            f"the slowest before it: {names or 'none'}"
        )


def calibrate() -> float:
    """CPU seconds that a fixed load takes here: a Python loop and sorting, on one core."""
    numbers = np.arange(20_000)[::-1] % 977
    began = time.process_time()
    total = 0
    for i in range(300_000):
        total += i & 7
    for _ in range(10):
        np.sort(numbers, kind="stable")
    return time.process_time() - began


def speed_factor(nominal_seconds: float) -> float:
    """How many times slower than nominal this machine is, from 1 to `SLOWEST`."""
    return min(max(calibrate() / nominal_seconds, 1.0), SLOWEST)
