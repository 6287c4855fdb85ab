"""What is said about the accuracy of a checkpoint."""

import pytest

from grader.checks.sentences import accuracy


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (accuracy.UNSTABLE, ["`F.dropout` without"]),
        (accuracy.measured("MyModel", 0.81239, 10_000, "CIFAR-10", 0.00123),
         ["MyModel recognises 81.24% of the 10000 images of CIFAR-10 (1.2 ms an image)"]),
        (accuracy.hardest([("cat", 0.5), ("dog", 0.625)]), ["cat (50%) and dog (62%)"]),
        (accuracy.in_part(90, 100), ["Only 90 of 100 images", "count as wrong"]),
        (accuracy.not_finite(3), ["For 3 images the outputs are NaN"]),
        (accuracy.perhaps_a_look_up("mymodel", 0.1, 0.95), ["only 10% of", "(accuracy 95.0%)"]),
        (accuracy.too_low(0.1, 0.5, guessed=True, close=False), ["10.00%", "what guessing gives"]),
        (accuracy.too_low(0.49, 0.5, guessed=False, close=True), ["than 50%", "You are close"]),
        (accuracy.too_low(0.3, 0.5, guessed=False, close=False), ["30.00%; this needs more"]),
    ],
)  # fmt: skip
def test_each_sentence_is_short_and_whole(text, words, short_and_whole):
    """It names what it is about, and ends with a full stop."""
    short_and_whole(text, words)


def test_advice_depends_on_the_accuracy():
    """Guessing is told before closeness, and an accuracy in between gets no advice."""
    both = accuracy.too_low(0.1, 0.11, guessed=True, close=True)
    assert accuracy.GUESSED in both
    assert accuracy.CLOSE not in both
    neither = accuracy.too_low(0.3, 0.5, guessed=False, close=False)
    assert neither.endswith("of the test images.")
