"""The outcome that a sample must get: reading it, and holding a run against it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from grader.authoring.expectations import Expected, Verdict
from grader.outcomes import CaseOutcome, CheckOutcome, Run, Status


def check(number, status=Status.PASSED, points="1", reason=""):
    """Give a check of one case, worth one point."""
    case = CaseOutcome("", "core", Fraction(1), status, Fraction(points), reason)
    return CheckOutcome(number, number[0], "title", Fraction(1), cases=[case])


def run(*checks, error="", notes=()):
    """Give a run with these checks."""
    return Run("assignment", "submission", checks=list(checks), error=error, notes=list(notes))


def expected(**table):
    """Read an [outcome]."""
    return Expected.from_table(table)


FAILED = check("1.2", Status.FAILED, "0", "time-limit")


def test_all_passed_by_default():
    """Without further words every check must pass with all of its points."""
    assert expected().mismatches(run(check("1.1"), check("1.2"))) == []
    assert expected().mismatches(run(check("1.1"), FAILED)) == [
        "1.2 is failed (time-limit), not passed",
    ]


def test_passed_with_less_than_all_points():
    """A check that passed must have all of its points, one that failed none, unless said."""
    assert expected().mismatches(run(check("1.1", points="1/2"))) == [
        "1.1 got 1/2 of 1 points, not 1",
    ]
    partial = check("1.1", Status.FAILED, "1/2", "partial")
    failed = {"1.1": {"status": "failed"}}
    assert expected(checks=failed).mismatches(run(partial)) == ["1.1 got 1/2 of 1 points, not 0"]
    failed["1.1"]["points"] = "0.5"
    assert expected(checks=failed).mismatches(run(partial)) == []


def test_total():
    """The total is compared exactly, where it is given."""
    assert expected(points="2").mismatches(run(check("1.1"), check("1.2"))) == []
    assert expected(points="7/3").mismatches(run(check("1.1"))) == ["1 of 1 points, not 7/3"]


def test_reason_and_alternatives():
    """A reason is compared where one is given; lists hold alternatives."""
    one = {"1.2": {"status": "failed", "reason": "exception"}}
    assert expected(checks=one).mismatches(run(FAILED)) == [
        "1.2 failed for 'time-limit', not exception",
    ]
    several = {"status": ["failed", "unchecked"], "reason": ["out-of-time", "time-limit"]}
    assert expected(default=several).mismatches(run(FAILED)) == []
    assert expected(default={"status": "failed"}).mismatches(run(FAILED)) == []


def test_unknown_check():
    """A check that the run does not have is missed."""
    verdict = {"9.9": {"status": "passed"}}
    assert expected(checks=verdict).mismatches(run(check("1.1"))) == ["there is no check 9.9"]


def test_no_checks():
    """A run without checks is only right for a submission that cannot be graded."""
    assert expected().mismatches(run()) == ["no check was run"]
    assert expected(error="limit", points="0").mismatches(run(error="above the limit")) == []


def test_error():
    """An error must be there, with its words, if it is expected, and else must not be."""
    assert expected(error="limit").mismatches(run(check("1.1"))) == ["the error is '', not 'limit'"]
    assert expected(error="limit").mismatches(run(error="no zip")) == [
        "the error is 'no zip', not 'limit'",
    ]
    assert expected().mismatches(run(check("1.1"), error="no zip")) == [
        "the error is 'no zip', not ''",
    ]


def test_notes():
    """Each expected note must be part of a note."""
    noted = run(check("1.1"), notes=["a.pth is a Git LFS pointer."])
    assert expected(notes=["Git LFS"]).mismatches(noted) == []
    (missing,) = expected(notes=["links"]).mismatches(noted)
    assert "'links'" in missing


@pytest.mark.parametrize(
    "table",
    [
        {"score": 3},
        {"points": "many"},
        {"default": {}},
        {"default": {"status": "fine"}},
        {"default": {"status": []}},
        {"checks": {"1.1": {"status": "passed", "why": "so"}}},
    ],
)
def test_nonsense(table):
    """An outcome that makes no sense is refused, so that a typing error expects nothing."""
    with pytest.raises(ValueError):
        Expected.from_table(table)


def test_verdict_from_table():
    """One word is a list of one."""
    verdict = Verdict.from_table({"status": "failed", "reason": "wrong", "points": 1})
    assert verdict == Verdict(("failed",), ("wrong",), Fraction(1))
