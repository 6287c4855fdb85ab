"""Whether the function behind a failed case is still the template's: "not started".

`grader/data/template.json` has the template's functions, those that students write:
by the path of the file, 'part-folder/path', their source by qualified name. It holds no
solution. The file of the submission is read and parsed in the check's worker, and only
after a failure. The worker may lie: what it says chooses among the names that a check
is marked with, for a case that has 0 points already.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import (
    BadAnswer,
    Blocked,
    ConfigurationError,
    NotStarted,
    StudentCodeRaised,
    SubmissionError,
    WrongResult,
)
from grader.feedback.errors import unchanged
from grader.marks import Case, Exercise

if TYPE_CHECKING:
    from grader.scope import StudentPart

TEMPLATE = Path(__file__).parent / "data" / "template.json"
DRIVER = "grader.sandbox.unchanged"

MAY_BE_UNWRITTEN = (
    StudentCodeRaised,
    WrongResult,
    BadAnswer,
    Blocked,
    NotStarted,
    AssertionError,
)
"""Failures that code of the template's can end in. Not among them are a missing file, and
what ends a worker: there is no need to ask, or nobody to be asked."""

Functions = Mapping[str, Mapping[str, str]]


@functools.cache
def template(path: Path) -> Functions:
    """The template's functions; raises ConfigurationError where the file is no such list."""
    try:
        functions = json.loads(path.read_text("utf-8"))
        return {str(file): dict(sources) for file, sources in functions.items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        message = (
            f"{path.name} cannot be read ({error}), so nobody is told what is not started: "
            "run `grader template`"
        )
        raise ConfigurationError(message) from error


def unwritten(
    exercises: Sequence[Exercise], case: Case, part: StudentPart, known: dict[str, list[str]]
) -> NotStarted | None:
    """The first function that the case runs and that is as the template has it, if any.

    `exercises` are the check's marks; `known` keeps what the worker said about each file,
    so that it is asked once a check. Raises ConfigurationError for a damaged template.json,
    SandboxError when a worker had to be made and could not.
    """
    for exercise in exercises:
        if not exercise.concerns(case) or not part.has(exercise.path):
            continue
        if exercise.unless and part.has(exercise.unless):
            continue  # it may have been tried, too
        if exercise.path not in known:
            known[exercise.path] = _ask(part, exercise.path)
        for name in exercise.functions:
            if name in known[exercise.path]:
                return NotStarted(name, unchanged(name))
    return None


def _ask(part: StudentPart, path: str) -> list[str]:
    """Which of the template's functions in a file are unchanged; none if no answer comes."""
    functions = template(TEMPLATE).get(f"{part.part.folder}/{path}", {})
    if not functions:
        return []
    try:
        answer = part.worker.drive(f"{DRIVER}:unchanged", path, dict(functions))
    except SubmissionError:
        return []  # the file does not parse, the time is up, ...: the failure tells it better
    return [name for name in functions if name in _texts(answer)]


def _texts(answer: object) -> list[str]:
    """The texts in a list; hostile code may have sent anything else."""
    return [item for item in answer if isinstance(item, str)] if isinstance(answer, list) else []
