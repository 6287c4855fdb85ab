"""What changed between two gradings, per student and check."""

from dataclasses import replace
from fractions import Fraction

import pytest
from comparing import by_key, record
from making import KINDS

from grader.authoring.classroom.compare.candidates import Kind
from grader.authoring.classroom.compare.changes import LATE, WHOLE, score


def changes(comparison):
    """All changes of the only pair, by check."""
    (standing,) = comparison.standings
    return {change.check: change for change in standing.changes}


def without(entry, number):
    """The record, as if the grader had no such check."""
    checks = [check for check in entry.run.checks if check.number != number]
    return replace(entry, run=replace(entry.run, checks=checks))


def test_nothing_changed_is_no_change(compared):
    """The same points are no change, and the scores stand side by side."""
    comparison = compared([record("ada")], [record("ada")])
    assert changes(comparison) == {}
    assert comparison.falls(by_key) == comparison.changed(by_key) == comparison.by_check() == []
    assert comparison.by_reason() == []
    assert comparison.between == ()


def test_points_are_exact(compared):
    """A third of a point is a third of a point, not a rounded number."""
    comparison = compared([record("ada")], [record("ada", points={"1.4": Fraction(1, 3)})])
    change = changes(comparison)["1.4"]
    assert (change.old, change.new, change.difference) == (1, Fraction(1, 3), Fraction(-2, 3))
    assert comparison.standings[0].difference == Fraction(-2, 3)


def test_a_tiny_fall_is_a_fall(compared):
    """What no decimal shows still counts."""
    points = Fraction(10**12 - 1, 10**12)
    comparison = compared([record("ada")], [record("ada", points={"1.4": points})])
    assert len(comparison.falls(by_key)) == 1


def test_falls_come_by_size_whoever_they_are_of(compared):
    """The greatest is first; of equal ones the name decides, then the check."""
    old = [record("ada"), record("bob", points={"1.1": 0})]
    new = [record("ada", points={"1.5": 0, "1.4": "0.9"}), record("bob", points={"1.6": 0})]
    comparison = compared(old, new)
    falls = [(one.key, change.check) for one, change in comparison.falls(by_key)]
    assert falls == [("ada", "1.5"), ("bob", "1.6"), ("ada", "1.4")]


def test_equal_falls_come_by_what_is_shown(compared):
    """Where pseudonyms are shown, the order of the keys would tell whose they are."""
    old = [record(key) for key in ("ada", "bob", "eve")]
    new = [record(key, points={"1.4": 0}) for key in ("ada", "bob", "eve")]
    comparison = compared(old, new)
    shown = {"ada": "c", "bob": "a", "eve": "b"}
    falls = comparison.falls(lambda one: shown[one.key])
    changed = comparison.changed(lambda one: shown[one.key])
    assert [one.key for one, _ in falls] == ["bob", "eve", "ada"]
    assert [one.key for one in changed] == ["bob", "eve", "ada"]


def test_submissions_come_by_what_they_lose(compared):
    """Who loses most in all is first, even where single falls of others are greater."""
    old = [record("ada", points={"1.1": 0}), record("bob"), record("eve")]
    new = [record("ada", points={"1.2": 0}), record("bob", points={"1.4": 0}), record("eve")]
    assert [one.key for one in compared(old, new).changed(by_key)] == ["bob", "ada"]


def test_cases_that_fail_now_are_named(compared):
    """The fall of a check names the configurations that it is made of."""
    comparison = compared([record("ada")], [record("ada", failing={"1.2": ["padding 0"]})])
    assert changes(comparison)["1.2"].cases == ("padding 0",)


def test_a_new_and_a_dropped_check_are_changes(compared):
    """The grading without it has no points there, not 0."""
    whole, less = record("ada"), without(record("ada"), "1.4")
    (gone,) = changes(compared([whole], [less])).values()
    assert (gone.old, gone.new, gone.difference) == (1, None, -1)
    (came,) = changes(compared([less], [whole])).values()
    assert (came.old, came.new, came.difference) == (None, 1, 1)
    assert gone.causes[0].kind is came.causes[0].kind is Kind.CHECKS


def test_a_dropped_check_without_points_is_nothing(compared):
    """Nobody has other points through it."""
    whole = record("ada", points={"1.4": 0})
    assert changes(compared([whole], [without(whole, "1.4")])) == {}


def test_another_late_penalty_is_a_change_of_its_own(compared):
    """With it, the changes add up to the difference of the scores."""
    new = record("ada", points={"1.4": 0}, run={"penalty": Fraction(1, 10)})
    comparison = compared([record("ada")], [new])
    found = changes(comparison)
    total = sum(Fraction(kind.points) for kind in KINDS.values())
    assert found[LATE].new == -(total - 1) / 10
    assert found[LATE].old == 0
    assert sum(change.difference for change in found.values()) == (
        comparison.standings[0].difference
    )


def test_the_same_penalty_is_no_change(compared):
    """The points fall before it; the score falls by what is left of them."""
    late = {"penalty": Fraction(1, 10)}
    comparison = compared([record("ada", run=late)], [record("ada", run=late, points={"1.4": 0})])
    assert list(changes(comparison)) == ["1.4"]
    assert comparison.standings[0].difference == Fraction(-9, 10)


@pytest.mark.parametrize(
    "failed", [record("ada", graded=False, failure="lost"), record("ada", run={"error": "lost"})]
)
def test_a_grading_that_failed_is_one_change(compared, failed):
    """Not one for each check; the score of the other grading is what went or came."""
    whole = record("ada")
    went = changes(compared([whole], [failed]))
    came = changes(compared([failed], [whole]))
    assert list(went) == list(came) == [WHOLE]
    assert (went[WHOLE].old, went[WHOLE].new) == (whole.run.score, None)
    assert (came[WHOLE].old, came[WHOLE].new) == (None, whole.run.score)
    assert went[WHOLE].causes[0].kind is Kind.FAILURE
    assert changes(compared([failed], [failed])) == {}
    assert score(failed) is None


def test_totals_by_check(compared):
    """Falls, rises and points of each check, those that cost most first."""
    old = [record("ada"), record("bob", points={"1.2": 1, "1.4": 0}), record("eve")]
    new = [record("ada", points={"1.2": 0}), record("bob"), record("eve", points={"1.5": 0})]
    rows = [
        (row.check, row.falls, row.rises, row.difference) for row in compared(old, new).by_check()
    ]
    assert rows == [
        ("1.2", 1, 1, Fraction(-1)),
        ("1.5", 1, 0, Fraction(-1, 2)),
        ("1.4", 0, 1, Fraction(1)),
    ]


def test_totals_by_reason(compared):
    """Kinds that came together are counted together, the most frequent first."""
    basis = replace(record("ada").basis, code="0" * 64)
    old = [record("ada"), record("bob", points={"1.5": 0}), record("eve")]
    new = [
        record("ada", basis=basis, points={"1.2": 0}),
        record("bob", basis=basis),
        record("eve", points={"1.1": 0}),
    ]
    comparison = compared(old, new)
    assert comparison.by_reason() == [((Kind.CODE,), 1, 1), ((Kind.UNKNOWN,), 1, 0)]
    assert [(cause.kind, number) for cause, number in comparison.between] == [(Kind.CODE, 2)]


def test_the_mean_is_of_those_in_both(compared):
    """Who appeared or vanished counts in neither; one that failed counts 0."""
    old = [record("ada"), record("bob"), record("gone")]
    new = [record("ada", points={"1.4": 0}), record("bob", graded=False), record("late", points={})]
    comparison = compared(old, new)
    assert comparison.mean(new=False) == old[0].run.score
    assert comparison.mean(new=True) == new[0].run.score / 2
    assert [one.key for one in comparison.vanished] == ["gone"]
    assert [one.key for one in comparison.appeared] == ["late"]


def test_a_submission_that_is_gone_falls_as_a_whole(compared):
    """All of its points went, and it is among the totals."""
    old, new = [record("ada"), record("bob")], [record("ada")]
    comparison = compared(old, new)
    ((one, change),) = comparison.falls(by_key)
    assert (one.key, one.old, one.new) == ("bob", old[1].run.score, None)
    assert (change.check, change.old, change.new) == (WHOLE, old[1].run.score, None)
    assert [cause.text for cause in change.causes] == ["is not in the new grading"]
    assert comparison.changed(by_key) == [one]
    assert comparison.by_reason() == [((Kind.GONE,), 1, 0)]
    assert [(row.check, row.falls) for row in comparison.by_check()] == [(WHOLE, 1)]


@pytest.mark.parametrize(
    "gone",
    [
        record("bob", graded=False),
        record("bob", run={"error": "no zip"}),
        record("bob", run={"penalty": Fraction(1)}),
    ],
)
def test_who_had_no_points_loses_none(compared, gone):
    """A submission that is gone is told, and is no fall."""
    comparison = compared([record("ada"), gone], [record("ada")])
    assert comparison.falls(by_key) == comparison.changed(by_key) == []
    assert [one.key for one in comparison.vanished] == ["bob"]


def test_who_handed_in_again_is_not_gone(compared):
    """The new submission has another key and the same student."""
    old = [record("s1", students=("Ada",)), record("s2", students=("Ada",))]
    assert compared(old, [record("s3", students=("Ada",))]).falls(by_key) == []


def test_a_member_who_is_nowhere_falls_alone(compared):
    """The others of a group that split are held against the group, under any key."""
    old = [record("s1", students=("Ada", "Bob", "Eve"))]
    new = [record("s1", students=("Ada",)), record("s9", students=("Eve",))]
    ((one, change),) = compared(old, new).falls(by_key)
    assert ([student.name for student in one.students], change.check) == (["Bob"], WHOLE)


def test_who_appeared_is_no_rise(compared):
    """There is nothing to hold a new submission against."""
    comparison = compared([record("ada")], [record("ada"), record("bob")])
    assert comparison.by_reason() == comparison.by_check() == []
    assert [(one.key, one.old) for one in comparison.appeared] == [("bob", None)]


def test_nobody_in_common_has_no_mean(compared):
    """Two classes that share nobody are told as such, with a mean of 0."""
    comparison = compared([record("ada")], [record("bob")])
    assert comparison.standings == ()
    assert comparison.mean(new=True) == 0


@pytest.mark.slow
def test_a_large_class_is_compared_without_quadratic_work(compared):
    """1200 submissions of which each has changes: every one of them is there."""
    one = record("s"), record("s", points={"1.4": 0, "2.8": 1})
    old, new = (
        [replace(entry, key=f"s{number}", students=()) for number in range(1200)] for entry in one
    )
    comparison = compared(old, new)
    assert len(comparison.falls(by_key)) == 2400
    assert comparison.by_check()[0].difference == -1200
