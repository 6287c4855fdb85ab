"""Our exact checks of Part 1 beside the usual element-wise one, on the same loop code.

Both sides are CPU seconds of the student's code: ours in the workers, over all cases of
checks 1.1 to 1.6, starting the workers included; the usual one in this process, two
forwards for each entry of x, w and b (h = 1e-5), at the one shape a layer that public
homework tests of this kind use (for the convolution: 712 forwards).
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from grader.authoring import samples
from grader.selection import Selection
from grader.session import Options, grade

LAYERS = {"1.1", "1.2", "1.3", "1.4", "1.5", "1.6"}
STEP = 1e-5


def ours(folder: Path) -> float:
    """CPU seconds in the workers, for every case of the six checks."""
    run = grade(Options(folder, selection=Selection(frozenset(LAYERS))))
    wrong = [check.number for check in run.checks if check.points < check.max_points]
    if wrong:
        sys.exit(f"the loop submission fails {wrong}: the comparison would mean nothing")
    return sum(check.cpu_seconds for check in run.checks)


def slope(forward: Callable[[], np.ndarray], array: np.ndarray, dout: np.ndarray) -> None:
    """The element-wise central difference of sum(dout * forward()) in every entry."""
    for index in np.ndindex(array.shape):
        old = array[index]
        array[index] = old + STEP
        above = forward()
        array[index] = old - STEP
        below = forward()
        array[index] = old
        float(np.sum((above - below) * dout)) / (2 * STEP)


def usual(root: Path) -> float:
    """CPU seconds of the element-wise check: one shape for each of the four layers."""
    sys.path.insert(0, str(root))
    from modules.convolution import Conv2D
    from modules.linear import Linear
    from modules.max_pool import MaxPooling
    from modules.relu import ReLU

    rng = np.random.default_rng(0)
    began = time.process_time()
    for layer, shape in (
        (Conv2D(3, 2, kernel_size=3, stride=1, padding=1), (4, 3, 5, 5)),
        (MaxPooling(2, 2), (3, 2, 8, 8)),
        (ReLU(), (10, 10)),
        (Linear(6, 5), (10, 2, 3)),
    ):
        x = rng.normal(size=shape)
        out = layer.forward(x)
        dout = rng.normal(size=out.shape)
        layer.backward(dout)
        arrays = [x] + [getattr(layer, name) for name in ("weight", "bias") if hasattr(layer, name)]
        for array in arrays:
            slope(lambda layer=layer, x=x: layer.forward(x), array, dout)
    return time.process_time() - began


def main() -> None:
    """Five pairs, in turn."""
    with tempfile.TemporaryDirectory() as folder:
        submission = samples.assemble("loops-float32", Path(folder) / "loops")
        root = next(submission.rglob("part1-convnet"))
        pairs = [(ours(submission), usual(root)) for _ in range(5)]
    ratios = [a / b for a, b in pairs]
    print(f"ours, all cases:      {statistics.median(a for a, _ in pairs):.3f} CPU s")
    print(f"element-wise, 1 shape: {statistics.median(b for _, b in pairs):.3f} CPU s")
    print(f"ratio: {statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})")


if __name__ == "__main__":
    main()
