"""Grade a submission of a class in a container like the platform's (`--image`).

The container gives results.json, which has every check with its points, status, reason and text,
and no single cases; the run that is kept is made from that.
"""

from __future__ import annotations

import contextlib
import functools
import time
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.assignment import load
from grader.authoring.classroom.grading import Answer, Look, Request, failed
from grader.authoring.gradescope import container, engine, site
from grader.errors import UnusableSubmission
from grader.outcomes import CaseOutcome, CheckOutcome, Run, Status, to_json
from grader.session import opened

if TYPE_CHECKING:
    from docker import DockerClient

SIZE = container.SIZES["0.5"]  # what students' submissions get unless the course pays attention


def grade(tag: str, request: Request) -> Answer:
    """Grade with the image `tag`, which has its own expected values and test images.

    Raises EngineError where the engine refuses, UnusableSubmission where nothing is there.
    """
    began = time.monotonic()
    looked, path = Look(), Path(request.path)
    # The container tells the student what is wrong with one of which nothing can be graded.
    with (
        contextlib.suppress(UnusableSubmission),
        opened(path, load(Path(request.assignment))) as submission,
    ):
        looked.at(submission)
    setting = container.Setting(SIZE)
    content, raw = container.grade(_client(), tag, path, request.metadata or None, setting)
    record = site.parse(content, raw)
    if record.outcome == "graded":
        run = to_json(of_results(record.results, request.key))
        answer = Answer(run=run, results=record.results)
    else:
        answer = failed(f"the run in the container {record.outcome}: {record.reason}")
    return looked.added(answer, time.monotonic() - began)


def of_results(results: Mapping[str, Any], key: str) -> Run:
    """The run behind a results.json of ours: each check has a single case."""
    extra = results.get("extra_data") or {}
    reasons = extra.get("staff_notes") or []
    run = Run(
        assignment=str(extra.get("assignment", "")),
        submission=key,
        submission_sha256=str(extra.get("submission_sha256", "")),
        checks=[_check(test) for test in results.get("tests", [])],
        staff_notes=[str(note) for note in reasons],
        flags=list(extra.get("flags") or []),
        error=str(extra.get("error", "")),
        complete=bool(extra.get("complete")),
        tape=str(extra.get("tape", "")),
        tape_seed=int(extra.get("tape_seed") or 0),
        data=str(extra.get("data", "")),
        grader_version=str(extra.get("grader_version", "")),
        isolation=dict(extra.get("isolation") or {}),
        late=dict(extra.get("late") or {}),
        penalty=Fraction(str(extra.get("penalty", "0"))),
        container=dict(extra.get("container") or {}),
    )
    seconds = extra.get("seconds") or {}
    run.wall_seconds = float(seconds.get("used") or 0)
    run.allowed_seconds = float(seconds.get("allowed") or 0)
    run.peak_mb = float(extra.get("peak_mb") or 0)
    return run


def _check(test: Mapping[str, Any]) -> CheckOutcome:
    extra = test.get("extra_data") or {}
    number = str(test.get("number", ""))
    most = Fraction(str(test.get("max_score", 0)))
    case = CaseOutcome(
        name="",
        domain="core",
        max_points=most,
        status=Status(extra.get("outcome", Status.NOT_RUN.value)),
        points=Fraction(str(test.get("score", 0))),
        reason=str(extra.get("reason", "")),
        message=str(test.get("output", "")),
        detail={"failed_cases": list(extra.get("failed_cases") or [])},
    )
    return CheckOutcome(
        number=number,
        part=number.split(".", maxsplit=1)[0],
        title=str(test.get("name", "")),
        max_points=most,
        visibility=str(test.get("visibility", "visible")),
        tags=list(test.get("tags") or []),
        cases=[case],
        cpu_seconds=float(extra.get("cpu_seconds") or 0),
        wall_seconds=float(extra.get("wall_seconds") or 0),
        peak_mb=float(extra.get("peak_mb") or 0),
    )


@functools.cache
def _client() -> DockerClient:
    return engine.connect()
