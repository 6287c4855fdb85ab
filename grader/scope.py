"""What one running check holds: its workers, its clock, its notes.

A check has one worker, opened when the check first asks for the student's code. A
worker that dies is replaced for the next case, out of what is left of the check's time;
after a time-out the remaining cases fail with the same sentence at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader import sandbox
from grader.assignment import Part
from grader.budget import Allowance
from grader.errors import MissingFile, SubmissionError, TimeLimitExceeded
from grader.outcomes import ALL_FILES
from grader.sandbox import level
from grader.sandbox.failures import scrub

if TYPE_CHECKING:
    from grader.intake import Submission

PRINTED_CHARACTERS = 2048


@dataclass
class Report:
    """What a check says beside its verdict; the `report` fixture."""

    remarks: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    leaderboard: list[dict[str, Any]] = field(default_factory=list)

    def remark(self, text: str) -> None:
        """An observation for the student that costs no points; said once."""
        if text not in self.remarks:
            self.remarks.append(text)

    def fact(self, name: str, value: object) -> None:
        """A plain JSON value for later reports."""
        self.facts[name] = value

    def rank(self, name: str, value: float, order: str = "desc") -> None:
        """A leaderboard entry; the same one twice counts once."""
        entry = {"name": name, "value": value, "order": order}
        if entry not in self.leaderboard:
            self.leaderboard.append(entry)


@dataclass
class Usage:
    """What the workers of a check used together."""

    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    peak_mb: float = 0.0


class Scope:
    """One check while it runs.

    `stuck` is shared by all checks of a run: modules whose import timed out, so that
    the checks that need the same file fail at once. `unchanged` has, by file, the functions
    that are known to be the template's.
    """

    def __init__(
        self,
        pool: sandbox.WorkerPool,
        allowance: Allowance,
        memory_mb: int,
        answer_mb: int,
        stuck: dict[tuple[str, str], SubmissionError],
        demand: str = level.NONE,
    ) -> None:
        self.report = Report()
        self.memo: dict[str, Any] = {}
        self.usage = Usage()
        self.printed = ""
        self.printed_more = 0
        self.isolation: dict[str, str] = {}
        self.holes: dict[str, None] = {}
        self.loaded: dict[str, sandbox.RemoteObject] = {}
        self.stuck = stuck
        self.unchanged: dict[str, list[str]] = {}
        self._pool = pool
        self._allowance = allowance
        self._memory_mb = memory_mb
        self._answer_mb = answer_mb
        self._demand = demand
        self._worker: sandbox.Worker | None = None
        self._root = ""
        self._timed_out: TimeLimitExceeded | None = None
        self._reads: dict[str, None] = {}

    @property
    def reads(self) -> list[str]:
        """The files that the check asked for, as `CheckOutcome.reads` has them."""
        return [ALL_FILES] if ALL_FILES in self._reads else list(self._reads)

    def asks_for(self, path: str) -> None:
        """Note that the check looks at a file of the submission, 'part-folder/path'."""
        self._reads[path] = None

    def worker(self, part: Part, root: Path) -> sandbox.Worker:
        """The check's worker, a new one if there is none or the last one died.

        Raises TimeLimitExceeded at once if the check's time is already used up, and
        SandboxError if the worker is less locked up than is demanded.
        """
        if self._timed_out is not None:
            raise self._timed_out.with_traceback(None)
        if self._worker is not None and self._worker.dead:
            self.close()
        if self._worker is None:
            cpu = self._allowance.cpu_seconds - self.usage.cpu_seconds
            wall = self._allowance.wall_seconds - self.usage.wall_seconds
            if min(cpu, wall) <= 0:
                raise TimeLimitExceeded(self._allowance.cpu_seconds)
            limits = sandbox.Limits(
                cpu_seconds=cpu,
                wall_seconds=wall,
                memory_mb=self._memory_mb,
                answer_mb=self._answer_mb,
            )
            worker = self._worker = self._pool.open(part.kind, root, limits)  # type: ignore[arg-type]
            self.isolation = worker.layers
            self.holes |= dict.fromkeys(worker.holes)
            level.require(worker.holes, self._demand)
            self._root = str(root)
        return self._worker

    def failed(self, error: BaseException) -> None:
        """Tell the scope how a case ended, so that a time-out ends the whole check."""
        if isinstance(error, TimeLimitExceeded):
            self._timed_out = error

    @property
    def worker_killed(self) -> bool:
        """Whether the check's worker was killed, and no limit explains it."""
        return self._worker is not None and self._worker.killed

    def begin_again(self, allowance: Allowance | None) -> None:
        """Let the next case have a fresh worker, and `allowance` from now on if there is one.

        What cases share goes, too: it may refer to the worker that was killed.
        """
        self.close()
        self.memo.clear()
        if allowance is not None:
            self._allowance = Allowance(
                self.usage.cpu_seconds + allowance.cpu_seconds,
                self.usage.wall_seconds + allowance.wall_seconds,
            )

    def close(self) -> None:
        """Kill the worker and add up what it used and printed."""
        if self._worker is None:
            return
        worker, self._worker = self._worker, None
        self.loaded.clear()
        worker.close()
        used = worker.usage
        self.usage.cpu_seconds += used.cpu_seconds
        self.usage.wall_seconds += used.wall_seconds
        self.usage.peak_mb = max(self.usage.peak_mb, used.peak_mb)
        printed = self.printed + scrub(worker.printed, self._root)
        self.printed = printed[:PRINTED_CHARACTERS]
        self.printed_more += worker.printed_dropped + len(printed) - len(self.printed)


class StudentPart:
    """One part of the submission as a check sees it; the `part1`, ... fixtures."""

    def __init__(self, scope: Scope, part: Part, submission: Submission) -> None:
        self.part = part
        self._scope = scope
        self._submission = submission

    @property
    def root(self) -> Path:
        """The staged folder; raises MissingFile if the submission lacks the part."""
        root = self._submission.parts.get(self.part.folder)
        if root is None:
            raise MissingFile(self.part.folder + "/")
        return root

    def has(self, path: str) -> bool:
        """Whether the submission holds the file `path` of this part."""
        self._scope.asks_for(f"{self.part.folder}/{path}")
        root = self._submission.parts.get(self.part.folder)
        return root is not None and (root / path).is_file()

    def require(self, path: str) -> Path:
        """The staged file; raises MissingFile."""
        if not self.has(path):
            raise MissingFile(f"{self.part.folder}/{path}")
        return self.root / path

    @property
    def worker(self) -> sandbox.Worker:
        """The check's worker, for what the shortcuts below do not cover."""
        return self._scope.worker(self.part, self.root)

    def load(self, dotted: str) -> sandbox.RemoteObject:
        """Import one of the student's modules ('modules.relu') in the worker.

        Raises MissingFile, or what the import raised. A module whose import once timed
        out fails at once from then on.
        """
        self.require(dotted.replace(".", "/") + ".py")
        key = (self.part.folder, dotted)
        if key in self._scope.stuck:
            raise self._scope.stuck[key].with_traceback(None)
        worker = self.worker
        if dotted in self._scope.loaded:
            return self._scope.loaded[dotted]
        try:
            module = worker.load(dotted)
        except TimeLimitExceeded as error:
            self._scope.stuck[key] = error
            raise
        self._scope.loaded[dotted] = module
        return module

    def drive(self, driver: str, function: str, *arguments: Any) -> Any:
        """Call a function of a driver (`grader.checks.drivers`) beside the student's code."""
        return self.worker.drive(f"grader.checks.drivers.{driver}:{function}", *arguments)
