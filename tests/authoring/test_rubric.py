"""The facts of the report on points: who gets what and why, and what a mistake costs."""

from __future__ import annotations

from fractions import Fraction

import pytest

from grader.authoring.gradings import Graded
from grader.authoring.rubric import Price, entries, prices
from grader.outcomes import CaseOutcome, CheckOutcome, Run, Status


def case(status=Status.PASSED, points="1", reason="", message="", worth="1"):
    """Give a case."""
    return CaseOutcome("", "core", Fraction(worth), status, Fraction(points), reason, message)


WRONG = case(Status.FAILED, "0", "wrong", "`dx`: 3 of 9 entries\nare *wrong*.")


def check(number, *cases, worth=None, **more):
    """Give a check with these cases, worth the sum of theirs unless said."""
    most = Fraction(worth) if worth else sum((one.max_points for one in cases), Fraction(0))
    return CheckOutcome(number, number[0], "Conv: it", most, cases=list(cases), **more)


def graded(name, *checks, error=""):
    """Give a graded sample."""
    return Graded(name, f"The {name}", Run("HW", name, checks=list(checks), error=error), [], 1.0)


def test_points_by_part_and_in_all(assignment):
    """An entry has the points of every part of the assignment, and their sum."""
    (entry,) = entries([graded("one", check("1.1", case()), check("2.1", case()))], assignment)
    assert entry.parts == {
        part.number: (Fraction(int(part.number in "12")), part.points) for part in assignment.parts
    }
    assert entry.points == 2
    assert entry.worth == sum(part.points for part in assignment.parts)
    assert entry.title == "The one"
    assert entry.losses == []


def test_most_points_come_first(assignment):
    """Entries are in the order of their points, then of their names."""
    report = entries(
        [graded("b"), graded("c", check("1.1", case())), graded("a", error="too large")], assignment
    )
    assert [entry.name for entry in report] == ["c", "a", "b"]
    assert report[1].error == "too large"


def test_a_loss(assignment):
    """A check that did not pass says what it lost, in how many cases, and why, on one line."""
    (entry,) = entries([graded("one", check("1.2", case(), WRONG, WRONG))], assignment)
    (loss,) = entry.losses
    assert (loss.number, loss.title) == ("1.2", "Conv")
    assert (loss.points, loss.worth) == (2, 3)
    assert (loss.failed, loss.cases) == (2, 3)
    assert loss.why == "dx: 3 of 9 entries are *wrong*."
    assert loss.mistake


@pytest.mark.parametrize(
    ("found", "why", "mistake"),
    [
        (check("1.1", WRONG, hint="Likely `mistake`."), "Likely mistake.", True),
        (check("1.1", case(Status.FAILED, "0", "not-started", "Write it.")), "not started", False),
        (check("1.1", case(Status.UNCHECKED, "0", "needs", "1.1 first.")), "1.1 first.", False),
        (check("1.1"), "Not run: the grading ended", False),
        (check("1.1", case(points="1/2")), "Partial credit: 0.5 of 1 points.", True),
        (check("1.1", case(Status.FAILED, "0", "wrong")), "Failed: 0 of 1 points.", True),
    ],
)
def test_why(assignment, found, why, mistake):
    """The hint comes before the finding, that before the outcome; not started is no mistake."""
    (entry,) = entries([graded("one", found)], assignment)
    (loss,) = entry.losses
    assert loss.why.startswith(why)
    assert loss.mistake is mistake


def test_a_long_reason_is_cut(assignment):
    """What the student reads may be long; the report has its beginning."""
    (entry,) = entries([graded("one", check("1.1", WRONG, hint="word " * 500))], assignment)
    assert entry.losses[0].why.endswith("word…")
    assert len(entry.losses[0].why) <= 401


def test_prices(assignment):
    """The same loss of the same check is one line with the submissions; the dearest first."""
    unstarted = check("1.1", case(Status.FAILED, "0", "not-started"))
    report = entries(
        [
            graded("b", check("1.10", WRONG), check("1.2", case(), WRONG)),
            graded("a", check("1.2", case(), WRONG)),
            graded("c", check("1.2", WRONG, WRONG), unstarted),
        ],
        assignment,
    )
    one, two = Fraction(1), Fraction(2)
    assert prices(report) == [
        Price("1.2", "Conv", two, two, 2, 2, ("c",)),
        Price("1.2", "Conv", one, two, 1, 2, ("a", "b")),
        Price("1.10", "Conv", one, one, 1, 1, ("b",)),
    ]


@pytest.mark.parametrize(
    ("points", "failed", "steep"),
    [("1", 1, True), ("1/2", 1, True), ("1/4", 1, False), ("1", 4, False), ("0", 0, False)],
)
def test_steep(points, failed, steep):
    """A price is steep where the share of the points is at least twice that of the cases."""
    price = Price("1.1", "Conv", Fraction(points), Fraction(1), failed, 4, ("a",))
    assert price.steep is steep


def test_nothing_is_steep_without_points():
    """A check that gives no points costs none."""
    assert not Price("3.1", "reweight", Fraction(0), Fraction(0), 1, 4, ("a",)).steep
