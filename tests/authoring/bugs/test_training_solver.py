"""The Solver that variants of the steps are edits of."""

from grader.authoring.bugs.bug import Bug
from grader.authoring.bugs.training_solver import LOOK, MAIN, PATH, RIGHT, STEP


def test_the_solver_without_an_edit_is_right(judged):
    """It passes both checks, beside a main.py that only calls it."""
    files = {"part2-pytorch/main.py": MAIN, PATH: RIGHT}
    assert judged(Bug("training-solver-right", "", frozenset(), files), STEP | LOOK) == (set(), [])
