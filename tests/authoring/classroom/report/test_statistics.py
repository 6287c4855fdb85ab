"""The figures of a class, from records made by hand."""

from fractions import Fraction

import numpy as np
import pytest
from making import Failure, record

from grader.authoring.classroom.records import Student
from grader.authoring.classroom.report import statistics


def check(number, records):
    """The figures of one check."""
    return next(found for found in statistics.checks(records) if found.number == number)


def check_of(entry, number):
    """One check of one record."""
    return next(found for found in entry.run.checks if found.number == number)


def hinted(key, hint, families=(("relu-strict",),)):
    """A record whose 1.5 failed with this hint."""
    return record(key, failing={"1.5": Failure(hint=hint, families=families)})


class TestWhole:
    def test_points(self):
        """Mean, median and quartiles are those of the points of all that were graded."""
        lost = [0, 1, 2, 0.5]
        records = [record(f"s{i}", points={"2.8": 2 - less}) for i, less in enumerate(lost)]
        whole = statistics.whole([*records, record("lost", graded=False)])
        points = [14 - less for less in lost]
        assert (whole.submissions, whole.graded, whole.full) == (5, 4, 1)
        assert whole.most == 14
        assert whole.mean == pytest.approx(np.mean(points))
        assert whole.median == pytest.approx(np.median(points))
        assert (whole.low, whole.high) == tuple(np.percentile(points, [25, 75]))

    def test_penalty(self):
        """The mean after the penalty is that of the scores; the others are before it."""
        records = [record("a"), record("b", run={"penalty": Fraction(1, 2)})]
        whole = statistics.whole(records)
        assert whole.mean == 14
        assert whole.scored == pytest.approx((14 + 7) / 2)

    def test_students(self):
        """A group counts once as a submission and with each member as students."""
        whole = statistics.whole([record("a", students=("Ada A", "Bob B")), record("c")])
        assert (whole.submissions, whole.students) == (2, 3)

    def test_in_two_groups(self):
        """Who is in two submissions that count is one student; nobody known is one for each."""
        groups = [record("a", students=("Ada", "Bob")), record("b", students=("Ada",))]
        nobody = [record(key, students=(Student(),)) for key in "cd"]
        whole = statistics.whole([*groups, *nobody, record("e", students=())])
        assert (whole.submissions, whole.students) == (5, 5)

    def test_nobody_graded(self):
        """Where nothing was graded, nothing is divided by 0."""
        whole = statistics.whole([record("a", graded=False)])
        assert (whole.graded, whole.mean, whole.points) == (0, 0.0, ())

    def test_not_opened(self):
        """A submission that could not be opened is counted apart, with 0 points."""
        closed = record("b", run={"error": "not a zip"})
        closed.run.checks.clear()
        whole = statistics.whole([record("a"), closed])
        assert (whole.graded, whole.unopened) == (1, 1)
        assert (whole.most, whole.low) == (14, 3.5)


class TestChecks:
    def test_rate_and_share(self):
        """A check passes with all its points only; its share takes parts of them, too."""
        records = [record("a"), record("b", points={"1.4": "0.5"}), record("c"), record("d")]
        found = check("1.4", records)
        assert (found.count, found.passed, found.rate) == (4, 3, 0.75)
        assert found.share == pytest.approx(3.5 / 4)

    def test_all_of_the_points(self):
        """The share is exactly 1 where all have all points, and exactly 0 where none has any."""
        records = [record(f"s{i}", points={"1.1": 0}) for i in range(11)]
        for entry in records:
            outcome = check_of(entry, "1.2")
            outcome.max_points = Fraction(len(outcome.cases), 10)
            for case in outcome.cases:
                case.points = Fraction(1, 10)
        assert (check("1.2", records).share, check("1.1", records).share) == (1, 0)

    def test_no_points(self):
        """A check without points has a rate, and no share."""
        found = check("2.9", [record("a"), record("b")])
        assert (found.most, found.rate, found.share) == (0.0, 1.0, 0.0)

    def test_order(self):
        """Checks come in the order of their numbers, 1.2 before 1.10."""
        entry = record("a")
        entry.run.checks[0].number = "1.10"
        numbers = [found.number for found in statistics.checks([entry])]
        assert numbers.index("1.10") == numbers.index("1.8") + 1

    def test_times(self):
        """The median and the worst time are those of runs that used any, and name who."""
        records = [
            record(key, checks={"1.1": {"cpu_seconds": seconds}})
            for key, seconds in (("a", 0.0), ("b", 1.0), ("c", 9.0), ("d", 2.0))
        ]
        found = check("1.1", records)
        assert (found.median_seconds, found.worst_seconds, found.worst) == (2.0, 9.0, "c")
        idle = check("1.1", [records[0]])
        assert (idle.median_seconds, idle.worst) == (0.0, "")

    def test_not_started_and_unchecked(self):
        """What was not started, and what could not be checked, are counted apart."""
        idle = record("a", failing={"1.8": Failure(reason="not-started")})
        status = statistics.Status.UNCHECKED
        blocked = record("b", failing={"1.8": Failure(reason="needs", status=status)})
        found = check("1.8", [idle, blocked, record("c")])
        assert (found.not_started, found.unchecked) == (1, 1)


class TestDiscrimination:
    def test_item_rest(self):
        """It is the correlation with the rest: the check itself is not in the total."""
        points = np.array([0.0, 1.0, 0.0, 1.0, 1.0])
        rest = np.array([2.0, 5.0, 3.0, 4.0, 1.0])
        expected = np.corrcoef(points, rest)[0, 1]
        assert statistics.item_rest(points, rest) == pytest.approx(expected)

    def test_of_a_class(self):
        """A check that the weak fail discriminates; one that the strong fail is below 0."""
        weak = [record(f"w{i}", points={"2.8": 0, "1.1": 0, "1.2": i / 2}) for i in range(3)]
        strong = [record(f"s{i}", points={"1.6": 0}) for i in range(3)]
        assert check("1.1", weak + strong).discrimination > 0.5
        assert check("1.6", weak + strong).discrimination < 0

    @pytest.mark.parametrize(
        ("points", "rest"),
        [
            ([1.0, 1.0, 1.0], [0.0, 1.0, 2.0]),
            ([0.0, 1.0, 0.0], [1.0, 1.0, 1.0]),
            ([0.0, 1.0], [1.0, 2.0]),
        ],
        ids=["all have the same", "the rest is the same", "too few"],
    )
    def test_undefined(self, points, rest):
        """Where nothing varies, or hardly anybody is there, there is no correlation."""
        assert statistics.item_rest(np.array(points), np.array(rest)) is None

    def test_one_check_differs(self):
        """Where all others have the same points it is undefined: no rounding passes for some."""
        records = [record(f"s{i}", points={"1.2": Fraction(i % 5, 3)}) for i in range(30)]
        assert check("1.2", records).discrimination is None


class TestHints:
    def test_same_mistake(self):
        """Hints of the same mistakes count together, however sure they are; with the keys."""
        records = [
            hinted("a", "Likely mistake: >="),
            hinted("b", "Perhaps, for most of it: >="),
            hinted("c", "Likely mistake: >="),
            hinted("d", "Likely mistake: sign", (("relu-sign",),)),
        ]
        first, second = check("1.5", records).hints
        assert first.keys == ("a", "b", "c")
        assert first.text == "Likely mistake: >="
        assert second.keys == ("d",)

    def test_no_family(self):
        """A hint that names no mistake counts by its words."""
        words = "It is wrong only where padding = 0."
        records = [hinted("a", words, ()), hinted("b", words, ()), hinted("c", "Other.", ())]
        assert [len(hint.keys) for hint in check("1.5", records).hints] == [2, 1]

    def test_most(self):
        """Only the commonest hints are kept."""
        records = [hinted(f"s{i}", f"hint {i}", ()) for i in range(9)]
        assert len(check("1.5", records).hints) == statistics.MOST_HINTS
