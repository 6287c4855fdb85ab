"""The neutral outcome model: what was graded, how, and with which result.

Checks write it, exporters read it, and nothing in between parses text. Points are
exact fractions until an exporter prints them. `OutcomeFile` rewrites the JSON after
every check, atomically, so that a result exists at any moment.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import tempfile
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import Any

SCHEMA_VERSION = 1
ALL_FILES = "*"


class Status(str, Enum):
    """The three outcomes of a check, and a fourth for what was never reached."""

    PASSED = "passed"
    FAILED = "failed"
    UNCHECKED = "unchecked"
    NOT_RUN = "not-run"


@dataclass
class CaseOutcome:
    """One configuration of a check.

    `domain` is 'core' for what the course itself uses, else 'wide'. `reason` is a
    stable code ('wrong', 'exception', 'time-limit', 'not-started', ...), '' if passed.
    `message` is Markdown for the student. `detail` holds facts for later reports, such as
    'output', a digest that equal wrong values of one seed share; `name`
    is what a case that is not started, or whose file is missing, waits for.
    """

    name: str
    domain: str
    max_points: Fraction
    status: Status = Status.NOT_RUN
    points: Fraction = Fraction(0)
    reason: str = ""
    message: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass
class CheckOutcome:
    """One check (a pytest test) with its cases.

    `title` is the sentence the student reads. `cpu_seconds`, `wall_seconds` and
    `peak_mb` are the worker's; `cpu_limit` is what it may use, in CPU seconds on the
    machine that the limits are meant for (0: unknown), and `advice` what helps when that
    is much. `remarks` are observations that cost no points. `printed` is the beginning of
    what the student's code printed, `printed_more` how many bytes came after it.

    `reads` are the files of the submission that the check asked for, found or not, as
    'part-folder/path', in the order of asking; `ALL_FILES` alone for all of them. What
    those files import is not among them.

    `hint` is the likely mistake in words, Markdown; `families` the known mistakes behind
    it, those that fit equally well together. `expected` says in words what each of the
    values that are wrong should be, and `handout` is the section of the handout to look at.
    """

    number: str
    part: str
    title: str
    max_points: Fraction
    visibility: str = "visible"
    tags: list[str] = field(default_factory=list)
    cases: list[CaseOutcome] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    printed: str = ""
    printed_more: int = 0
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    peak_mb: float = 0.0
    leaderboard: list[dict[str, Any]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    reads: list[str] = field(default_factory=list)
    advice: str = ""
    cpu_limit: float = 0.0
    hint: str = ""
    families: list[list[str]] = field(default_factory=list)
    expected: dict[str, str] = field(default_factory=dict)
    handout: str = ""

    @property
    def points(self) -> Fraction:
        """The sum over the cases, never above `max_points`."""
        return min(sum((case.points for case in self.cases), Fraction(0)), self.max_points)

    @property
    def status(self) -> Status:
        """Failed beats unchecked beats not run beats passed; no cases means not run."""
        statuses = {case.status for case in self.cases}
        for status in (Status.FAILED, Status.UNCHECKED, Status.NOT_RUN):
            if status in statuses:
                return status
        return Status.PASSED if statuses else Status.NOT_RUN

    @property
    def reason(self) -> str:
        """The reason code of the first case with the check's status."""
        return next((case.reason for case in self.cases if case.status is self.status), "")


@dataclass
class Run:
    """One grading of one submission.

    `notes` are for the student, `staff_notes` for the instructor only, and so are `flags`:
    what is odd about a check and costs nothing ('check', 'kind' and 'text' each). `error` is set
    when the whole submission could not be graded: a sentence for the student. `left_out`
    has the numbers of the assignment's checks that were not asked for. `isolation` is
    what `grader.sandbox.level.report` makes of the workers' reports, and `libraries` has the
    version of each that submitted code ran with (`grader.libraries`). `peak_mb` is this
    process's memory; `container` has 'limit_mb' and 'peak_mb' of all processes, where a
    container limits them.
    """

    assignment: str
    submission: str
    submission_sha256: str = ""
    checks: list[CheckOutcome] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    part_titles: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    staff_notes: list[str] = field(default_factory=list)
    flags: list[dict[str, str]] = field(default_factory=list)
    error: str = ""
    complete: bool = False
    wall_seconds: float = 0.0
    peak_mb: float = 0.0
    allowed_seconds: float = 0.0
    container: dict[str, float] = field(default_factory=dict)
    tape: str = ""
    tape_seed: int = 0
    data: str = ""
    grader_version: str = ""
    libraries: dict[str, str] = field(default_factory=dict)
    isolation: dict[str, Any] = field(default_factory=dict)
    late: dict[str, Any] = field(default_factory=dict)
    penalty: Fraction = Fraction(0)

    @property
    def max_points(self) -> Fraction:
        """Points of all checks together."""
        return sum((check.max_points for check in self.checks), Fraction(0))

    @property
    def points(self) -> Fraction:
        """Points earned, before any late penalty."""
        return sum((check.points for check in self.checks), Fraction(0))

    @property
    def score(self) -> Fraction:
        """Points after the late penalty (a fraction of the points, 0 to 1)."""
        return self.points * (1 - self.penalty)


def to_json(run: Run) -> dict[str, Any]:
    """The run as plain JSON values; fractions become exact strings such as '7/4'."""
    document: dict[str, Any] = plain(run)
    document["schema"] = SCHEMA_VERSION
    document["points"] = str(run.points)
    document["max_points"] = str(run.max_points)
    document["score"] = str(run.score)
    for entry, check in zip(document["checks"], run.checks, strict=True):
        entry.update(points=str(check.points), status=check.status.value, reason=check.reason)
    return document


def from_json(document: dict[str, Any]) -> Run:
    """Read what `to_json` wrote.

    Raises ValueError for another schema version.
    """
    if document.get("schema") != SCHEMA_VERSION:
        message = f"outcome schema {document.get('schema')!r}; this grader reads {SCHEMA_VERSION}"
        raise ValueError(message)
    checks = [_check_from_json(entry) for entry in document["checks"]]
    names = {f.name for f in dataclasses.fields(Run)} - {"checks", "penalty"}
    values = {name: document[name] for name in names if name in document}
    return Run(checks=checks, penalty=Fraction(document["penalty"]), **values)


def _check_from_json(entry: dict[str, Any]) -> CheckOutcome:
    cases = [
        CaseOutcome(
            **{
                **case,
                "status": Status(case["status"]),
                "points": Fraction(case["points"]),
                "max_points": Fraction(case["max_points"]),
            },
        )
        for case in entry["cases"]
    ]
    names = {f.name for f in dataclasses.fields(CheckOutcome)} - {"cases", "max_points"}
    values = {name: entry[name] for name in names if name in entry}
    return CheckOutcome(cases=cases, max_points=Fraction(entry["max_points"]), **values)


def plain(value: Any) -> Any:
    """A value as JSON can have it: dataclasses as objects, exact fractions as strings."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, (Enum, Fraction)):
        return value.value if isinstance(value, Enum) else str(value)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, str):
        # Student text may hold lone surrogates, which no file in UTF-8 can.
        return value.encode("utf-8", "replace").decode()
    return value


def write_json(path: Path, document: object) -> None:
    """Write `document` as strict JSON, atomically.

    Readers see the old file or the new one, never a half-written one. NaN and
    infinities raise ValueError: they would lose the whole run on Gradescope.
    """
    text = json.dumps(document, indent=1, allow_nan=False, ensure_ascii=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        os.chmod(temporary, 0o644)  # noqa: PTH101  the harness reads it as another user
        os.replace(temporary, path)  # noqa: PTH105  same call as above, by name
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)  # noqa: PTH108
        raise
