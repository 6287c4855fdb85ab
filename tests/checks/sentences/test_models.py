"""What the checks of the two given networks say."""

import pytest

from grader.checks.layouts import VANILLA_CNN, two_layers
from grader.checks.probing import ACTIVATIONS
from grader.checks.sentences import models

OWN = [("fc.weight", (128, 3072)), ("fc.bias", (128,))]
BIAS = models.bias_of(48, 7)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (models.no_tensor("VanillaCNN", "tuple"), ["VanillaCNN.forward", "`tuple`", "the logits"]),
        (models.other_parameters("TwoLayerNet", OWN, BIAS),
         ["of TwoLayerNet are not", f"It lacks {BIAS}.", "`fc.weight` (128, 3072), `fc.bias`"]),
        (models.other_parameters("TwoLayerNet", OWN, ""), ["Two layers share their parameters."]),
        (models.other_parameters("TwoLayerNet", [], BIAS), ["Its parameters are: none."]),
        (models.other_parameters("N", [("w", (2,))] * 9, BIAS), ["`w` (2,) and others."]),
        (models.no_gradient(["a.weight", "b"]), ["no gradient for `a.weight`, `b`:", "`detach`"]),
        (models.another_activation("ReLU", "tanh"), ["should be ReLU; it looks like tanh"]),
        (models.unknown_activation("sigmoid"), ["it should be sigmoid, and only that"]),
        (models.AROUND_ACTIVATION, ["The activation is right"]),
        (models.AT_THE_END["softmax"], ["sums to 1", "cross-entropy"]),
        (models.AT_THE_END["log-softmax"], ["log-softmax", "cross-entropy"]),
        (models.AT_THE_END["sigmoid"], ["between 0 and 1", "the logits"]),
        (models.AT_THE_END["ReLU"], ["No output is negative", "the logits"]),
    ],
)  # fmt: skip
def test_each_sentence_is_short_and_whole(text, words, short_and_whole):
    """It names what it is about, and ends with a full stop."""
    short_and_whole(text, words)


@pytest.mark.parametrize("layout", [two_layers(48, 7, 5), VANILLA_CNN], ids=lambda it: it.name)
def test_each_parameter_of_a_network_has_its_words(layout):
    """No two parameters of a network are told by the same phrase."""
    assert len(set(layout.words)) == len(layout.shapes)
    assert not any(words.endswith(".") for words in [*layout.words, *models.MEANING.values()])


def test_every_activation_that_is_recognised_can_be_told():
    """None of the names that a probe gives is the empty one, which stands for an unknown."""
    assert "" not in ACTIVATIONS.values()
    assert {VANILLA_CNN.activation, two_layers(48, 7, 5).activation} <= set(ACTIVATIONS.values())
