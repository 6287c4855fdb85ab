"""The state of one run: what the plugin and the fixtures share."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from grader.diagnosis.observer import Observer
from grader.errors import DataUnavailable, GraderError, OutOfTime, SubmissionError
from grader.outcomes import CheckOutcome, Run
from grader.sandbox import level
from grader.scope import Scope
from grader.tape import Expected, Recording, Tape

if TYPE_CHECKING:
    import numpy as np

    from grader import sandbox
    from grader.assignment import Assignment
    from grader.budget import Budget
    from grader.evaluation.images import Images
    from grader.intake import Submission


class Watcher:
    """What wants to know how a run goes on; every method may be overridden."""

    def started(self, check: CheckOutcome, seconds_left: float) -> None:
        """A check begins."""

    def finished(self, check: CheckOutcome) -> None:
        """A check has its outcome."""


@dataclass
class Grading:
    """One run over one submission.

    `load_images` is called when a check first asks for them; `save` after every check.
    `load_private` gives a second set, of which only staff hear, where there is one.
    Workers must reach the level of isolation `demand`. With `recorded`, the run makes a tape
    instead of comparing with one.
    """

    assignment: Assignment
    budget: Budget
    pool: sandbox.WorkerPool
    submission: Submission
    run: Run
    seed: int
    tape: Tape | None = None
    recorded: dict[str, np.ndarray[Any, Any]] | None = None
    load_images: Callable[[], Images] | None = None
    load_private: Callable[[], Images] | None = None
    save: Callable[[Run], None] = lambda _: None
    watcher: Watcher = field(default_factory=Watcher)
    demand: str = level.NONE
    scope: Scope | None = None
    stuck: dict[tuple[str, str], SubmissionError] = field(default_factory=dict)
    observers: dict[str, Observer] = field(default_factory=dict)
    _images: Images | None = None
    _private: Images | None = None
    _refusal: GraderError | None = None
    _begun_again: set[str] = field(default_factory=set)
    _current: str = ""
    _entered: float = 0.0

    def begin(self, checks: list[CheckOutcome], cpu_seconds: dict[str, float]) -> None:
        """Take the pessimistic outcomes of all checks and their limits, and write them."""
        self.run.checks = checks
        self.budget.plan([(c.part, c.number, cpu_seconds[c.number]) for c in checks])
        self.save(self.run)

    def enter(self, name: str) -> None:
        """Open the scope of check `name`, unless it is already open."""
        if name == self._current:
            return
        self._current, self._refusal = name, None
        self.observers[name] = Observer()
        check = self._check(name)
        self._entered = time.monotonic()
        self.watcher.started(check, self.budget.remaining())
        try:
            allowance = self.budget.allowance(name)
        except OutOfTime as error:
            self._refusal = error
            return
        limits = self.assignment.limits
        self.scope = Scope(
            self.pool,
            allowance,
            memory_mb=limits.memory_mb,
            answer_mb=limits.answer_mb,
            stuck=self.stuck,
            demand=self.demand,
        )

    def begin_again(self, name: str) -> None:
        """Let a case of check `name` run once more: its worker was killed from outside.

        The first time, the check's share of the run's time is measured anew, as what the
        killed worker used is lost; code that kills itself again and again gets no more.
        """
        if self.scope is None:
            return
        allowance = None
        if name not in self._begun_again:
            self._begun_again.add(name)
            with contextlib.suppress(OutOfTime):
                allowance = self.budget.allowance(name)
        self.scope.begin_again(allowance)
        self.staff_note(
            f"{name}: a worker was killed, and no limit of ours explains it; its case ran once "
            "more. Look for what kills processes on this machine, or for code that kills itself."
        )

    def leave(self, name: str) -> None:
        """Close the scope of check `name`: its worker is dead before its outcome is written."""
        check = self._check(name)
        scope, self.scope, self._current = self.scope, None, ""
        if scope is not None:
            scope.close()
            check.cpu_seconds = round(scope.usage.cpu_seconds, 4)
            check.peak_mb = round(scope.usage.peak_mb, 1)
            check.printed = scope.printed
            check.printed_more = scope.printed_more
            check.remarks = scope.report.remarks
            check.facts = scope.report.facts
            check.reads = scope.reads
            check.leaderboard = scope.report.leaderboard
            self.observe_isolation(scope.isolation, scope.holes)
        check.wall_seconds = round(time.monotonic() - self._entered, 4)
        self.budget.used(name, check.wall_seconds)
        self.save(self.run)
        self.watcher.finished(check)

    def observe_isolation(self, layers: Mapping[str, str], holes: Iterable[str]) -> None:
        """Add what a worker reported of its lock; the level is that of the weakest."""
        if layers:
            known = self.run.isolation.get("open", [])
            self.run.isolation = level.report(layers, {*known, *holes})

    def require_scope(self) -> Scope:
        """The running check's scope; raises OutOfTime if it got no time."""
        if self.scope is None:
            raise self._refusal or OutOfTime("no check is running")
        return self.scope

    def expected(self, name: str) -> Expected:
        """The tape's view of one case, or the recorder when a tape is being made."""
        if self.recorded is not None:
            return Recording(self.seed, name, self.recorded)
        return Expected(self.seed, name, self.tape, self.observer.array)

    @property
    def observer(self) -> Observer:
        """What the running check showed up to now."""
        return self.observers[self._current]

    def images(self) -> Images:
        """The test images, read once; raises DataUnavailable."""
        if self._images is None:
            from grader.evaluation.images import load

            self._images = self.load_images() if self.load_images else load(None)
        return self._images

    def private_images(self) -> Images | None:
        """A second set of images, read once; None where there is none, or none to be read."""
        if self.load_private is not None:
            try:
                self._private = self.load_private()
            except DataUnavailable as error:
                self.staff_note(f"private images cannot be used, and were left out: {error}")
            self.load_private = None
        return self._private

    def staff_note(self, text: str) -> None:
        """A note that only the instructor sees; said once."""
        if text not in self.run.staff_notes:
            self.run.staff_notes.append(text)

    def flag(self, kind: str, text: str) -> None:
        """Something odd that staff should look at; it costs no points. Said once."""
        entry = {"check": self._current, "kind": kind, "text": text}
        if entry not in self.run.flags:
            self.run.flags.append(entry)

    def _check(self, name: str) -> CheckOutcome:
        return next(check for check in self.run.checks if check.number == name)
