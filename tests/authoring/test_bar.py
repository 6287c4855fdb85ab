"""How far a long run is, at a terminal and elsewhere."""

import io
import os
import pty

from grader.authoring.bar import bar, progress


def test_lines_where_there_is_no_terminal():
    """Elsewhere each text is a line with the count, and what has none is only counted."""
    stream = io.StringIO()
    with bar("samples", 3, stream) as advance:
        advance("one: as expected")
        advance("")
        advance("three: as expected")
    assert stream.getvalue() == "[1/3] one: as expected\n[3/3] three: as expected\n"


def test_a_bar_at_a_terminal(monkeypatch):
    """A terminal shows what is counted, how many are done, and the latest text as it is."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as stream, bar("samples", 2, stream) as advance:
        advance("[bold]one")
        advance("two")
    shown = ""
    while "two" not in shown:  # piece by piece, and an error where no more comes
        shown += os.read(ours, 1 << 16).decode(errors="replace")
    os.close(ours)
    assert "samples" in shown
    assert "0/2" in shown
    assert "2/2" in shown


def test_results_that_are_printed_meanwhile(monkeypatch):
    """They are led above the bar only where they go to a terminal, and somebody prints some."""
    for has_results, at_terminal in ((True, True), (True, False), (False, True)):
        monkeypatch.setattr("sys.stdout", Screen(at_terminal))
        shown = progress(Screen(True), has_results=has_results)
        assert shown.live._redirect_stdout is (has_results and at_terminal)


class Screen(io.StringIO):
    """A stream that may be a terminal."""

    def __init__(self, at_terminal):
        super().__init__()
        self.isatty = lambda: at_terminal
