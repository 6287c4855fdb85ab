"""The report's figures: inline SVG, the same bytes for the same class.

Lines and texts have the colour of the page around them, so that they can be read in light and
dark; what is data has a colour of its own that stands out on both.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from grader.authoring.classroom.report import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.ticker import Locator

WIDTH, HEIGHT = 5.0, 3.2  # inches: with text of 10 points readable on a phone
INK = "#010203"  # stands for the colour of the text around
DATA, LIMIT = "#4a90d9", "#dd6a33"
BINS = 28
_DECADES = 100  # from the least to the most: in so many, powers of ten are numbers enough
_FEW = 4  # intervals on an axis that is shorter than from 2 to 5

_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "report",
    "font.family": "sans-serif",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "text.parse_math": False,
}
_ID = re.compile(r'(\bid="|url\(#|href="#)')
_PREFIXES = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


@dataclass(frozen=True)
class Point:
    """One network: where it stands, and the page that a click on it opens."""

    x: float
    y: float
    href: str


def histogram(points: Sequence[float], most: float) -> Markup:
    """How many submissions have how many points, 0 to `most`; the median is drawn."""
    import numpy as np
    from matplotlib.ticker import MaxNLocator

    with _style():
        figure, axes = _figure()
        top = most or 1.0
        edges = np.linspace(0, top, BINS + 1)
        axes.hist(np.clip(points, 0, top), bins=edges.tolist(), color=DATA, rwidth=0.9)
        median = float(np.median(points))
        axes.axvline(median, color=LIMIT, linestyle="--", linewidth=1.2)
        _note(axes, median / top, 1.02, f"median {median:.2f}")
        axes.set_xlim(0, top)
        axes.set_xlabel("points, before any late penalty")
        axes.set_ylabel("submissions")
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        return _svg(figure, "points", f"Histogram of points of {len(points)} submissions")


def accuracies(
    points: Sequence[Point], thresholds: Sequence[float], x_label: str, name: str
) -> Markup:
    """Accuracy (y) against a positive quantity (x, logarithmic), with the thresholds.

    `name` is the figure's own, for ids that no other figure of the page has.
    """
    with _style():
        figure, axes = _figure()
        for limit in thresholds:
            axes.axhline(limit, color=LIMIT, linestyle="--", linewidth=1.2)
            _note(axes, 1.01, limit, percent.given(limit), data_y=True)
        marks = axes.scatter(
            [point.x for point in points],
            [point.y for point in points],
            s=16,
            color=DATA,
            alpha=0.75,
            linewidths=0,
        )
        marks.set_urls([point.href for point in points])
        axes.set_xscale("log")
        axes.set_ylim(0, 1)
        axes.set_xlabel(x_label)
        axes.set_ylabel("accuracy")
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
        axes.xaxis.set_major_locator(_numbers(*axes.get_xlim()))
        axes.xaxis.set_major_formatter(lambda value, _: short(value))
        axes.xaxis.set_minor_formatter(lambda _value, _: "")
        return _svg(figure, name, f"Accuracy against {x_label} of {len(points)} networks")


def short(value: float) -> str:
    """A number in few characters: 1 k, 250 k, 3 M; 0.01."""
    for size, name in _PREFIXES:
        if value >= size:
            return f"{value / size:g} {name}"
    return f"{value:g}"


def _numbers(low: float, high: float) -> Locator:
    """Where a logarithmic axis from `low` to `high` has numbers: closer where it is short."""
    from matplotlib.ticker import FixedLocator, LogLocator, MaxNLocator

    if high >= _DECADES * low:
        return LogLocator()
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    steps = [step * 10.0**power for power in powers for step in (1, 2, 5)]
    seen = [step for step in steps if low <= step <= high]
    return FixedLocator(seen) if len(seen) > 1 else MaxNLocator(_FEW, steps=[1, 2, 5, 10])


@contextmanager
def _style() -> Iterator[None]:
    """Our settings, and none of those that somebody has for figures of their own."""
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        yield


def _figure() -> tuple[Figure, Axes]:
    """A figure that belongs to no window, and its axes."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, HEIGHT), layout="constrained")
    figure.patch.set_visible(False)
    axes = figure.add_subplot()
    axes.patch.set_visible(False)
    return figure, axes


def _note(axes: Axes, x: float, y: float, text: str, *, data_y: bool = False) -> None:
    """A word beside a line: `x` and `y` as shares of the axes, `y` in data where so asked."""
    across = axes.get_yaxis_transform() if data_y else axes.transAxes
    axes.text(
        x,
        y,
        text,
        transform=across,
        ha="left" if data_y else "center",
        va="center" if data_y else "bottom",
        color=LIMIT,
        fontsize=9,
    )


def _svg(figure: Figure, name: str, label: str) -> Markup:
    """The figure as an element of the page: it scales, and its ids are its own."""
    stream = io.StringIO()
    metadata = {"Date": None, "Creator": None, "Format": None, "Type": None}
    figure.savefig(stream, format="svg", metadata=metadata)
    text = stream.getvalue()
    text = text[text.index("<svg ") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'(<svg [^>]*?) height="[^"]*"', r"\1", text, count=1)
    text = re.sub(r'(<svg [^>]*?) width="[^"]*"', r"\1", text, count=1)
    text = _ID.sub(lambda match: f"{match[0]}{name}-", text)
    text = text.replace(INK, "currentColor")
    return Markup(text.replace("<svg ", f'<svg role="img" aria-label="{escape(label)}" ', 1))  # noqa: S704  matplotlib escapes the texts in it
