"""The line that a person sees while a run goes on."""

import io
import time
from fractions import Fraction

import pytest

from grader.commands import progress
from grader.commands.progress import Progress
from grader.outcomes import CheckOutcome

CHECK = CheckOutcome("1.2", "1", "Conv2D.backward: dx, dw and db", Fraction(1))


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


def test_a_log_gets_a_line_for_each_check():
    """Where nobody watches, each finished check is one line with its outcome."""
    stream = io.StringIO()
    with Progress(stream) as shown:
        shown.started(CHECK, 500)
        shown.finished(CHECK)
    assert stream.getvalue().count("\n") == 1
    assert "1.2 Conv2D.backward: not-run" in stream.getvalue()


def test_a_terminal_shows_check_and_time_left():
    """On a terminal one line is rewritten, and cleared at the end."""
    stream = Terminal()
    with Progress(stream) as shown:
        shown.started(CHECK, 500)
        assert "1.2 Conv2D.backward  (500 s left" in stream.getvalue()
        shown.finished(CHECK)
    assert "\n" not in stream.getvalue()
    assert stream.getvalue().endswith("\r\x1b[K")


def test_the_time_left_goes_on_falling(monkeypatch):
    """During a long check the line is kept current."""
    monkeypatch.setattr(progress, "TICK_SECONDS", 0.01)
    stream = Terminal()
    with Progress(stream) as shown:
        shown.started(CHECK, 0.5)
        deadline = time.monotonic() + 10
        while "(0 s left" not in stream.getvalue() and time.monotonic() < deadline:
            time.sleep(0.01)
    assert "(0 s left" in stream.getvalue()


def test_waiting_is_said_until_something_begins(monkeypatch):
    """While nothing runs the line says what is waited for, and a check takes its place."""
    monkeypatch.setattr(progress, "TICK_SECONDS", 0.01)
    stream = Terminal()
    with Progress(stream) as shown:
        shown.started(CHECK, 500)
        shown.waiting("waiting for a save " + "x" * 200)
        time.sleep(0.1)
        assert stream.getvalue().endswith("x" * 59)
        shown.started(CHECK, 500)
        assert stream.getvalue().endswith("s left for the whole run)")


def test_a_log_says_what_is_waited_for():
    """Where nobody watches, waiting is a line."""
    stream = io.StringIO()
    with Progress(stream) as shown:
        shown.waiting("waiting for a save")
    assert stream.getvalue() == "waiting for a save\n"


def test_an_error_leaves_a_clean_line():
    """An exception passes through, and the line is cleared before it is shown."""
    stream = Terminal()

    def fail():
        with Progress(stream) as shown:
            shown.started(CHECK, 500)
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        fail()
    assert stream.getvalue().endswith("\r\x1b[K")
