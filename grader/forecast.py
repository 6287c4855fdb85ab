"""What a run measured here will take on Gradescope.

The workers' CPU seconds are what counts: a container with half a CPU gives each of them
two seconds of wall time. To that come the start of the zygotes and pytest, and in memory
the zygotes and the grader beside the largest worker. A check that predicts images says so
by its facts `images_predicted` and `seconds_per_image` (CPU): there it may get more of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from grader.assignment import Assignment
from grader.budget import calibrate
from grader.errors import DataUnavailable
from grader.outcomes import CheckOutcome, Run

# CPU seconds to start both zygotes and collect the checks (isolation.md's table of costs).
START_CPU_SECONDS = 3.5
CHECK_CPU_SECONDS = 0.05
# Resident beside a worker: the numpy and the torch zygote's pages that it does not share.
BESIDE_MB = 60.0
# The same program differs by this much from machine to machine, and from run to run.
TIME_MARGIN = 1.5
MEMORY_MARGIN = 1.15
# Of its own limit: above this a check is worth a word on how to make it faster.
NOTABLE = 0.2
CALIBRATIONS = 3


@dataclass(frozen=True)
class Forecast:
    """Seconds and megabytes in the container without margin, and their limits.

    `slowest` and `largest` are checks, None if nothing ran, `slowest_seconds` the wall
    time of the first, `hindered` whether that is much of the check's own limit.
    `left_out` names the checks that had no images here; `selected` says that other
    checks were not asked for.
    """

    seconds: float
    limit_seconds: float
    memory_mb: float
    limit_mb: float
    slowest: CheckOutcome | None = None
    slowest_seconds: float = 0.0
    hindered: bool = False
    largest: CheckOutcome | None = None
    left_out: tuple[str, ...] = ()
    selected: bool = False

    @property
    def late(self) -> bool:
        """Whether the time may not be enough."""
        return self.seconds * TIME_MARGIN > self.limit_seconds

    @property
    def big(self) -> bool:
        """Whether the memory may not be enough."""
        return self.memory_mb * MEMORY_MARGIN > self.limit_mb

    def text(self) -> str:
        """A few lines for the student: time and memory, what is missing, what to change."""
        what = ", these checks alone" if self.selected else ""
        lines = [
            f"On Gradescope's default container{what}: about {self.seconds:.0f} s of "
            f"{self.limit_seconds:.0f} s (with margin {self.seconds * TIME_MARGIN:.0f} s) and "
            f"{self.memory_mb:.0f} MB of {self.limit_mb:.0f} MB (with margin "
            f"{self.memory_mb * MEMORY_MARGIN:.0f} MB): "
            + ("this may not fit." if self.late or self.big else "this fits.")
        ]
        if self.left_out:
            lines.append(
                f"Not included: the accuracies of {_listed(self.left_out)}, for want of test "
                "images. `--data practice` includes them."
            )
        if self.slowest is not None:
            hint = self.slowest.advice if self.hindered or self.late else ""
            lines.append(
                f"Slowest: {_name(self.slowest)}, about {self.slowest_seconds:.1f} s. {hint}"
            )
        if self.big and self.largest is not None:
            lines.append(f"Most memory: {_name(self.largest)}. {self.largest.advice}")
        return "\n".join(line.rstrip() for line in lines)


def forecast(
    run: Run, assignment: Assignment, measure: Callable[[], float] = calibrate
) -> Forecast:
    """Predict the container's wall time and memory from a run on this machine.

    `measure` gives the CPU seconds of a fixed load here: where this machine is faster than
    the one that the limits are meant for, what was measured takes longer there.
    """
    container = assignment.table["container"]
    slower = slowdown(assignment, measure)
    cpu = {c.number: slower * _cpu_seconds(c, int(container.get("images", 0))) for c in run.checks}
    wall_per_cpu = wall_seconds_per_cpu_second(assignment)
    overhead = slower * (START_CPU_SECONDS + CHECK_CPU_SECONDS * len(run.checks))
    slowest = max(run.checks, key=lambda check: cpu[check.number], default=None)
    largest = max(run.checks, key=lambda check: check.peak_mb, default=None)
    seconds = 0.0 if slowest is None else cpu[slowest.number]
    return Forecast(
        seconds=(sum(cpu.values()) + overhead) * wall_per_cpu,
        limit_seconds=assignment.limits.total_seconds,
        memory_mb=(largest.peak_mb if largest else 0.0) + run.peak_mb + BESIDE_MB,
        limit_mb=float(container["memory_mb"]),
        slowest=slowest,
        slowest_seconds=seconds * wall_per_cpu,
        hindered=slowest is not None and seconds > NOTABLE * slowest.cpu_limit,
        largest=largest,
        left_out=tuple(check.number for check in run.checks if _lacks_images(check)),
        selected=bool(run.left_out),
    )


def slowdown(assignment: Assignment, measure: Callable[[], float] = calibrate) -> float:
    """How many times as long a program computes there as here; at least 1.

    `measure` is as in `forecast`.
    """
    nominal = assignment.limits.calibration_seconds
    return max(1.0, nominal / min(measure() for _ in range(CALIBRATIONS)))


def wall_seconds_per_cpu_second(assignment: Assignment) -> float:
    """How long a second of computing takes where there may be less than one CPU."""
    return 1 / min(float(assignment.table["container"]["cpus"]), 1.0)


def add_to_facts(
    run: Run, assignment: Assignment, measure: Callable[[], float] = calibrate
) -> None:
    """Put down for each check that predicted images what it takes in the container.

    Its fact `container` has `cpus`, `images` there, `seconds` (wall) for all of them, even if
    that is more than the `limit_seconds` of the check, `memory_mb` and `limit_mb`. Nothing is
    put down for an assignment that describes no container. `measure` is as in `forecast`.
    """
    container = assignment.table.get("container")
    measured = [check for check in run.checks if check.facts.get("images_predicted")]
    if not container or not measured:
        return
    slower = slowdown(assignment, measure)
    wall_per_cpu = wall_seconds_per_cpu_second(assignment)
    for check in measured:
        done = int(check.facts["images_predicted"])
        images = int(container.get("images", check.facts["images"]))
        rate = float(check.facts.get("seconds_per_image", 0.0))
        own = check.cpu_seconds - float(check.facts.get("private_cpu_seconds", 0.0))
        seconds = slower * (own + max(0, images - done) * rate) * wall_per_cpu
        check.facts["container"] = {
            "cpus": float(container["cpus"]),
            "images": images,
            "seconds": round(seconds, 2),
            "limit_seconds": round(check.cpu_limit * wall_per_cpu, 2),
            "memory_mb": round(check.peak_mb + run.peak_mb + BESIDE_MB, 1),
            "limit_mb": float(container["memory_mb"]),
        }


def _cpu_seconds(check: CheckOutcome, images: int) -> float:
    """What the check takes on a machine like this with `images` test images, in CPU seconds.

    Never more than its limit, at which it is stopped there too.
    """
    left = max(0, images - int(check.facts.get("images_predicted", images)))
    more = left * float(check.facts.get("seconds_per_image", 0.0))
    return max(check.cpu_seconds, min(check.cpu_seconds + more, check.cpu_limit))


def _lacks_images(check: CheckOutcome) -> bool:
    return any(case.reason == DataUnavailable.reason for case in check.cases)


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _name(check: CheckOutcome) -> str:
    return f"{check.number} {check.title.split(':')[0]}"
