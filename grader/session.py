"""Grade one submission from end to end: intake, workers, checks, outcomes.

    archive ─ intake ─▶ submission ─▶ workers ◀─ arrays ─▶ checks ─▶ Run ─▶ exporters

The zygotes are started before a tape or a label is read, so that nothing secret is in
the memory they are copied from.
"""

from __future__ import annotations

import contextlib
import functools
import os
import secrets
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import pytest

from grader import __version__, forecast, libraries, not_started, sandbox
from grader.assignment import Assignment
from grader.assignment import load as load_assignment
from grader.budget import Budget, speed_factor
from grader.errors import GraderError, UnusableSubmission
from grader.evaluation import images
from grader.grading import Grading, Watcher
from grader.intake import Layout, receive
from grader.intake import Limits as IntakeLimits
from grader.outcomes import Run
from grader.plugin import GradingPlugin
from grader.sandbox import cgroup, level
from grader.selection import Selection
from grader.tape import PUBLIC, Tape

if TYPE_CHECKING:
    from grader.intake import Submission

Kind = Literal["numpy", "torch"]
CHECKS = Path(__file__).parent / "checks"
DRIVERS: dict[Kind, tuple[str, ...]] = {
    "numpy": (not_started.DRIVER, "grader.checks.drivers.layers"),
    "torch": (
        not_started.DRIVER,
        *(
            f"grader.checks.drivers.{name}"
            for name in ("costs", "losses", "models", "training", "weights")
        ),
    ),
}
_FAILED_TO_RUN = frozenset({3, 4})


@dataclass
class Options:
    """What to grade, and with what.

    `seconds` is the time of the whole run (default: TIMEOUT_SECONDS, then the
    assignment's). `private` is a second file of images, of which only staff hear.
    `selection` says which checks run. `save` gets the run after every check, and `staged`
    the submission once, before the first one.
    `demand` is the level of isolation below which nothing is graded.
    """

    path: Path
    data: str | None = None
    private: Path | None = None
    tape: Path | None = None
    seconds: float | None = None
    selection: Selection = field(default_factory=Selection)
    save: Callable[[Run], None] = lambda _: None
    staged: Callable[[Submission], None] = lambda _: None
    watcher: Watcher = field(default_factory=Watcher)
    assignment: Assignment | None = None
    demand: str = level.NONE


def grade(options: Options, pool: sandbox.WorkerPool | None = None) -> Run:
    """Grade a submission and return its outcome.

    Zygotes of `pool` that already run are used, and stay for its next grading; each is a
    process of its own, which never sees what this one reads. Without a pool they are
    started now and end with the grading.

    A submission that cannot be graded at all gives a Run with `error` set. Raises
    GraderError when the grader cannot do its job, or the selection names no check.
    """
    began = time.monotonic()
    assignment = options.assignment or load_assignment()
    run = _new_run(assignment, options.path)
    budget = Budget(
        assignment,
        options.seconds or _allowed_seconds(assignment),
        speed_factor(assignment.limits.calibration_seconds),
    )
    try:
        with (
            opened(options.path, assignment) as submission,
            sandbox.WorkerPool() if pool is None else contextlib.nullcontext(pool) as workers,
        ):
            start(workers, cast("list[Kind]", options.selection.kinds(assignment)))
            run.allowed_seconds = budget.total_seconds
            options.staged(submission)
            run.submission_sha256 = submission.sha256
            run.notes += submission.notes
            run.staff_notes += submission.staff_notes
            run.flags += submission.flags
            layers, holes = _try_lock(workers, submission, options, assignment)
            tape = Tape(options.tape or PUBLIC)
            seed = tape.seed_for(submission.sha256)
            run.tape, run.tape_seed = tape.digest, seed
            located = images.locate(options.data)
            run.data = "" if located is None else located.stem
            grading = Grading(
                assignment,
                budget,
                workers,
                submission,
                run,
                seed,
                tape=tape,
                load_images=lambda: images.load(located),
                load_private=functools.partial(images.load, options.private)
                if options.private
                else None,
                save=options.save,
                watcher=options.watcher,
                demand=options.demand,
            )
            grading.observe_isolation(layers, holes)
            run_checks(grading, options.selection)
    except UnusableSubmission as error:
        run.error = str(error)
    run.complete = True
    run.wall_seconds = round(time.monotonic() - began, 2)
    run.peak_mb = _own_peak_mb()
    run.container = _container()
    forecast.add_to_facts(run, assignment)
    options.save(run)
    return run


@contextlib.contextmanager
def opened(path: Path, assignment: Assignment) -> Iterator[Submission]:
    """The staged submission in a folder of its own, removed at the end.

    Workers, who are other users, must be able to read it, but not one another's: the outer
    folder cannot be listed, and nobody can guess the inner one's name.

    Raises UnusableSubmission when there is nothing to grade.
    """
    layout = Layout.from_table(assignment.table)
    with tempfile.TemporaryDirectory(prefix="grading-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        into = Path(folder, secrets.token_hex(8))
        limits = IntakeLimits(archive_mb=int(assignment.limits.archive_mb))
        yield receive(path, layout, given_files(), into, limits)


def start(pool: sandbox.WorkerPool, kinds: Iterable[Kind] = tuple(DRIVERS)) -> None:
    """Begin to start the zygotes, before anything secret is read."""
    for kind in kinds:
        pool.start(kind, DRIVERS[kind])


def _try_lock(
    pool: sandbox.WorkerPool, submission: Submission, options: Options, assignment: Assignment
) -> tuple[dict[str, str], list[str]]:
    """What a first worker, which runs no submitted code, reports of its lock.

    Raises SandboxError where that is less than `options` demand.
    """
    if options.demand == level.NONE:
        return {}, []
    kind = cast("Kind", options.selection.kinds(assignment)[0])
    root = next(folder for folder in submission.parts.values() if folder is not None)
    with pool.open(kind, root) as worker:
        level.require(worker.holes, options.demand)
        return worker.layers, worker.holes


def given_files() -> Path | None:
    """Where the files that the course gives lie: packed with us, else in the reference."""
    packed = Path(__file__).parent / "given"
    checkout = Path(__file__).parents[1] / "reference"
    return next((folder for folder in (packed, checkout) if folder.is_dir()), None)


def run_checks(
    grading: Grading,
    keep: Callable[[str], bool] | None = None,
    checks: Path = CHECKS,
) -> None:
    """Run the checks under pytest with our plugin and nothing of anybody else's.

    `checks` is another folder of check files in tests only.
    Raises GraderError if they could not be collected, KeyboardInterrupt if interrupted.
    """
    plugin = GradingPlugin(grading, keep)
    arguments = [
        str(checks),
        f"--rootdir={checks}",
        f"--config-file={os.devnull}",
        "--noconftest",
        "--assert=plain",
        "--capture=no",
        "--override-ini=python_files=check_*.py",
        "-p",
        "no:terminal",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:unraisableexception",  # collects all garbage several times at the end of a run
        "-p",
        "pytest_timeout",
        "-p",
        "grader.fixtures",
    ]
    with _environment(PYTEST_DISABLE_PLUGIN_AUTOLOAD="1", PYTEST_ADDOPTS=""):
        code = int(pytest.main(arguments, plugins=[plugin]))
    if code == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if code in _FAILED_TO_RUN or plugin.problem:
        message = plugin.problem or "the checks could not be run: try `grader doctor`"
        raise GraderError(message)


@contextlib.contextmanager
def _environment(**variables: str) -> Iterator[None]:
    """Set environment variables, and put back what was there."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _new_run(assignment: Assignment, path: Path) -> Run:
    return Run(
        assignment=assignment.title,
        submission=path.name,
        part_titles={part.number: part.title for part in assignment.parts},
        grader_version=__version__,
        libraries=libraries.deciding(),
    )


def _allowed_seconds(assignment: Assignment) -> float:
    """TIMEOUT_SECONDS where the platform sets a positive number, else the assignment's."""
    with contextlib.suppress(ValueError):
        seconds = float(os.environ.get("TIMEOUT_SECONDS", ""))
        if seconds > 0:
            return seconds
    return assignment.limits.total_seconds


def _container() -> dict[str, float]:
    figures = {"limit_mb": cgroup.limit_mb(), "peak_mb": cgroup.peak_mb()}
    return {name: value for name, value in figures.items() if value is not None}


def _own_peak_mb() -> float:
    import resource
    import sys

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1e6 if sys.platform == "darwin" else 1e3), 1)
