"""What each sample submission gets and why, and what one mistake costs: facts of a report.

An instructor judges the rubric with it before a term: a small mistake must not cost much.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from grader.assignment import Assignment
from grader.authoring.gradings import Graded
from grader.exporters import summary
from grader.outcomes import CheckOutcome, Status
from grader.text import clean, to_plain

_LONGEST = 400
_STEEP = 2  # how many times the share of the failing cases the share of the points may be


@dataclass(frozen=True)
class Loss:
    """A check that did not pass: `points` of `worth` are lost, `failed` of `cases` are open.

    `why` is the hint or the first finding on one line, plain text.
    """

    number: str
    title: str
    points: Fraction
    worth: Fraction
    failed: int
    cases: int
    why: str
    mistake: bool


@dataclass(frozen=True)
class Entry:
    """A submission of the report: its points, in all and by part, and what it loses where.

    `parts` has (points, points that there are) by the part's number, all parts in order.
    """

    name: str
    title: str
    parts: dict[str, tuple[Fraction, Fraction]]
    losses: list[Loss]
    error: str

    @property
    def points(self) -> Fraction:
        """Points of all parts."""
        return sum((points for points, _ in self.parts.values()), Fraction(0))

    @property
    def worth(self) -> Fraction:
        """What all parts give together."""
        return sum((worth for _, worth in self.parts.values()), Fraction(0))


@dataclass(frozen=True)
class Price:
    """What a check takes when so many of its cases are open, and in which submissions."""

    number: str
    title: str
    points: Fraction
    worth: Fraction
    failed: int
    cases: int
    names: tuple[str, ...]

    @property
    def steep(self) -> bool:
        """Whether few cases cost much: a share of the points far above theirs."""
        return self.points * self.cases >= _STEEP * self.worth * self.failed > 0


def entries(graded: Iterable[Graded], assignment: Assignment) -> list[Entry]:
    """The submissions, those with most points first, else by name."""
    made = [_entry(one, assignment) for one in graded]
    return sorted(made, key=lambda entry: (-entry.points, entry.name))


def prices(report: Iterable[Entry]) -> list[Price]:
    """What mistakes cost, by check and the dearest first.

    Left out is what is no mistake in a check's own code: not started, not checked, not run.
    """
    found: dict[tuple[str, str, Fraction, Fraction, int, int], list[str]] = {}
    for entry in report:
        for loss in entry.losses:
            if loss.mistake:
                key = (loss.number, loss.title, loss.points, loss.worth, loss.failed, loss.cases)
                found.setdefault(key, []).append(entry.name)
    made = [Price(*key, tuple(sorted(names))) for key, names in found.items()]
    return sorted(made, key=lambda price: (_place(price.number), -price.points, price.failed))


def _place(number: str) -> tuple[int, ...]:
    return tuple(int(piece) for piece in number.split(".") if piece.isdigit())


def _entry(graded: Graded, assignment: Assignment) -> Entry:
    run = graded.run
    parts = {
        part.number: (
            sum((check.points for check in run.checks if check.part == part.number), Fraction(0)),
            part.points,
        )
        for part in assignment.parts
    }
    return Entry(graded.name, graded.title, parts, list(_losses(run.checks)), run.error)


def _losses(checks: Iterable[CheckOutcome]) -> Iterator[Loss]:
    for check in checks:
        if not summary.earned(check):
            yield Loss(
                number=check.number,
                title=summary.head(check),
                points=check.max_points - check.points,
                worth=check.max_points,
                failed=sum(case.status is not Status.PASSED for case in check.cases),
                cases=len(check.cases),
                why=_why(check),
                mistake=check.status in (Status.FAILED, Status.PASSED)
                and not summary.is_not_started(check),
            )


def _why(check: CheckOutcome) -> str:
    """The hint, else the first finding, else the outcome: on one line, not too long."""
    if summary.is_not_started(check):
        return "not started"
    finding = next((found.message for found in summary.findings(check)), "")
    text = check.hint or finding or summary.headline(check)
    line = " ".join(to_plain(clean(text)).split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST].rstrip()}…"
