"""Divide the run's time so that nothing starves what comes after it.

Every check has a limit in CPU seconds, scaled by how fast this machine is, and three
times that as wall time (at half a CPU the wall runs twice as fast). On top of it, each
part has a reserve: what earlier parts use can never eat into the reserves of later
ones. Inside a part, a check gets at most half as much again as its fair share of what is
left, so that those after it still run when it hangs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from grader.assignment import Assignment
from grader.errors import OutOfTime

WALL_PER_CPU = 3.0
GENEROSITY = 1.5
LEAST_SECONDS = 2.0
LEAST_FRACTION = 0.02
SLOWEST = 4.0


@dataclass(frozen=True)
class Allowance:
    """What one check may use, in seconds."""

    cpu_seconds: float
    wall_seconds: float


class Budget:
    """The clock of one run.

    `total_seconds` counts from `started`; `margin_seconds` of it are kept back for
    writing results.
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
        self._least = min(LEAST_SECONDS, LEAST_FRACTION * self.usable_seconds)
        self._waiting: list[tuple[str, str, float]] = []
        self._used: dict[str, float] = {}

    def plan(self, checks: Sequence[tuple[str, str, float]]) -> None:
        """State what is going to run: part number, check number, CPU seconds at most."""
        self._waiting = list(checks)

    def elapsed(self) -> float:
        """Seconds since the run began."""
        return self._clock() - self._started

    def remaining(self) -> float:
        """Seconds until every worker must be dead."""
        return self.usable_seconds - self.elapsed()

    def allowance(self, check: str) -> Allowance:
        """What `check`, one of the plan, may use now.

        Raises OutOfTime, naming what used the time, when less than a useful minimum is
        left outside the reserves of later parts and checks.
        """
        part, cpu_seconds = next((p, s) for p, c, s in self._waiting if c == check)
        later_parts = {p for p, _, _ in self._waiting if p != part}
        after_here = [s for p, c, s in self._waiting if p == part and c != check]
        left = self.remaining() - sum(self._reserves[p] for p in later_parts)
        fair = left * cpu_seconds / (cpu_seconds + sum(after_here))
        wall = min(
            WALL_PER_CPU * cpu_seconds * self.speed,
            GENEROSITY * fair,
            left - self._least * len(after_here),
        )
        if wall < 0.9 * min(self._least, 0.5):
            raise OutOfTime(self._explain())
        return Allowance(min(cpu_seconds * self.speed, wall), wall)

    def used(self, check: str, wall_seconds: float) -> None:
        """Record that `check` is done, and how long it took."""
        self._used[check] = self._used.get(check, 0.0) + wall_seconds
        self._waiting = [entry for entry in self._waiting if entry[1] != check]

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
