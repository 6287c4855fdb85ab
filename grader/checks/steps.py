"""What the checks of the training and the validation step share.

The network is ours and so small that its parameters after three steps can be taped. A
submission has the steps in `main.py`, or in newer cohorts in `solver.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.facts import facts, texts
from grader.errors import MissingFile, NotStarted, StudentCodeRaised
from grader.scope import StudentPart

INPUTS, HIDDEN, CLASSES = (3, 4, 4), 6, 10
SETTINGS = {"lr": 0.5, "momentum": 0.5}
NAME_ERRORS = ("NameError", "UnboundLocalError")
OPEN_NAMES = ("'loss'", "'out'", "'output'")  # what templates leave for the student to set
FUNCTIONS = {
    ("main", "train"): "train",
    ("main", "validate"): "validate",
    ("solver", "train"): "Solver._compute_loss_update_params",
    ("solver", "validate"): "Solver._compute_loss_update_params",
}

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Data:
    """Starting parameters, and batches of images and labels."""

    values: list[Array]
    batches: list[list[Array]]


def draw(rng: np.random.RandomState, sizes: tuple[int, ...]) -> Data:
    """Parameters and images of normal numbers; every class occurs in each larger batch."""
    inputs = int(np.prod(INPUTS))
    shapes = ((HIDDEN, inputs), (HIDDEN,), (CLASSES, HIDDEN), (CLASSES,))
    values = [(rng.standard_normal(shape) / 2).astype(np.float32) for shape in shapes]
    batches: list[list[Array]] = [
        [
            rng.standard_normal((size, *INPUTS)).astype(np.float32),
            (rng.permutation(max(size, CLASSES))[:size] % CLASSES).astype(np.int64),
        ]
        for size in sizes
    ]
    return Data(values, batches)


def on_either(
    part2: StudentPart,
    function: str,
    arguments: list[Any],
    memo: dict[str, Any],
) -> tuple[str, dict[str, Any]]:
    """Run the driver's `function` on main.py, or solver.py, whichever is filled in.

    Gives the script and the driver's facts. Raises MissingFile without either, NotStarted
    when none is filled in, and what the student's code raised.
    """
    files = [name for name in ("main", "solver") if part2.has(f"{name}.py")]
    if not files:
        raise MissingFile(f"{part2.part.folder}/main.py")
    if "surfaces" not in memo:
        memo["surfaces"] = texts(part2.drive("training", "surfaces", files))
    found = [name for name in files if name in memo["surfaces"]]
    for script in found:
        try:
            return script, run(part2, function, script, arguments)
        except NotStarted:
            continue
    raise NotStarted(FUNCTIONS[(found or files)[0], function])


def run(
    part2: StudentPart,
    function: str,
    script: str,
    arguments: list[Any],
) -> dict[str, Any]:
    """Run one script's step; raises NotStarted for what the template's step does."""
    try:
        seen = part2.drive("training", function, script, *arguments)
    except StudentCodeRaised as error:
        open_name = "NoneType" in error.message or (
            error.type_name in NAME_ERRORS and any(name in error.message for name in OPEN_NAMES)
        )
        if open_name and not part2.drive("training", "started"):
            raise NotStarted(FUNCTIONS[script, function]) from error
        raise
    seen = facts(seen, parameters=list, events=list)
    if "forward" not in texts(seen["events"]):
        raise NotStarted(FUNCTIONS[script, function])
    return seen
