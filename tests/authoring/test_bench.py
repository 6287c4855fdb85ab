"""Variants of the reference, graded without packing."""

import pytest

from grader.authoring.bench import Bench
from grader.authoring.bugs.bug import REFERENCE
from grader.outcomes import Status

RELU = "part1-convnet/modules/relu.py"


@pytest.fixture
def bench(pool, assignment):
    """A bench over the reference."""
    return Bench(REFERENCE, assignment, pool)


def test_the_reference_itself_passes(bench, tape):
    """Without another file, the checks pass and have shown nothing wrong."""
    trial = bench.run({}, tape, tape.header.seeds[0], {"1.5"}.__contains__)
    assert trial.checks["1.5"].status is Status.PASSED
    assert not trial.observers["1.5"].anything_wrong


def test_a_replaced_file_is_what_is_graded(bench, tape):
    """A wrong file in place of the reference's makes its check fail, and shows where."""
    wrong = (REFERENCE / RELU).read_text().replace("x > 0", "x < 0")
    trial = bench.run({RELU: wrong}, tape, tape.header.seeds[0], {"1.5"}.__contains__)
    assert trial.checks["1.5"].status is Status.FAILED
    assert trial.observers["1.5"].seen["relu[backward]/dx"].wrong
