"""Hold a layer's backward against its own forward, exactly.

For a bilinear f and odd multiples of 1/64 as directions v, the central difference

    <dout, f(x + h v) - f(x - h v)> / 2h   with h = 1/4

*is* the directional derivative <gradient, v>: the even terms cancel and nothing is
rounded. Probing all arguments jointly costs two forwards, however large they are.

That a backward fits its forward is worth little where the forward is made up: the sum of
all entries has the simplest of gradients. `reach` tells whether each output depends on the
inputs that it should depend on, whatever it makes of them; `interact` whether it multiplies
them, where a sum would have gradients that need no thought.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from grader.numerics.inputs import Array, directions

STEP = 0.25
PROBES = 2
# Of the gradient's entries, or of the outputs where those are fewer. Where windows overlap, maxima
# stand in several of them: a right backward of MaxPooling filled 0.44 of the outputs' number, and
# one that fits a forward which loses the negative maxima of a channel 0.35.
LEAST_FILLED = 0.25
TOLERANCE = 1e-6
LARGEST_GRADIENT = 1e9  # the inputs are small; beyond it the tolerance would swallow all
PLACES = 3
PUSH = 1000.0  # above all entries, so that even a maximum or a kink must move


def consistent(
    forward: Callable[..., Any],
    arguments: Mapping[str, Array],
    gradients: Mapping[str, Any],
    dout: Array,
    rng: np.random.RandomState,
) -> bool:
    """Whether `gradients` are those of `forward` at `arguments`, weighted by `dout`.

    `forward(**arguments)` returns an array of dout's shape; `gradients` has an array
    of its argument's size for each name. Forwards that return something else, and
    gradients that are trivial (more than three quarters 0) or huge, are not
    consistent: a forward of zeros with a backward of zeros must not earn points.
    """
    for name, value in arguments.items():
        gradient = gradients.get(name)
        if not isinstance(gradient, np.ndarray) or gradient.size != value.size:
            return False
        bounded = (np.abs(gradient.astype(float)) < LARGEST_GRADIENT).all()  # NaN is not
        least = LEAST_FILLED * min(gradient.size, dout.size)
        if not bounded or np.count_nonzero(gradient) < least:
            return False
    for _ in range(PROBES):
        along = {name: directions(rng, value.shape) for name, value in arguments.items()}
        above = forward(**{name: v + STEP * along[name] for name, v in arguments.items()})
        below = forward(**{name: v - STEP * along[name] for name, v in arguments.items()})
        for value in (above, below):
            if not isinstance(value, np.ndarray) or value.shape != dout.shape:
                return False
        slope = float(np.sum(dout * (above.astype(float) - below.astype(float)))) / (2 * STEP)
        claimed = sum(
            float(np.sum(gradients[name].astype(float).reshape(v.shape) * v))
            for name, v in along.items()
        )
        size = np.sqrt(sum(float(np.sum(gradients[n].astype(float) ** 2)) for n in arguments))
        if not np.isfinite(slope) or abs(slope - claimed) > TOLERANCE * max(size, 1.0):
            return False
    return True


def reach(
    forward: Callable[..., Any],
    arguments: Mapping[str, Array],
    shape: tuple[int, ...],
    rng: np.random.RandomState,
) -> dict[str, Any]:
    """Which outputs change when single entries of an argument are pushed up or down.

    For each argument a boolean array (PLACES, *shape); None where `forward` returns
    something else than arrays of `shape`.
    """
    return {name: _reach(forward, arguments, name, shape, rng) for name in arguments}


def interact(
    forward: Callable[..., Any], one: str, other: str, arguments: Mapping[str, Array]
) -> bool:
    """Whether two arguments meet in most outputs, as the factors of a product do.

    That is where the mixed difference f(x, w) - f(0, w) - f(x, 0) + f(0, 0) is not 0. It is
    0 everywhere for a sum of a function of x and one of w.
    """
    outputs = []
    for blank in ((), (one,), (other,), (one, other)):
        given = {n: np.zeros_like(v) if n in blank else v for n, v in arguments.items()}
        outputs.append(forward(**given))
    if any(not isinstance(out, np.ndarray) or out.shape != outputs[0].shape for out in outputs):
        return False
    both, without_one, without_other, without = (out.astype(float) for out in outputs)
    mixed = both - without_one - without_other + without
    return bool(np.count_nonzero(np.abs(mixed) > TOLERANCE) * 2 > mixed.size)


def _reach(
    forward: Callable[..., Any],
    arguments: Mapping[str, Array],
    name: str,
    shape: tuple[int, ...],
    rng: np.random.RandomState,
) -> np.ndarray[Any, np.dtype[np.bool_]] | None:
    changed = []
    for place in rng.randint(0, arguments[name].size, size=PLACES):
        outputs = []
        for push in (0.0, PUSH, -PUSH):
            moved = arguments[name].copy()
            moved.flat[place] += push
            outputs.append(forward(**{**arguments, name: moved}))
        if any(not isinstance(out, np.ndarray) or out.shape != shape for out in outputs):
            return None
        before, above, below = (out.astype(float) for out in outputs)
        changed.append((np.abs(above - before) > TOLERANCE) | (np.abs(below - before) > TOLERANCE))
    return np.stack(changed)
