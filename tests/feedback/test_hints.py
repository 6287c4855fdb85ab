"""The likely mistake, as sure as what is known."""

import pytest

from grader import feedback
from grader.diagnosis.family import Family
from grader.diagnosis.report import Diagnosis

FAMILIES = {
    "crop": Family("cropped away", "What does `a[0:-0]` select?", "1.1 Convolution"),
    "sum": Family("not summed", "Over which axes is the sum?"),
}


@pytest.mark.parametrize(
    ("diagnosis", "text"),
    [
        (Diagnosis(), ""),
        (
            Diagnosis((("crop",),), complete=True, only_when="the padding is 0"),
            (
                "Likely mistake: What does `a[0:-0]` select? (Handout: 1.1 Convolution.) "
                "It is wrong only where the padding is 0."
            ),
        ),
        (Diagnosis((("sum",),)), "Perhaps, for most of it: Over which axes is the sum?"),
        (
            Diagnosis((("sum", "crop"),), complete=True),
            (
                "Likely mistake: either: Over which axes is the sum? Or: What does `a[0:-0]` "
                "select? (Handout: 1.1 Convolution.)"
            ),
        ),
        (
            Diagnosis((("sum",), ("crop",)), complete=True),
            (
                "Two mistakes. First: Over which axes is the sum? Second: What does `a[0:-0]` "
                "select? (Handout: 1.1 Convolution.)"
            ),
        ),
        (
            Diagnosis((("sum",), ("sum",))),
            (
                "Two mistakes, it seems. First: Over which axes is the sum? "
                "Second: Over which axes is the sum?"
            ),
        ),
        (Diagnosis(only_when="the padding is 0"), "It is wrong only where the padding is 0."),
    ],
)
def test_a_hint_is_as_sure_as_what_is_known(diagnosis, text):
    """One mistake, alternatives, two, or most of it: each has its own beginning."""
    assert feedback.hint(diagnosis, FAMILIES) == text
