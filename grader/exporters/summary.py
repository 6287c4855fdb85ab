"""What several exporters say about a run: totals of the parts, cases put in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from grader.errors import GraderError, MissingFile, NotStarted
from grader.exporters.points import shown
from grader.outcomes import CaseOutcome, CheckOutcome, Status

if TYPE_CHECKING:
    from grader.outcomes import Run

_NOT_STARTED = NotStarted.reason
_UNWRITTEN = frozenset({_NOT_STARTED, MissingFile.reason})
GRADER_BUG = "grader-bug"  # the plugin's code for an exception of no tree
HIDDEN = ("hidden", "after_due_date", "after_published")


@dataclass
class PartTotal:
    """One part's checks and points; `left_out` more of its checks were not asked for."""

    title: str
    checks: list[CheckOutcome] = field(default_factory=list)
    left_out: int = 0

    @property
    def points(self) -> Fraction:
        """Points earned in this part."""
        return sum((check.points for check in self.checks), Fraction(0))

    @property
    def max_points(self) -> Fraction:
        """Points that this part has."""
        return sum((check.max_points for check in self.checks), Fraction(0))


@dataclass
class Finding:
    """Cases of one check that share status and message, in the order of the check.

    `whole` says that these are all cases of the check, so that nobody need list them.
    """

    cases: list[CaseOutcome]
    whole: bool = False

    @property
    def message(self) -> str:
        """Markdown, as `grader.feedback` built it."""
        case = self.cases[0]
        return case.message or ("not run" if case.status is Status.NOT_RUN else "")

    @property
    def names(self) -> list[str]:
        """The cases' names, none where they are all of the check's; plain text."""
        return [] if self.whole else [case.name for case in self.cases if case.name]


def parts(run: Run) -> list[PartTotal]:
    """The run's parts in the order in which its checks name them."""
    totals: dict[str, PartTotal] = {}
    for check in run.checks:
        title = run.part_titles.get(check.part, check.part)
        totals.setdefault(check.part, PartTotal(title)).checks.append(check)
    for total in totals.values():
        own = _part_of(total.checks[0].number)
        total.left_out = sum(_part_of(number) == own for number in run.left_out)
    return list(totals.values())


def _part_of(number: str) -> str:
    return number.split(".", maxsplit=1)[0]


def head(check: CheckOutcome) -> str:
    """What the check is about, in few words: its title up to the colon."""
    return check.title.split(":", maxsplit=1)[0]


def earned(check: CheckOutcome) -> bool:
    """Whether the check passed with all its points: a pass with fewer is partial credit."""
    return check.status is Status.PASSED and check.points >= check.max_points


def is_not_started(check: CheckOutcome) -> bool:
    """Whether nothing is wrong: all that failed is code, or a file, that has yet to be written."""
    reasons = {case.reason for case in check.cases if case.status is Status.FAILED}
    return bool(reasons) and reasons <= _UNWRITTEN


def awaited(check: CheckOutcome) -> list[str]:
    """The functions and files that `check` waits for, each once; plain text."""
    failed = [case for case in check.cases if case.status is Status.FAILED]
    return list(dict.fromkeys(str(case.detail.get("name") or head(check)) for case in failed))


def is_grader_fault(check: CheckOutcome) -> bool:
    """Whether staff must act: a case failed by a GraderError, or by a bug of the grader."""
    reasons = {case.reason for case in check.cases if case.status is Status.UNCHECKED}
    return not reasons.isdisjoint(_grader_reasons())


def findings(check: CheckOutcome) -> list[Finding]:
    """The cases that did not pass: wrong before unchecked, core before wide, grouped.

    None for a check that was not run at all: its headline says so.
    """
    if check.status is Status.NOT_RUN:
        return []
    order = (Status.FAILED, Status.UNCHECKED, Status.NOT_RUN)
    open_cases = [case for case in check.cases if case.status in order]
    open_cases.sort(key=lambda case: (order.index(case.status), case.domain != "core"))
    groups: dict[tuple[Status, str], Finding] = {}
    for case in open_cases:
        groups.setdefault((case.status, case.message), Finding([])).cases.append(case)
    for found in groups.values():
        found.whole = len(found.cases) == len(check.cases) > 1
    return list(groups.values())


def expected(check: CheckOutcome) -> list[tuple[str, str]]:
    """What should have come in a check that is wrong: the names of values, and words for each."""
    return [] if earned(check) else list(check.expected.items())


def where_to_look(check: CheckOutcome) -> str:
    """The handout's section for a check that failed, unless its hint names it; else ''."""
    return "" if check.status is not Status.FAILED or check.handout in check.hint else check.handout


def printed(check: CheckOutcome) -> str:
    """What the check printed, as far as students may see it: inputs of hidden checks are secret."""
    return check.printed.strip() if check.visibility not in HIDDEN else ""


def headline(check: CheckOutcome) -> str:
    """One sentence: the outcome, how many cases pass, and the points; plain text."""
    score = f"{shown(check.points)} of {shown(check.max_points)} points"
    passing = sum(case.status is Status.PASSED for case in check.cases)
    count = f"{passing} of {len(check.cases)} cases pass, " if len(check.cases) > 1 else ""
    if earned(check):
        every = f"all {len(check.cases)} cases, " if len(check.cases) > 1 else ""
        return f"Passed: {every}{score}."
    if check.status is Status.NOT_RUN:
        return f"Not run: the grading ended before this check was done. {score}."
    if check.status is Status.UNCHECKED:
        blame = " This is no mistake of yours; staff can see the cause." * is_grader_fault(check)
        return f"Could not be checked: {count}{score}.{blame}"
    if check.status is Status.PASSED:
        return f"Partial credit: {score}."
    reasons = {case.reason for case in check.cases if case.status is Status.FAILED}
    if reasons == {_NOT_STARTED}:
        return f"Not started: {count}{score}."
    return f"Failed: {count}{score}."


def _grader_reasons() -> set[str]:
    errors: tuple[type[GraderError], ...] = (GraderError, *GraderError.__subclasses__())
    return {GRADER_BUG, *(error.reason for error in errors)}
