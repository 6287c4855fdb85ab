"""A comparison at the terminal."""

import io

import pytest
from comparing import by_key, record
from rich.console import Console

from grader.authoring.classroom.compare import accepting, terminal
from grader.authoring.classroom.compare.accepting import Entry
from grader.authoring.classroom.compare.reading import Grading
from grader.authoring.classroom.compare.words import Words


@pytest.fixture
def shown(tmp_path, compared):
    """Show two lists of records in 80 columns; the text."""

    def show(old, new, entries=()):
        gradings = [Grading(tmp_path, tuple(records)) for records in (old, new)]
        comparison = compared(old, new)
        verdict = accepting.judge(comparison.falls(by_key), entries)
        stream = io.StringIO()
        console = Console(file=stream, width=80, highlight=False, markup=False, emoji=False)
        terminal.show(console, comparison, verdict, Words(*gradings, anonymous=False))
        return stream.getvalue()

    return show


def test_equal_gradings_are_said_in_few_lines(shown):
    """Nobody falls, and nothing is not as before."""
    text = shown([record("ada")], [record("ada")])
    assert "1 submission in both: 0 lower, 0 higher, 1 equal" in text
    assert "Not as before: nothing that is recorded" in text
    assert "No check of anybody falls." in text
    assert len(text.splitlines()) <= 6


def test_a_fall_is_told_with_who_what_and_why(shown):
    """Name, check, both points, reason and cases."""
    text = " ".join(shown([record("ada")], [record("ada", failing={"1.2": ["padding 0"]})]).split())
    assert "1 fall of checks Ada 1.2 1.75 → 1.68 nothing that is recorded changed" in text
    assert "less for padding 0" in text


def test_a_large_class_stays_short(shown):
    """What falls most is listed; the rest is counted, with where to find it."""
    old = [record(f"s{number}", students=()) for number in range(60)]
    new = [record(f"s{number}", students=(), points={"1.4": 0}) for number in range(50)]
    new += [record(f"n{number}", students=()) for number in range(30)]
    text = shown(old, new)
    assert len(text.splitlines()) < 100
    assert "… and 48 more falls: --html FILE has all" in text
    assert "Only in the old grading: 10" in text
    assert "Only in the new grading: 30" in text
    assert "… and 22 more: --html FILE has all" in text
    assert max(map(len, text.splitlines())) <= 80


def test_accepted_falls_are_counted_and_not_listed(shown):
    """They are known; what is odd about the list is told."""
    new = [record("ada", points={"1.4": 0}), record("bob")]
    text = shown([record("ada"), record("bob")], new, [Entry(1, "ada", "*"), Entry(2, "bob", "*")])
    assert "1 fall of checks, 1 accepted" in text
    assert "Ada" not in text
    assert "line 2: nothing falls there" in text


def test_submissions_that_are_gone_are_falls(shown):
    """A grading that was cut short is not taken for one in which nobody falls."""
    text = " ".join(shown([record("ada"), record("bob")], [record("ada")]).split())
    assert "1 fall of checks Bob whole 14 → none is not in the new grading" in text
    assert "submissions that are not in the new grading 1" in text
    assert "Only in the old grading: 1" in text


def test_versions_are_shown_as_one_harmless_line(shown):
    """What a container tells of its libraries may be any text."""
    old, new = (record("ada", run={"libraries": {"torch": text}}) for text in ("1", "\x1b[31m2\n"))
    text = shown([old], [new])
    assert "\x1b" not in text
    assert "submitted code ran with others: torch 1 → 2 (1 of 1)" in " ".join(text.split())


def test_rises_are_in_the_totals(shown):
    """They are no news for the worse: counted, not listed."""
    text = shown([record("ada", points={"1.4": 0})], [record("ada")])
    assert "0 lower, 1 higher" in text
    assert "1.4   MaxPooling.backward: dx" in text
    assert "No check of anybody falls." in text
