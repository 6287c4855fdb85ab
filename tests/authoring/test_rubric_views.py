"""The report on points, at a terminal and as Markdown."""

from __future__ import annotations

import io
from fractions import Fraction

import pytest
from rich.console import Console

from grader.authoring.rubric import Entry, Loss, Price
from grader.authoring.rubric_views import LEGEND, PRICES, markdown, show

PARTS = {"1": (Fraction(1), Fraction(2)), "2": (Fraction(0), Fraction(0))}
WHY = "Where in your loops does a sum | have to *grow*? " * 3


def loss(number="1.1", points="1", failed=1, cases=4, why=WHY, worth="2"):
    """Give a loss of two points' check."""
    return Loss(number, "Conv", Fraction(points), Fraction(worth), failed, cases, why, mistake=True)


def entry(*losses, error=""):
    """Give an entry with these losses."""
    return Entry("overlap", "Windows <overlap>", PARTS, list(losses), error)


def price(points="1", names=("overlap",)):
    """Give a price: one of four cases."""
    return Price("1.1", "Conv", Fraction(points), Fraction(2), 1, 4, names)


def shown(report, prices=(), *, terminal=False, width=90):
    """What is printed."""
    stream = io.StringIO()
    console = Console(
        file=stream, width=width, force_terminal=terminal, color_system=None, highlight=False
    )
    show(console, report, prices)
    return stream.getvalue()


def test_a_line_for_each_submission():
    """Points of the whole and of each part stand in one line, however long the title is."""
    long = Entry("overlap", "A very long title " * 20, PARTS, [], "")
    first, second, *rest = shown([long]).rstrip().split("\n")
    assert "Part 1" in first
    assert second.split()[:7] == ["overlap", "1", "of", "2", "1", "of", "2"]
    assert "…" in second
    assert rest == []


def test_reasons():
    """Beneath, each check that did not pass says what it lost and why."""
    text = shown([entry(loss())])
    assert "overlap: Windows <overlap>\n" in text
    assert f"  1.1 Conv: 1 of 2 lost in 1 of 4 cases: {WHY}" in text


def test_a_terminal_breaks_long_reasons():
    """A terminal's lines are no longer than it is wide."""
    text = shown([entry(loss())], terminal=True, width=60)
    assert max(map(len, text.split("\n"))) <= 60
    assert WHY.strip() not in text
    assert " ".join(text.split()).count("have to *grow*?") == 3


def test_checks_that_say_the_same_share_a_line():
    """What several checks have in common is said once, with the sum of their points."""
    report = [entry(loss(why="not started"), loss("1.2", "2", why="not started"))]
    assert "  1.1, 1.2: 3 of 4 lost: not started\n" in shown(report)


def test_a_check_without_points():
    """A check that gives no points loses none, and one case is not counted."""
    report = [entry(loss(points="0", worth="0", cases=1, why="so"))]
    assert "  1.1 Conv: no points: so\n" in shown(report)


def test_unusable():
    """A submission that could not be graded says why."""
    assert "  too large\n" in shown([entry(error="too large")])


@pytest.mark.parametrize(("points", "steep"), [("1", True), ("1/2", False)])
def test_prices(points, steep):
    """The closing table marks what costs much, and explains the mark where there is one."""
    for text in (shown([entry()], [price(points)]), markdown([entry()], [price(points)], "HW")):
        assert PRICES in text
        assert ("twice the share" in text) is steep
    assert "1 of 4" in shown([entry()], [price(points)])


def test_many_names():
    """Of many submissions with the same loss a few are named."""
    text = shown([entry()], [price(names=tuple("abcdef"))])
    assert "a, b, c, d and 2 more" in text


def test_nothing_to_report():
    """Without submissions, and without mistakes, nothing is invented."""
    assert PRICES not in shown([entry()])
    assert PRICES not in markdown([entry()], [], "HW")
    assert shown([]).split()[-1] == "points"


def test_markdown():
    """The document has a section a submission; text of students is escaped."""
    text = markdown([entry(loss()), entry(error="too *large*")], [price()], "HW_2")
    assert text.startswith("# What the sample submissions get: HW\\_2\n")
    assert "## 1 of 2: Windows &lt;overlap&gt;\n" in text
    assert "`overlap`; Part 1: 1 of 2, Part 2: 0 of 0\n" in text
    assert "\n- 1.1 Conv: 1 of 2 lost in 1 of 4 cases: Where in your loops" in text
    assert "a sum \\| have to \\*grow\\*?" in text
    assert "\n- too \\*large\\*\n" in text
    assert "| \\! | 1.1 Conv | 1 of 2 | 1 of 4 | overlap |" in text
    assert text.endswith(LEGEND.replace("!", "\\!") + "\n")
