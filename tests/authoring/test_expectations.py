"""The outcome that a sample must get: reading it, and holding a run against it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from grader.authoring.expectations import Difference, Expected, Verdict, told
from grader.outcomes import CaseOutcome, CheckOutcome, Run, Status


def check(number, status=Status.PASSED, points="1", reason="", **more):
    """Give a check of one case, worth one point; `message` is the case's."""
    message = more.pop("message", "")
    case = CaseOutcome("", "core", Fraction(1), status, Fraction(points), reason, message)
    return CheckOutcome(number, number[0], "title", Fraction(1), cases=[case], **more)


def run(*checks, error="", notes=()):
    """Give a run with these checks."""
    return Run("assignment", "submission", checks=list(checks), error=error, notes=list(notes))


def expected(**table):
    """Read an expected outcome."""
    return Expected.from_table(table)


FAILED = check("1.2", Status.FAILED, "0", "time-limit")


def test_all_passed_by_default():
    """Without further words every check must pass with all of its points."""
    assert expected().mismatches(run(check("1.1"), check("1.2"))) == []
    assert expected().mismatches(run(check("1.1"), FAILED)) == [
        Difference("1.2", "passed", "failed (time-limit)"),
    ]


def test_difference_in_one_line():
    """A difference says where, what was expected, and what came."""
    assert str(Difference("1.2", "passed", "failed")) == "1.2: expected passed, got failed"


def test_status_without_a_reason():
    """A check that passed against expectation has no reason to show."""
    failed = {"1.1": {"status": "failed"}}
    (status, points) = expected(checks=failed).mismatches(run(check("1.1", points="1/2")))
    assert status == Difference("1.1", "failed", "passed")
    assert points.where == "1.1"


def test_passed_with_less_than_all_points():
    """A check that passed must have all of its points, one that failed none, unless said."""
    assert expected().mismatches(run(check("1.1", points="1/2"))) == [
        Difference("1.1", "1 points", "1/2 of 1 points"),
    ]
    partial = check("1.1", Status.FAILED, "1/2", "partial")
    failed = {"1.1": {"status": "failed"}}
    assert expected(checks=failed).mismatches(run(partial)) == [
        Difference("1.1", "0 points", "1/2 of 1 points"),
    ]
    failed["1.1"]["points"] = "0.5"
    assert expected(checks=failed).mismatches(run(partial)) == []


def test_total():
    """The total is compared exactly, where it is given."""
    assert expected(points="2").mismatches(run(check("1.1"), check("1.2"))) == []
    assert expected(points="7/3").mismatches(run(check("1.1"))) == [
        Difference("total", "7/3 points", "1 of 1 points"),
    ]


def test_reason_and_alternatives():
    """A reason is compared where one is given; lists hold alternatives."""
    one = {"1.2": {"status": "failed", "reason": "exception"}}
    assert expected(checks=one).mismatches(run(FAILED)) == [
        Difference("1.2", "reason exception", "time-limit"),
    ]
    several = {"status": ["failed", "unchecked"], "reason": ["out-of-time", "time-limit"]}
    assert expected(default=several).mismatches(run(FAILED)) == []
    assert expected(default={"status": "failed"}).mismatches(run(FAILED)) == []


@pytest.mark.parametrize(
    "place",
    [{"hint": "Windows overlap."}, {"remarks": ["windows overlap"]}, {"message": "OVERLAP"}],
)
def test_hint_is_looked_for_in_all_that_the_student_reads(place):
    """Words may stand in the hint, a remark or a case's message, in any case."""
    wanted = {"1.1": {"status": "failed", "hint": "overlap"}}
    assert expected(checks=wanted).mismatches(run(check("1.1", Status.FAILED, "0", **place))) == []


def test_each_hint_must_be_there():
    """Of several words each must occur; what was read instead is quoted, not without end."""
    wanted = {"1.1": {"status": "failed", "hint": ["overlap", "stride"]}}
    failed = check("1.1", Status.FAILED, "0", hint="Overlap?\nLook " + "again " * 200)
    (missing,) = expected(checks=wanted).mismatches(run(failed))
    assert missing.expected == "the words 'stride'"
    assert missing.got.startswith("'Overlap? Look again")
    assert missing.got.endswith("…'")
    assert len(missing.got) < 320


def test_no_words_at_all():
    """Where the student reads nothing, the difference says so."""
    wanted = {"1.1": {"status": "passed", "hint": "overlap"}}
    (missing,) = expected(checks=wanted).mismatches(run(check("1.1")))
    assert missing.got == "no words"


def test_hinted():
    """A hint must be there, or must not, where the outcome says so."""
    bare = check("1.1", Status.FAILED, "0", message="It is wrong.")
    named = check("1.1", Status.FAILED, "0", hint="Likely mistake: a sign.")
    with_hint = expected(default={"status": "failed", "hinted": True})
    without = expected(default={"status": "failed", "hinted": False})
    assert with_hint.mismatches(run(named)) == without.mismatches(run(bare)) == []
    assert with_hint.mismatches(run(bare)) == [Difference("1.1", "a hint", "no words")]
    assert without.mismatches(run(named)) == [
        Difference("1.1", "no hint", "'Likely mistake: a sign.'"),
    ]


def test_told_once():
    """Messages that several cases share are read once, after hint and remarks."""
    found = check("1.1", Status.FAILED, hint="a hint", remarks=["a remark"], message="wrong")
    found.cases.append(found.cases[0])
    assert told(found) == "a hint\na remark\nwrong"


def test_unknown_check():
    """A check that the run does not have is missed."""
    verdict = {"9.9": {"status": "passed"}}
    assert expected(checks=verdict).mismatches(run(check("1.1"))) == [
        Difference("9.9", "a check", "none"),
    ]


def test_no_checks():
    """A run without checks is only right for a submission that cannot be graded."""
    assert expected().mismatches(run()) == [Difference("checks", "some", "none")]
    assert expected(error="limit", points="0").mismatches(run(error="above the limit")) == []


def test_error():
    """An error must be there, with its words, if it is expected, and else must not be."""
    assert expected(error="limit").mismatches(run(check("1.1"))) == [
        Difference("error", "the words 'limit'", "none"),
    ]
    assert expected(error="limit").mismatches(run(error="no zip")) == [
        Difference("error", "the words 'limit'", "'no zip'"),
    ]
    assert expected().mismatches(run(check("1.1"), error="no zip")) == [
        Difference("error", "none", "'no zip'"),
    ]


def test_flags():
    """Each flag for staff that is expected must be there, whatever others there are."""
    flagged = run(check("1.1"))
    flagged.flags = [{"check": "2.8", "kind": kind, "text": "odd"} for kind in ("noise", "unused")]
    assert expected(flags="noise").mismatches(flagged) == []
    (missing,) = expected(flags=["noise", "random"]).mismatches(flagged)
    assert str(missing) == "flags: expected one of the kind 'random', got ['noise', 'unused']"


def test_notes():
    """Each expected note must be part of a note."""
    noted = run(check("1.1"), notes=["a.pth is a Git LFS pointer."])
    assert expected(notes=["Git LFS"]).mismatches(noted) == []
    assert expected(notes="Git LFS").mismatches(noted) == []
    (missing,) = expected(notes=["links"]).mismatches(noted)
    assert missing.expected == "the words 'links'"


@pytest.mark.parametrize(
    "table",
    [
        {"score": 3},
        {"points": "many"},
        {"default": {}},
        {"default": {"status": "fine"}},
        {"default": {"status": []}},
        {"default": {"status": "passed", "hinted": "no"}},
        {"checks": {"1.1": {"status": "passed", "why": "so"}}},
    ],
)
def test_nonsense(table):
    """An outcome that makes no sense is refused, so that a typing error expects nothing."""
    with pytest.raises(ValueError):
        Expected.from_table(table)


def test_verdict_from_table():
    """One word is a list of one."""
    table = {"status": "failed", "reason": "wrong", "points": 1, "hint": "sign", "hinted": True}
    verdict = Verdict.from_table(table)
    assert verdict == Verdict(("failed",), ("wrong",), Fraction(1), ("sign",), hinted=True)


def test_what_differs_for_an_ordinary_user():
    """Where the grader is no root, entries for that take the place of the others, by check."""
    table = {
        "points": "2",
        "only": ["1.1", "1.2"],
        "checks": {"1.1": {"status": "failed"}, "1.2": {"status": "passed"}},
        "unprivileged": {"points": "1", "checks": {"1.2": {"status": "failed"}}},
    }
    for_all = expected(**table)
    assert for_all.graded_by(0) is for_all
    other = for_all.graded_by(1000)
    assert (other.points, other.only) == (Fraction(1), ("1.1", "1.2"))
    assert other.checks == dict.fromkeys(("1.1", "1.2"), Verdict(("failed",)))


def test_the_same_for_everybody():
    """Without such entries an ordinary user gets what root gets."""
    same = expected(points="2")
    assert same.graded_by(1000) is same
