"""Task 2.2: the validation step."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.checks.facts import arrays, facts
from grader.checks.hints.training import FAMILIES
from grader.checks.sentences import validation as say
from grader.checks.steps import CLASSES, SETTINGS, Array, Data, draw, on_either
from grader.errors import BadAnswer, WrongResult
from grader.marks import CORE, Case, cases, diagnosed, exercises, handout, limit, number, weight
from grader.scope import Report, StudentPart
from grader.tape import Expected

VALIDATIONS = [
    Case("parameters stay as they are", CORE),
    Case("no gradients, no graph", CORE),
    Case("every image once", CORE),
]


@number("2.2")
@weight(0.75)
@limit(cpu_seconds=20)
@cases(VALIDATIONS)
@diagnosed(FAMILIES)
@exercises("main.py", "validate", unless="solver.py")
@handout("Part 2: PyTorch")
def test_validation_step(
    part2: StudentPart,
    case: Case,
    tape: Expected,
    memo: dict[str, Any],
    report: Report,
) -> None:
    """The validation step: measures, changes nothing, keeps no graph"""
    data = draw(tape.rng, (20, 13))
    arguments = [data.values, data.batches, SETTINGS]
    script, seen = on_either(part2, "validate", arguments, memo)
    seen = facts(seen, gradients=list, forwards=list)
    forwards = seen["forwards"]
    if not all(isinstance(entry, list) and kinds(entry) == [int, bool, bool] for entry in forwards):
        raise BadAnswer("the list of forwards is malformed")
    if not set(kinds(seen["gradients"])) <= {bool}:
        raise BadAnswer("the list of gradients is malformed")
    if case is VALIDATIONS[0]:
        expect_unchanged(arrays(seen["parameters"], data.values), data.values)
        remark(script, seen, data, report)
    elif case is VALIDATIONS[1]:
        expect_no_graph(seen)
    else:
        expect_every_image(forwards, [len(y) for _, y in data.batches])


def kinds(values: list[Any]) -> list[type]:
    """The exact types of `values`."""
    return [type(value) for value in values]


def expect_unchanged(got: list[Array], starting: list[Array]) -> None:
    """Raises WrongResult when a parameter moved."""
    if not all(np.array_equal(value, before) for value, before in zip(got, starting)):
        raise WrongResult(say.MOVED, code="moved", evidence="parameters")


def expect_no_graph(seen: dict[str, Any]) -> None:
    """Raises WrongResult for gradients, and for a forward that records a graph."""
    if any(seen["gradients"]):
        raise WrongResult(say.GRADIENTS, code="gradients", evidence="after it")
    if any(graph for _, graph, _ in seen["forwards"]):
        raise WrongResult(say.GRAPH, code="graph", evidence="in forward")
    if seen.get("enabled") is False:
        raise WrongResult(say.DISABLED, code="disabled", evidence="after it")


def expect_every_image(forwards: list[Any], sizes: list[int]) -> None:
    """Raises WrongResult unless each image went through the model once, be it in parts."""
    counts = [count for count, _, _ in forwards]
    if sum(counts) != sum(sizes):
        text = say.other_images(sizes, counts)
        raise WrongResult(text, code="images", evidence=str(counts))


def remark(script: str, seen: dict[str, Any], data: Data, report: Report) -> None:
    """What costs no points: the model's mode, and the accuracy that came out."""
    if any(training for _, _, training in seen["forwards"]):
        report.remark(say.IN_TRAINING_MODE)
    elif script == "main" and seen.get("training") is False:
        report.remark(say.LEFT_IN_EVALUATION_MODE)
    if script != "main":
        return
    labels = np.concatenate([y for _, y in data.batches])
    accuracy, confusion = seen.get("accuracy"), seen.get("confusion")
    if not isinstance(accuracy, (float, int, np.ndarray)) or np.size(accuracy) != 1:
        report.remark(say.no_pair(str(seen.get("returned"))))
        return
    right = [float(np.mean(predict(data) == labels)) * scale for scale in (1, 100)]
    value = float(np.reshape(accuracy, ()))
    if not any(abs(value - number) < 1e-3 * max(number, 1) for number in right):
        report.remark(say.another_accuracy(value))
    if not isinstance(confusion, np.ndarray) or confusion.shape != (CLASSES, CLASSES):
        report.remark(say.no_confusion_matrix(CLASSES))


def predict(data: Data) -> Array:
    """The classes that our own network gives (it is no part of the assignment)."""
    first, first_bias, second, second_bias = (value.astype(np.float64) for value in data.values)
    x = np.concatenate([x for x, _ in data.batches]).astype(np.float64)
    hidden = np.tanh((x.reshape(len(x), -1) @ first.T + first_bias) / 2)
    return np.asarray(((1 + hidden) / 2 @ second.T + second_bias).argmax(axis=1))
