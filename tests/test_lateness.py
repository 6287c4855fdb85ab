"""Lateness from the platform's metadata: whose dates count, and what cannot break it."""

import datetime as dt
import json
from fractions import Fraction

import pytest

from grader.assignment import load
from grader.errors import ConfigurationError
from grader.lateness import Policy, assess, read_metadata
from grader.outcomes import Run

DUE = "2024-02-19T23:59:00.000000-05:00"
DATES = {"timezone": "US/Eastern", "due": dt.datetime(2024, 2, 19, 23, 59), "grace_hours": 48}  # noqa: DTZ001


def policy(**other):
    """The course's rules with changes."""
    return Policy.from_table({**DATES, **other})


def metadata(created, *users, due=DUE, late_due=None, **other):
    """A submission's metadata; each user is a dictionary of dates of their own."""
    return {
        "id": 1,
        "created_at": created,
        "assignment": {"due_date": due, "late_due_date": late_due, "total_points": "20.0"},
        "users": [{"name": "A", "assignment": dates} for dates in users],
        "previous_submissions": [{"score": "7.0"}, {"score": 7.0}],
        **other,
    }


@pytest.mark.parametrize(
    ("created", "status", "days"),
    [
        ("2024-02-19T20:00:00.123456-05:00", "on-time", 0),
        ("2024-02-19T23:59:00.000000-05:00", "on-time", 0),
        ("2024-02-19T23:59:59.999999-05:00", "on-time", 0),
        ("2024-02-20T00:00:00.000000-05:00", "grace", 0),
        ("2024-02-20T04:59:30.000000+00:00", "on-time", 0),
        ("2024-02-20T05:00:00.000000Z", "grace", 0),
        ("2024-02-21T23:59:59.000000-05:00", "grace", 0),
        ("2024-02-22T00:00:00.000000-05:00", "late", 1),
        ("2024-02-22T23:59:00.000000-05:00", "late", 1),
        ("2024-02-22T23:59:01.000000-05:00", "late", 2),
        ("2024-03-12T12:00:00.000000-04:00", "late", 20),
    ],
)
def test_instants(created, status, days):
    """Instants are compared, whatever their offsets; a deadline includes its minute."""
    verdict = assess(metadata(created), policy(after_grace=20))
    assert (verdict.status, verdict.days) == (status, days)
    assert verdict.penalty == min(1, Fraction(days, 5))
    assert verdict.staff_notes == []


def test_offsets_mix_across_daylight_saving():
    """A date written with the other season's offset is the same instant."""
    late = metadata("2024-03-10T23:58:00-04:00", due="2024-03-10T22:59:00-05:00")
    assert assess(late, policy()).status == "on-time"


@pytest.mark.parametrize(
    ("after", "status", "penalty", "words"),
    [
        ("accept", "late", 0, "no penalty"),
        ("refuse", "refused", 1, "no longer accepted"),
        (12.5, "late", Fraction(1, 4), "25 % of the points"),
        (80, "late", 1, "100 % of the points"),
    ],
)
def test_after_the_grace(after, status, penalty, words):
    """Accepted, refused, or a per cent of the points for each day begun, at most all."""
    verdict = assess(metadata("2024-02-23T12:00:00-05:00"), policy(after_grace=after))
    assert (verdict.status, verdict.days, verdict.penalty) == (status, 2, penalty)
    assert words in verdict.notice
    assert "2 days late, counted from 2024-02-21 23:59 EST" in verdict.notice


def test_grace_is_told():
    """Within the grace the student is told that it costs nothing, and until when."""
    notice = assess(metadata("2024-02-20T12:00:00-05:00"), policy()).notice
    assert "within the grace period until 2024-02-21 23:59 EST; no penalty" in notice


def test_extension_is_the_students_own_date():
    """A student's own due date comes before the assignment's."""
    own = {"due_date": "2024-02-26T23:59:00-05:00"}
    verdict = assess(metadata("2024-02-25T12:00:00-05:00", own), policy())
    assert (verdict.status, verdict.source) == ("on-time", "student")


def test_own_date_may_be_earlier():
    """A student's own date counts even where it is earlier than the assignment's."""
    own = {"due_date": "2024-02-10T23:59:00-05:00"}
    assert assess(metadata("2024-02-19T12:00:00-05:00", own), policy()).status == "late"


@pytest.mark.parametrize("position", [0, 1])
def test_group_has_the_most_generous_dates(position):
    """One member's extension counts for the group, whoever submitted."""
    users = [{"due_date": DUE}, {"due_date": DUE}]
    users[position] = {"due_date": "2024-03-01T23:59:00-05:00"}
    assert assess(metadata("2024-02-29T12:00:00-05:00", *users), policy()).status == "on-time"


def test_member_without_dates_has_the_assignments():
    """A member whose own dates are missing has those of the assignment."""
    verdict = assess(metadata("2024-02-19T12:00:00-05:00", {"due_date": None}, {}), policy())
    assert (verdict.status, verdict.source) == ("on-time", "assignment")


def test_policy_is_the_last_resort():
    """Without any date of the platform's the course's own counts, local to its time zone."""
    verdict = assess({"created_at": "2024-02-20T12:00:00-05:00"}, policy())
    assert (verdict.status, verdict.source) == ("grace", "policy")
    assert verdict.due == "2024-02-19T23:59:00-05:00"


@pytest.mark.parametrize(
    ("late_due", "status"), [("2024-02-21T23:59:00-05:00", "grace"), (None, "late"), ("?", "late")]
)
def test_late_due_date_is_the_grace_where_the_policy_has_none(late_due, status):
    """Without grace hours the platform's late due date ends the grace; it may be null."""
    rules = policy(grace_hours=None)
    verdict = assess(metadata("2024-02-20T12:00:00-05:00", late_due=late_due), rules)
    assert verdict.status == status


def test_late_due_date_before_the_due_date():
    """A late due date that is earlier than the due date takes nothing away."""
    odd = metadata("2024-02-19T12:00:00-05:00", late_due="2024-02-01T00:00:00-05:00")
    assert assess(odd, policy(grace_hours=None)).status == "on-time"


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"created_at": None},
        {"created_at": 5},
        {"created_at": "yesterday"},
        {"created_at": "2024-02-30T00:00:00Z"},
        {"created_at": "0001-01-01T00:00:00+14:00"},
        {"created_at": "9999-12-31T23:59:59-12:00"},
        {"users": "x", "assignment": [1], "created_at": []},
    ],
)
def test_unknown_instant_costs_nothing(document):
    """Without an instant that can be read nobody pays, and staff are told."""
    verdict = assess(document, policy(after_grace="refuse"))
    assert (verdict.status, verdict.penalty) == ("unknown", 0)
    assert any("no created_at" in note for note in verdict.staff_notes)


@pytest.mark.parametrize("users", [None, "x", [None, 1, {}, {"assignment": "x"}], [{}]])
def test_odd_users(users):
    """Users of any shape are survived; the assignment's date counts."""
    document = {**metadata("2024-02-19T12:00:00-05:00"), "users": users}
    assert assess(document, policy()).status == "on-time"


def test_no_due_date_anywhere():
    """Without any due date nothing is late."""
    verdict = assess({"created_at": "2024-02-19T12:00:00-05:00"}, Policy())
    assert verdict.status == "unknown"
    assert verdict.staff_notes == ["lateness is unknown and costs nothing: no due date"]


def test_dates_that_cannot_be_read_are_named_once():
    """A garbage date is ignored with one note, and the next source counts."""
    document = metadata("2024-02-19T12:00:00-05:00", {"due_date": "soon"}, {"due_date": "soon"})
    verdict = assess(document, policy())
    assert verdict.source == "assignment"
    assert len(verdict.staff_notes) == 1
    assert "'soon' is no date" in verdict.staff_notes[0]


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-19T23:59:00",
        "2024-02-19 23:59",
        "2024-02-19T23:59:00.1-0500",
        "2024-02-20T04:59:00.123456789Z",
        " 2024-02-20T04:59:00,5+00:00 ",
    ],
)
def test_spellings_of_an_instant(text):
    """Python 3.10 reads few of these by itself; without an offset, course time is meant."""
    verdict = assess(metadata(text), policy())
    assert verdict.created_at.startswith("2024-02-19T23:59:00")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"  \n",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"created_at": 1} trailing',
    ],
)
def test_files_that_hold_no_metadata(tmp_path, content):
    """Whatever the file holds, the answer is {} with a note for staff."""
    path = tmp_path / "submission_metadata.json"
    path.write_bytes(content)
    document, notes = read_metadata(path)
    assert document == {}
    assert len(notes) == 1


def test_file_that_is_not_there(tmp_path):
    """A missing file, or a folder in its place, is no error."""
    assert read_metadata(tmp_path / "absent.json")[0] == {}
    assert read_metadata(tmp_path)[0] == {}


def test_file_is_read(tmp_path):
    """A good file comes through as it is."""
    path = tmp_path / "submission_metadata.json"
    path.write_text(json.dumps(metadata("2024-02-19T12:00:00-05:00")), encoding="utf-8-sig")
    assert read_metadata(path) == (metadata("2024-02-19T12:00:00-05:00"), [])


def test_verdict_goes_into_a_run():
    """Penalty, facts and notes reach the run; doing so again adds nothing."""
    run = Run("HW2", "hw2.zip")
    verdict = assess(metadata("2024-02-22T12:00:00-05:00", due="?"), policy(after_grace=10))
    verdict.apply(run)
    verdict.apply(run)
    assert run.penalty == Fraction(1, 10)
    assert run.late["status"] == "late"
    assert run.late["days"] == 1
    assert len(run.staff_notes) == 1


@pytest.mark.parametrize(
    "dates",
    [
        {"timezone": "Mars/Olympus"},
        {"due": "soon"},
        {"grace_hours": -1},
        {"grace_hours": "48"},
        {"grace_hours": True},
        {"grace_hours": float("inf")},
        {"grace_hours": float("nan")},
        {"grace_hours": 1e12},
        {"after_grace": "maybe"},
        {"after_grace": 101},
        {"after_grace": -5},
        {"after_grace": True},
    ],
)
def test_mistakes_in_the_policy_are_configuration_errors(dates):
    """A policy that cannot be meant is refused before anybody is graded by it."""
    with pytest.raises(ConfigurationError, match=r"\[dates\]"):
        policy(**dates)


def test_policy_of_the_packaged_assignment():
    """The assignment that ships has dates that this module understands."""
    rules = Policy.from_table(load().table["dates"])
    assert Policy.of(load()) == rules
    assert rules.due is not None
    assert rules.due.utcoffset() == dt.timedelta(0)


def test_empty_policy():
    """No [dates] at all: nothing is ever late."""
    assert Policy.from_table({}) == Policy()
