"""Predict the test images with a network that runs in a worker, within the check's time.

Images go over in chunks and in a secret random order; labels stay here. After each
chunk the time of the next is known: what no longer fits is not predicted and counts as
wrong. As the order is random and secret, the predicted part is a fair sample, and no
submission can know which images it is going to be asked for.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from grader.budget import Allowance
from grader.errors import BadAnswer, TimeLimitExceeded, WrongResult
from grader.feedback import predictions as say
from grader.images import CLASSES, Images
from grader.numerics.inputs import stream

BATCH = 32  # as fast as 100, with a third of the memory: 25 million parameters fit
CHUNKS = (10, 100, 500)  # the first ones are small, so that a slow network is found out early
USABLE = 0.85  # of the time that is left: a machine may become slower
PROBES = 100  # images that are predicted again to see whether predictions are stable
ALONE = 10  # of them are predicted one by one, too
SAME = 1e-3  # of the largest logit: what another batch size may change by rounding
NOISE = 2
UNPREDICTED = -1

Integers: TypeAlias = "np.ndarray[Any, np.dtype[np.int64]]"
Ask: TypeAlias = Callable[[np.ndarray[Any, Any], int, int], Any]
"""Called with images (n, 32, 32, 3) uint8, a batch size and a seed; gives the driver's answer."""


@dataclass
class Prediction:
    """What a network said.

    `classes` (N,) holds a class for each image, `UNPREDICTED` where there is none;
    `random` says that logits changed when the same images came again in the same batches,
    `company` that they depend on the other images of the batch; `under_noise` is the share of
    `PROBES` predictions that stayed under invisible noise (None: there was no time to look).
    """

    classes: Integers
    done: int = 0
    not_finite: int = 0
    seconds: float = 0.0
    random: bool = False
    company: bool = False
    under_noise: float | None = None
    first_logits: dict[int, np.ndarray[Any, Any]] = field(default_factory=dict, repr=False)

    @property
    def unstable(self) -> bool:
        """Whether an image may get another prediction when it is asked for again."""
        return self.random or self.company

    @property
    def total(self) -> int:
        """How many images there are."""
        return len(self.classes)

    @property
    def seconds_per_image(self) -> float:
        """Wall seconds an image, transfers included."""
        return self.seconds / max(self.done, 1)

    def accuracy(self, labels: Integers) -> float:
        """The share of all images that were predicted right; those not predicted count too."""
        return float(np.mean(self.classes == labels))

    def per_class(self, labels: Integers) -> list[float]:
        """The same for the images of each class; 0 for a class without images."""
        return [
            float(np.mean(self.classes[labels == k] == k)) if (labels == k).any() else 0.0
            for k in range(CLASSES)
        ]


class Clock:
    """The time of one worker: CPU seconds as it reports them, wall seconds as they pass.

    A worker that reports less than it used only runs into its limit.
    """

    def __init__(
        self,
        allowance: Allowance,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._allowance = allowance
        self._now = now
        self._began = now()
        self._cpu = 0.0

    def report(self, cpu_seconds: float) -> None:
        """Take the CPU seconds that the worker has used in all."""
        self._cpu = max(self._cpu, cpu_seconds)

    def used(self) -> tuple[float, float]:
        """CPU and wall seconds up to now."""
        return self._cpu, self._now() - self._began

    def left(self) -> tuple[float, float]:
        """CPU and wall seconds that may still be used."""
        cpu, wall = self.used()
        return self._allowance.cpu_seconds - cpu, self._allowance.wall_seconds - wall


def predict(ask: Ask, images: Images, seed: int, clock: Clock) -> Prediction:
    """Predict as many images as fit into the time, in an order drawn from `seed`.

    Raises WrongResult when what comes back are no logits (n, 10) or none is finite, and
    TimeLimitExceeded when there is no time for a single image.
    """
    order = stream(seed, f"images/{images.digest}").permutation(len(images.pixels))
    found = Prediction(np.full(len(order), UNPREDICTED, np.int64))
    rates = (0.0, 0.0)
    step = 0
    while found.done < len(order):
        size = min(CHUNKS[min(step, len(CHUNKS) - 1)], len(order) - found.done)
        size = min(size, *_fitting(rates, clock))
        if size <= 0:
            break
        before = clock.used()
        chosen = order[found.done : found.done + size]
        _take(found, chosen, _logits(ask(images.pixels[chosen], BATCH, seed + step), clock, size))
        rates = tuple((after - b) / size for after, b in zip(clock.used(), before))  # type: ignore[assignment]
        found.done += size
        found.seconds = clock.used()[1]
        step += 1
    if not found.done:
        raise TimeLimitExceeded(clock.used()[1], "wall")
    if found.not_finite == found.done:
        raise WrongResult(say.ALL_NOT_FINITE, code="not-finite")
    if min(_fitting(rates, clock)) > 4 * PROBES:
        _probe(ask, images, order[: min(PROBES, found.done)], seed, found)
    return found


def _fitting(rates: tuple[float, float], clock: Clock) -> list[int]:
    """How many images fit into the CPU and into the wall seconds that are left."""
    return [
        int(USABLE * left / rate) if rate > 0 else (2**31 if left > 0 else 0)
        for rate, left in zip(rates, clock.left())
    ]


def _take(found: Prediction, chosen: Integers, logits: np.ndarray[Any, Any]) -> None:
    finite = np.isfinite(logits).all(axis=1)
    found.not_finite += int((~finite).sum())
    found.classes[chosen[finite]] = logits[finite].argmax(axis=1)
    for index, row in zip(chosen[:PROBES], logits[:PROBES]):
        if len(found.first_logits) < PROBES:
            found.first_logits[int(index)] = row


def _logits(answer: Any, clock: Clock | None, size: int) -> np.ndarray[Any, Any]:
    """The logits of a driver's answer; raises WrongResult or BadAnswer for anything else."""
    if not isinstance(answer, dict) or not isinstance(answer.get("problem"), str):
        raise BadAnswer("the predictions are no logits")
    problem, found = answer["problem"], answer.get("found")
    if problem == "none":
        raise WrongResult(say.NOTHING, code="none")
    if problem == "type":
        raise WrongResult(say.no_tensor(str(found)), code="type")
    logits = answer.get("logits")
    if problem == "shape" or not isinstance(logits, np.ndarray) or logits.ndim != 2:  # noqa: PLR2004
        raise WrongResult(say.another_shape(answer.get("batch"), found), code="shape")
    if logits.shape != (size, CLASSES):
        raise WrongResult(say.another_shape(size, list(logits.shape)), code="shape")
    if logits.dtype.kind != "f":
        raise BadAnswer("the logits are no floating-point numbers")
    cpu = answer.get("cpu")
    if clock is not None and isinstance(cpu, float) and math.isfinite(cpu):
        clock.report(cpu)
    return logits


def _same(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> bool:
    scale = float(np.abs(other).max()) or 1.0
    return bool(np.abs(one - other).max() <= SAME * scale)


def _probe(ask: Ask, images: Images, chosen: Integers, seed: int, found: Prediction) -> None:
    """Predict some images again: in other company, alone, and under noise that no eye sees."""
    pixels = images.pixels[chosen]
    before = np.stack([found.first_logits[int(index)] for index in chosen])
    turned = pixels[::-1].copy()
    again = _logits(ask(turned, BATCH // 2, seed - 1), None, len(chosen))
    alone = _logits(ask(pixels[:ALONE].copy(), 1, seed - 3), None, len(chosen[:ALONE]))
    differ = not (_same(again[::-1], before) and _same(alone, before[:ALONE]))
    if differ:
        once_more = _logits(ask(turned, BATCH // 2, seed - 4), None, len(chosen))
        found.random = not _same(once_more, again)
        found.company = not found.random
    sign = stream(seed, "noise").randint(0, 2, size=pixels.shape) * 2 - 1
    noisy = np.clip(pixels.astype(np.int64) + NOISE * sign, 0, 255).astype(np.uint8)
    under_noise = _logits(ask(noisy, BATCH, seed - 2), None, len(chosen)).argmax(axis=1)
    found.under_noise = float(np.mean(under_noise == before.argmax(axis=1)))
