"""What known mistakes are called."""

import pytest
from making import Failure, check

from grader.authoring.classroom.report import mistakes
from grader.checks.hints import convolution

FLIPPED, MEAN = "conv-kernel-flipped", "conv-mean"


def failed(*families, hint="Likely mistake: …"):
    """A check that failed with these families."""
    return check("1.1", Failure(hint=hint, families=families))


@pytest.mark.parametrize(
    ("families", "words"),
    [
        (((FLIPPED,),), "the kernel is flipped"),
        (((FLIPPED, MEAN),), "the kernel is flipped or a mean in place of a sum"),
        (((FLIPPED,), (MEAN,)), "the kernel is flipped; and a mean in place of a sum"),
        ((("no such family",), (MEAN,)), "a mean in place of a sum"),
        ((), ""),
    ],
)
def test_title(families, words):
    """Alternatives are told with or, several mistakes with and; unknown ones are left out."""
    assert mistakes.title(failed(*families)) == words


def test_titles_are_the_checks_own():
    """Every family that a check can name has its title."""
    for name, family in convolution.FAMILIES.items():
        assert mistakes.title(failed((name,))) == family.title


def test_identity():
    """Two checks are alike by their families, and by the hint where there are none."""
    one, other = failed((FLIPPED,)), failed((FLIPPED,), hint="Perhaps …")
    assert mistakes.identity(one) == mistakes.identity(other)
    assert mistakes.identity(failed(hint="a")) != mistakes.identity(failed(hint="b"))
    assert not mistakes.identity(failed(hint=""))
