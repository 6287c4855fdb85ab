"""Why a check has other points."""

from dataclasses import replace
from fractions import Fraction

import pytest
from comparing import record
from making import Failure, check

from grader.authoring.classroom.compare import causes
from grader.authoring.classroom.compare.candidates import Kind, between
from grader.outcomes import Run, Status

SAME = between(record("ada"), record("ada"))
CODE = between(record("ada"), record("ada", basis=replace(record("ada").basis, code="0" * 64)))
ASSIGNMENT = between(
    record("ada"), record("ada", basis=replace(record("ada").basis, assignment="0" * 64))
)


def kinds(found):
    return [cause.kind for cause in found]


def failing(number="1.5", **fields):
    return check(number, Failure(**fields))


def scaled(outcome, factor):
    """The same results of a check that is worth so many times as much."""
    cases = [
        replace(case, points=case.points * factor, max_points=case.max_points * factor)
        for case in outcome.cases
    ]
    return replace(outcome, max_points=outcome.max_points * factor, cases=cases)


def test_nothing_that_changed_is_said_plainly():
    """The same code, graded with the same, and another outcome: worth a look."""
    (cause,) = causes.of_check(check("1.5"), failing(), SAME)
    assert cause.kind is Kind.UNKNOWN
    assert "the outcome varies" in cause.text


def test_what_is_not_recorded_is_said_as_well():
    """Where the grader's code is not known, it is not called unchanged."""
    (cause,) = causes.of_check(check("1.5"), failing(), replace(SAME, code_known=False))
    assert "the grader's code is not recorded" in cause.text


def test_a_candidate_is_the_reason_where_nothing_is_seen():
    """A check that is wrong now, of the same files, is the grader's doing."""
    assert kinds(causes.of_check(check("1.5"), failing(), CODE)) == [Kind.CODE]


def test_the_worth_of_a_check_explains_points_alone():
    """The same cases pass: only what they are worth is another, whatever else changed."""
    old = failing(cases=("forward",))
    (cause,) = causes.of_check(old, scaled(old, Fraction(1, 2)), ASSIGNMENT)
    assert cause.kind is Kind.WORTH
    assert cause.text == "worth 0.25 in place of 0.5 points"


def test_cases_that_weigh_otherwise_explain_points():
    """A check's points may be shared otherwise between its cases."""
    old = failing(cases=("forward",))
    new = replace(old, cases=[replace(case) for case in old.cases])
    new.cases[0].max_points, new.cases[1].max_points = Fraction(1, 10), Fraction(3, 10)
    new.cases[1].points = Fraction(3, 10)
    (cause,) = causes.of_check(old, new, SAME)
    assert cause.text == "its cases share its points otherwise"


def test_worth_and_outcome_may_change_at_once():
    """Both are told; the assignment's file is explained by the worth, the code is not."""
    new = scaled(failing(cases=("forward",)), 2)
    assert kinds(causes.of_check(check("1.5"), new, ASSIGNMENT)) == [Kind.WORTH]
    assert kinds(causes.of_check(check("1.5"), new, CODE)) == [Kind.WORTH, Kind.CODE]


def test_thresholds_are_told():
    """The accuracy that was enough is not enough any more."""
    old = check("2.8", facts={"thresholds": [0.5, 0.6]})
    new = failing("2.8", cases=("accuracy", "full credit"))
    new.facts = {"thresholds": [0.5, 0.65]}
    (cause,) = causes.of_check(old, new, ASSIGNMENT)
    assert (cause.kind, cause.text) == (Kind.THRESHOLDS, "thresholds 0.5, 0.6 → 0.5, 0.65")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reason": "time-limit"}, "the time limit"),
        ({"reason": "memory-limit"}, "the memory limit"),
        ({"reason": "crash"}, "a crash"),
        ({"reason": "out-of-time", "status": Status.UNCHECKED}, "the end of the run's time"),
        ({"reason": "", "status": Status.NOT_RUN}, "the end of the run's time"),
    ],
)
def test_limits_are_seen_on_either_side(fields, words):
    """A limit that stopped one of the two gradings is the reason, and an unlucky run is named."""
    (now,) = causes.of_check(check("1.5"), failing(**fields), SAME)
    (before,) = causes.of_check(failing(**fields), check("1.5"), SAME)
    for cause, when in ((now, "now"), (before, "before")):
        assert cause.kind is Kind.LIMIT
        assert f"stopped by {words}" in cause.text
        assert when in cause.text
        assert "grade it once more" in cause.text


def test_a_limit_beside_a_change_may_come_from_it():
    """The grader's code may have become slow: both are told, and no rerun is advised."""
    found = causes.of_check(check("1.5"), failing(reason="time-limit"), CODE)
    assert kinds(found) == [Kind.LIMIT, Kind.CODE]
    assert "once more" not in found[0].text


def test_the_same_limit_on_both_sides_explains_nothing():
    """What was stopped before, too, is not the reason."""
    old = failing(cases=("forward",), reason="time-limit")
    new = failing(reason="time-limit")
    assert kinds(causes.of_check(old, new, SAME)) == [Kind.UNKNOWN]


def test_images_that_were_not_reached_are_a_limit():
    """A slow machine predicts fewer images in the same time."""
    old = check("2.8", facts={"images": 100, "images_predicted": 100})
    new = failing("2.8")
    new.facts = {"images": 100, "images_predicted": 40}
    (cause,) = causes.of_check(old, new, SAME)
    assert cause.kind is Kind.LIMIT
    assert "40 of 100 images" in cause.text


@pytest.fixture
def broken_off():
    """A record whose grading broke off before check 1.5, and what it is beside a whole one."""
    failing = {"1.5": Failure(status=Status.NOT_RUN, reason="")}
    broken = record("ada", failing=failing, run={"complete": False}, failure="no space left")
    return between(record("ada"), broken), between(broken, record("ada"))


def test_a_grading_that_broke_off_is_no_limit(broken_off):
    """What was not reached then is the grader's failure, which staff are told."""
    found, reverse = broken_off
    unreached = failing(status=Status.NOT_RUN, reason="")
    (now,) = causes.of_check(check("1.5"), unreached, found)
    (before,) = causes.of_check(unreached, check("1.5"), reverse)
    for cause, when in ((now, "now"), (before, "before")):
        assert (cause.kind, cause.staff) == (Kind.FAILURE, "no space left")
        assert cause.text.startswith(f"the grader broke off {when}")
        assert "grade it once more" in cause.text


def test_what_was_reached_before_it_broke_off_has_its_own_reason(broken_off):
    """A check that failed then failed for itself, and a limit that stopped it is told."""
    found, _ = broken_off
    assert kinds(causes.of_check(check("1.5"), failing(), found)) == [Kind.UNKNOWN]
    limited = failing(reason="time-limit")
    assert kinds(causes.of_check(check("1.5"), limited, found)) == [Kind.LIMIT]


@pytest.mark.parametrize("failure", ["", "the slot was lost"])
def test_a_run_that_is_complete_did_not_break_off(failure):
    """Neither did one that nobody knows a failure of."""
    new = record("ada", run={"complete": bool(failure)}, failure=failure)
    found = between(record("ada"), new)
    unreached = failing(status=Status.NOT_RUN, reason="")
    assert kinds(causes.of_check(check("1.5"), unreached, found)) == [Kind.LIMIT]


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("sandbox", "see the notes for staff (sandbox)"),
        ("needs", "what it builds on failed (needs)"),
        ("", "what it builds on failed (no reason given)"),
    ],
)
def test_checks_that_could_not_be_made_are_told(reason, words):
    """The grader's own troubles are told from checks that another one blocks."""
    blocked = failing(status=Status.UNCHECKED, reason=reason)
    (now,) = causes.of_check(check("1.5"), blocked, SAME)
    (before,) = causes.of_check(blocked, check("1.5"), SAME)
    assert (now.kind, before.kind) == (Kind.UNCHECKED, Kind.UNCHECKED)
    assert f"could not be checked now: {words}" in now.text
    assert f"could not be checked before: {words}" in before.text
    wrong = failing(cases=("forward",), status=Status.UNCHECKED, reason=reason)
    assert kinds(causes.of_check(wrong, blocked, SAME)) == [Kind.UNKNOWN]


def test_a_failed_grading_says_why_to_staff():
    """The failure's own text may tell a name, so that it is kept apart."""
    failed = record("ada", graded=False, failure="ada.zip is no zip")
    (cause, code) = causes.of_failure(failed, CODE, now=True)
    assert (cause.text, cause.staff) == ("could not be graded now", "ada.zip is no zip")
    assert code.kind is Kind.CODE
    refused = record("ada", run={"error": "too large"})
    (cause,) = causes.of_failure(refused, SAME, now=False)
    assert (cause.text, cause.staff) == ("could not be graded before", "too large")


@pytest.mark.parametrize(
    ("left_out", "gone", "words"),
    [
        ([], True, "no such check any more"),
        ([], False, "no such check before"),
        (["1.5"], True, "not asked for now"),
        (["1.5"], False, "not asked for before"),
    ],
)
def test_a_check_in_one_grading_only_is_told(left_out, gone, words):
    """A check that was taken away differs from one that was not asked for."""
    (cause,) = causes.of_absence("1.5", Run("HW", "s", left_out=left_out), gone=gone)
    assert cause.kind is Kind.CHECKS
    assert words in cause.text


def late(penalty, **dates):
    told = {"created_at": "2024-02-20T10:00:00Z", "due": "2024-02-19T23:59:00Z", **dates}
    return Run("HW", "s", penalty=Fraction(penalty), late=told)


def test_the_late_penalty_is_told_in_per_cent():
    """Both penalties are named; a run may know no dates."""
    runs = [Run("HW", "s", penalty=Fraction(share)) for share in ("0", "1/8")]
    (cause,) = causes.of_lateness(*runs, SAME)
    assert (cause.kind, cause.text) == (Kind.LATE, "the late penalty is 12.5 %, and was 0 %")


def test_another_date_explains_another_penalty():
    """Students are told which of the dates, and staff the dates."""
    moved = late("1/5", created_at="2024-02-21T10:00:00Z", grace_until="2024-02-20T09:00:00Z")
    (cause,) = causes.of_lateness(late("1/10"), moved, CODE)
    assert cause.text == (
        "the late penalty is 20 %, and was 10 %, by another time of handing in and another end "
        "of grace"
    )
    assert cause.staff == (
        "2024-02-20T10:00:00Z → 2024-02-21T10:00:00Z; unknown → 2024-02-20T09:00:00Z"
    )
    (extended,) = causes.of_lateness(late("1/5"), late("0", due="2024-02-21T00:00:00Z"), SAME)
    assert extended.text.endswith(", by another due date")


def test_a_date_that_is_written_otherwise_is_the_same():
    """The zone of the course may change, and the instant does not."""
    (cause,) = causes.of_lateness(
        late("1/10"), late("1/5", created_at="2024-02-20T05:00:00-05:00"), SAME
    )
    assert "by another" not in cause.text


def test_the_rules_may_explain_another_penalty():
    """They stand in the assignment; the grader's code is named where no date changed."""
    moved = late("1/5", due="2024-02-18T23:59:00Z")
    for new in (late("1/5"), moved):
        found = causes.of_lateness(late("1/10"), new, ASSIGNMENT)
        assert kinds(found) == [Kind.LATE, Kind.ASSIGNMENT]
    assert kinds(causes.of_lateness(late("1/10"), late("1/5"), CODE)) == [Kind.LATE, Kind.CODE]
    assert kinds(causes.of_lateness(late("1/10"), moved, CODE)) == [Kind.LATE]


def test_the_cases_of_a_fall_are_those_that_earn_less():
    """A case that both have, and that earns a smaller share; one without a name tells nothing."""
    old, new = failing(cases=("backward",)), failing(cases=("forward", "backward"))
    assert causes.cases_that_fell(old, new) == ("forward",)
    assert causes.cases_that_fell(new, old) == ()
    assert causes.cases_that_fell(check("2.9"), failing("2.9")) == ()


def test_a_case_without_points_counts_by_passing():
    """Cases that are worth nothing are told apart by their status."""
    old, new = scaled(check("1.5"), 0), scaled(failing(), 0)
    assert len(causes.cases_that_fell(old, new)) == len(old.cases)
