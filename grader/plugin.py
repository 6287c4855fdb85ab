"""The pytest plugin that turns checks into outcome records.

It collects the check functions of `grader.checks`, orders them by number, gives each
its points and its share of the time, runs them, and records one `CheckOutcome` for
each number and one `CaseOutcome` for each configuration. The fixtures that checks use
are in `grader.fixtures`; the state of the run is the `Grading` object in the stash.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Generator, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from grader import feedback
from grader.diagnosis.report import diagnose
from grader.errors import (
    AutograderError,
    Blocked,
    ConfigurationError,
    GraderError,
    MissingFile,
    NotStarted,
    StudentCodeRaised,
    SubmissionError,
    WrongResult,
)
from grader.marks import DEFAULT_CPU_SECONDS, Case, Exercise, shares
from grader.not_started import MAY_BE_UNWRITTEN, unwritten
from grader.outcomes import CaseOutcome, CheckOutcome, Status
from grader.same_output import digest
from grader.scope import StudentPart
from grader.selection import Selection

if TYPE_CHECKING:
    from grader.grading import Grading

BACKSTOP_SECONDS = 30.0
NUMBER = "__number__"


class GradingPlugin:
    """Hooks of one run; `keep` selects checks by number, None takes all."""

    def __init__(self, grading: Grading, keep: Callable[[str], bool] | None = None) -> None:
        self.grading = grading
        self.keep = keep
        self.problem = ""
        self._broken: set[str] = set()
        self._repeated: set[str] = set()
        self._repeat = False
        self._cases: dict[str, CaseOutcome] = {}
        self._checks: dict[str, CheckOutcome] = {}

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
        """Keep what stopped pytest itself, in place of its dump on the terminal."""
        error = excinfo.value
        text = str(error) if isinstance(error, AutograderError) else repr(error)
        self.problem = self.problem or text
        return True

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A check file that cannot be imported stops the run: points would be missing."""
        if report.failed and not self.problem:
            last = str(report.longrepr).strip().splitlines()[-1:]
            self.problem = f"{report.nodeid} cannot be imported: {''.join(last)}"

    def pytest_configure(self, config: pytest.Config) -> None:
        """Let the fixtures find the run."""
        from grader.fixtures import GRADING

        config.stash[GRADING] = self.grading
        # Nobody reads pytest's own account of a failure, and formatting it takes longer
        # than most checks.
        config.option.tbstyle = "value"

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """One item for each case of a check that asks for `case`."""
        if "case" in metafunc.fixturenames:
            entries: tuple[Case, ...] = getattr(metafunc.function, "__cases__", ())
            metafunc.parametrize("case", entries, ids=[entry.name for entry in entries])

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self,
        config: pytest.Config,
        items: list[pytest.Item],
    ) -> None:
        """Sort by number, drop what is not wanted, and write the pessimistic outcome."""
        items[:] = [item for item in items if hasattr(_function(item), NUMBER)]
        items.sort(key=lambda item: _order(_number(item)))
        checks = [self._outcome(name, group) for name, group in _grouped(items)]
        assignment = self.grading.assignment
        for part in assignment.parts:
            total = sum(
                (c.max_points for c in checks if c.part == part.number),
                Fraction(0),
            )
            if total != part.points:
                message = (
                    f"the checks of part {part.number} add up to {total} points, "
                    f"assignment.toml says {part.points}: change [parts] or [points] there"
                )
                raise ConfigurationError(message)
        if isinstance(self.keep, Selection):
            self.keep.verify([check.number for check in checks])
        if self.keep is not None:
            kept = self.keep
            dropped = [item for item in items if not kept(_number(item))]
            items[:] = [item for item in items if kept(_number(item))]
            config.hook.pytest_deselected(items=dropped)
            self.grading.run.left_out = [c.number for c in checks if not kept(c.number)]
            checks = [check for check in checks if kept(check.number)]
        if self.grading.recorded is not None:
            items[:] = [item for item in items if "tape" in getattr(item, "fixturenames", ())]
            taped = {_number(item) for item in items}
            checks = [check for check in checks if check.number in taped]
        speed = self.grading.budget.speed
        for item in items:
            seconds = 3 * _cpu_seconds(item) * speed + BACKSTOP_SECONDS
            item.add_marker(pytest.mark.timeout(seconds, method="signal"))
        self.grading.begin(checks, {_number(item): _cpu_seconds(item) for item in items})

    def _outcome(self, name: str, items: list[pytest.Item]) -> CheckOutcome:
        """The pessimistic outcome of a check: every case 'not run', 0 points."""
        function = _function(items[0])
        assignment = self.grading.assignment
        points = assignment.point_overrides.get(name, Fraction(str(function.__weight__)))
        entries = [_case(item) for item in items]
        outcome = CheckOutcome(
            number=name,
            part=assignment.part_of(name).number,
            title=(function.__doc__ or function.__name__).strip().split("\n")[0],
            max_points=points,
            visibility=getattr(function, "__visibility__", "visible"),
            tags=list(getattr(function, "__tags__", ())),
            advice=getattr(function, "__advice__", ""),
            handout=getattr(function, "__handout__", ""),
            cpu_limit=_cpu_seconds(items[0]),
        )
        self._checks[name] = outcome
        for item, entry, share in zip(items, entries, shares(entries, assignment.core_share)):
            record = CaseOutcome(entry.name, entry.domain, points * share)
            self._cases[item.nodeid] = record
            outcome.cases.append(record)
        return outcome

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(
        self,
        item: pytest.Item,
        nextitem: pytest.Item | None,
    ) -> Generator[None, object, object]:
        """Open the check's scope before its first case and close it after its last.

        A case whose worker was killed from outside runs once more, from its set-up on.
        """
        name = _number(item)
        self.grading.enter(name)
        if item.nodeid in self._repeated:
            return (yield)
        try:
            result = yield
            if self._repeat:
                self._repeat = False
                self._repeated.add(item.nodeid)
                self.grading.begin_again(name)
                item.ihook.pytest_runtest_protocol(item=item, nextitem=nextitem)
            return result
        finally:
            if nextitem is None or _number(nextitem) != name:
                self._diagnose(item)
                self.grading.leave(name)

    def _diagnose(self, item: pytest.Item) -> None:
        """Name the likely mistake behind a check that failed, if it is a known one."""
        name = _number(item)
        check = self._checks[name]
        families = getattr(_function(item), "__families__", None)
        tape = self.grading.tape
        if families is None or tape is None or check.status is Status.PASSED:
            return
        outcomes = zip(getattr(_function(item), "__cases__", ()), check.cases)
        by_status: dict[Status, list[dict[str, bool]]] = {}
        for case, outcome in outcomes:
            by_status.setdefault(outcome.status, []).append(case.properties())
        failing = by_status.get(Status.FAILED, [])
        if failing:  # what could not be checked may be wrong, too: a factor has to hold there
            for status in (Status.UNCHECKED, Status.NOT_RUN):
                failing += [known for known in by_status.get(status, []) if known]
        found = diagnose(
            self.grading.observers[name].seen,
            tape.library(self.grading.seed, name),
            families,
            failing,
            by_status.get(Status.PASSED, []),
        )
        check.hint = feedback.hint(found, families)
        check.families = [list(alternatives) for alternatives in found.mistakes]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self,
        item: pytest.Item,
        call: pytest.CallInfo[None],
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Turn the end of an item into the outcome of its case."""
        if call.excinfo is not None:  # pytest would look up the source file of each frame
            call.excinfo.traceback = call.excinfo.traceback[:1]
        report = yield
        record = self._cases[item.nodeid]
        if call.excinfo is not None and self._killed_from_outside(item):
            self._repeat = True
        elif call.excinfo is not None:
            self._record_failure(item, record, call.excinfo.value)
        elif call.when == "call":
            _record_pass(item, record)
            self.grading.observer.passed(_slot(item))
        return report

    def _killed_from_outside(self, item: pytest.Item) -> bool:
        """Whether the case lost its worker for the first time, for no reason that is known."""
        scope = self.grading.scope
        return scope is not None and scope.worker_killed and item.nodeid not in self._repeated

    def _record_failure(
        self,
        item: pytest.Item,
        record: CaseOutcome,
        error: BaseException,
    ) -> None:
        name = _number(item)
        idle = self._unwritten(item, error)
        error = idle or error
        record.points = Fraction(0)
        record.message = feedback.explain(error)
        record.reason = _reason(error)
        record.detail |= _detail(error)
        if isinstance(error, WrongResult):
            expected = self._checks[name].expected
            expected |= {key: words for key, words in error.expected.items() if key not in expected}
        student = isinstance(error, (SubmissionError, AssertionError))
        blocked = isinstance(error, Blocked)
        record.status = Status.FAILED if student and not blocked else Status.UNCHECKED
        if idle is not None or getattr(error, "while_importing", False):
            # Code that nobody has begun, or that never ran, has no mistake that a diagnosis
            # could name.
            self.grading.observer.forget(_slot(item))
        elif student and not blocked:
            self.grading.observer.failed(_slot(item), _how(error))
            output = digest(self.grading.observer.seen, _slot(item))
            record.detail |= {"output": output} if output else {}
        scope = self.grading.scope
        if scope is not None:
            scope.failed(error)
        if isinstance(error, GraderError):
            self.grading.staff_note(f"{name}: {error}")
        elif not student and name not in self._broken:
            self._broken.add(name)
            text = "".join(traceback.format_exception(error, limit=-6))
            self.grading.staff_note(f"{name} [{record.name}] could not be checked:\n{text}")

    def _unwritten(self, item: pytest.Item, error: BaseException) -> NotStarted | None:
        """What to say in place of `error` where the code behind it is still the template's."""
        scope, name = self.grading.scope, _number(item)
        exercises: tuple[Exercise, ...] = getattr(_function(item), "__exercises__", ())
        if scope is None or not exercises or not isinstance(error, MAY_BE_UNWRITTEN):
            return None
        part = StudentPart(scope, self.grading.assignment.part_of(name), self.grading.submission)
        try:
            return unwritten(exercises, _case(item), part, scope.unchanged)
        except GraderError as problem:
            self.grading.staff_note(f"{name}: {problem}")
            return None


def _reason(error: BaseException) -> str:
    if isinstance(error, AutograderError):
        return str(getattr(error, "code", error.reason))
    if isinstance(error, AssertionError):
        return "wrong"
    return "grader-bug"


def _detail(error: BaseException) -> dict[str, Any]:
    """What the case waits for, by name, where the student has yet to write it."""
    if isinstance(error, NotStarted):
        return {"name": error.name}
    return {"name": error.path} if isinstance(error, MissingFile) else {}


def _how(error: BaseException) -> str:
    """How a case failed, in a text that is the same for the same mistake in other code."""
    if isinstance(error, StudentCodeRaised):
        return f"raised {error.type_name}"
    if isinstance(error, WrongResult):
        return f"{error.code}: {error.evidence}"
    return _reason(error)


def _slot(item: pytest.Item) -> str:
    """The name under which a case is taped and observed."""
    return item.name.removeprefix("test_")


def _record_pass(item: pytest.Item, record: CaseOutcome) -> None:
    """Full points, or what the check gave itself with gradescope-utils' partial credit."""
    function = _function(item)
    record.status, record.reason, record.message = Status.PASSED, "", ""
    record.points = record.max_points
    given = getattr(function, "__score__", None)
    if given is None:
        return
    function.__score__ = None
    worth = Fraction(str(given)) / Fraction(str(function.__weight__))
    record.points = record.max_points * min(max(worth, Fraction(0)), Fraction(1))
    if record.points < record.max_points:
        record.status, record.reason = Status.FAILED, "partial"


def _function(item: pytest.Item) -> Any:
    return getattr(item, "function", None)


def _number(item: pytest.Item) -> str:
    return str(getattr(_function(item), NUMBER))


def _cpu_seconds(item: pytest.Item) -> float:
    return float(getattr(_function(item), "__cpu_seconds__", DEFAULT_CPU_SECONDS))


def _case(item: pytest.Item) -> Case:
    spec = getattr(item, "callspec", None)
    entry = spec.params.get("case") if spec is not None else None
    return entry if isinstance(entry, Case) else Case("")


def _order(number: str) -> tuple[int, ...]:
    return tuple(int(piece) for piece in number.split("."))


def _grouped(items: list[pytest.Item]) -> Iterator[tuple[str, list[pytest.Item]]]:
    groups: dict[str, list[pytest.Item]] = {}
    for item in items:
        groups.setdefault(_number(item), []).append(item)
    yield from groups.items()
