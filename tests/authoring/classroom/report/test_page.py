"""How values are written on a page."""

import pytest

from grader.authoring.classroom.report import page


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0321, "0.03"), (1.5, "1.50"), (9.996, "10.00"), (20, "20"), (129.4, "129")],
)
def test_seconds(value, text):
    """Few seconds are told to the hundredth, many of them are whole."""
    assert page._environment().filters["seconds"](value) == text


def test_long_texts_are_cut():
    """Neither a name nor a text fills the page."""
    filters = page._environment().filters
    assert filters["name"]("x" * 500) == "x" * 80 + "…"
    assert len(filters["plain"]("x " * 5000)) < 700
    assert len(filters["line"]("x " * 5000)) < 700
    assert filters["name"]("Ada\n Lovelace\x00") == "Ada Lovelace"


def test_missing_values_are_errors():
    """A template that names what it is not given fails, rather than showing nothing."""
    with pytest.raises(Exception, match="is undefined"):
        page.render("student.html.j2", title="t")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2024-02-19 10:00:00.000000000 Z", "2024-02-19 10:00 UTC"),
        ("2024-02-24T05:05:00-05:00", "2024-02-24 05:05 -05:00"),
        ("2026-01-02T03:04:05+00:00", "2026-01-02 03:04 UTC"),
        ("2024-02-19T23:59", "2024-02-19 23:59"),
        ("soon\n<b>", "soon <b>"),
        ("x" * 99, "x" * 40 + "…"),
    ],
)
def test_moments(value, text):
    """Times are told to the minute with their zone; what is no time stays what it is."""
    assert page._environment().filters["moment"](value) == text


def test_digests():
    """A digest is told as far as it is needed; that there is none in full."""
    told = page._environment().filters["digest"]
    assert told("sha256:" + "ab" * 32) == "ababababab"
    assert (told("none"), told("unknown")) == ("none", "unknown")


def test_names_of_files_are_code():
    """What staff are told has backticks around names, and HTML in it is text."""
    told = page._environment().filters["told"]
    assert told("see `a/__init__.py` <b>") == "see <code>a/__init__.py</code> &lt;b&gt;"
