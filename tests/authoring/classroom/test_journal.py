"""The log of a class, and what is seen while it is graded."""

import io
import json
import time
from dataclasses import replace

import pytest
from making import record

from grader.authoring.classroom import journal
from grader.authoring.classroom.records import Student


def test_a_line_for_each_submission_without_names(tmp_path):
    """Lines are added, hold points and seconds, and name no student."""
    ada = record("s1", students=(Student("Ada Lovelace", "ada@example.edu", "42"),))
    journal.append(tmp_path, ada, "new")
    journal.append(tmp_path, replace(ada, run=None, failure="no\nzip"), "failed")
    text = (tmp_path / journal.NAME).read_text()
    first, second = map(json.loads, text.splitlines())
    assert (first["key"], first["why"], first["failure"]) == ("s1", "new", "")
    assert first["score"] == float(ada.run.score)
    assert (second["score"], second["failure"]) == (None, "no zip")
    assert "Ada" not in text
    assert "example" not in text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 s"), (89, "89 s"), (90, "2 min"), (3600, "1 h 00 min")]
)
def test_durations(seconds, text):
    """Seconds, minutes or hours, as people say them."""
    assert journal.duration(seconds) == text


def test_elsewhere_than_at_a_terminal():
    """A failure is a line with how many are done; without failures all is quiet at first."""
    stream = io.StringIO()
    with journal.meter(2, stream) as meter:
        meter.advance()
        assert stream.getvalue() == ""
        meter.advance("s2: no zip")
    assert stream.getvalue() == "[2/2] s2: no zip\n"


def test_now_and_then_the_time_left(monkeypatch):
    """After half a minute without a word, the time left is told."""
    stream = io.StringIO()
    with journal.meter(4, stream) as meter:
        monkeypatch.setattr(journal, "_EVERY_SECONDS", -1.0)
        meter.advance()
    assert stream.getvalue().startswith("[1/4] ")
    assert stream.getvalue().endswith("left\n")


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self):
        return True


def test_at_a_terminal_there_is_a_bar(monkeypatch):
    """The bar shows the count and the time left; a failure stands above it."""
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    with journal.meter(3, stream) as meter:
        meter.advance("s1: [no] zip")
        time.sleep(0.2)
    assert "s1: [no] zip" in stream.getvalue()
    assert "1/3" in stream.getvalue()


def test_a_full_log_stops_nothing():
    """What cannot be written to is left alone."""

    class Full(io.StringIO):
        def write(self, text):
            raise OSError(28, "No space left on device")

    with journal.meter(1, Full()) as meter:
        meter.advance("s1: no zip")
