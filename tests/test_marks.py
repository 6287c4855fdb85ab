"""How a check's points are shared among its cases."""

from fractions import Fraction

from grader.marks import CORE, WIDE, Case, advice, cases, exercises, handout, limit, shares


def test_core_cases_share_the_core_share():
    """Two core and four wide cases get 40 % and 5 % each."""
    entries = [Case(str(i), CORE if i < 2 else WIDE) for i in range(6)]
    assert shares(entries, Fraction(4, 5)) == [Fraction(2, 5)] * 2 + [Fraction(1, 20)] * 4


def test_a_lone_domain_takes_everything():
    """Without wide cases the core cases get all points, and the other way round."""
    assert shares([Case("a"), Case("b")], Fraction(4, 5)) == [Fraction(1, 2)] * 2
    assert shares([Case("a", WIDE)], Fraction(4, 5)) == [Fraction(1)]


def test_fixed_shares_come_first():
    """A fixed share is taken as it is, and the rest is divided."""
    entries = [Case("a", share=Fraction(2, 5)), Case("b"), Case("c", WIDE)]
    assert shares(entries, Fraction(1, 2)) == [Fraction(2, 5), Fraction(3, 10), Fraction(3, 10)]


def test_shares_add_up_to_one():
    """Whatever the mixture, the shares add up to exactly 1."""
    for cores in range(4):
        for wides in range(4):
            entries = [Case(f"c{i}") for i in range(cores)]
            entries += [Case(f"w{i}", WIDE) for i in range(wides)]
            if entries:
                assert sum(shares(entries, Fraction(4, 5))) == 1


def test_decorators_only_set_attributes():
    """The function that a decorator returns is the one it was given."""

    def check():
        """A check."""

    marked = advice("Loop less.")(limit(cpu_seconds=3)(cases([Case("a")])(check)))
    assert handout("1.5 ReLU")(marked) is check
    assert check.__handout__ == "1.5 ReLU"
    assert check.__cpu_seconds__ == 3
    assert check.__advice__ == "Loop less."
    assert check.__cases__ == (Case("a"),)


def test_exercises_are_read_from_the_top():
    """Functions are kept in the order of the lines, each with the cases that run it."""

    @exercises("relu.py", "ReLU.forward")
    @exercises("relu.py", "ReLU.backward", when=lambda case: case.name == "b", unless="other.py")
    def check():
        """A check."""

    first, second = check.__exercises__
    assert (first.path, first.functions, first.unless) == ("relu.py", ("ReLU.forward",), "")
    assert (second.functions, second.unless) == (("ReLU.backward",), "other.py")
    assert [first.concerns(Case(name)) for name in "ab"] == [True, True]
    assert [second.concerns(Case(name)) for name in "ab"] == [False, True]
