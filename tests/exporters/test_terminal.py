"""The table at a terminal: fits, says everything, and is plain where it must be."""

import io
import subprocess
import sys

import pytest

from grader.exporters import terminal


class Stream(io.StringIO):
    """A stdout of a given encoding that may claim to be a terminal."""

    def __init__(self, encoding="utf-8", tty=False):
        super().__init__()
        self._encoding = encoding
        self._tty = tty

    @property
    def encoding(self):
        """The claimed encoding."""
        return self._encoding

    def isatty(self):
        """Whether this claims to be a terminal."""
        return self._tty


@pytest.fixture(autouse=True)
def stdout(monkeypatch):
    """A UTF-8 stdout that is no terminal, whatever the tests run in."""
    monkeypatch.setattr(sys, "stdout", Stream())
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")


@pytest.mark.parametrize("width", [20, 60, 100])
def test_fits_the_width(mixed, hostile, width):
    """No line is wider than the terminal (40 columns at least)."""
    from rich.cells import cell_len

    mixed.checks[0].title = "A long title " * 20 + "x" * 200
    for run in (mixed, hostile):
        text = terminal.render(run, width)
        assert max(cell_len(line) for line in text.split("\n")) <= max(width, 40)


def test_says_everything(mixed):
    """Marks, numbers, points, findings, remarks, prints, notes and totals."""
    mixed.late = {"notice": "2 days late."}
    text = terminal.render(mixed, 100)
    for words in (
        "Part 1: layers: 3 of 6",
        "✓ 1.1 Title of 1.1",
        "✗ 1.2 Title of 1.2",
        "? 2.1 Title of 2.1",
        "- 2.3 Title of 2.3",
        "0.2 s",
        "  • k3 p0; k5 p0\n    dx: 3 of 12 entries are wrong, the worst at index (0, 1).",
        "Remark: `forward` overwrites its input.",
        "Printed:\n  hello",
        "○ 1.3 Title of 1.3",
        "○ Not started\n  1.3  Title of 1.3",
        "? Could not be checked\n  2.1 Title of 2.1\n    • d\n      The grader had a problem.",
        "  2.2 Title of 2.2\n    • e\n      Needs 2.1.",
        "Links were skipped: `a.py`.",
        "2 days late.",
        "3 of 9 points in all",
    ):
        assert words in text


def test_without_details(mixed):
    """Without details the table and the totals remain."""
    text = terminal.render(mixed, 100, details=False)
    assert "entries are wrong" not in text
    assert "3 of 9 points in all" in text


def test_many_findings_are_counted(make_run, make_check, make_case):
    """Beyond a few findings their number is enough."""
    from grader.outcomes import Status

    cases = [make_case(f"n{i}", Status.FAILED, 0, message=f"m{i}") for i in range(9)]
    assert "• and 5 more findings: n4; n5; n6; n7; n8" in terminal.render(
        make_run(make_check(cases=cases)), 80
    )


def test_many_names_are_counted(make_run, make_check, make_case):
    """A finding of many cases names the first few."""
    from grader.outcomes import Status

    cases = [make_case(f"n{i}", Status.FAILED, 0, message="same") for i in range(9)]
    cases.append(make_case("good", Status.PASSED, 0))
    assert "• n0; n1; n2; n3; n4; n5; and 3 more\n    same" in terminal.render(
        make_run(make_check(cases=cases)), 80
    )


def test_one_line_for_each_check(mixed):
    """A title that does not fit is cut, in Unicode and in ASCII."""
    mixed.checks[0].title = "A long title " * 20
    lines = terminal.render(mixed, 60, details=False).split("\n")
    assert sum("A long title" in line for line in lines) == 1
    assert len(lines) == len(terminal.render(mixed, 200, details=False).split("\n"))


def test_points_of_a_selection_are_not_the_homeworks(mixed):
    """Where checks were left out, parts and total say of how many checks the points are."""
    mixed.left_out = ["1.4", "1.5", "3.1"]
    text = terminal.render(mixed, 100)
    assert "Part 1: layers: 3 of 6 in 3 of 5 checks" in text
    assert "Part 2: PyTorch: 0 of 3\n" in text
    assert "3 of 9 points in the 6 selected checks; the homework has 3 more checks" in text
    assert "in all" not in text


def test_a_single_selected_check(make_run, make_check):
    """One check is not called many."""
    text = terminal.render(make_run(make_check(), left_out=["1.2"]), 80)
    assert "1 of 1 points in the selected check; the homework has 1 more check\n" in text


def test_what_ran_again_is_marked(mixed, make_check, make_case):
    """Checks that ran again stand out, show what they were, and alone have details."""
    from grader.outcomes import Status

    before = {
        "1.1": make_check("1.1", [make_case("a", Status.FAILED, 0, reason="wrong")]),
        "1.3": mixed.checks[2],
    }
    text = terminal.render(mixed, 100, before=before)
    for words in ("» ✗→✓ 1.1", "» ○   1.3", "  ✗   1.2", "○ Not started\n  1.3"):
        assert words in text
    assert "✗ 1.2 Title" not in text
    assert "Could not be checked" not in text
    assert "3 of 9 points in all" in text


def test_a_rerun_in_ascii(mixed, monkeypatch):
    """The signs of a rerun have ASCII twins."""
    monkeypatch.setattr(sys, "stdout", Stream("ascii"))
    text = terminal.render(mixed, 80, before={"1.1": mixed.checks[1]})
    assert text.isascii()
    assert "> X>ok 1.1" in text


def test_texts_are_wrapped(monkeypatch):
    """Lines break at the width, though not inside a command, nor where they are indented."""
    monkeypatch.setattr(terminal, "_width", lambda: 50)
    text = terminal.wrapped("word " * 12 + "`grader check --only 1.2` word\n  " + "x " * 40)
    assert "`grader check --only 1.2`" in text
    assert text.split("\n")[-1] == "  " + "x " * 40
    assert max(len(line) for line in text.split("\n")[:-1]) <= 50


def test_wrapped_texts_in_ascii(monkeypatch):
    """Where stdout has no Unicode, a wrapped text has none."""
    monkeypatch.setattr(sys, "stdout", Stream("ascii"))
    assert terminal.wrapped("a → b …") == "a > b ..."


def test_unusable_and_unfinished(make_run):
    """A submission that could not be graded, and a run that was cut short, say so."""
    text = terminal.render(make_run(error="Not a zip.", complete=False), 80)
    assert "Nothing could be graded. Not a zip." in text
    assert "Cut short" in text


def test_colour_only_where_it_is_wanted(mixed, monkeypatch):
    """A terminal gets colour; a pipe, NO_COLOR and a dumb terminal do not."""
    assert "\x1b[" not in terminal.render(mixed, 80)
    monkeypatch.setattr(sys, "stdout", Stream(tty=True))
    assert "\x1b[" in terminal.render(mixed, 80)
    assert "\x1b[" not in terminal.render(mixed, 80, color=False)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in terminal.render(mixed, 80)
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b[" not in terminal.render(mixed, 80)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "no-such-encoding"])
def test_ascii_where_unicode_is_not_spoken(mixed, monkeypatch, encoding):
    """Where stdout cannot show a tick, every character is ASCII."""
    monkeypatch.setattr(sys, "stdout", Stream(encoding))
    mixed.notes.append("naïve …")
    text = terminal.render(mixed, 80)
    assert text.isascii()
    assert "ok 1.1" in text
    assert "X  1.2" in text
    assert "o  1.3" in text
    assert "  - k3 p0; k5 p0" in text


def test_students_cannot_write_controls_or_markup(hostile):
    """ANSI, reversals and rich's own markup in texts come out as nothing or as text."""
    hostile.checks[0].title = "[red]x[/red] \x1b[2J :smile:"
    text = terminal.render(hostile, 100, color=False)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[red]x[/red]" in text
    assert ":smile:" in text


def test_width_of_the_terminal_is_used(mixed, monkeypatch):
    """Without a width the terminal's counts, and 100 columns where there is none."""
    assert len(max(terminal.render(mixed).split("\n"), key=len)) <= 100
    monkeypatch.setattr(terminal, "_width", lambda: 50)
    assert len(max(terminal.render(mixed).split("\n"), key=len)) <= 50


def test_import_is_cheap():
    """Importing the exporter does not import rich."""
    script = "import sys, grader.exporters.terminal; sys.exit('rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
