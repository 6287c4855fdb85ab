"""What the check of the training step says."""

import pytest

from grader.checks.sentences import training

STEP = "Solver._compute_loss_update_params"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        *[(training.wrong_parameters(sign), ["not what they should be", words])
          for sign, words in training.SIGNS.items()],
        (training.no_pair(STEP, "NoneType"), [f"`{STEP}`", "`NoneType`", "(output, loss)"]),
    ],
)  # fmt: skip
def test_each_sentence_is_short_and_whole(text, words, short_and_whole):
    """It names what it is about, and ends with a full stop."""
    short_and_whole(text, words)


def test_each_sign_has_a_sentence_of_its_own():
    """No two signs are told alike."""
    assert len(set(training.SIGNS.values())) == len(training.SIGNS)


def test_the_parameters_are_told_in_a_phrase():
    """What should come has no full stop: another sentence takes it in."""
    assert not training.MEANING["parameters"].endswith(".")
