"""Predict the test images with a network that runs in a worker, within the check's time.

Images go over in chunks and in a secret random order; labels stay here. After each
chunk the time of the next is known: what no longer fits is not predicted and counts as
wrong. As the order is random and secret, the predicted part is a fair sample, and no
submission can know which images it is going to be asked for. So there are two figures: the
accuracy that is guaranteed, which counts, and an estimate of what all images would have given.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from grader.budget import Allowance
from grader.errors import BadAnswer, MemoryLimitExceeded, TimeLimitExceeded, WrongResult
from grader.evaluation import intervals
from grader.evaluation.images import CLASSES, Images
from grader.feedback import predictions as say
from grader.numerics.inputs import stream

BATCH = 32  # see `predict`
SHRINK = 4  # a batch that does not fit into the memory is followed by one so much smaller
CHUNKS = (10, 100, 500)  # the first ones are small, so that a slow network is found out early
USABLE = 0.85  # of the time that is left: a machine may become slower
PROBES = 100  # images that are predicted again to see whether predictions are stable
ALONE = 10  # of them are predicted one by one, too
SAME = 1e-3  # of the largest logit: what another batch size may change by rounding
NOISE = 2
UNPREDICTED = -1

Integers: TypeAlias = "np.ndarray[Any, np.dtype[np.int64]]"
Booleans: TypeAlias = "np.ndarray[Any, np.dtype[np.bool_]]"
Ask: TypeAlias = Callable[[np.ndarray[Any, Any], int, int], Any]
"""Called with images (n, 32, 32, 3) uint8, a batch size and a seed; gives the driver's answer."""


@dataclass(frozen=True)
class Estimate:
    """The share of right answers among all images, from those that were predicted.

    `low` and `high` bound its 95 % interval (`grader.evaluation.intervals.wilson`).
    """

    share: float
    low: float
    high: float


@dataclass
class Prediction:
    """What a network said.

    `classes` (N,) holds a class for each image, `UNPREDICTED` where there is none; `asked` (N,)
    says which images were predicted, if only with outputs that are no numbers. `batch` is how
    many came at a time in the end, and `cpu_seconds` what all took. `random` says that logits
    changed when the same images came again in the same batches, `company` that they depend on
    the other images of the batch; `under_noise` is the share of `PROBES` predictions that
    stayed under invisible noise (None: there was no time to look), and `hung` says that looking
    took all the time, though there was enough for several times as many images.
    """

    classes: Integers
    asked: Booleans
    batch: int = BATCH
    done: int = 0
    not_finite: int = 0
    cpu_seconds: float = 0.0
    random: bool = False
    company: bool = False
    under_noise: float | None = None
    hung: bool = False
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
    def complete(self) -> bool:
        """Whether all images were predicted."""
        return self.done == self.total

    @property
    def cpu_seconds_per_image(self) -> float:
        """CPU seconds of the worker for an image: what it takes on any machine like this."""
        return self.cpu_seconds / max(self.done, 1)

    def right(self, labels: Integers) -> int:
        """How many images were predicted right."""
        return int((self.classes == labels).sum())

    def accuracy(self, labels: Integers) -> float:
        """The guaranteed one: the share of right ones, where those not predicted are wrong."""
        return self.right(labels) / self.total

    def estimate(self, labels: Integers) -> Estimate:
        """The accuracy on all images, guessed from those that were predicted.

        When to stop was decided by time alone; code that spends its time by what it sees could
        shift this figure, and only this one: it decides nothing.
        """
        right = self.right(labels)
        return Estimate(right / self.done, *intervals.wilson(right, self.done, self.total))

    def per_class(self, labels: Integers) -> list[float]:
        """The share of right ones of each class, among those predicted; 0 without any."""
        counts = self.confusion(labels)
        asked = np.bincount(labels[self.asked], minlength=CLASSES)
        return [float(counts[k, k] / max(asked[k], 1)) for k in range(CLASSES)]

    def confusion(self, labels: Integers) -> Integers:
        """Counts (10, 10): images of each class (rows) that were taken for each (columns)."""
        told = self.classes != UNPREDICTED
        cells = labels[told] * CLASSES + self.classes[told]
        counts = np.bincount(cells, minlength=CLASSES * CLASSES)
        return counts.reshape(CLASSES, CLASSES).astype(np.int64)


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


def predict(
    ask: Ask,
    images: Images,
    seed: int,
    clock: Clock,
    *,
    probing: bool = True,
) -> Prediction:
    """Predict as many images as fit into the time, in an order drawn from `seed`.

    `probing` predicts some of them again, if there is time, to see whether that is stable.

    Batches have `BATCH` images, and fewer once the memory was too small for them: networks that
    enlarge images to 224 x 224 and give them 128 channels run at 8 and not at 32 in 600 MB. A
    size for each network would earn nothing else. CPU time for an image at 100 or 256 differs by
    at most a fifth from that at 32 (0.4 to 25 million parameters), at 1 it is up to 3.4 times as
    long, and large arrays (512 channels of 32 x 32) fit at 32 and not at 100.

    Raises WrongResult when what comes back are no logits (n, 10) or none is finite,
    MemoryLimitExceeded when there is no room for a single image, and TimeLimitExceeded when
    there is no time for one. When the time ends within a later chunk, because the machine
    became slower, what was predicted before stands.
    """
    order = stream(seed, f"images/{images.digest}").permutation(len(images.pixels))
    blank = np.full(len(order), UNPREDICTED, np.int64)
    found = Prediction(blank, np.zeros(len(order), np.bool_))
    rates = (0.0, 0.0)
    began = clock.used()[0]
    ended = False
    step = 0
    while found.done < len(order):
        size = min(CHUNKS[min(step, len(CHUNKS) - 1)], len(order) - found.done)
        size = min(size, *_fitting(rates, clock))
        if size <= 0:
            break
        before = clock.used()
        chosen = order[found.done : found.done + size]
        try:
            answer = ask(images.pixels[chosen], found.batch, seed + step)
        except MemoryLimitExceeded:
            if found.batch == 1:
                raise
            found.batch = max(found.batch // SHRINK, 1)
            continue
        except TimeLimitExceeded:
            if not found.done:
                raise
            ended = True
            break
        _take(found, chosen, _logits(answer, clock, size))
        rates = tuple((after - b) / size for after, b in zip(clock.used(), before))  # type: ignore[assignment]
        found.done += size
        found.cpu_seconds = clock.used()[0] - began
        step += 1
    if not found.done:
        raise TimeLimitExceeded(clock.used()[1], "wall")
    if found.not_finite == found.done:
        raise WrongResult(say.ALL_NOT_FINITE, code="not-finite")
    if probing and not ended and min(_fitting(rates, clock)) > 4 * PROBES:
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
    found.asked[chosen] = True
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
    """Predict some images again, to see what changes; a time-out says something, too."""
    try:
        _ask_again(ask, images, chosen, seed, found)
    except TimeLimitExceeded:
        found.hung = True


def _ask_again(ask: Ask, images: Images, chosen: Integers, seed: int, found: Prediction) -> None:
    """The same images in other company, alone, and under noise that no eye sees."""
    pixels = images.pixels[chosen]
    before = np.stack([found.first_logits[int(index)] for index in chosen])
    turned = pixels[::-1].copy()
    half = max(found.batch // 2, 1)
    again = _logits(ask(turned, half, seed - 1), None, len(chosen))
    alone = _logits(ask(pixels[:ALONE].copy(), 1, seed - 3), None, len(chosen[:ALONE]))
    differ = not (_same(again[::-1], before) and _same(alone, before[:ALONE]))
    if differ:
        once_more = _logits(ask(turned, half, seed - 4), None, len(chosen))
        found.random = not _same(once_more, again)
        found.company = not found.random
    sign = stream(seed, "noise").randint(0, 2, size=pixels.shape) * 2 - 1
    noisy = np.clip(pixels.astype(np.int64) + NOISE * sign, 0, 255).astype(np.uint8)
    under_noise = _logits(ask(noisy, found.batch, seed - 2), None, len(chosen)).argmax(axis=1)
    found.under_noise = float(np.mean(under_noise == before.argmax(axis=1)))
