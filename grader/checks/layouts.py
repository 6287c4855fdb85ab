"""The two given networks by the shapes of their parameters, and where a student's has them.

Names and order of parameters are the student's own; only the shapes can be known.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.sentences import models as say

MOST_ASSIGNMENTS = 24

Array = np.ndarray[Any, Any]
Shape = tuple[int, ...]


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

    @property
    def name(self) -> str:
        """The name of its class."""
        return str(self.recipe[1])


def two_layers(inputs: int, hidden: int, classes: int) -> Layout:
    """TwoLayerNet as the assignment describes it."""
    return Layout(
        ["models.twolayer", "TwoLayerNet", [inputs, hidden, classes]],
        [(hidden, inputs), (hidden,), (classes, hidden), (classes,)],
        [
            say.weight_of(inputs, hidden),
            say.bias_of(inputs, hidden),
            say.weight_of(hidden, classes),
            say.bias_of(hidden, classes),
        ],
        "sigmoid",
        1,
    )


VANILLA_CNN = Layout(
    ["models.cnn", "VanillaCNN", []],
    [(32, 3, 7, 7), (32,), (10, 5408), (10,)],
    [
        say.FILTERS,
        say.FILTER_BIAS,
        say.weight_of(5408, 10),
        say.bias_of(5408, 10),
    ],
    "ReLU",
    13 * 13,
)


def draw(rng: np.random.RandomState, shape: Shape) -> Array:
    """Normal numbers, such that a layer's outputs have a spread of about 2."""
    fan_in = int(np.prod(shape[1:]))
    scale = 2 / np.sqrt(fan_in) if len(shape) > 1 else 0.5
    return np.asarray(rng.standard_normal(shape) * scale, np.float32)


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


def fit(values: list[Array], places: list[int], own: list[Shape]) -> list[Array]:
    """The values of a layout's parameters, in the shapes `own` that they have at `places`."""
    return [laid_out(value, own[place]) for value, place in zip(values, places)]


def laid_out(value: Array, shape: Shape) -> Array:
    """The value of a parameter in the shape that `holds` found fitting."""
    turned = value.ndim == 2 and squeezed(shape) == value.shape[::-1] != value.shape
    return np.ascontiguousarray((value.T if turned else value).reshape(shape))


def lacking(layout: Layout, own: list[Shape]) -> str:
    """The first parameter of `layout` that none of `own` can stand for, in words; '' if none."""
    pairs = zip(layout.shapes, layout.words)
    absent = (words for wanted, words in pairs if not any(holds(shape, wanted) for shape in own))
    return next(absent, "")
