"""What the checks of the own network say."""

import pytest

from grader.checks.sentences import own_model


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (own_model.NO_PARAMETERS, ["no parameters", "`super().__init__()`"]),
        (own_model.NOT_FINITE, ["not finite", "a division"]),
        (own_model.NO_GRADIENT, ["loss.backward()", "`detach`"]),
        (own_model.SOFTMAX, ["sums to 1", "cross-entropy"]),
        (own_model.SMALLER, ["pool or stride early"]),
        (own_model.another_shape(4, (4, 100)), ["For 4 images (3, 32, 32)", "`(4, 100)`"]),
        (own_model.another_shape(1, (10,)), ["For 1 image (3, 32, 32)", "`(10,)`"]),
        (own_model.unused(2, 9, ["spare.weight", "spare.bias"]),
         ["2 of 9 parameters", "`spare.weight`, `spare.bias`."]),
        (own_model.unused(6, 9, list("abcdef")), ["`e` and others."]),
        (own_model.gradients_not_finite(["a.weight"]), ["`a.weight` are not finite"]),
    ],
)  # fmt: skip
def test_each_sentence_is_short_and_whole(text, words, short_and_whole):
    """It names what it is about, and ends with a full stop."""
    short_and_whole(text, words)


def test_the_logits_are_told_in_a_phrase():
    """What should come has no full stop: another sentence takes it in."""
    assert not own_model.MEANING["logits"].endswith(".")
