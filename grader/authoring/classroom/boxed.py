"""Grade a submission of a class in a container like the platform's (`--image`)."""

from __future__ import annotations

import contextlib
import functools
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.assignment import load
from grader.authoring.classroom import unboxed
from grader.authoring.classroom.grading import Answer, Look, Request, failed
from grader.authoring.classroom.slots import SlotLost
from grader.authoring.gradescope import container, engine, site
from grader.errors import GraderError, UnusableSubmission
from grader.outcomes import to_json
from grader.session import opened

if TYPE_CHECKING:
    from docker import DockerClient

SIZE = container.SIZES["0.5"]  # what students' submissions get unless the course pays attention


def grade(tag: str, request: Request, over: threading.Event) -> Answer:
    """Grade with the image `tag`, which has its own expected values and test images.

    Raises EngineError where the engine refuses, UnusableSubmission where nothing is there, and
    SlotLost when it is `over` meanwhile: the container is gone then. One that left no record is
    this submission's failure: another try would take as long, and end alike.
    """
    began = time.monotonic()
    looked, path = Look(), Path(request.path)
    assignment = load(Path(request.assignment))
    # The container tells the student what is wrong with one of which nothing can be graded.
    with contextlib.suppress(UnusableSubmission), opened(path, assignment) as submission:
        looked.at(submission)
    setting = container.Setting(SIZE, seconds=int(assignment.limits.total_seconds))
    # Without a class's dates the file is an object with nothing in it: were there no file, staff
    # would be told of a platform that does not keep its word.
    metadata = dict(request.metadata)
    try:
        content, raw = container.grade(
            _client(), tag, path, metadata, setting, lambda: _go_on(over)
        )
    except container.NoRecord as error:
        answer = failed(str(error))
    else:
        answer = _answer(content, raw, request.key)
    return looked.added(answer, time.monotonic() - began)


def _go_on(over: threading.Event) -> None:
    """Raise SlotLost when nobody waits for the container any more, as after an interrupt."""
    if over.is_set():
        raise SlotLost("the class is no longer graded here")


def _answer(content: bytes, raw: bytes, key: str) -> Answer:
    """The answer that the container's record holds; what is unclear is a failure for staff."""
    try:
        record = site.parse(content, raw)
        if record.outcome != "graded":
            return failed(f"the run in the container {record.outcome}: {record.reason}")
        run, notes = unboxed.run(record.results, record.outcomes, key)
    except GraderError as error:
        return failed(str(error))
    return Answer(run=to_json(run), results=_noted(record.results, notes))


def _noted(results: Mapping[str, Any], notes: list[str]) -> dict[str, Any]:
    """The results with more notes for staff, where students see none."""
    extra = results.get("extra_data", {})
    told = [*extra.get("staff_notes", []), *notes]
    return {**results, "extra_data": {**extra, "staff_notes": told}} if notes else dict(results)


@functools.cache
def _client() -> DockerClient:
    return engine.connect()
