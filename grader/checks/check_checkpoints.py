"""Task 2.5 and 2.6: the checkpoints of the two given networks."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from grader.checks.accuracy import measure, once, require_above
from grader.checks.loading import TWO_LAYERS, VANILLA_CNN, Network, load_checkpoint
from grader.checks.sentences.checkpoints import NOT_MEASURED
from grader.errors import Blocked, NotStarted, SubmissionError
from grader.grading import Grading
from grader.marks import CORE, Case, cases, handout, limit, number, weight
from grader.scope import Report, StudentPart

LOADS = Case("loads", CORE, Fraction(2, 5))
ACCURACY = Case("accuracy", CORE, Fraction(3, 5))


@number("2.5")
@weight(0.5)
@limit(cpu_seconds=60)
@cases([LOADS, ACCURACY])
@handout("Part 2: PyTorch")
def test_two_layers_checkpoint(
    part2: StudentPart,
    case: Case,
    grading: Grading,
    report: Report,
    memo: dict[str, Any],
) -> None:
    """checkpoints/twolayernet.pth: it loads, and its accuracy"""
    check(part2, TWO_LAYERS, case, grading, report, memo)


@number("2.6")
@weight(0.5)
@limit(cpu_seconds=90)
@cases([LOADS, ACCURACY])
@handout("Part 2: PyTorch")
def test_vanilla_cnn_checkpoint(
    part2: StudentPart,
    case: Case,
    grading: Grading,
    report: Report,
    memo: dict[str, Any],
) -> None:
    """checkpoints/vanillacnn.pth: it loads, and its accuracy"""
    check(part2, VANILLA_CNN, case, grading, report, memo)


def check(
    part2: StudentPart,
    network: Network,
    case: Case,
    grading: Grading,
    report: Report,
    memo: dict[str, Any],
) -> None:
    """One case: the file loads, or its accuracy is above the assignment's threshold."""

    def load() -> None:
        load_checkpoint(part2, network, report, grading)

    if case is LOADS:
        once(memo, "load", load)
        return
    try:
        once(memo, "load", load)
    except NotStarted:
        raise
    except SubmissionError as error:
        raise Blocked(NOT_MEASURED, code="checkpoint-not-loaded") from error
    threshold = grading.assignment.threshold(network.stem)
    require_above(measure(part2, network, grading, report, [threshold]), threshold)
