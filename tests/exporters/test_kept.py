"""The document of a refused submission: valid whatever the platform returns, and kind."""

import copy
import datetime as dt
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.exporters import kept
from grader.exporters.gradescope import export as graded
from grader.exporters.lint import validate
from grader.outcomes import write_json
from grader.ratelimit import RECORD, Kept, RateLimit, Verdict

UTC = dt.timezone.utc
MAXIMUM = Fraction(14)


def refused(results, score=1.5, notes=()):
    """The document that keeps a score, with the result that the platform returns."""
    verdict = Verdict(
        RateLimit(3, 24),
        ZoneInfo("US/Eastern"),
        created_at=dt.datetime(2024, 2, 20, 1, tzinfo=UTC),
        counted=[dt.datetime(2024, 2, 19, 20, tzinfo=UTC)],
        staff_notes=list(notes),
    )
    verdict.kept = Kept(
        score,
        dt.datetime(2024, 2, 19, 20, tzinfo=UTC),
        results,
        dt.datetime(2024, 2, 20, 20, tzinfo=UTC),
    )
    document = kept.export(verdict, verdict.kept, MAXIMUM)
    assert validate(document) == []
    return document


RESULT = {
    "score": 1.5,
    "output": "**1.5 of 2 points**",
    "output_format": "md",
    "leaderboard": [{"name": "loss", "value": -0.5, "order": "asc"}],
    "extra_data": {"submission_sha256": "0"},
    "tests": [
        {
            "number": "1.1",
            "name": "ReLU",
            "score": 1.5,
            "max_score": 2,
            "status": "failed",
            "output": "**Failed**: `dx` is wrong.",
            "output_format": "md",
            "name_format": "text",
            "tags": ["core"],
            "visibility": "after_published",
            "extra_data": {"outcome": "failed"},
        }
    ],
}


def test_the_notice(short_and_whole):
    """It says that it was not graded, the limit, which score stands, and when to return."""
    text = refused(None)["output"]
    short_and_whole(
        text,
        [
            "**This submission was not graded.**",
            "At most 3 submissions within 24 hours",
            "2024-02-19 15:00 EST stands",
            "graded from **2024-02-20 15:00 EST**",
            "`grader check`",
        ],
    )


def test_the_earlier_result_is_shown_again():
    """Tests, leaderboard and text are there again, beneath the notice; no penalty is added."""
    document = refused(RESULT)
    (old,) = RESULT["tests"]
    (test,) = document["tests"]
    assert test == {key: value for key, value in old.items() if key != "extra_data"}
    assert document["leaderboard"] == RESULT["leaderboard"]
    assert document["output"] == refused(None)["output"] + kept.DIVIDER + RESULT["output"]
    assert document["score"] == 1.5
    assert document["extra_data"][RECORD]["graded"] is False


def test_what_the_exporter_wrote_comes_back(mixed):
    """A result of ours is shown again word for word."""
    before = graded(mixed)
    after = refused(before, before["score"])
    assert after["output"].endswith(before["output"])
    for old, new in zip(before["tests"], after["tests"], strict=True):
        assert {**new, "extra_data": old["extra_data"]} == old


def test_hostile_texts_stay_harmless(hostile):
    """What students control in an earlier result is shown again, with as little HTML at most."""
    before = graded(hostile)
    after = refused(before, before["score"])
    earlier = after["output"].partition(kept.DIVIDER)[2]
    pairs = [(before["output"], earlier)]
    for old, new in zip(before["tests"], after["tests"], strict=True):
        pairs.append((old["output"], new["output"]))
    for old, new in pairs:
        assert new.replace("&lt;", "<") == old.replace("&lt;", "<")
        assert new.count("<") <= old.count("<")


def test_foreign_texts_are_made_harmless(hostile_text):
    """HTML and control characters in what comes back do not work."""
    result = copy.deepcopy(RESULT)
    result["output"] = "<script>x</script>\x00\ud800"
    result["tests"][0].update(output="<img src=x>\x1b[31m", output_format="html", name=hostile_text)
    document = refused(result)
    assert "<script" not in document["output"]
    assert document["tests"][0]["output"] == "&lt;img src=x>"
    assert "output_format" not in document["tests"][0]
    assert "\n" not in document["tests"][0]["name"]


def test_notices_do_not_pile_up():
    """Refused twice: one notice, and the earlier result beneath it."""
    once = refused(RESULT)
    twice = refused(once)
    assert twice == once
    assert refused(refused(None))["output"] == refused(None)["output"]


def test_a_late_result_keeps_its_penalty():
    """A score below the sum of its tests, as a late penalty leaves it, stays as it is."""
    document = refused({**RESULT, "score": 0.75}, 0.75)
    assert document["score"] == 0.75
    assert document["tests"][0]["score"] == 1.5


@pytest.mark.parametrize(
    "change",
    [
        {"tests": None},
        {"tests": []},
        {"tests": "x"},
        {"tests": [None]},
        {"tests": [{}]},
        {"tests": [{"name": "a", "score": 1}]},
        {"tests": [{"name": "a", "score": 3, "max_score": 2}]},
        {"tests": [{"name": "a", "score": "x", "max_score": 2}]},
        {"tests": [{"name": "a", "score": 0.5, "max_score": 2}]},
        {"tests": RESULT["tests"] * 501},
        {"extra_data": {RECORD: {"graded": False}}},
    ],
)
def test_a_result_that_cannot_be_shown(change):
    """The score stands alone, and staff are told: also for a grading that did not end."""
    document = refused({**RESULT, **change})
    assert (document["score"], document["tests"]) == (1.5, [])
    assert document["output"] == refused(None)["output"]
    assert any("cannot be shown" in note for note in document["extra_data"]["staff_notes"])


@pytest.mark.parametrize("board", [None, "x", [None, {}, {"name": "a"}, {"value": 1}]])
def test_a_leaderboard_that_cannot_be_shown(board):
    """It is left out, and the tests are shown all the same."""
    document = refused({**RESULT, "leaderboard": board})
    assert "leaderboard" not in document
    assert document["tests"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.5, 0.5), (7, 7), ("a\nb", "a b"), (float("nan"), None), (True, None), (10**400, None)],
)
def test_values_of_a_leaderboard(value, shown):
    """Finite numbers and text; an entry without either is left out."""
    document = refused({**RESULT, "leaderboard": [{"name": "a", "value": value}]})
    expected = None if shown is None else [{"name": "a", "value": shown}]
    assert document.get("leaderboard") == expected


def test_numbers_that_are_text():
    """Scores of tests may come back as text, keys without a value as null."""
    test = {"name": "a", "score": "1.50", "max_score": "2.0", "status": None, "tags": None}
    (shown,) = refused({**RESULT, "tests": [test]})["tests"]
    assert shown == {"name": "a", "score": 1.5, "max_score": 2.0}


def test_a_text_that_is_no_text():
    """The notice stands alone above the tests."""
    document = refused({**RESULT, "output": ["x"]})
    assert document["output"] == refused(None)["output"]
    assert document["tests"]


def test_long_texts_are_cut():
    """Nothing is so long that the platform would cut it."""
    result = copy.deepcopy(RESULT)
    result["output"] = result["tests"][0]["output"] = "x" * 500_000
    assert "were cut" in refused(result)["output"]


def test_no_score_above_the_maximum():
    """The platform would show it as it is: it is lowered, and staff are told."""
    document = refused(None, 20.0)
    assert document["score"] == 14
    assert any("above the 14 points" in note for note in document["extra_data"]["staff_notes"])


def test_notes_for_staff_are_not_for_students():
    """They are in extra_data alone, cleaned."""
    document = refused(None, notes=["odd \x00 note"])
    assert document["extra_data"]["staff_notes"] == ["odd  note"]
    assert "odd" not in document["output"]


def test_report():
    """The log has it in a line, with the score."""
    at = dt.datetime(2024, 2, 19, 20, tzinfo=UTC)
    verdict = Verdict(RateLimit(1, 2), UTC)
    line = kept.report(verdict, Kept(12.5, at, None, at + dt.timedelta(hours=2)))
    assert line == (
        "Not graded: more than 1 submission within 2 hours. The 12.5 points of 2024-02-19 20:00 "
        "UTC stand; the next submission is graded from 2024-02-19 22:00 UTC on."
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=9,
)
NAMES = ("number", "name", "score", "max_score", "status", "output", "tags", "visibility")
TESTS = st.fixed_dictionaries({"name": JSON}, optional=dict.fromkeys(NAMES[2:], JSON))


@settings(max_examples=80, deadline=None)
@given(
    st.fixed_dictionaries(
        {"tests": JSON | st.lists(JSON | TESTS | st.just(RESULT["tests"][0]), max_size=4)},
        optional=dict.fromkeys(("score", "output", "leaderboard", "extra_data"), JSON),
    ),
    st.floats(0, 1e308),
)
def test_whatever_comes_back_the_document_is_valid(tmp_path_factory, results, score):
    """Any JSON in the place of the earlier result gives a document that can be written."""
    document = refused(results, score)
    assert document["score"] == round(min(score, 14.0), 2)
    write_json(tmp_path_factory.getbasetemp() / "results.json", document)
