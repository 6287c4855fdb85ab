"""Metadata for scenarios: as the platform writes them, each with the verdict it is made for."""

import dataclasses
import datetime as dt
import json
from fractions import Fraction

import pytest

from grader import lateness
from grader.authoring.gradescope.metadata import Scenario, build, duration
from grader.errors import ConfigurationError
from grader.ratelimit import RECORD, RateLimit, decide


@pytest.fixture
def dated(assignment):
    """The packaged assignment with other entries in [dates]."""

    def change(**dates):
        table = {**assignment.table, "dates": {**assignment.table["dates"], **dates}}
        return dataclasses.replace(assignment, table=table)

    return change


def verdict(assignment, **scenario):
    """How late a scenario is, given the durations as text."""
    texts = {key: duration(value) for key, value in scenario.items() if isinstance(value, str)}
    document = build(assignment, Scenario(**{**scenario, **texts}))
    policy = lateness.Policy.from_table(assignment.table["dates"])
    judged = lateness.assess(json.loads(json.dumps(document)), policy)
    assert judged.staff_notes == []
    return judged


@pytest.mark.parametrize(
    ("scenario", "status", "days"),
    [
        ({}, "on-time", 0),
        ({"late": "0h"}, "on-time", 0),
        ({"late": "-3h"}, "on-time", 0),
        ({"late": "1m"}, "grace", 0),
        ({"late": "26h"}, "grace", 0),
        ({"late": "48h"}, "grace", 0),
        ({"late": "2d1m"}, "late", 1),
        ({"late": "72h"}, "late", 1),
        ({"late": "3d1m"}, "late", 2),
        ({"late": "26h", "extension": "2d"}, "on-time", 0),
        ({"late": "3d", "extension": "2d"}, "grace", 0),
        ({"late": "26h", "extension": "2d", "group": 3}, "on-time", 0),
        ({"late": "5d", "group": 3}, "late", 3),
        ({"late": "3d", "extension": "-2d", "group": 1}, "late", 3),
        ({"late": "26h", "extension": "-2d", "group": 2}, "grace", 0),
    ],
)
def test_each_scenario_has_its_verdict(dated, scenario, status, days):
    """On time, in the grace, late by days; an extension, and the most generous of a group."""
    judged = verdict(dated(after_grace=20), **scenario)
    assert (judged.status, judged.days) == (status, days)
    assert judged.source == "student"
    assert judged.penalty == min(1, Fraction(days, 5))


def test_refused(dated):
    """After the grace, where the policy refuses, all points are gone."""
    judged = verdict(dated(after_grace="refuse"), late="49h")
    assert (judged.status, judged.penalty) == ("refused", 1)


def test_without_a_grace_the_late_due_date_is_null(dated):
    """An assignment without grace hours has no late due date."""
    plain = dated(grace_hours=0)
    assert build(plain, Scenario())["assignment"]["late_due_date"] is None
    assert verdict(plain, late="1m").status == "late"


def test_offsets_mix_across_daylight_saving(dated):
    """Dates have the offset of their season, and are compared as instants."""
    spring = dated(due=dt.datetime(2024, 3, 9, 23, 59))  # noqa: DTZ001
    document = build(spring, Scenario(late=dt.timedelta(days=2)))
    assert document["assignment"]["due_date"] == "2024-03-09T23:59:00.000000-05:00"
    assert document["created_at"] == "2024-03-12T00:59:00.000000-04:00"
    assert verdict(spring, late="48h").status == "grace"
    assert verdict(spring, late="48h1m").status == "late"


def test_the_platforms_keys(assignment):
    """Points are text, the outline has the autograder's question, dates are each student's."""
    document = build(assignment, Scenario(group=2, extension=dt.timedelta(days=2)))
    assert document["assignment"]["total_points"] == "14.0"
    (item,) = document["assignment"]["outline"]
    assert (item["type"], item["weight"]) == ("ProgrammingQuestion", "14.0")
    assert (document["assignment"]["group_submission"], document["assignment"]["group_size"]) == (
        True,
        2,
    )
    first, second = document["users"]
    assert second["sid"] == ""
    assert second["assignment"]["due_date"] == document["assignment"]["due_date"]
    assert first["assignment"]["due_date"] == "2024-02-21T23:59:00.000000-05:00"
    assert first["assignment"]["release_date"] == document["assignment"]["release_date"]
    assert document["previous_submissions"] == []
    alone = build(assignment, Scenario())["assignment"]
    assert (alone["group_submission"], alone["group_size"]) == (False, None)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("26h", 26),
        ("2d", 48),
        ("90m", 1.5),
        ("1d12h", 36),
        ("1d2h30m", 26.5),
        ("-3h", -3),
        ("+3h", 3),
        (" 0h ", 0),
    ],
)
def test_durations(text, hours):
    """Days, hours and minutes, with a sign."""
    assert duration(text) == dt.timedelta(hours=hours)


@pytest.mark.parametrize(
    "text", ["", "h", "-", "5", "2 days", "1h2d", "1.5h", "9999d", "999999h", "٣h", "--3h"]
)
def test_what_is_no_duration(text):
    """Anything else is refused with examples of what to write."""
    with pytest.raises(ConfigurationError, match="26h, 2d, 90m"):
        duration(text)


def test_no_group_of_nobody(assignment):
    """A group has a student."""
    with pytest.raises(ConfigurationError, match="at least one"):
        build(assignment, Scenario(group=0))


def test_no_scenario_without_a_due_date(assignment):
    """Without a due date nothing is late or early: the entry to write is named."""
    bare = dataclasses.replace(assignment, table={**assignment.table, "dates": {}})
    with pytest.raises(ConfigurationError, match="due"):
        build(bare, Scenario())


@pytest.fixture
def results(tmp_path):
    """Write results.json files and give their paths."""

    def write(*documents):
        paths = []
        for index, document in enumerate(documents):
            path = tmp_path / f"{index}.json"
            path.write_text(document if isinstance(document, str) else json.dumps(document))
            paths.append(path)
        return tuple(paths)

    return write


def test_earlier_submissions(assignment, results):
    """An hour apart, before this one; scores by turns; results for the latest only."""
    tests = [{"name": "a", "score": 1, "max_score": 2}, {"name": "b", "score": 1.5}, None]
    paths = results({"score": 3}, {"tests": tests}, {"score": "4.5", "output": "x"})
    scenario = Scenario(previous=paths)
    listed = build(assignment, scenario)["previous_submissions"]
    assert [entry["score"] for entry in listed] == [3.0, "2.5", 4.5]
    assert [entry["submission_time"][11:16] for entry in listed] == ["20:49", "21:49", "22:49"]
    assert [entry["autograder_error"] for entry in listed] == [False] * 3
    assert ["results" in entry for entry in listed] == [False, False, True]
    assert listed[2]["results"] == {"score": "4.5", "output": "x"}


@pytest.mark.parametrize("document", [{}, {"score": "x"}, {"score": None}, {"tests": "x"}])
def test_a_result_without_a_score(assignment, results, document):
    """The platform takes it for an autograder's error, and keeps nothing of it."""
    (entry,) = build(assignment, Scenario(previous=results(document)))["previous_submissions"]
    assert (entry["autograder_error"], entry["score"]) == (True, 0.0)
    assert "results" not in entry


@pytest.mark.parametrize("content", ["", "{", "[]", '{"score": NaN}', "[" * 100_000])
def test_a_result_that_cannot_be_read(assignment, results, content):
    """It is named, with what to give."""
    with pytest.raises(ConfigurationError, match=r"0\.json cannot be used as an earlier result"):
        build(assignment, Scenario(previous=results(content)))


def test_a_result_that_is_not_there(assignment, tmp_path):
    """A path that leads nowhere is named."""
    with pytest.raises(ConfigurationError, match=r"absent\.json .*No such file"):
        build(assignment, Scenario(previous=(tmp_path / "absent.json",)))


@pytest.mark.parametrize("record", [None, 5, {}, {"created_at": "?"}, {"counted": 5}])
def test_a_record_that_cannot_be_read_stays_as_it_is(assignment, results, record):
    """Only what is understood is moved."""
    if isinstance(record, dict):
        record = {"created_at": "2024-02-19T00:00:00Z", **record}
    document = {"score": 1, "extra_data": {RECORD: record}}
    (entry,) = build(assignment, Scenario(previous=results(document)))["previous_submissions"]
    assert entry["results"] == document


def test_scenarios_in_a_row_tell_one_story(assignment, results):
    """Results that scenarios gave serve the next scenario: their records move with them."""
    limit, documents, decisions = RateLimit(2, 24), [], []
    for index in range(4):
        scenario = Scenario(previous=results(*documents))
        decided = decide(build(assignment, scenario), limit)
        graded = decided.kept is None
        assert decided.staff_notes == []
        score = float(index) if graded else decided.kept.score
        record = decided.record(graded=graded)
        documents.append({"score": score, "extra_data": {RECORD: record}})
        decisions.append((graded, score))
    assert decisions == [(True, 0.0), (True, 1.0), (False, 1.0), (False, 1.0)]
