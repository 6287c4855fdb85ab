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
