"""What staff should look at."""

from fractions import Fraction

import pytest
from making import Failure, record

from grader.authoring.classroom.report import troubles
from grader.outcomes import Status


class TestBites:
    @pytest.mark.parametrize(
        ("reason", "words"),
        [
            ("time-limit", "time"),
            ("memory-limit", "memory"),
            ("out-of-time", "whole run"),
            ("crash", "died"),
            ("archive", "too large"),
        ],
    )
    def test_reasons(self, reason, words):
        """Each limit is told in words, with the check and everybody it bit."""
        records = [record(key, failing={"1.2": Failure(reason=reason)}) for key in "ab"]
        (bite,) = troubles.bites([*records, record("c")])
        assert (bite.number, bite.keys) == ("1.2", ("a", "b"))
        assert words in bite.limit

    def test_not_run(self):
        """A check that was never begun is a limit of the run."""
        entry = record("a", failing={"2.1": Failure(status=Status.NOT_RUN, reason="")})
        (bite,) = troubles.bites([entry])
        assert (bite.number, bite.limit) == ("2.1", troubles.LIMITS["not-run"])

    @pytest.mark.parametrize(("done", "count"), [(10_000, 0), (9_999, 1)])
    def test_images(self, done, count):
        """Images that there was no time for are a limit, also of a check that passed."""
        facts = {"accuracy": 0.9, "images": 10_000, "images_predicted": done}
        assert len(troubles.bites([record("a", facts={"2.8": facts})])) == count

    def test_in_many_checks(self):
        """Who meets a limit in all that runs has one line; the others stand at their checks."""
        slow = Failure(reason="time-limit")
        hangs = record("a", failing=dict.fromkeys(["1.1", "1.2", "1.3", "1.4"], slow))
        first, second = troubles.bites([hangs, record("b", failing={"1.2": slow})])
        assert (first.number, first.title, first.keys) == ("", "4 checks or more", ("a",))
        assert (second.number, second.keys) == ("1.2", ("b",))

    def test_wrong_code(self):
        """Code that is wrong hits no limit."""
        assert troubles.bites([record("a", failing={"1.2": Failure()})]) == []


class TestUngraded:
    def test_broken_off(self):
        """A run that the grader broke off is told with the reason, if one is known."""
        cut = {"complete": False}
        (found,) = troubles.ungraded([record("a", run=cut, failure="No space left on device")])
        assert found.kind == "cut short"
        assert found.text == "the grading did not run to its end: No space left on device"
        (found,) = troubles.ungraded([record("a", run=cut)])
        assert found.text == "the grading did not run to its end"

    def test_all_kinds(self):
        """The grader's failures, unusable submissions and cut runs are told apart."""
        fault = Failure(("loads",), "no-data", status=Status.UNCHECKED)
        found = troubles.ungraded(
            [
                record("a", graded=False, failure="worker lost"),
                record("b", graded=False),
                record("c", run={"error": "not a zip"}),
                record("d", run={"complete": False}),
                record("e", failing={"2.5": fault}),
                record("f", failing={"1.1": Failure()}),
            ]
        )
        assert [(*t.keys, t.kind) for t in found] == [
            ("a", "the grader failed"),
            ("b", "the grader failed"),
            ("c", "cannot be opened"),
            ("d", "cut short"),
            ("e", "the grader's fault"),
        ]
        assert (found[0].text, found[2].text) == ("worker lost", "not a zip")
        assert found[1].text == "no reason is known"
        assert (found[4].number, "no-data" in found[4].text) == ("2.5", True)

    def test_needs(self):
        """A check that waits for another is not the grader's fault."""
        blocked = Failure(reason="needs", status=Status.UNCHECKED)
        assert troubles.ungraded([record("a", failing={"2.5": blocked})]) == []


def test_flags():
    """Flags come by kind, one that many have once, with all of them."""
    flags = [{"check": "2.8", "kind": kind, "text": f"of {kind}"} for kind in ("noise", "gap")]
    runs = {"a": flags, "b": [], "c": flags[:1]}
    found = troubles.flags([record(key, run={"flags": own}) for key, own in runs.items()])
    assert [(t.number, t.kind, t.text, t.keys) for t in found] == [
        ("2.8", "gap", "of gap", ("a",)),
        ("2.8", "noise", "of noise", ("a", "c")),
    ]


def test_flags_of_one_kind():
    """They stay in the order of the records, which keys cannot bring back."""
    runs = {key: [{"check": "2.8", "kind": "noise", "text": f"of {key}"}] for key in "ba"}
    found = troubles.flags([record(key, run={"flags": own}) for key, own in runs.items()])
    assert [trouble.keys for trouble in found] == [("b",), ("a",)]


def late(key, status, days=0, penalty=0):
    """A record with this verdict on its lateness."""
    told = {"status": status, "days": days, "due": "d", "created_at": "c", "notice": "n"}
    return record(key, run={"late": told, "penalty": Fraction(penalty)})


def test_late():
    """Who was late is listed, the dearest first; who was on time, or has no date, is not."""
    records = [
        late("a", "on-time"),
        late("b", "grace"),
        late("c", "late", 2, Fraction(2, 5)),
        late("d", "refused", 9, 1),
        record("e"),
        late("f", "unknown"),
    ]
    found = troubles.late(records)
    assert [(entry.key, entry.penalty) for entry in found] == [("d", 1), ("c", 0.4), ("b", 0)]


def test_equally_late():
    """They stay in the order of the records, which keys cannot bring back."""
    found = troubles.late([late("b", "grace"), late("a", "grace")])
    assert [entry.key for entry in found] == ["b", "a"]


def test_undated():
    """Without a due date, or a time of handing in, nobody knows; what was not graded has none."""
    records = [record("a"), late("b", "unknown"), late("c", "on-time"), record("d", graded=False)]
    assert troubles.undated(records) == 2
