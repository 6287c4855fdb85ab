"""Right solutions in many styles, which no check may fail (instructors only)."""

from __future__ import annotations

from grader.authoring.right import (
    convolution_columns,
    convolution_loops,
    convolution_scalars,
    convolution_windows,
    linear,
    losses,
    my_model,
    network,
    pooling_arrays,
    pooling_loops,
    relu,
    scripts,
    sgd,
    steps,
    twolayer,
    vanilla_cnn,
)
from grader.authoring.right.right import Right

FAMILIES = (
    convolution_loops,
    convolution_scalars,
    convolution_windows,
    convolution_columns,
    pooling_loops,
    pooling_arrays,
    relu,
    linear,
    network,
    sgd,
    twolayer,
    vanilla_cnn,
    my_model,
    steps,
    scripts,
    losses,
)


def solutions() -> list[Right]:
    """All of them; each replaces the files of one task."""
    return [solution for family in FAMILIES for solution in family.solutions()]
