"""Grade the reference with some of its files replaced, without packing anything."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader import sandbox
from grader.assignment import Assignment
from grader.authoring.generated import write_file
from grader.authoring.template import is_leftover
from grader.budget import Budget
from grader.diagnosis.observer import Observer
from grader.grading import Grading
from grader.outcomes import CheckOutcome, Run
from grader.session import opened, run_checks
from grader.tape import Tape

SECONDS = 600.0
_LARGE = {".pth", ".npz"}


@dataclass
class Trial:
    """The outcome of each check by number, and what each showed."""

    checks: dict[str, CheckOutcome]
    observers: dict[str, Observer]


class Bench:
    """Tries variants of the reference, all with the same zygotes and tape."""

    def __init__(self, reference: Path, assignment: Assignment, pool: sandbox.WorkerPool) -> None:
        self._reference = reference
        self._sources = _sources(reference)
        self._assignment = assignment
        self._pool = pool

    def run(
        self,
        files: Mapping[str, str],
        tape: Tape,
        seed: int,
        keep: Callable[[str], bool],
    ) -> Trial:
        """Check the reference with `files` (path to text) in place of its own."""
        with self._assembled(files) as folder, opened(folder, self._assignment) as submission:
            run = Run(self._assignment.title, "variant")
            budget = Budget(self._assignment, SECONDS)
            grading = Grading(
                self._assignment, budget, self._pool, submission, run, seed, tape=tape
            )
            run_checks(grading, keep)
        checks = {check.number: check for check in run.checks}
        return Trial(checks, grading.observers)

    @contextlib.contextmanager
    def _assembled(self, files: Mapping[str, str]) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(prefix="variant-") as name:
            folder = Path(name)
            for path in self._sources:
                target = folder / path.relative_to(self._reference)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
            for place, text in files.items():
                write_file(folder / place, text.encode())
            yield folder


def _sources(reference: Path) -> list[Path]:
    """The reference's code: no data, and no checkpoints, which variants have no use for."""
    return [
        path
        for path in sorted(reference.rglob("*"))
        if path.is_file()
        and path.suffix not in _LARGE
        and not is_leftover(PurePosixPath(path.relative_to(reference).as_posix()))
    ]
