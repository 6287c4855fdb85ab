"""What is said about predictions that cannot be used."""

import pytest

from grader.feedback import predictions


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (predictions.ALL_NOT_FINITE, ["NaN or infinite", "a division by 0"]),
        (predictions.NOTHING, ["returns None"]),
        (predictions.no_tensor("tuple"), ["a `tuple` in evaluation mode", "(N, 10)"]),
        (predictions.another_shape(32, [32, 9]), ["For `32` images", "shape `[32, 9]`"]),
    ],
)
def test_each_sentence_is_short_and_whole(text, words, short_and_whole):
    """It names what came in place of logits, and ends with a full stop."""
    short_and_whole(text, words)
