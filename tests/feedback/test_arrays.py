"""Arrays that are wrong, in words."""

import pytest

from grader import feedback
from grader.numerics.compare import Difference

WRONG = Difference("values", (4,), (4,), 2, 4, (1,))


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (Difference("none", expected_shape=(2,)), ["is None"]),
        (Difference("type", note="Tensor"), ["`Tensor`", "not an array"]),
        (Difference("shape", (1, 2), (2, 2)), ["shape (1, 2)", "expected (2, 2)"]),
        (Difference("finite", (4,), (4,), 1, 4, (3,)), ["1 of 4", "NaN", "(3,)"]),
        (WRONG, ["2 of 4 entries are wrong", "(1,)"]),
        (Difference("values", (4,), (4,), 4, 4, (1,)), ["all entries are wrong."]),
        (Difference("values", (4,), (4,), 4, 4, (1,), 0.5), ["every entry is 1/2 of what it"]),
        (Difference("shape", (7,), ()), ["shape (7,), expected a single number"]),
        (Difference("finite", (), (), 1, 1, ()), ["is NaN or infinite."]),
        (Difference("values", (4,), (4,), 4, 4, (1,), -0.0), ["every entry is 0."]),
        (Difference("values", (4,), (4,), 4, 4, (1,), -1.0), ["has the opposite sign."]),
        (Difference("values", (4,), (4,), 4, 4, (1,), pattern="a turned array"),
         ["looks like: a turned array"]),
        (Difference("values", (), (), 1, 1, (), 0.5), ["has a wrong value"]),
    ],
)  # fmt: skip
def test_every_kind_of_difference_has_a_sentence(item, words):
    """What came is described by shape, count, place, ratio and pattern, in short."""
    text = feedback.wrong_arrays({"dx": item})
    assert text.startswith("`dx`")
    assert text.endswith(".")
    assert len(text) <= 200
    for word in words:
        assert word in text


def test_a_single_number_is_not_told_by_its_ratio():
    """Who sees their own number and its ratio would know the expected one."""
    item = Difference("values", (), (), 1, 1, (), 0.5132)
    assert "0.51" not in feedback.wrong_arrays({"loss": item})


@pytest.mark.parametrize("kind", ["values", "finite"])
def test_a_single_number_has_no_count_and_no_index(kind):
    """It is wrong, and neither one of one entries nor at an index."""
    text = feedback.wrong_arrays({"loss": Difference(kind, (), (), 1, 1, ())})
    assert "1 of 1" not in text
    assert "()" not in text


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (2.0, "is 2 times what it should be"),
        (-2.0, "is -2 times what it should be"),
        (10.0, "is 10 times what it should be"),
        (0.1, "is 1/10 of what it should be"),
        (1 / 3 * (1 + 1e-8), "is 1/3 of what it should be"),
        (1.5, "is 3/2 of what it should be"),
        (1 / 50, "is 1/50 of what it should be"),
    ],
)
def test_a_ratio_that_mistakes_make_is_told(ratio, words):
    """Small fractions, and one over a count, lead to a mean, a sum or a sign."""
    item = Difference("values", (4,), (4,), 4, 4, (1,), ratio)
    assert feedback.wrong_arrays({"dx": item}) == f"`dx`: every entry {words}."


@pytest.mark.parametrize("ratio", [0.005021, 1.0123, 0.3, 7 / 11, 1e-9, 123456.0, 0.5001, 1e300])
def test_a_ratio_of_the_right_values_is_not_told(ratio):
    """With such a number and the own array, the right array could be computed."""
    item = Difference("values", (4,), (4,), 4, 4, (1,), ratio)
    assert feedback.wrong_arrays({"weights": item}) == (
        "`weights`: every entry is off by one and the same factor."
    )


@pytest.mark.parametrize("ratio", [-1.0, None])
def test_the_same_mistake_reads_the_same_in_all_shapes(ratio):
    """Of a constant ratio, or all entries, no count or index sets configurations apart."""
    small = Difference("values", (4,), (4,), 4, 4, (1,), ratio)
    large = Difference("values", (8, 2), (8, 2), 16, 16, (3, 0), ratio)
    assert feedback.wrong_arrays({"dx": small}) == feedback.wrong_arrays({"dx": large})


def test_what_should_come_stands_apart_from_what_came():
    """The error has words for the wrong arrays alone, and none of them in its text."""
    meaning = {"dx": "the gradient of x", "dw": "the gradient of w"}
    error = feedback.wrong_result({"dx": WRONG, "db": WRONG}, meaning, "Mind the sum.")
    assert error.expected == {"dx": "the gradient of x"}
    assert error.text == feedback.wrong_arrays({"dx": WRONG, "db": WRONG}) + " Mind the sum."


def test_without_advice_the_text_is_what_came():
    """No advice leaves no space behind the last sentence."""
    assert feedback.wrong_result({"dx": WRONG}, {}).text == feedback.wrong_arrays({"dx": WRONG})
