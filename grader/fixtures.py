"""What a check can ask for, as pytest fixtures.

`part1`, `part2`, `part3`  the student's code of a part, through proxies
`case`                     the configuration (by `@cases`)
`tape`                     the expected values of this case, and the generator for its inputs
`report`                   remarks, facts and leaderboard entries
`memo`                     a dict shared by the cases of one check
`images`                   the test images; their labels never enter a worker
`submission`               the staged submission: sizes, files, notes
`assignment`, `budget`     thresholds and limits; the clock of the run
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from grader.assignment import Assignment
from grader.budget import Budget
from grader.evaluation.images import Images
from grader.outcomes import ALL_FILES
from grader.scope import Report, StudentPart
from grader.tape import Expected

if TYPE_CHECKING:
    from grader.grading import Grading
    from grader.intake import Submission
    from grader.scope import Scope

GRADING = pytest.StashKey["Grading"]()


@pytest.fixture
def grading(request: pytest.FixtureRequest) -> Grading:
    """The run itself."""
    return request.config.stash[GRADING]


@pytest.fixture
def scope(grading: Grading) -> Scope:
    """The running check; raises OutOfTime if there was no time to start it."""
    return grading.require_scope()


def _student_part(grading: Grading, scope: Scope, number: str) -> StudentPart:
    part = next(part for part in grading.assignment.parts if part.number == number)
    return StudentPart(scope, part, grading.submission)


@pytest.fixture
def part1(grading: Grading, scope: Scope) -> StudentPart:
    """Part 1 of the submission."""
    return _student_part(grading, scope, "1")


@pytest.fixture
def part2(grading: Grading, scope: Scope) -> StudentPart:
    """Part 2 of the submission."""
    return _student_part(grading, scope, "2")


@pytest.fixture
def part3(grading: Grading, scope: Scope) -> StudentPart:
    """Part 3 of the submission (its files lie in Part 2's folder)."""
    return _student_part(grading, scope, "3")


@pytest.fixture
def tape(request: pytest.FixtureRequest, grading: Grading) -> Expected:
    """The expected values of this case."""
    return grading.expected(request.node.name.removeprefix("test_"))


@pytest.fixture
def report(scope: Scope) -> Report:
    """What the check says beside its verdict."""
    return scope.report


@pytest.fixture
def memo(scope: Scope) -> dict[str, Any]:
    """Shared by the cases of one check."""
    return scope.memo


@pytest.fixture
def images(grading: Grading) -> Images:
    """The test images; raises DataUnavailable with the command that gets them."""
    return grading.images()


@pytest.fixture
def submission(grading: Grading) -> Submission:
    """The staged submission, for a check that looks at all of its files."""
    if grading.scope is not None:
        grading.scope.asks_for(ALL_FILES)
    return grading.submission


@pytest.fixture
def assignment(grading: Grading) -> Assignment:
    """What changes from term to term."""
    return grading.assignment


@pytest.fixture
def budget(grading: Grading) -> Budget:
    """The clock of the run."""
    return grading.budget


@pytest.fixture
def set_score() -> None:
    """Satisfies pytest for checks decorated with `partial_credit`, which passes its own."""


@pytest.fixture
def set_leaderboard_value() -> None:
    """Likewise for `leaderboard`."""
