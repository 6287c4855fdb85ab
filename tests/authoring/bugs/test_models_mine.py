"""The network that variants of MyModel are edits of."""

from grader.authoring.bugs.bug import Bug
from grader.authoring.bugs.models_mine import CAUGHT, PATH, RIGHT


def test_the_network_without_an_edit_is_right(judged):
    """It passes the check that its variants fail."""
    right = Bug("models-mine-right", "", frozenset(), {PATH: RIGHT})
    assert judged(right, CAUGHT) == (set(), [])
