"""Task 2.3 and 2.4: the two given networks, compared as functions.

Parameters are set by their shapes, whatever their names; then the logits are held
against the tape. What is said about a wrong network comes from probes whose answers
are read off its outputs.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader import feedback
from grader.checks.facts import facts, names, shapes
from grader.checks.hints.models import FAMILIES
from grader.errors import NotStarted, WrongResult
from grader.feedback import code
from grader.marks import CORE, WIDE, Case, cases, diagnosed, limit, number, weight
from grader.numerics.compare import Difference
from grader.scope import StudentPart
from grader.tape import Expected

TOLERANCE = 1e-4
MOST_ASSIGNMENTS = 24
FAR = 20.0  # where sigmoid is flat, and ReLU, tanh and the identity are far apart
MEANING = {"logits": "the network's function of the images, with the parameters that were set"}

Array = np.ndarray[Any, Any]
Shape = tuple[int, ...]


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


@dataclass(frozen=True)
class Layout:
    """A network: its recipe, and shape and meaning of each of its parameters.

    `spread` is the number of hidden values that the first layer gives for each entry of
    its bias: 1 for a linear layer, a plane of pixels for a convolution.
    """

    recipe: list[Any]
    shapes: list[Shape]
    words: list[str]
    activation: str
    spread: int


def two_layers(case: TwoLayers) -> Layout:
    """TwoLayerNet as the assignment describes it."""
    inputs = 3 * case.side**2
    return Layout(
        ["models.twolayer", "TwoLayerNet", [inputs, case.hidden, case.classes]],
        [(case.hidden, inputs), (case.hidden,), (case.classes, case.hidden), (case.classes,)],
        [
            f"the weight of a linear layer {inputs} -> {case.hidden}",
            f"the bias of the linear layer {inputs} -> {case.hidden}",
            f"the weight of a linear layer {case.hidden} -> {case.classes}",
            f"the bias of the linear layer {case.hidden} -> {case.classes}",
        ],
        "sigmoid",
        1,
    )


VANILLA_CNN = Layout(
    ["models.cnn", "VanillaCNN", []],
    [(32, 3, 7, 7), (32,), (10, 5408), (10,)],
    [
        "the filters of a convolution with 32 filters of 7 by 7",
        "the bias of the convolution",
        "the weight of a linear layer 5408 -> 10",
        "the bias of the linear layer",
    ],
    "ReLU",
    13 * 13,
)

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
def test_two_layers(part2: StudentPart, case: TwoLayers, tape: Expected) -> None:
    """TwoLayerNet: flatten, linear, sigmoid, linear"""
    part2.require("models/twolayer.py")
    check_function(part2, two_layers(case), case, tape)


@number("2.4")
@weight(0.75)
@limit(cpu_seconds=20)
@cases(VANILLA_CNNS)
@diagnosed(FAMILIES)
def test_vanilla_cnn(part2: StudentPart, case: Batch, tape: Expected) -> None:
    """VanillaCNN: 7 by 7 convolution, ReLU, 2 by 2 max pooling, linear"""
    part2.require("models/cnn.py")
    check_function(part2, VANILLA_CNN, case, tape)


def draw(rng: np.random.RandomState, shape: Shape) -> Array:
    """Normal numbers, such that a layer's outputs have a spread of about 2."""
    fan_in = int(np.prod(shape[1:]))
    scale = 2 / np.sqrt(fan_in) if len(shape) > 1 else 0.5
    return np.asarray(rng.standard_normal(shape) * scale, np.float32)


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
    places = assignments(layout, [shape for _, shape in own])
    if not places:
        there = sorted(shape for _, shape in own)
        raise WrongResult(no_place(layout, own), code="parameters", evidence=str(there))
    wrong: dict[str, Difference] = {}
    for chosen in places:
        out = run(part2, layout, chosen, values, x, own)
        wrong = tape.differences(tolerance=TOLERANCE, logits=out)
        if not wrong:
            return
    text = feedback.wrong_arrays(wrong, MEANING)
    raise WrongResult(f"{text} {diagnose(part2, layout, places[-1], own, out, x)}".strip())


def check_gradients(
    part2: StudentPart, layout: Layout, own: list[tuple[str, Shape]], x: Array
) -> None:
    """A parameter of each of the layout's shapes gets a gradient; unused layers may exist.

    Raises NotStarted, or WrongResult with the parameters that get none.
    """
    target = np.arange(len(x), dtype=np.int64)
    seen = facts(part2.drive("models", "gradients", x, target), type=str)
    if seen["type"] == "NoneType":
        raise NotStarted(f"{layout.recipe[1]}.forward")
    seen = facts(seen, all=int, count=int, without=list)
    learning = [shape for name, shape in own if name not in seen["without"]]
    if not all(any(holds(shape, wanted) for shape in learning) for wanted in layout.shapes):
        raise WrongResult(
            f"After `loss.backward()` there is no gradient for {names(seen['without'])}: these "
            "never learn. Look for `detach`, `.data`, `torch.no_grad` or numpy in forward, and "
            "for layers that forward does not use.",
            code="no-gradient",
            evidence=str(sorted(learning)),
        )


def assignments(layout: Layout, own: list[Shape]) -> list[list[int]]:
    """Ways to give each parameter of `layout` a place among those of the student's.

    Other parameters are left alone: unused layers exist.
    """
    candidates = [
        [place for place, shape in enumerate(own) if holds(shape, wanted)]
        for wanted in layout.shapes
    ]
    ways = (list(way) for way in itertools.product(*candidates) if len(set(way)) == len(way))
    return list(itertools.islice(ways, MOST_ASSIGNMENTS))


def holds(shape: Shape, wanted: Shape) -> bool:
    """Whether `shape` can stand for `wanted`.

    Axes of length 1 do not count, a matrix may lie transposed, and filters may be rows.
    """
    own, core = squeezed(shape), squeezed(wanted)
    rows = (core[0], int(np.prod(core[1:])))
    return own in (core, rows) or (len(core) == 2 and own == core[::-1])


def squeezed(shape: Shape) -> Shape:
    """The axes that are longer than 1."""
    return tuple(size for size in shape if size != 1)


def run(
    part2: StudentPart,
    layout: Layout,
    places: list[int],
    values: list[Array],
    x: Array,
    own: list[tuple[str, Shape]] | None = None,
) -> Array:
    """The logits with `values` at `places`; raises NotStarted, WrongResult for no tensor."""
    fitted = [
        value if own is None else laid_out(value, own[place][1])
        for place, value in zip(places, values)
    ]
    seen = facts(part2.drive("models", "logits", places, fitted, x), type=str)
    name = layout.recipe[1]
    if seen["type"] == "NoneType":
        raise NotStarted(f"{name}.forward")
    if not isinstance(seen.get("out"), np.ndarray):
        raise WrongResult(
            f"{name}.forward returns a {code(seen['type'])}: return one tensor, the logits.",
            code="type",
        )
    return np.asarray(seen["out"])


def laid_out(value: Array, shape: Shape) -> Array:
    """The value of a parameter in the shape that `holds` found fitting."""
    turned = value.ndim == 2 and squeezed(shape) == value.shape[::-1] != value.shape
    return np.ascontiguousarray((value.T if turned else value).reshape(shape))


def no_place(layout: Layout, own: list[tuple[str, Shape]]) -> str:
    """Which layer the network lacks, by the shapes of its parameters."""
    there = [shape for _, shape in own]
    lacking = [
        words
        for wanted, words in zip(layout.shapes, layout.words)
        if not any(holds(shape, wanted) for shape in there)
    ]
    listed = ", ".join(f"{code(name)} {shape}" for name, shape in own[:8]) or "none"
    what = f"It lacks {lacking[0]}." if lacking else "Two layers share their parameters."
    return (
        f"The parameters of {layout.recipe[1]} are not those of the network that the handout "
        f"describes. {what} Its parameters are: {listed}."
    )


def diagnose(
    part2: StudentPart,
    layout: Layout,
    places: list[int],
    own: list[tuple[str, Shape]],
    out: Array,
    x: Array,
) -> str:
    """The likely mistake: what the outputs look like, and how the hidden units respond."""
    if out.ndim != 2 or not out.size or not np.isfinite(out).all():
        return ""
    said = output_looks(out)
    if said:
        return said
    hidden_low, hidden_high = read_activation(part2, layout, places, own, x)
    seen = {
        (-FAR, FAR): "nothing at all",
        (0.0, FAR): "ReLU",
        (-1.0, 1.0): "tanh",
        (0.0, 1.0): "sigmoid",
    }
    for (low, high), words in seen.items():
        if abs(hidden_low - low) + abs(hidden_high - high) < 0.01 * FAR:
            if words == layout.activation:
                return "The activation is right; look at the layers around it and their order."
            return f"Between the layers it should be {layout.activation}; it looks like {words}."
    return f"Does {layout.activation}, and only that, lie between the layers?"


def output_looks(out: Array) -> str:
    """What lies behind the last layer, if the outputs give it away."""
    exponentials = np.exp(np.minimum(out, 1))
    if (out >= 0).all() and np.allclose(out.sum(axis=1), 1, atol=1e-4):
        return "Each row sums to 1: a softmax at the end? The cross-entropy loss includes it."
    if (out <= 0).all() and np.allclose(exponentials.sum(axis=1), 1, atol=1e-4):
        return "A log-softmax at the end? The cross-entropy loss includes it."
    if ((out > 0) & (out < 1)).all():
        return "All outputs lie between 0 and 1: a second sigmoid at the end? Return the logits."
    if (out >= 0).all():
        return "No output is negative: a ReLU at the end? Return the logits."
    return ""


def read_activation(
    part2: StudentPart,
    layout: Layout,
    places: list[int],
    own: list[tuple[str, Shape]],
    x: Array,
) -> tuple[float, float]:
    """What the hidden units give for -FAR and for FAR.

    The first weights are 0, so that its biases alone reach the activation; the last
    layer passes one low unit to output 0 and one high unit to output 1.
    """
    values = [np.zeros(shape, np.float32) for shape in layout.shapes]
    values[1][0], values[1][1] = -FAR, FAR
    values[2][0, 0] = values[2][1, layout.spread] = 1.0
    out = run(part2, layout, places, values, x, own)
    if out.ndim != 2 or out.shape[1] < 2:
        return np.nan, np.nan
    return float(out[0, 0]), float(out[0, 1])
