"""The level of isolation, in a word and in a sentence."""

from __future__ import annotations

import pytest

from grader.errors import SandboxError
from grader.sandbox import level


@pytest.mark.parametrize(
    ("holes", "word"),
    [
        ([], level.FULL),
        (["packages"], level.DEGRADED),
        (["files", "network", "processes", "writing", "packages"], level.DEGRADED),
        (["files", "network", "signals"], level.NONE),
        (list(level.HOLES), level.NONE),
    ],
)
def test_the_word_follows_from_what_is_open(holes, word):
    """Full is nothing open; none is nothing between the code and its user's rights."""
    assert level.level(holes) == word
    assert level.describe(holes).startswith(f"{word}: ")


def test_the_sentence_names_each_hole_once():
    """What is open stands in the sentence in words, known names only."""
    text = level.describe(["network", "files", "network", "nonsense"])
    assert text.count("the network") == 1
    assert level.HOLES["files"] in text
    assert "nonsense" not in text


def test_a_demand_is_met_by_its_own_level_and_by_better_ones():
    """Demands are ordered: none, degraded, full; an unknown one is an error."""
    level.require([], "full")
    level.require(["network"], "degraded")
    level.require(list(level.HOLES), "none")
    with pytest.raises(SandboxError, match=r"demands \(full\).*degraded: .*the network"):
        level.require(["network"], "full")
    with pytest.raises(SandboxError, match=r"none: .*killing the grader"):
        level.require(["files", "network", "signals"], "degraded")
    with pytest.raises(ValueError, match="not in tuple"):
        level.require([], "fully")


def test_the_report_is_plain_and_in_order():
    """What results.json gets: level, holes in a fixed order, one line, layers."""
    report = level.report({"user": "on"}, {"network", "files"})
    assert report["level"] == level.DEGRADED
    assert report["open"] == ["files", "network"]
    assert report["summary"] == level.describe(["files", "network"])
    assert report["layers"] == {"user": "on"}
