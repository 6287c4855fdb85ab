"""What mistakes cost, by component."""

from fractions import Fraction

from grader.authoring.costs import Cost, costs
from grader.authoring.panel import Verdict

COMPONENTS = {"sign": "relu", "zero": "relu", "mean": "linear"}


def verdict(name, lost, worth="1"):
    """Give a verdict on a mistake that loses so many points in check 1.5."""
    return Verdict(name, lost={"1.5": Fraction(lost)}, worth=Fraction(worth))


def test_costs_by_component():
    """Least, median and most are over the mistakes of a component; others are left out."""
    verdicts = [
        verdict("sign", "1/4"), verdict("zero", "3/4"), verdict("mean", "1/2", "2"),
        verdict("sign (other components)", "1"),
    ]  # fmt: skip
    linear, relu = costs(verdicts, COMPONENTS)
    assert linear == Cost("linear", 1, *[Fraction(1, 2)] * 3, Fraction(2))
    assert relu == Cost("relu", 2, Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(1))
    assert relu.text() == (
        "a mistake of relu costs 0.25 to 0.75 of 1 points (median 0.5, 2 in all)"
    )
    assert linear.text() == "a mistake of linear costs 0.5 of 2 points (median 0.5, 1 in all)"


def test_a_mistake_that_costs_nothing_counts():
    """What lost no points belongs to the least, not to nothing."""
    (cost,) = costs([Verdict("sign", worth=Fraction(1)), verdict("zero", "1")], COMPONENTS)
    assert cost.least == 0
    assert cost.most == 1
