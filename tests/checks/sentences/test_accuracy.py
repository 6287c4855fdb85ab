"""What is said about the accuracy of a checkpoint."""

import pytest

from grader.checks.sentences import accuracy
from grader.evaluation.prediction import Estimate

HALF = Estimate(0.5, 0.4, 0.6)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (accuracy.UNSTABLE, ["`F.dropout` without"]),
        (accuracy.in_part(90, 100), ["Only 90 of 100 images", "count as wrong"]),
        (accuracy.in_part(90, 100, [("features.0", 0.714)]), ["`features.0` alone takes 71%"]),
        (accuracy.estimated(HALF, 0.25),
         ["25.00% is guaranteed, and counts", "about 50.0% (95% interval: 40.0% to 60.0%)"]),
        (accuracy.too_slow(0.25, 0.8, HALF),
         ["guaranteed accuracy is 25.00%", "more than 80%", "it is 50.0%"]),
        (accuracy.hung_when_asked_again("mymodel"), ["mymodel: a hundred images"]),
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


@pytest.mark.parametrize(("threshold", "short_of_time"), [(0.39, True), (0.4, False), (0.8, False)])
def test_time_is_to_blame_only_where_the_whole_interval_is_above(threshold, short_of_time):
    """A network that may be too weak as well is not told that its training was fine."""
    text = accuracy.too_slow(0.25, threshold, HALF)
    assert ("time that is short, not training" in text) is short_of_time
