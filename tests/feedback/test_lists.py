"""Names in a row."""

import pytest

from grader.feedback.lists import listed


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], ""),
        (["a"], "`a`"),
        (["a", "b"], "`a`, `b`"),
        (["a", "b", "c"], "`a`, `b` and others"),
        (["a`"], "`` a` ``"),
    ],
)
def test_the_first_names_are_listed(names, expected):
    """Up to two are shown here, and it is said when there are others."""
    assert listed(names, 2) == expected
