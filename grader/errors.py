"""Everything that can go wrong, in two trees that never mix.

AutograderError
├── GraderError                the grader could not do its job: staff must act
│   ├── ConfigurationError     assignment.toml, or checks that do not fit it
│   ├── TapeError              expected values missing, damaged or out of date
│   ├── DataUnavailable        no test images: accuracy could not be checked
│   ├── SandboxError           a zygote or worker could not be started or locked up
│   └── OutOfTime              the run's time was used up before this check
└── SubmissionError            the submission is wrong: the student must act
    ├── UnusableSubmission     nothing can be graded: not a zip, too large, no part found
    ├── MissingFile            a file that this check needs is not there
    ├── NotStarted             the code is still the template's
    ├── StudentCodeRaised      the student's code raised an exception
    ├── TimeLimitExceeded      the worker's clock ran out
    ├── MemoryLimitExceeded    the worker's memory ran out
    ├── WorkerCrashed          the interpreter died (segmentation fault and the like)
    ├── WorkerExited           the code ended the process (sys.exit, os._exit)
    ├── BadAnswer              what came back was no plain, bounded array
    ├── WrongResult            arrays came back, and they are wrong
    └── Blocked                could not be checked, because something before it failed

A `SubmissionError` holds facts, not sentences: `grader.feedback` turns it into what
the student reads. A `GraderError`'s message is for staff: what happened, the likely
cause, and what to do. Only the command line exits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar


class AutograderError(Exception):
    """Root of both trees; `reason` is the code that outcome records carry."""

    reason: ClassVar[str] = "error"


class GraderError(AutograderError):
    """The grader could not do its job; no student is to blame."""

    reason = "grader-error"


class ConfigurationError(GraderError):
    """The assignment's file and the checks do not fit each other."""

    reason = "configuration"


class TapeError(GraderError):
    """The tape of expected values is missing, damaged or does not fit the checks."""

    reason = "tape"


class DataUnavailable(GraderError):
    """The images that a check needs are not there."""

    reason = "no-data"


class SandboxError(GraderError):
    """A zygote or worker could not be started, or not be locked up as demanded."""

    reason = "sandbox"


class OutOfTime(GraderError):
    """The time of the whole run was used up before this check got its turn."""

    reason = "out-of-time"


class SubmissionError(AutograderError):
    """The submission is wrong; `grader.feedback` words it for the student."""

    reason = "submission"


class UnusableSubmission(SubmissionError):
    """Nothing in the submission can be graded; the message says why in a sentence."""

    reason = "unusable-submission"


@dataclass
class MissingFile(SubmissionError):
    """A file that this check needs is not in the submission."""

    reason: ClassVar[str] = "missing-file"
    path: str

    def __str__(self) -> str:
        return f"{self.path} is not in the submission"


@dataclass
class NotStarted(SubmissionError):
    """The function is still as the template had it; `text` says more, in words for students."""

    reason: ClassVar[str] = "not-started"
    name: str
    text: str = ""

    def __str__(self) -> str:
        return f"{self.name} is not started"


@dataclass(frozen=True)
class Frame:
    """One line of a student's traceback; `path` is relative to the submission."""

    path: str
    line: int
    function: str
    text: str


@dataclass
class StudentCodeRaised(SubmissionError):
    """The student's code raised; all texts come from the student and are bounded."""

    reason: ClassVar[str] = "exception"
    type_name: str
    message: str
    frames: list[Frame] = field(default_factory=list)
    while_importing: bool = False

    def __str__(self) -> str:
        return f"{self.type_name}: {self.message}"


@dataclass
class TimeLimitExceeded(SubmissionError):
    """The worker's clock ran out; `kind` is 'cpu' or 'wall'."""

    reason: ClassVar[str] = "time-limit"
    seconds: float
    kind: str = "cpu"
    while_importing: bool = False

    def __str__(self) -> str:
        return f"stopped after {self.seconds:.0f} s ({self.kind})"


@dataclass
class MemoryLimitExceeded(SubmissionError):
    """The worker's memory ran out, or, with `container`, that of the container it is in."""

    reason: ClassVar[str] = "memory-limit"
    limit_mb: int
    container: bool = False

    def __str__(self) -> str:
        where = " in the whole container" if self.container else ""
        return f"more than {self.limit_mb} MB of memory{where}"


@dataclass
class WorkerCrashed(SubmissionError):
    """The interpreter died by a signal."""

    reason: ClassVar[str] = "crash"
    signal_name: str

    def __str__(self) -> str:
        return f"killed by {self.signal_name}"


@dataclass
class WorkerExited(SubmissionError):
    """The student's code ended the process."""

    reason: ClassVar[str] = "exit"
    status: int

    def __str__(self) -> str:
        return f"the process ended with status {self.status}"


@dataclass
class BadAnswer(SubmissionError):
    """What came back from the worker was not a plain, bounded value."""

    reason: ClassVar[str] = "bad-answer"
    detail: str

    def __str__(self) -> str:
        return self.detail


@dataclass
class WrongResult(SubmissionError):
    """Values came back and are wrong; `text` is Markdown built by `grader.feedback`.

    `evidence` is what the same mistake in other code would show, too: facts, no names of
    this one's. With `code` it is what diagnosis goes by where no array was compared, so that
    the text can be worded anew. `expected` says in words what should have come: by the name
    of each value a phrase without its full stop.
    """

    reason: ClassVar[str] = "wrong"
    text: str
    code: str = "wrong"
    evidence: str = ""
    expected: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text


@dataclass
class Blocked(SubmissionError):
    """The check could not be made because something it builds on failed first.

    It counts as "could not be checked", not as wrong.
    """

    reason: ClassVar[str] = "needs"
    text: str
    code: str = "needs"

    def __str__(self) -> str:
        return self.text
