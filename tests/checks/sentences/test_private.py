"""What staff are told about private images."""

import pytest

from grader.checks.sentences import private
from grader.evaluation.gap import Count


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (private.gap("mymodel", Count(95, 100), Count(41, 100), 0.131),
         ["95.0% of 100 test images", "41.0% of 100 private", "than 13.1 points", "unchanged"]),
        (private.no_time("mymodel"), ["mymodel: there was no time"]),
        (private.too_few("mymodel", 20, 2000), ["20 of 2000 private images"]),
        (private.not_predicted("mymodel", "exception"), ["(exception)", "Points are unchanged"]),
    ],
)  # fmt: skip
def test_each_sentence_is_short_and_whole(text, words, short_and_whole):
    """It names the checkpoint and what was found, and ends with a full stop."""
    short_and_whole(text, words)
