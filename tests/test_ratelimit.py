"""The rate limit, from the platform's metadata: what counts, what is kept, what cannot break it."""

import datetime as dt
import json
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.errors import ConfigurationError
from grader.ratelimit import RECORD, RateLimit, decide, points

ZONE = ZoneInfo("US/Eastern")
NOW = dt.datetime(2024, 2, 19, 12, tzinfo=dt.timezone.utc)
LIMIT = RateLimit(3, 24)


def hours(number):
    """The instant that lies so many hours before the submission, as text."""
    return (NOW - dt.timedelta(hours=number)).isoformat()


def entry(ago, score=7.0, **other):
    """An earlier submission, so many hours ago."""
    return {"submission_time": hours(ago), "score": score, "autograder_error": False, **other}


def result(ago, counted, score=7.0, **other):
    """Its result, with a record of which ones counted then, in hours ago."""
    record = {"created_at": hours(ago), "counted": [hours(number) for number in counted]}
    return {"score": score, "extra_data": {RECORD: {**record, **other}}}


def verdict(*entries, limit=LIMIT, **other):
    """The decision on a submission that comes after these."""
    document = {"created_at": NOW.isoformat(), "previous_submissions": list(entries), **other}
    return decide(document, limit, ZONE)


def test_as_many_as_are_allowed_are_graded():
    """One less than the limit within the hours: the next one is graded, without a note."""
    decided = verdict(entry(1), entry(2))
    assert decided.kept is None
    assert decided.staff_notes == []
    assert len(decided.counted) == 2


def test_one_too_many_keeps_the_score():
    """The limit reached: the newest score stands, and the oldest one's end is when to return."""
    decided = verdict(entry(20, 1), entry(2, 2), entry(1, 3))
    assert decided.kept.score == 3
    assert decided.kept.submitted_at == NOW - dt.timedelta(hours=1)
    assert decided.kept.next_at == NOW + dt.timedelta(hours=4)


def test_without_a_limit_everything_is_graded():
    """0 submissions: no limit, no note, whatever the metadata holds."""
    decided = verdict(*[entry(1)] * 9, limit=RateLimit(), created_at="?")
    assert decided.kept is None
    assert decided.staff_notes == []
    assert decided.record(graded=True) == {}


@pytest.mark.parametrize(("ago", "graded"), [(24.01, True), (24, True), (23.99, False)])
def test_the_hours_end(ago, graded):
    """A submission as old as the hours, or older, does not count."""
    assert (verdict(entry(ago), entry(1), entry(2)).kept is None) == graded


@pytest.mark.parametrize("ago", [0, -1, -30])
def test_later_ones_do_not_count(ago):
    """When an older submission is graded anew, those made after it change nothing."""
    later = entry(ago, results=result(ago, [ago, 1, 2, 3]))
    assert verdict(later, entry(1), entry(2)).kept is None


def test_order_does_not_matter():
    """The platform lists earlier submissions in any order."""
    entries = [entry(20, 1), entry(2, 2), entry(1, 3)]
    assert verdict(*entries).kept == verdict(*reversed(entries)).kept


def test_instants_are_compared_across_offsets():
    """An instant that is written with another offset is the same instant."""
    written = [
        "2024-02-18T07:30:00-05:00",  # 23.5 hours before, though the day and the hour say more
        "2024-02-19T19:59:00+09:00",
        "2024-02-19T10:59:00Z",
    ]
    assert verdict(*[{**entry(1), "submission_time": at} for at in written]).kept is not None


def test_an_instant_without_an_offset_is_the_courses():
    """Such an instant is local to the course's time zone."""
    naive = {**entry(1), "submission_time": "2024-02-18T07:30:00"}
    assert verdict(naive, entry(1), entry(2)).kept is not None


@pytest.mark.parametrize("error", [True, "true", 1, {}])
def test_autograder_errors_do_not_count(error):
    """A run that the platform lost uses up no attempt, and its score is not kept."""
    lost = entry(0.5, 9, autograder_error=error)
    assert verdict(lost, entry(1), entry(2)).kept is None
    assert verdict(lost, entry(1, 5), entry(2), entry(3)).kept.score == 5


@pytest.mark.parametrize("missing", [None, False])
def test_no_error_counts(missing):
    """A submission without an error, or of which none is told, counts."""
    ones = [entry(ago, autograder_error=missing) for ago in (1, 2, 3)]
    assert verdict(*ones).kept is not None


@pytest.mark.parametrize("score", [12.5, "12.5", " 12.50 "])
def test_scores_are_numbers_or_text(score):
    """The platform writes a score as a number or as text."""
    assert verdict(entry(1, score), entry(2), entry(3)).kept.score == 12.5


@pytest.mark.parametrize(
    "score", [None, "", "seven", True, [], {}, -1, "nan", float("inf"), 10**400, "9" * 5000]
)
def test_what_is_no_score(score):
    """Anything else is none: nothing raises."""
    assert points(score) is None


def test_a_refused_submission_does_not_count():
    """The record tells which ones were graded: refused ones use up no attempt."""
    refused = entry(1, results=result(1, [23, 22, 21]))
    decided = verdict(entry(23), entry(22), entry(21, 4), entry(2), refused)
    assert decided.kept.score == 4
    assert decided.kept.next_at == NOW + dt.timedelta(hours=1)
    earlier = [entry(26), entry(25), entry(21), entry(2)]
    refused = entry(1, results=result(1, [26, 25, 21]))
    assert verdict(*earlier, refused).kept is None


def test_the_record_says_that_points_do_not_matter():
    """With a record, a graded submission without points counts, and its score stands."""
    latest = entry(1, 0.0, results=result(1, [3, 2, 1], 0.0))
    decided = verdict(entry(3), entry(2), latest)
    assert decided.kept.score == 0
    assert decided.kept.results is latest["results"]


def test_what_graded_nothing_does_not_count():
    """An upload that is in the list but not in the record does not count, nor does its score."""
    latest = entry(1, 0.0, results=result(1, [3, 2], 0.0))
    assert verdict(entry(3), entry(2), latest).kept is None
    assert verdict(entry(3), entry(2), latest, limit=RateLimit(2)).kept.score == 7


def test_fewer_decimals_are_the_same_instant():
    """The record's instants are found where the platform writes whole seconds."""
    latest = entry(1)
    latest["results"] = result(1, [3, 2, 1])
    record = latest["results"]["extra_data"][RECORD]
    for name in ("created_at", "counted"):
        old = record[name]
        record[name] = (
            old.replace("+", ".987654+")
            if isinstance(old, str)
            else [text.replace("+", ".987654+") for text in old]
        )
    decided = verdict(entry(3), entry(2), latest)
    assert decided.kept is not None
    assert decided.staff_notes == []


def test_newer_ones_than_the_record_count():
    """Submissions after the one with the record follow the same rule."""
    latest = entry(3, results=result(3, [4, 3]))
    assert verdict(entry(4), latest, entry(1)).kept is not None
    assert verdict(entry(4), latest, entry(1, None)).kept is None


@pytest.mark.parametrize(
    "record",
    [
        5,
        "x",
        [],
        {},
        {"counted": []},
        {"counted": [], "created_at": "?"},
        {"counted": [], "created_at": hours(5)},
        {"counted": ["?"], "created_at": hours(1)},
        {"counted": "x", "created_at": hours(1)},
    ],
)
def test_a_record_that_cannot_be_used(record):
    """It is as if there were none, and staff are told; another submission's is none, too."""
    latest = entry(1, results={"score": 7.0, "extra_data": {RECORD: record}})
    decided = verdict(entry(3), entry(2), latest)
    assert decided.kept is not None
    assert any("record" in note and "cannot be used" in note for note in decided.staff_notes)


@pytest.mark.parametrize("results", [None, {}, [], "x", 5, {"extra_data": None}, {"score": "?"}])
def test_without_a_record_the_rule_is_applied_in_turn(results):
    """What was refused then is worked out from times and scores, and staff are told."""
    old = [entry(26), entry(25), entry(24.5)]
    refused = [entry(10), entry(5), entry(1, results=results)]
    decided = verdict(*old, *refused)
    assert decided.kept is None
    decided = verdict(entry(22), entry(21), entry(20), *refused)
    assert decided.kept.next_at == NOW + dt.timedelta(hours=2)
    assert any("no record" in note for note in decided.staff_notes)


def test_a_limit_that_is_new_keeps_the_newest_score():
    """Without a record the newest score stands, though by the rule it was not to be graded."""
    entries = [entry(9 - index, index) for index in range(1, 7)]
    assert verdict(*entries).kept.score == 6


@pytest.mark.parametrize("score", [0, "0.0", None, "?"])
def test_without_a_record_nothing_counts_that_has_no_points(score):
    """It may be a run that graded nothing: the student keeps the attempt and the points."""
    assert verdict(entry(1), entry(2), entry(3, score)).kept is None
    assert verdict(entry(0.5, score), entry(1, 5), entry(2), entry(3)).kept.score == 5


def test_no_score_that_can_be_read():
    """Where nothing can be kept, the submission is graded, and staff are told."""
    latest = entry(1, None, results=result(1, [3, 2, 1], None))
    decided = verdict(entry(3, None), entry(2, "?"), latest)
    assert decided.kept is None
    assert any("no earlier score" in note for note in decided.staff_notes)


def test_the_result_has_the_score_where_the_list_has_none():
    """A score that is missing in the list is taken from the result."""
    latest = entry(1, None, results=result(1, [3, 2, 1], "6.5"))
    assert verdict(entry(3), entry(2), latest).kept.score == 6.5


def test_a_result_with_another_score_is_not_shown():
    """The platform's score stands; tests that do not belong to it are left out."""
    latest = entry(1, 5, results=result(1, [3, 2, 1], 7))
    decided = verdict(entry(3), entry(2), latest)
    assert (decided.kept.score, decided.kept.results) == (5, None)
    assert any("another score" in note for note in decided.staff_notes)


def test_the_next_time_is_never_early():
    """It is a whole minute, not before the first instant at which a submission is graded."""
    first = {**entry(1), "submission_time": "2024-02-19T01:02:03.5+00:00"}
    decided = verdict(first, entry(1), entry(2))
    assert decided.kept.next_at == dt.datetime(2024, 2, 20, 1, 3, tzinfo=dt.timezone.utc)
    assert decided.local(decided.kept.next_at) == "2024-02-19 20:03 EST"
    again = {
        "created_at": "2024-02-20T01:03:00Z",
        "previous_submissions": [first, entry(1), entry(2)],
    }
    assert decide(again, LIMIT, ZONE).kept is None


def test_a_limit_that_was_lowered():
    """More count than are allowed now: the next one is graded when all but few are too old."""
    latest = entry(1, results=result(1, [20, 10, 1]))
    decided = verdict(entry(20), entry(10), latest, limit=RateLimit(2, 24))
    assert decided.kept.next_at == NOW + dt.timedelta(hours=14)


def test_hours_go_on_across_daylight_saving():
    """24 hours are 24 hours, though the clock on the wall shows 25."""
    document = {
        "created_at": "2024-03-10T12:30:00-04:00",
        "previous_submissions": [{"submission_time": "2024-03-09T12:00:00-05:00", "score": 1}],
    }
    decided = decide(document, RateLimit(1, 24), ZONE)
    assert decided.local(decided.kept.next_at) == "2024-03-10 13:00 EDT"


@pytest.mark.parametrize("created", [None, "", "yesterday", 5, [], {}])
def test_without_created_at_it_is_graded(created):
    """Without an instant nothing can be refused, and staff are told."""
    decided = verdict(*[entry(1)] * 5, created_at=created)
    assert decided.kept is None
    assert any("created_at" in note for note in decided.staff_notes)
    assert decided.record(graded=True) == {}


@pytest.mark.parametrize("listed", [None, 5, "x", {}])
def test_without_a_list_it_is_graded(listed):
    """Without a list of earlier submissions it is graded, and staff are told."""
    decided = decide({"created_at": NOW.isoformat(), "previous_submissions": listed}, LIMIT)
    assert decided.kept is None
    assert any("previous_submissions" in note for note in decided.staff_notes)


def test_entries_that_cannot_be_read():
    """They do not count, and staff learn how many they are."""
    odd = [None, 5, "x", [], {}, {"submission_time": "?"}, {"submission_time": 5}]
    decided = verdict(entry(1), entry(2), *odd)
    assert decided.kept is None
    assert "7 of 9" in decided.staff_notes[0]


def test_a_record_leads_to_the_same_decisions_as_the_rule():
    """Submitting every hour for three days: the records and the rule without them agree."""
    listed, latest, decisions = [], None, []
    for hour in range(72):
        created = (NOW + dt.timedelta(hours=hour)).isoformat()
        plain = {"created_at": created, "previous_submissions": listed}
        told = [*listed[:-1], {**listed[-1], "results": latest}] if listed else []
        decided = decide({**plain, "previous_submissions": told}, LIMIT)
        assert (decide(plain, LIMIT).kept is None) == (decided.kept is None)
        graded = decided.kept is None
        score = float(hour + 1) if graded else decided.kept.score
        latest = {"score": score, "extra_data": {RECORD: decided.record(graded=graded)}}
        listed.append({"submission_time": created, "score": score})
        decisions.append(graded)
        assert decided.staff_notes == []
    assert [hour for hour, graded in enumerate(decisions) if graded] == [
        0, 1, 2, 24, 25, 26, 48, 49, 50,
    ]  # fmt: skip


def test_the_record_of_a_submission():
    """It lists what counts, this one if it was graded, and is plain JSON."""
    decided = verdict(entry(30), entry(2))
    graded, refused = (decided.record(graded=choice) for choice in (True, False))
    assert graded["counted"] == [hours(2), NOW.isoformat()]
    assert refused["counted"] == [hours(2)]
    assert (graded["graded"], refused["graded"]) == (True, False)
    assert json.loads(json.dumps(graded)) == graded


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.sampled_from([hours(0), hours(1), hours(30), "7.0", "9999-12-31T23:59:59-12:00"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)
RECORDS = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("created_at", "counted", "graded"), JSON)
)
RESULTS = st.fixed_dictionaries(
    {},
    optional={
        "score": JSON,
        "tests": JSON,
        "extra_data": JSON | st.fixed_dictionaries({RECORD: JSON | RECORDS}),
    },
)
ENTRIES = st.fixed_dictionaries(
    {},
    optional={
        "submission_time": JSON,
        "score": JSON,
        "autograder_error": JSON,
        "results": JSON | RESULTS,
    },
)


@settings(max_examples=100, deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "created_at": JSON,
            "previous_submissions": JSON | st.lists(JSON | ENTRIES, max_size=6),
        },
    )
)
def test_nothing_in_the_metadata_raises(document):
    """Whatever JSON the metadata hold, there is a decision, and the same one again."""
    decided = decide(document, RateLimit(1, 24), ZONE)
    assert decided == decide(document, RateLimit(1, 24), ZONE)
    json.dumps(decided.record(graded=True), allow_nan=False)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({}, "0 submissions within 24 hours"),
        ({"submissions": 3}, "3 submissions within 24 hours"),
        ({"submissions": 1, "hours": 1}, "1 submission within 1 hour"),
        ({"submissions": 5, "hours": 1.5}, "5 submissions within 1.5 hours"),
    ],
)
def test_the_limit_of_an_assignment(table, words):
    """Both entries may be left out: no limit, and a day."""
    assert str(RateLimit.from_table(table)) == words


@pytest.mark.parametrize(
    "table",
    [
        5,
        {"submission": 3},
        {"submissions": -1},
        {"submissions": 1.5},
        {"submissions": True},
        {"submissions": "3"},
        {"submissions": 101},
        {"hours": 0},
        {"hours": -1},
        {"hours": "24"},
        {"hours": True},
        {"hours": float("nan")},
        {"hours": float("inf")},
    ],
)
def test_a_limit_that_cannot_be_meant(table):
    """It is refused before anybody is graded by it."""
    with pytest.raises(ConfigurationError, match=r"\[rate_limit\]"):
        RateLimit.from_table(table)
