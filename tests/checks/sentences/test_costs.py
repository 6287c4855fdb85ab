"""What is said about networks that cost much."""

import pytest

from grader.checks.sentences import costs


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (costs.SMALLER_FILE, ["pool more"]),
        (costs.PERHAPS_TOO_SLOW, ["time may not be enough"]),
        (costs.PERHAPS_TOO_BIG, ["memory may not be enough"]),
        (costs.too_slow(10_000, 3333), ["3333 of 10000", "count as wrong"]),
        (costs.too_slow_to_measure(60.2), ["more than 60 s"]),
        (costs.too_much_memory(600), ["600 MB"]),
        (costs.too_big(768.0), ["768 MB"]),
        (costs.file_too_large(123_400_000, 100), ["123.4 MB", "100 MB"]),
    ],
)
def test_each_sentence_is_short_and_whole(text, words, short_and_whole):
    """It names what it is about, and ends with a full stop."""
    short_and_whole(text, words)


def test_layers_are_named_with_their_shares():
    """Names are code that nothing in them can end; without layers there is nothing to say."""
    assert costs.layers([("conv1", 0.5), ("a`b\x1b[31m", 0.25)]).startswith("`conv1` (50%), ")
    assert "\x1b" not in costs.layers([("a\x1b[31m", 0.25)])
    assert costs.layers([]) == ""
