"""Compare what came back with what was expected, shape before closeness.

`allclose` broadcasts, so that a wrong shape could pass; here a shape is compared
first, then finiteness, then the largest difference against the largest expected entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.numerics.patterns import pattern
from grader.sandbox.proxies import RemoteObject, type_name

# A correct layer stays below 1.2e-6 even in float32 on random data; the smallest
# error of a wrong one that was ever measured is 2e-2.
TOLERANCE = 1e-5


@dataclass(frozen=True)
class Difference:
    """How one array differs, in facts that give nothing of the expected values away.

    `kind`: 'none' (nothing there), 'type' (no array), 'shape', 'finite' or 'values'.
    `wrong` of `total` entries differ; `worst` is the index of the largest difference;
    `ratio` is got/expected where that is one constant; `note` names what came; `pattern`
    says what it looks like beside the expected array, see `grader.numerics.patterns`.
    """

    kind: str
    got_shape: tuple[int, ...] = ()
    expected_shape: tuple[int, ...] = ()
    wrong: int = 0
    total: int = 0
    worst: tuple[int, ...] = ()
    ratio: float | None = None
    note: str = ""
    pattern: str = ""


def difference(
    got: Any,
    expected: np.ndarray[Any, Any],
    *,
    tolerance: float = TOLERANCE,
    loose_shape: bool = False,
) -> Difference | None:
    """The first way in which `got` differs from `expected`, or None.

    Equal means max|got - expected| <= tolerance * max|expected|. With `loose_shape`,
    axes of length 1 do not count: a `db` of shape (1, out) is right in value.
    """
    if got is None:
        return Difference("none", expected_shape=expected.shape)
    if isinstance(got, (bool, int, float)):
        got = np.asarray(got)
    if not isinstance(got, np.ndarray):
        name = type_name(got) if isinstance(got, RemoteObject) else type(got).__name__
        return Difference("type", expected_shape=expected.shape, note=name)
    if got.shape != expected.shape:
        squeezed = [size for size in got.shape if size != 1]
        if not loose_shape or squeezed != [size for size in expected.shape if size != 1]:
            return Difference("shape", got.shape, expected.shape)
        got = got.reshape(expected.shape)
    values = got.astype(np.float64)
    if not np.isfinite(values).all():
        bad = ~np.isfinite(values)
        worst = tuple(int(i) for i in np.argwhere(bad)[0])
        return Difference("finite", got.shape, expected.shape, int(bad.sum()), bad.size, worst)
    return _value_difference(values, expected.astype(np.float64), tolerance)


def _value_difference(
    got: np.ndarray[Any, Any],
    expected: np.ndarray[Any, Any],
    tolerance: float,
) -> Difference | None:
    if got.size == 0:
        return None
    error = np.abs(got - expected)
    scale = float(np.abs(expected).max()) or 1.0
    bad = error > tolerance * scale
    if not bad.any():
        return None
    worst = tuple(int(i) for i in np.unravel_index(int(error.argmax()), error.shape))
    return Difference(
        "values",
        got.shape,
        expected.shape,
        int(bad.sum()),
        got.size,
        worst,
        _constant_ratio(got, expected),
        pattern=pattern(got, expected),
    )


def _constant_ratio(got: np.ndarray[Any, Any], expected: np.ndarray[Any, Any]) -> float | None:
    """got/expected if that is the same number everywhere, else None."""
    there = expected != 0
    if not there.any() or (got[~there] != 0).any():
        return None
    ratios = got[there] / expected[there]
    ratio = float(ratios.flat[0])
    same = np.abs(ratios - ratio).max() <= 1e-6 * max(abs(ratio), 1e-300)
    return ratio if same else None
