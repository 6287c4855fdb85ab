"""Sample submissions graded side by side, each held against what it must get."""

from __future__ import annotations

import contextlib
import functools
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader import sandbox
from grader.authoring import samples, side_by_side
from grader.authoring.descriptions import ROOT, Sample
from grader.authoring.expectations import Difference, Expected
from grader.errors import GraderError
from grader.outcomes import Run
from grader.selection import Selection
from grader.session import Options, grade, start

DATA = "practice"


@dataclass(frozen=True)
class Graded:
    """A sample's outcome, and in what it differs from the expected one."""

    name: str
    title: str
    run: Run
    differences: list[Difference]
    seconds: float


@dataclass(frozen=True)
class _Task:
    sample: Sample
    expected: Expected


def grade_all(
    names: Sequence[str] = (),
    *,
    jobs: int = 1,
    told: Callable[[Graded], None] = lambda _: None,
    data: str = DATA,
    root: Path = ROOT,
) -> list[Graded]:
    """Grade these samples, `jobs` at a time; they come in the order of their names.

    Without names these are all but the hostile ones, whose tests look at more than points.
    Those that take longest begin first. `told` hears of each as it is done. `data` is as
    for `grader grade`; `root` is another checkout only in tests.

    Raises SampleError where a sample is unknown or its description makes no sense.
    """
    wanted = dict.fromkeys(names or samples.names(root))
    tasks = [_Task(samples.describe(name, root), samples.expected(name, root)) for name in wanted]
    tasks.sort(key=_length, reverse=True)
    work = functools.partial(_opened, data, root)
    return sorted(side_by_side.run(work, tasks, jobs, told), key=lambda graded: graded.name)


def _length(task: _Task) -> tuple[bool, float]:
    """What tells long gradings from short ones before they are done."""
    return task.sample.pace.slow, task.sample.pace.seconds or 0.0


@contextlib.contextmanager
def _opened(data: str, root: Path) -> Iterator[Callable[[_Task], Graded]]:
    """What grades one sample after the other, with zygotes of its own."""
    with sandbox.WorkerPool() as pool:
        start(pool)
        yield functools.partial(_graded, data, root, pool)


def _graded(data: str, root: Path, pool: sandbox.WorkerPool, task: _Task) -> Graded:
    """Grade one sample as the archive that a student would hand in."""
    began = time.monotonic()
    sample = task.sample
    with tempfile.TemporaryDirectory(prefix="panel-", ignore_cleanup_errors=True) as folder:
        try:
            archive = samples.assemble_zip(sample.name, Path(folder), root)
            selection = Selection(frozenset(task.expected.only))
            options = Options(archive, data=data, seconds=sample.pace.seconds, selection=selection)
            run = grade(options, pool)
            differences = task.expected.graded_by(os.geteuid()).mismatches(run)
        except GraderError as error:
            run = Run("", sample.name, error=f"The grader could not do its job: {error}")
            differences = [Difference("grading", "an outcome", str(error))]
    return Graded(sample.name, sample.title, run, differences, time.monotonic() - began)
