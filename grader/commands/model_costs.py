"""`grader doctor --model`: what a student's network will take, before it is trained."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader import sandbox
from grader.assignment import Assignment
from grader.assignment import load as load_assignment
from grader.budget import Allowance
from grader.checks import costs
from grader.checks.check_own_model import test_my_model_accuracy
from grader.checks.costs import Cost
from grader.checks.loading import MY_MODEL
from grader.checks.sentences import costs as say
from grader.checks.sentences.own_model import NO_PARAMETERS, SMALLER
from grader.errors import (
    MemoryLimitExceeded,
    SubmissionError,
    TimeLimitExceeded,
    UnusableSubmission,
    WrongResult,
)
from grader.exporters import terminal
from grader.feedback.errors import explain
from grader.forecast import (
    BESIDE_MB,
    MEMORY_MARGIN,
    TIME_MARGIN,
    slowdown,
    wall_seconds_per_cpu_second,
)
from grader.intake.limits import MEGABYTE
from grader.intake.sentences import not_there, size
from grader.scope import Scope, StudentPart
from grader.session import opened, start

FILE = "models/my_model.py"
MOST_CPU_SECONDS = 60.0
MOST_WALL_SECONDS = 240.0
GRADER_MB = 65.0  # of the process that grades, without the images
IMAGE_MB = 32 * 32 * 3 / MEGABYTE


@dataclass(frozen=True)
class Measured:
    """What a network takes here: its cost, CPU seconds for an image, the worker's peak memory."""

    cost: Cost
    seconds_per_image: float
    peak_mb: float


@dataclass(frozen=True)
class Expected:
    """What it will take in the container: the archive's, the check's and the container's limits.

    Wall seconds for all `images`, and megabytes with all that runs beside the worker.
    """

    images: int
    bytes: int
    limit_bytes: float
    seconds: float
    limit_seconds: float
    memory_mb: float
    limit_mb: float

    @property
    def complaints(self) -> list[tuple[str, str]]:
        """What does not fit or may not fit, each with what to shrink."""
        found = []
        if self.bytes > self.limit_bytes:
            text = say.file_too_large(self.bytes, self.limit_bytes / MEGABYTE)
            found.append((text, say.SMALLER_FILE))
        if self.seconds > self.limit_seconds:
            fitting = int(self.images * self.limit_seconds / self.seconds)
            found.append((say.too_slow(self.images, fitting), SMALLER))
        elif self.seconds * TIME_MARGIN > self.limit_seconds:
            found.append((say.PERHAPS_TOO_SLOW, SMALLER))
        if self.memory_mb > self.limit_mb:
            found.append((say.too_big(self.limit_mb), SMALLER))
        elif self.memory_mb * MEMORY_MARGIN > self.limit_mb:
            found.append((say.PERHAPS_TOO_BIG, SMALLER))
        return found


def report(path: Path, pool: sandbox.WorkerPool | None = None) -> int:
    """Print what MyModel at `path` will take; 1 if it may not fit or does not run.

    `path` is the student's folder or archive, or a Python file with a class MyModel. Zygotes
    of `pool` that already run are used, and stay.
    Raises UnusableSubmission if there is no such thing, GraderError if nothing can be run.
    """
    assignment = load_assignment()
    try:
        with as_submission(path) as source:
            found = measure(source, assignment, pool)
    except UnusableSubmission:
        raise
    except SubmissionError as error:
        print(terminal.wrapped(sentence(error)))
        return 1
    expected = expect(found, assignment)
    print(table(found.cost, expected))
    for text, advice in expected.complaints:
        print(terminal.wrapped(f"{text} {advice}"))
    if not expected.complaints:
        print("This fits.")
    return 1 if expected.complaints else 0


@contextlib.contextmanager
def as_submission(path: Path) -> Iterator[Path]:
    """The folder or archive to take MyModel from.

    A single file gets a folder of its own with the modules beside it, as the file that the
    assignment names: networks can be compared before one of them becomes that file.
    Raises UnusableSubmission if nothing is at `path`.
    """
    if path.suffix != ".py":
        yield path.resolve()
        return
    if not path.is_file():
        raise UnusableSubmission(not_there(path.name))
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, load_assignment().part_of(MY_MODEL.task).folder, FILE)
        target.parent.mkdir(parents=True)
        for module in path.parent.glob("*.py"):
            if module.is_file():
                shutil.copyfile(module, target.parent / module.name)
        shutil.copyfile(path, target)
        yield Path(folder)


def measure(
    source: Path, assignment: Assignment, pool: sandbox.WorkerPool | None = None
) -> Measured:
    """Build MyModel in a worker, count, and predict random images.

    Raises SubmissionError for a network that does not run, WrongResult for one without
    parameters.
    """
    limits = assignment.limits
    part = assignment.part_of(MY_MODEL.task)
    with (
        opened(source, assignment) as submission,
        sandbox.WorkerPool() if pool is None else contextlib.nullcontext(pool) as workers,
    ):
        start(workers, ["torch"])
        scope = Scope(
            workers,
            Allowance(MOST_CPU_SECONDS, MOST_WALL_SECONDS),
            memory_mb=limits.memory_mb,
            answer_mb=limits.answer_mb,
            stuck={},
        )
        try:
            part2 = StudentPart(scope, part, submission)
            costs.build(part2, MY_MODEL)
            cost = costs.count(part2)
            if not cost.parameters:
                raise WrongResult(NO_PARAMETERS, code="no-parameters")
            rate = costs.seconds_per_image(part2)
        finally:
            scope.close()
    return Measured(cost, rate, scope.usage.peak_mb)


def expect(found: Measured, assignment: Assignment) -> Expected:
    """What the container needs for what was measured here."""
    container = assignment.table["container"]
    images = int(container.get("images", 0))
    pace = wall_seconds_per_cpu_second(assignment)
    most = float(test_my_model_accuracy.__cpu_seconds__)
    run = assignment.limits.total_seconds - assignment.limits.margin_seconds
    return Expected(
        images=images,
        bytes=found.cost.bytes,
        limit_bytes=assignment.limits.archive_mb * MEGABYTE,
        seconds=images * found.seconds_per_image * slowdown(assignment) * pace,
        limit_seconds=min(most * pace, run),
        memory_mb=found.peak_mb + BESIDE_MB + GRADER_MB + images * IMAGE_MB,
        limit_mb=float(container["memory_mb"]),
    )


def table(cost: Cost, expected: Expected) -> str:
    """The figures, one a line, each beside its limit, and the layers that take most."""
    flops = cost.flops / 1e6
    rows = {
        "parameters": f"{cost.parameters:,}",
        "operations": f"{flops:,.1f} MFLOP an image ({flops / 2:,.1f} million multiply-adds)",
        "checkpoint": f"{size(expected.bytes)} of {size(int(expected.limit_bytes))} in the archive",
        "time": (
            f"about {expected.seconds:.0f} s of {expected.limit_seconds:.0f} s for "
            f"{expected.images} images (with margin {expected.seconds * TIME_MARGIN:.0f} s)"
        ),
        "memory": (
            f"about {expected.memory_mb:.0f} MB of {expected.limit_mb:.0f} MB (with margin "
            f"{expected.memory_mb * MEMORY_MARGIN:.0f} MB)"
        ),
        "most work": say.layers(cost.busiest),
        "most weights": say.layers(cost.largest),
    }
    lines = [f"  {name:14}{text}" for name, text in rows.items() if text]
    return "\n".join(["MyModel, untrained, on Gradescope's default container:", *lines])


def sentence(error: SubmissionError) -> str:
    """Why the network cannot be measured, and what to do."""
    if isinstance(error, TimeLimitExceeded) and not error.while_importing:
        return f"{say.too_slow_to_measure(error.seconds)} {SMALLER}"
    if isinstance(error, MemoryLimitExceeded):
        return f"{say.too_much_memory(error.limit_mb)} {SMALLER}"
    return explain(error)
