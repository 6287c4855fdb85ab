"""What a network costs, as its worker reports it: size, operations, time for an image."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.facts import facts as checked
from grader.checks.loading import LARGEST_FACT, Network
from grader.errors import BadAnswer, MemoryLimitExceeded, WrongResult
from grader.evaluation.images import CLASSES
from grader.evaluation.prediction import BATCH, SHRINK
from grader.feedback import predictions as say
from grader.scope import StudentPart

FIRST = 10  # images of a first call, which chooses the layout in memory, and of a second one
MOST = 512
SECONDS = 2.0  # of computing in each timed call
CALLS = 2
Shares = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Cost:
    """`parameters`; `flops` of one image, multiplications and additions; `bytes` of the file.

    `busiest` and `largest` are a few layers with their shares of the operations and of the
    parameters, the largest first.
    """

    parameters: int
    flops: int
    bytes: int
    busiest: Shares = ()
    largest: Shares = ()


def build(part2: StudentPart, network: Network) -> None:
    """Build `network` in the worker, untrained, in place of one from a checkpoint."""
    part2.load(network.module)
    part2.drive("costs", "make", network.recipe)


def count(part2: StudentPart) -> Cost:
    """The cost of the network that was built or loaded last, from one forward.

    Raises BadAnswer for what cannot be, as student code runs beside the driver.
    """
    answer = checked(
        part2.drive("costs", "count"),
        **dict.fromkeys(("parameters", "flops", "bytes"), int),
        **dict.fromkeys(("busiest", "largest"), list),
    )
    for name in ("parameters", "flops", "bytes"):
        if not 0 <= answer[name] < LARGEST_FACT:
            raise BadAnswer(f"the fact `{name}` is out of bounds")
    return Cost(
        answer["parameters"],
        answer["flops"],
        answer["bytes"],
        _shares(answer["busiest"]),
        _shares(answer["largest"]),
    )


def _shares(pairs: list[Any]) -> Shares:
    found = []
    for pair in pairs:
        fits = isinstance(pair, (list, tuple)) and len(pair) == 2
        if not fits or not isinstance(pair[0], str) or not isinstance(pair[1], float):
            raise BadAnswer("the share of a layer is malformed")
        if not 0 <= pair[1] <= 1:
            raise BadAnswer("the share of a layer is out of bounds")
        found.append((pair[0], pair[1]))
    return tuple(found)


def seconds_per_image(part2: StudentPart) -> float:
    """CPU seconds for an image of the network that was built or loaded last.

    From a few calls with random images, of which the fastest counts: other programs can only
    slow it down. Batches become smaller where the memory asks for it, as `prediction.predict`
    makes them. Raises WrongResult where no logits (n, 10) come back, and MemoryLimitExceeded
    where there is no room for a single image.
    """
    predict = _Batches(part2)
    before = predict(FIRST)
    after = predict(FIRST)
    rate = (after - before) / FIRST
    timed = []
    for _ in range(CALLS):
        count = min(max(int(SECONDS / rate), 1), MOST) if rate > 0 else MOST
        before, after = after, predict(count)
        rate = (after - before) / count
        timed.append(rate)
    return min(timed)


class _Batches:
    """Predicts random images; `size` is how many at a time fit into the memory."""

    def __init__(self, part2: StudentPart) -> None:
        self.size = BATCH
        self._part2 = part2
        self._rng = np.random.default_rng(0)

    def __call__(self, count: int) -> float:
        """Predict so many; the CPU seconds that the worker has used since it began."""
        pixels = self._rng.integers(0, 256, (count, 32, 32, 3), dtype=np.uint8)
        while True:
            try:
                answer = self._part2.drive("weights", "predict", pixels, self.size, 0)
            except MemoryLimitExceeded:
                if self.size == 1:
                    raise
                self.size = max(self.size // SHRINK, 1)
                continue
            return _cpu_seconds(answer, count)


def _cpu_seconds(answer: Any, count: int) -> float:
    """What the worker has used by its own clock, from its answer with `count` logits."""
    answer = checked(answer, problem=str)
    if answer["problem"] == "none":
        raise WrongResult(say.NOTHING, code="none")
    if answer["problem"] == "type":
        raise WrongResult(say.no_tensor(str(answer.get("found"))), code="type")
    if answer["problem"]:
        raise WrongResult(say.another_shape(answer.get("batch"), answer.get("found")), code="shape")
    logits = checked(answer, logits=np.ndarray, cpu=float)["logits"]
    if logits.shape != (count, CLASSES):
        raise WrongResult(say.another_shape(count, list(logits.shape)), code="shape")
    if not math.isfinite(answer["cpu"]):
        raise BadAnswer("the fact `cpu` is out of bounds")
    return float(answer["cpu"])
