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
