"""What several exporters say about a run."""

import pytest

from grader import errors
from grader.exporters import summary
from grader.outcomes import Status


def test_parts_keep_their_order(mixed):
    """Parts come in the order of their checks, with titles and sums."""
    totals = [(part.title, part.points, part.max_points) for part in summary.parts(mixed)]
    assert totals == [("Part 1: layers", 3, 6), ("Part 2: PyTorch", 0, 3)]


def test_part_without_a_title(make_run, make_check):
    """A part that the run has no title for goes by its name."""
    (part,) = summary.parts(make_run(make_check(part="extra")))
    assert part.title == "extra"


@pytest.mark.parametrize("error", [errors.GraderError, *errors.GraderError.__subclasses__()])
def test_every_grader_error_is_the_graders_fault(make_check, make_case, error):
    """Each error of the grader's tree is recognised by its reason."""
    check = make_check(cases=[make_case("a", Status.UNCHECKED, 0, reason=error.reason)])
    assert summary.is_grader_fault(check)


@pytest.mark.parametrize(
    ("status", "reason", "fault"),
    [
        (Status.UNCHECKED, "grader-bug", True),
        (Status.UNCHECKED, errors.Blocked.reason, False),
        (Status.FAILED, errors.TapeError.reason, False),
        (Status.PASSED, "", False),
    ],
)
def test_whose_fault(make_check, make_case, status, reason, fault):
    """A bug of ours is ours; a check that waits for another, or failed, is not."""
    check = make_check(cases=[make_case("a", status, 0, reason=reason)])
    assert summary.is_grader_fault(check) is fault


def test_cases_that_were_not_reached(make_check, make_case):
    """Beside a case that failed, the others are listed as not run; alone, the headline says it."""
    left = make_case("late", Status.NOT_RUN, 0)
    wrong = make_case("early", Status.FAILED, 0, message="wrong")
    messages = [found.message for found in summary.findings(make_check(cases=[left, wrong]))]
    assert messages == ["wrong", "not run"]
    assert summary.findings(make_check(cases=[left])) == []
