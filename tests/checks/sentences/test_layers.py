"""What the checks of single layers say."""

import pytest

from grader import errors
from grader.checks.sentences import layers

LAYERS = ("Conv2D", "MaxPooling", "ReLU", "Linear")
RAISED = errors.StudentCodeRaised("ValueError", "operands do not fit")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (layers.not_stored("Linear", ("dx", "dw")), ["`Linear.backward`", "`self.dx`, `self.dw`"]),
        (layers.forward_stopped("ReLU", RAISED), ["`ReLU.forward`", "`ValueError: operands"]),
        (layers.changed("backward", ["x", "dout"]), ["After backward, `x`, `dout`", "a copy"]),
        (layers.AFTER_FORWARD, ["the first"]),
        (layers.AFTER_BACKWARD, ["starts afresh"]),
    ],
)
def test_each_sentence_is_short_and_whole(text, words, short_and_whole):
    """It names what it is about, and ends with a full stop."""
    short_and_whole(text, words)


@pytest.mark.parametrize("layer", LAYERS)
def test_every_array_of_a_layer_has_words(layer):
    """Output and gradients are told in phrases without a full stop and without a number."""
    told = layers.meaning(layer)
    assert set(told) == {"out", "dx", "dw", "db"}
    for words in told.values():
        assert len(words) <= 200
        assert not words.endswith(".")
        assert not any(char in "123456789" for char in words)


def test_layers_differ_in_their_output():
    """What forward returns is told for each kind of layer."""
    assert len({layers.meaning(layer)["out"] for layer in LAYERS}) == len(LAYERS)
