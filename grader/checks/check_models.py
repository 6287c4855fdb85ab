"""Task 2.3 and 2.4: the two given networks, compared as functions.

Parameters are set by their shapes, whatever their names; then the logits are held
against the tape. What is said about a wrong network comes from probes whose answers
are read off its outputs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grader import feedback
from grader.checks.facts import facts, names, shapes
from grader.checks.hints.models import FAMILIES
from grader.checks.layouts import (
    VANILLA_CNN,
    Array,
    Layout,
    Shape,
    assignments,
    draw,
    fit,
    holds,
    lacking,
    two_layers,
)
from grader.checks.probing import activation, at_the_end, probe_of_activation
from grader.checks.sentences import models as say
from grader.errors import NotStarted, WrongResult
from grader.marks import (
    CORE,
    WIDE,
    Case,
    cases,
    diagnosed,
    exercises,
    handout,
    limit,
    number,
    weight,
)
from grader.numerics.compare import Difference
from grader.scope import StudentPart
from grader.tape import Expected

TOLERANCE = 1e-4


@dataclass(frozen=True)
class Batch(Case):
    """A batch of `count` images (3, side, side); looked at are the logits, or gradients."""

    count: int = 3
    side: int = 32
    gradients: bool = False


@dataclass(frozen=True)
class TwoLayers(Batch):
    """What TwoLayerNet is made with, beside 3 * side * side inputs."""

    hidden: int = 256
    classes: int = 10


TWO_LAYER_NETS = [
    TwoLayers("3072 inputs, 256 hidden units, 10 classes", CORE),
    TwoLayers("48 inputs, 7 hidden units, 5 classes", WIDE, side=4, hidden=7, classes=5),
    TwoLayers("a single image", WIDE, count=1),
    TwoLayers("gradients reach all layers", WIDE, gradients=True),
]
VANILLA_CNNS = [
    Batch("three images", CORE),
    Batch("a single image", WIDE, count=1),
    Batch("gradients reach all layers", WIDE, gradients=True),
]


@number("2.3")
@weight(0.75)
@limit(cpu_seconds=20)
@cases(TWO_LAYER_NETS)
@diagnosed(FAMILIES)
@exercises("models/twolayer.py", "TwoLayerNet.__init__", "TwoLayerNet.forward")
@handout("Part 2: PyTorch")
def test_two_layers(part2: StudentPart, case: TwoLayers, tape: Expected) -> None:
    """TwoLayerNet: flatten, linear, sigmoid, linear"""
    part2.require("models/twolayer.py")
    layout = two_layers(3 * case.side**2, case.hidden, case.classes)
    check_function(part2, layout, case, tape)


@number("2.4")
@weight(0.75)
@limit(cpu_seconds=20)
@cases(VANILLA_CNNS)
@diagnosed(FAMILIES)
@exercises("models/cnn.py", "VanillaCNN.__init__", "VanillaCNN.forward")
@handout("Part 2: PyTorch")
def test_vanilla_cnn(part2: StudentPart, case: Batch, tape: Expected) -> None:
    """VanillaCNN: 7 by 7 convolution, ReLU, 2 by 2 max pooling, linear"""
    part2.require("models/cnn.py")
    check_function(part2, VANILLA_CNN, case, tape)


def check_function(part2: StudentPart, layout: Layout, case: Batch, tape: Expected) -> None:
    """The network with seeded parameters gives the taped logits.

    Raises NotStarted, or WrongResult with what is known about the difference.
    """
    values = [draw(tape.rng, shape) for shape in layout.shapes]
    x = tape.rng.standard_normal((case.count, 3, case.side, case.side)).astype(np.float32)
    own = shapes(part2.drive("models", "parameters", *layout.recipe, x))
    if case.gradients:
        check_gradients(part2, layout, own, x)
        return
    if not own:
        run(part2, layout, [], [], x)
    there = [shape for _, shape in own]
    places = assignments(layout, there)
    if not places:
        text = say.other_parameters(layout.name, own, lacking(layout, there))
        raise WrongResult(text, code="parameters", evidence=str(sorted(there)))
    wrong: dict[str, Difference] = {}
    for chosen in places:
        fitted = fit(values, chosen, there)
        out = run(part2, layout, chosen, fitted, x)
        wrong = tape.differences(tolerance=TOLERANCE, logits=out)
        if not wrong:
            return
    advice = ""
    if out.ndim == 2 and out.size and np.isfinite(out).all():
        end = at_the_end(out)
        advice = say.AT_THE_END[end] if end else between(part2, layout, places[-1], there, x)
    raise feedback.wrong_result(wrong, say.MEANING, advice)


def check_gradients(
    part2: StudentPart, layout: Layout, own: list[tuple[str, Shape]], x: Array
) -> None:
    """A parameter of each of the layout's shapes gets a gradient; unused layers may exist.

    Raises NotStarted, or WrongResult with the parameters that get none.
    """
    target = np.arange(len(x), dtype=np.int64)
    seen = facts(part2.drive("models", "gradients", x, target), type=str)
    if seen["type"] == "NoneType":
        raise NotStarted(f"{layout.name}.forward")
    seen = facts(seen, all=int, count=int, without=list)
    learning = [shape for name, shape in own if name not in seen["without"]]
    if not all(any(holds(shape, wanted) for shape in learning) for wanted in layout.shapes):
        raise WrongResult(
            say.no_gradient(names(seen["without"])),
            code="no-gradient",
            evidence=str(sorted(learning)),
        )


def run(
    part2: StudentPart, layout: Layout, places: list[int], values: list[Array], x: Array
) -> Array:
    """The logits with `values` at `places`; raises NotStarted, WrongResult for no tensor."""
    seen = facts(part2.drive("models", "logits", places, values, x), type=str)
    if seen["type"] == "NoneType":
        raise NotStarted(f"{layout.name}.forward")
    if not isinstance(seen.get("out"), np.ndarray):
        text = say.no_tensor(layout.name, seen["type"])
        raise WrongResult(text, code="type", evidence=seen["type"])
    return np.asarray(seen["out"])


def between(
    part2: StudentPart, layout: Layout, places: list[int], own: list[Shape], x: Array
) -> str:
    """What to look at between the layers, by how the hidden units respond."""
    values = fit(probe_of_activation(layout), places, own)
    found = activation(run(part2, layout, places, values, x))
    if found == layout.activation:
        return say.AROUND_ACTIVATION
    if found:
        return say.another_activation(layout.activation, found)
    return say.unknown_activation(layout.activation)
