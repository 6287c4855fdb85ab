"""The figures as parts of a page."""

import re
import xml.etree.ElementTree as ET

import pytest

from grader.authoring.classroom.report import figures
from grader.authoring.classroom.report.figures import Point

POINTS = [Point(1e4, 0.5, "submissions/a/page.html"), Point(3e6, 0.85, 'b"><script>/page.html')]


@pytest.fixture(scope="module")
def scatter():
    """Accuracies against parameters."""
    return figures.accuracies(POINTS, [0.5, 0.8], "parameters", "p")


@pytest.fixture(scope="module")
def histogram():
    """A few points."""
    return figures.histogram([0, 3, 14, 14, 13.5], 14)


def test_well_formed(scatter, histogram):
    """Both are one element, without size or date of their own, and with a label."""
    for figure in (scatter, histogram):
        root = ET.fromstring(figure)
        assert root.tag.endswith("svg")
        assert not {"width", "height"} & set(root.keys())
        assert root.get("role") == "img"
        assert "5 submissions" in root.get("aria-label") or "2 networks" in root.get("aria-label")
        assert "<metadata" not in figure


def test_same_bytes(scatter, histogram):
    """The same class gives the same bytes."""
    assert figures.accuracies(POINTS, [0.5, 0.8], "parameters", "p") == scatter
    assert figures.histogram([0, 3, 14, 14, 13.5], 14) == histogram


def test_colours(scatter, histogram):
    """Lines and texts have the colour of the page, and nothing is filled behind them."""
    for figure in (scatter, histogram):
        assert "currentColor" in figure
        assert figures.INK not in figure
        assert "#ffffff" not in figure
        assert "#000000" not in figure


def test_links(scatter):
    """Each dot links to its page, whatever its address."""
    links = [e.get("{http://www.w3.org/1999/xlink}href") for e in ET.fromstring(scatter).iter()]
    for point in POINTS:
        assert point.href in links
    assert "<script" not in scatter


def test_thresholds(scatter):
    """Every threshold is written beside its line."""
    texts = [e.text for e in ET.fromstring(scatter).iter() if e.tag.endswith("text")]
    assert texts.count("80%") + texts.count("50%") >= 2


def numbers(*sizes):
    """The numbers beside the x axis of networks of these sizes."""
    points = [Point(size, 0.5, "p") for size in sizes]
    root = ET.fromstring(figures.accuracies(points, [], "parameters", "p"))
    texts = [e.text.replace("\N{MINUS SIGN}", "-") for e in root.iter() if e.tag.endswith("text")]
    return [text for text in texts if "%" not in text and text not in ("parameters", "accuracy")]


@pytest.mark.parametrize(
    ("sizes", "told"),
    [
        ((15e3, 33e3, 80e3), ["20 k", "50 k"]),
        ((110e3, 300e3, 900e3), ["100 k", "200 k", "500 k"]),
        ((9e3, 2e6), ["10 k", "100 k", "1 M"]),
        ((300e3, 310e3), ["300 k", "305 k", "310 k"]),
        ((2.2, 4.7), ["3", "4"]),
    ],
    ids=["within a decade", "about a decade", "two decades", "nearly the same", "few"],
)
def test_numbers_of_an_axis(sizes, told):
    """However near each other networks are, the axis has two numbers at least, and not many."""
    assert numbers(*sizes) == told


def test_one_size():
    """Networks of one size have an axis, too."""
    assert 1 < len(numbers(250e3, 250e3)) < 8


def test_odd_threshold():
    """A threshold is told as it is, with its decimals."""
    assert "37.5%" in figures.accuracies(POINTS, [0.375], "parameters", "p")


def test_ids(scatter):
    """No two figures of a page share an id, and what is referred to is there."""
    other = figures.accuracies(POINTS, [0.5], "seconds", "s")
    one, two = (set(re.findall(r'\bid="([^"]+)"', figure)) for figure in (scatter, other))
    assert one
    assert not one & two
    for reference in re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', scatter):
        assert "".join(reference) in one


@pytest.mark.parametrize(
    ("value", "text"), [(1e4, "10 k"), (2.5e6, "2.5 M"), (3e9, "3 G"), (0.01, "0.01"), (7, "7")]
)
def test_short(value, text):
    """Numbers are told in few characters."""
    assert figures.short(value) == text


def test_settings_are_left_alone(histogram):
    """Nobody else's figures change by ours."""
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    figures.histogram([1, 2], 14)
    assert dict(mpl.rcParams) == before
