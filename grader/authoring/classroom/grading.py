"""Grade one submission of a class: the run, and what Gradescope would get.

This runs in a slot's own process (`slot`): it starts zygotes, and pytest's clock is a signal.
What goes in and comes out is plain JSON, and nothing in it says whose the submission is.
"""

from __future__ import annotations

import contextlib
import functools
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader import lateness
from grader.assignment import Assignment, load
from grader.authoring.classroom import similarity
from grader.errors import GraderError
from grader.exporters import gradescope
from grader.outcomes import Run, to_json
from grader.session import Options, grade

if TYPE_CHECKING:
    from grader.intake import Submission
    from grader.sandbox import WorkerPool

NOT_GRADED = (
    "The grader could not do its job. This is not your fault; the course staff can see the reason."
)


@dataclass(frozen=True)
class Setting:
    """How all submissions are graded.

    `code` is the digest of the grader that must be here, too. `seconds` is after how long a
    slot that gives no answer counts as lost. With `image`, each is graded in a container.
    """

    code: str
    seconds: float
    image: str = ""


@dataclass(frozen=True)
class Request:
    """What to grade, and with what: paths on this machine, `metadata` as the platform's."""

    key: str
    path: str
    tape: str
    assignment: str
    data: str | None = None
    private: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The form in which it goes to another process."""
        return asdict(self)


@dataclass(frozen=True)
class Answer:
    """What came out: a run and results.json in the form of JSON, or `failure` for staff.

    `files` are the digests of the files that were graded, by 'part/path', and `features` what
    similarity needs of them. `seconds` is wall time where it was graded.
    """

    run: dict[str, Any] | None = None
    results: dict[str, Any] | None = None
    files: dict[str, str] = field(default_factory=dict)
    features: dict[str, Any] | None = None
    failure: str = ""
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """The form in which it goes to another process."""
        return asdict(self)


def failed(reason: str, run: Run | None = None) -> Answer:
    """The answer where the grader, not the student, is at fault; what was graded stays."""
    if run is None or not run.checks:
        return Answer(results=gradescope.placeholder(NOT_GRADED, staff=reason), failure=reason)
    run.staff_notes.append(f"the grader stopped before the end: {reason}")
    return Answer(run=to_json(run), results=gradescope.export(run), failure=reason)


def grade_one(request: Request, pool: WorkerPool) -> Answer:
    """Grade; whatever goes wrong is in the answer, only an interrupt is raised."""
    began = time.monotonic()
    looked = Look()
    latest: list[Run] = []
    try:
        assignment = _assignment(request.assignment)
        late = _lateness(request, assignment)

        def keep(run: Run) -> None:
            run.submission = request.key  # the archive's name may be a student's
            if late is not None:
                late.apply(run)
            latest[:] = [run]

        run = grade(
            Options(
                path=Path(request.path),
                data=request.data,
                private=Path(request.private) if request.private else None,
                tape=Path(request.tape),
                seconds=assignment.limits.total_seconds,
                save=keep,
                staged=looked.at,
                assignment=assignment,
                demand=assignment.demanded_isolation,
            ),
            pool,
        )
        keep(run)
        answer = Answer(to_json(run), gradescope.export(run))
    except Exception as error:  # noqa: BLE001  one submission must not end the class
        reason = str(error) if isinstance(error, GraderError) else repr(error)
        answer = failed(reason, latest[0] if latest else None)
    return looked.added(answer, time.monotonic() - began)


class Look:
    """What is taken down of a submission while it is staged."""

    def __init__(self) -> None:
        self._files: dict[str, str] = {}
        self._features: dict[str, Any] | None = None

    def at(self, submission: Submission) -> None:
        """Take it down; without features nothing is compared, and all is graded the same."""
        self._files = {f"{entry.part}/{entry.path}": entry.sha256 for entry in submission.files}
        with contextlib.suppress(Exception):
            self._features = similarity.to_json(similarity.of(submission))

    def added(self, answer: Answer, seconds: float) -> Answer:
        """The answer with what was seen, and the time that it took."""
        return replace(
            answer, files=self._files, features=self._features, seconds=round(seconds, 3)
        )


def _lateness(request: Request, assignment: Assignment) -> lateness.Lateness | None:
    """What the platform's dates say; None where nobody knows when it was handed in."""
    if not request.metadata:
        return None
    return lateness.assess(request.metadata, lateness.Policy.of(assignment))


@functools.lru_cache(maxsize=4)
def _assignment(path: str) -> Assignment:
    return load(Path(path))
