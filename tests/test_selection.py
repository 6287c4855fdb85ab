"""Which checks are asked for."""

import pytest

from grader.errors import ConfigurationError
from grader.selection import Selection

NUMBERS = ["1.1", "1.2", "1.10", "2.1"]


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        ([], NUMBERS),
        (["1"], ["1.1", "1.2", "1.10"]),
        (["1.1"], ["1.1"]),
        (["1.2", "2.1"], ["1.2", "2.1"]),
        (["2", "1.10"], ["1.10", "2.1"]),
    ],
)
def test_numbers_and_parts_choose_checks(wanted, chosen):
    """A part takes all its checks, a number one; nothing asked for is everything."""
    selection = Selection(frozenset(wanted))
    assert [number for number in NUMBERS if selection(number)] == chosen
    selection.verify(NUMBERS)


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("1.3", "there is no check 1.3: Part 1 has 1.1, 1.2, 1.10"),
        ("9.9", "there is no check 9.9: the parts are 1, 2"),
        ("9", "there is no part 9: the parts are 1, 2"),
        ("conv", "there is no part conv: the parts are 1, 2"),
    ],
)
def test_what_does_not_exist_is_refused(wanted, words):
    """The error names what there is near it, even when other numbers exist."""
    with pytest.raises(ConfigurationError) as raised:
        Selection(frozenset({"1.1", wanted})).verify(NUMBERS)
    assert str(raised.value) == words


def test_only_the_workers_that_are_needed(assignment):
    """Part 1 alone needs no torch; parts 2 and 3 need nothing else."""
    assert Selection(frozenset({"1.2", "1.4"})).kinds(assignment) == ["numpy"]
    assert Selection(frozenset({"2", "3.1"})).kinds(assignment) == ["torch"]
    assert Selection().kinds(assignment) == ["numpy", "torch"]
    assert Selection(frozenset({"9"})).kinds(assignment) == []
