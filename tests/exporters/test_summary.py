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


@pytest.mark.parametrize(
    ("status", "hint", "section"),
    [
        (Status.FAILED, "", "1.5 ReLU"),
        (Status.FAILED, "What is the mask? (Handout: 1.5 ReLU.)", ""),
        (Status.UNCHECKED, "", ""),
        (Status.PASSED, "", ""),
    ],
)
def test_the_handout_is_named_once(make_check, make_case, status, hint, section):
    """A failed check says where to look, unless its hint does."""
    check = make_check(cases=[make_case("a", status)], handout="1.5 ReLU", hint=hint)
    assert summary.where_to_look(check) == section


def test_a_check_without_a_section(make_check, make_case):
    """Not every check has a section in the handout."""
    check = make_check(cases=[make_case("a", Status.FAILED, 0)], hint="Is it?")
    assert summary.where_to_look(check) == ""


@pytest.mark.parametrize(("points", "told"), [(0, [("dx", "the gradient")]), (1, [])])
def test_what_should_come(make_check, make_case, points, told):
    """A check with all its points needs no word of what should have come."""
    status = Status.PASSED if points else Status.FAILED
    check = make_check(cases=[make_case("a", status, points)], expected={"dx": "the gradient"})
    assert summary.expected(check) == told


@pytest.mark.parametrize(
    ("visibility", "shown"),
    [("visible", "3.5"), ("hidden", ""), ("after_due_date", ""), ("after_published", "")],
)
def test_prints_of_hidden_checks_stay_hidden(make_check, visibility, shown):
    """What code prints may be a hidden input, even where the check is shown later."""
    assert summary.printed(make_check(printed="\n3.5\n", visibility=visibility)) == shown
