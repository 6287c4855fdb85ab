"""Who is just short of something."""

import pytest
from making import Failure, record

from grader.authoring.classroom.report import near_misses


def network(key, accuracy, thresholds=(0.5, 0.8)):
    """A record with this accuracy in 2.8."""
    return record(key, facts={"2.8": {"accuracy": accuracy, "thresholds": list(thresholds)}})


class TestThresholds:
    @pytest.mark.parametrize(
        ("accuracy", "missed"),
        [
            (0.8, [0.8]),
            (0.781, [0.8]),
            (0.78, [0.8]),
            (0.48, [0.5]),
            (0.8001, []),
            (0.7799, []),
            (0.49, [0.5]),
            (0.47, []),
        ],
    )
    def test_which(self, accuracy, missed):
        """At most two points below is near; the threshold itself is missed, above is passed."""
        found = near_misses.thresholds([network("a", accuracy)])
        assert [miss.threshold for miss in found] == missed

    def test_nearest_first(self):
        """The nearest come first, and how much is missing is told in percentage points."""
        found = near_misses.thresholds([network("a", 0.785), network("b", 0.795)])
        assert [miss.key for miss in found] == ["b", "a"]
        assert found[0].short == pytest.approx(0.5)

    @pytest.mark.parametrize(
        "facts", [{}, {"accuracy": "high", "thresholds": [0.8]}, {"accuracy": 0.79}]
    )
    def test_no_accuracy(self, facts):
        """Without an accuracy or a threshold, nobody is near one."""
        assert near_misses.thresholds([record("a", facts={"2.8": facts})]) == []

    def test_as_near_as_another(self):
        """Equally near ones stay in the order of the records, which keys cannot bring back."""
        found = near_misses.thresholds([network("b", 0.79), network("a", 0.79)])
        assert [miss.key for miss in found] == ["b", "a"]


class TestLastCases:
    def test_one_case(self):
        """Who lacks one case of a check is listed under that case, with what it cost."""
        records = [
            record("a", failing={"1.2": ["padding 0"]}),
            record("b", failing={"1.2": ["padding 0"], "1.1": ["tall input"]}),
            record("c", failing={"1.2": ["padding 0", "tall input"]}),
        ]
        first, second = near_misses.last_cases(records)
        assert (first.number, first.case, first.keys) == ("1.2", "padding 0", ("a", "b"))
        assert (second.number, second.keys) == ("1.1", ("b",))
        missing = records[0].run.max_points - records[0].run.points
        assert first.lost == missing > 0

    def test_few_cases(self):
        """A check with one or two cases has no detail that could be lacking."""
        records = [record("a", failing={"2.8": ["full credit"], "2.9": [""]})]
        assert near_misses.last_cases(records) == []

    def test_unchecked(self):
        """A case that the grader could not check is not the student's to lack."""
        status = near_misses.Status.UNCHECKED
        records = [record("a", failing={"1.2": Failure(("padding 0",), status=status)})]
        assert near_misses.last_cases(records) == []
