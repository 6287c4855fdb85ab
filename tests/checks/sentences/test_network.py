"""What the check of ConvNet says."""

import pytest

from grader.checks.sentences import network


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (network.never_called(network.layer_method(0, "ReLU", "forward")),
         ["Layer 1 (ReLU)'s forward is never called"]),
        (network.wrong_input(network.layer_method(2, "Linear", "backward")),
         ["Layer 3 (Linear)'s backward gets another array"]),
        (network.other_labels(), ["labels", "`y`"]),
        (network.no_pair(1), ["returns 1 value.", "the pair"]),
        (network.no_pair(3), ["returns 3 values."]),
        (network.other_probabilities(), ["first value", "probabilities", "scores"]),
        (network.other_loss(), ["second value", "loss", "take it apart"]),
        (network.pair_for_loss("tuple"), ["second value", "is a `tuple`", "take it apart"]),
        (network.criterion_left_out(), ["never calls the criterion's backward"]),
        (network.other_second_pass(4), ["4 layers", "`reverse()`"]),
    ],
)  # fmt: skip
def test_each_sentence_is_short_and_whole(text, words):
    """It names what it is about, and ends with a full stop or a question."""
    assert len(text) <= 400
    assert text.endswith((".", "?"))
    for word in words:
        assert word in text


@pytest.mark.parametrize("method", ["ConvNet.forward", "ConvNet.backward"])
def test_both_methods_have_words(method):
    """What each method should do is a phrase without a full stop and without a number."""
    words = network.MEANING[method]
    assert not words.endswith(".")
    assert len(words) <= 200
    assert not any(char.isdigit() for char in words)
