"""The last line: what to do next."""

from fractions import Fraction

import pytest

from grader.commands.next_step import next_step
from grader.outcomes import CaseOutcome, CheckOutcome, Run, Status


def check(number, status=Status.PASSED, reason="", **detail):
    """A check of one case."""
    case = CaseOutcome("", "core", Fraction(1), status, reason=reason, detail=detail)
    if status is Status.PASSED:
        case.points = Fraction(1)
    return CheckOutcome(number, number[0], f"Title {number}: words", Fraction(1), cases=[case])


OPEN = check("1.2", Status.FAILED, "not-started", name="Conv2D.backward")
WRONG = check("1.3", Status.FAILED, "wrong")
NO_IMAGES = check("2.8", Status.UNCHECKED, "no-data")
BLOCKED = check("2.7", Status.UNCHECKED, "sandbox")


@pytest.mark.parametrize(
    ("checks", "left_out", "folder", "sentence", "command"),
    [
        (
            [check("1.1"), OPEN, WRONG],
            [],
            ".",
            "Conv2D.backward (task 1.2) is not started. To check it alone:",
            "grader check --only 1.2",
        ),
        (
            [check("1.1"), WRONG],
            [],
            "my work",
            "1.3 Title 1.3 fails. To check it alone:",
            "grader check 'my work' --only 1.3",
        ),
        (
            [check("1.1"), BLOCKED, NO_IMAGES],
            [],
            ".",
            "nothing fails. To try the accuracies on practice images:",
            "grader check --data practice",
        ),
        (
            [check("1.1")],
            ["1.2"],
            "hw2",
            "these checks pass. To run all of them:",
            "grader check hw2",
        ),
        (
            [check("1.1")],
            [],
            ".",
            "everything passes. To build the archive to hand in:",
            "grader pack",
        ),
    ],
)
def test_what_comes_next(checks, left_out, folder, sentence, command):
    """The first task that is not done; then what was not tried; then the archive."""
    run = Run("HW", "s", checks=checks, left_out=left_out)
    assert next_step(run, folder) == f"Next: {sentence}\n  {command}"


def test_what_nobody_can_change():
    """What only the grader's people can mend has no command."""
    text = next_step(Run("HW", "s", checks=[check("1.1"), BLOCKED]), ".")
    assert text == "Next: nothing fails. What could not be checked is explained above."


def test_nothing_comes_after_an_unusable_submission():
    """The error says what to do itself."""
    assert next_step(Run("HW", "s", error="Not a zip."), ".") == ""
