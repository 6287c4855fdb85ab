"""What the check of SGD says."""

import pytest

from grader.checks.sentences import optimizer

BOTH = [("weight", 0), ("bias", 2)]


@pytest.mark.parametrize(
    ("wrong", "step", "decay", "words"),
    [
        (BOTH, 1, False, ["After step 1, `weight` of layer 1 and `bias` of layer 3 are wrong.",
                          "starts at 0"]),
        (BOTH, 2, False, ["After step 2", "momentum times its old value"]),
        (BOTH, 3, False, ["After step 3", "of its own"]),
        (BOTH, 1, True, ["starts at 0"]),
        ([("weight", 0)], 1, True, ["`weight` of layer 1 is wrong.", "apply_regularization"]),
        ([("weight", 0)], 2, True, ["momentum times its old value"]),
        ([("bias", 0)], 1, True, ["starts at 0"]),
    ],
)  # fmt: skip
def test_what_is_wrong_first_decides_the_advice(wrong, step, decay, words):
    """The step points to the velocity; weights alone, at once and under decay, to the decay."""
    text = optimizer.wrong_parameters(wrong, step, layers=2, decay=decay)
    assert len(text) <= 400
    assert text.endswith(".")
    for word in words:
        assert word in text


def test_one_layer_is_not_told_about_others():
    """With a single layer that has parameters, the later steps are about its own velocity."""
    one, two = (
        optimizer.wrong_parameters([("weight", 0)], 3, layers=layers, decay=False)
        for layers in (1, 2)
    )
    assert "each layer" not in one.lower()
    assert "from step to step" in one
    assert "each layer" in two


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ([("bias", 1)], "`bias` of layer 2 is wrong."),
        ([("weight", 0), ("bias", 0)], "`weight` and `bias` of layer 1 are wrong."),
        (
            [("weight", 0), ("bias", 0), ("weight", 2), ("bias", 2)],
            "`weight` and `bias` of layers 1 and 3 are wrong.",
        ),
        (
            [("weight", 0), ("bias", 0), ("weight", 1), ("bias", 2)],
            "`weight` and `bias` of layer 1, `weight` of layer 2 and `bias` of layer 3 are wrong.",
        ),
    ],
)
def test_parameters_are_listed_by_layer(wrong, words):
    """What is wrong in a layer is told together, in the singular only where it is one."""
    text = optimizer.wrong_parameters(wrong, 1, layers=3, decay=False)
    assert text.startswith(f"After step 1, {words}")


@pytest.mark.parametrize("kind", ["weight", "bias"])
def test_both_kinds_of_parameters_have_words(kind):
    """What an update should give is a phrase without a full stop and without a number."""
    words = optimizer.MEANING[kind]
    assert not words.endswith(".")
    assert len(words) <= 200
    assert not any(char.isdigit() for char in words)
