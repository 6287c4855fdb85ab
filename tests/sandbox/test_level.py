"""The level of isolation, in a word and in a sentence."""

from __future__ import annotations

import pytest

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
    assert level.reaches([], "full")
    assert level.reaches(["network"], "degraded")
    assert not level.reaches(["network"], "full")
    assert not level.reaches(["files", "network", "signals"], "degraded")
    assert level.reaches(list(level.HOLES), "none")
    with pytest.raises(ValueError, match="not in tuple"):
        level.reaches([], "fully")
