"""What the checks of `reweight` and FocalLoss say."""

import pytest

from grader.checks.sentences import losses


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (losses.NOT_REDUCED, ["a loss for each sample", "their mean"]),
        (losses.NO_GRADIENT, ["No gradient comes back", "`.item()`"]),
        (losses.CUT_OFF, ["`log(p + eps)`", "far apart"]),
        (losses.accepted(["sigmoid"]), ["which is accepted", losses.VARIANTS["sigmoid"]]),
        (losses.refused(["weighted_mean"]), ["than the handout's", "the sum of the weights"]),
        (losses.accepted(["weighted_pt", "weighted_mean"]), ["cross entropy and the sum"]),
    ],
)
def test_each_sentence_is_short_and_whole(text, words, short_and_whole):
    """It names what it is about, and ends with a full stop."""
    short_and_whole(text, words)


@pytest.mark.parametrize("words", [*losses.MEANING.values(), *losses.VARIANTS.values()])
def test_what_should_come_and_what_came_instead_are_phrases(words):
    """They are short and without a full stop, as other sentences take them in."""
    assert 0 < len(words) <= 100
    assert not words.endswith(".")
