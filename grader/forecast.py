"""What a run measured here will take on Gradescope.

The workers' CPU seconds are what counts: a container with half a CPU gives each of them
two seconds of wall time. To that come the start of the zygotes and pytest, and in memory
the zygotes and the grader beside the largest worker.
"""

from __future__ import annotations

from dataclasses import dataclass

from grader.assignment import Assignment
from grader.outcomes import Run

# CPU seconds to start both zygotes and collect the checks (isolation.md's table of costs).
START_CPU_SECONDS = 3.5
CHECK_CPU_SECONDS = 0.05
# Resident beside a worker: the numpy and the torch zygote's pages that it does not share.
BESIDE_MB = 60.0


@dataclass(frozen=True)
class Forecast:
    """Seconds and megabytes in the container, and the limits they are held against."""

    seconds: float
    limit_seconds: float
    memory_mb: float
    limit_mb: float
    slowest: str

    def text(self) -> str:
        """Two lines for the student."""
        fits = self.seconds < self.limit_seconds and self.memory_mb < self.limit_mb
        verdict = "fits" if fits else "may not fit"
        return (
            f"On Gradescope's default container: about {self.seconds:.0f} s of "
            f"{self.limit_seconds:.0f} s and {self.memory_mb:.0f} MB of {self.limit_mb:.0f} MB "
            f"({verdict}).\nSlowest: {self.slowest}."
        )


def forecast(run: Run, assignment: Assignment) -> Forecast:
    """Predict the container's wall time and memory from a run on this machine."""
    cpus = float(assignment.table["container"]["cpus"])
    cpu = sum(check.cpu_seconds for check in run.checks)
    overhead = START_CPU_SECONDS + CHECK_CPU_SECONDS * len(run.checks)
    slowest = max(run.checks, key=lambda check: check.cpu_seconds, default=None)
    return Forecast(
        seconds=(cpu + overhead) / min(cpus, 1.0),
        limit_seconds=assignment.limits.total_seconds,
        memory_mb=max((c.peak_mb for c in run.checks), default=0.0) + run.peak_mb + BESIDE_MB,
        limit_mb=float(assignment.table["container"]["memory_mb"]),
        slowest="nothing ran"
        if slowest is None
        else f"{slowest.number} {slowest.title.split(':')[0]}, {slowest.cpu_seconds:.1f} CPU s",
    )
