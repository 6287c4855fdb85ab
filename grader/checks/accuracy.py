"""The accuracy of a checkpoint on the test images: measure it, tell it, hold it to a threshold."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from grader import prediction
from grader.budget import Allowance
from grader.checks.facts import facts as checked
from grader.checks.facts import names
from grader.checks.loading import Network, find, load_checkpoint
from grader.checks.sentences import accuracy as say
from grader.errors import SubmissionError, WrongResult
from grader.grading import Grading
from grader.images import Images
from grader.prediction import Clock, Prediction
from grader.scope import Report, StudentPart

LOOKED_UP = 0.5  # of the predictions stay under invisible noise; a network keeps nearly all
GUESSING = 0.13
UNUSED = 0.1  # of the parameters: a layer that was left over is smaller
CLOSE = 0.9  # of the threshold
SEED_LIMIT = 2**31


def once(memo: dict[str, Any], key: str, make: Callable[[], Any]) -> Any:
    """`make()`, but for all cases of a check together: its value, or what it raised."""
    if key not in memo:
        try:
            memo[key] = make()
        except SubmissionError as error:
            memo[key] = error
    if isinstance(memo[key], SubmissionError):
        raise memo[key]
    return memo[key]


def measure(
    part2: StudentPart,
    network: Network,
    grading: Grading,
    report: Report,
) -> float:
    """The accuracy of the checkpoint on the test images; facts and remarks go to `report`.

    Raises DataUnavailable without images, and what `load_checkpoint` and `predict` raise.
    """
    find(part2, network, grading.run)  # without it, no worker is started
    limits = part2.worker.limits
    clock = Clock(Allowance(limits.cpu_seconds, limits.wall_seconds))
    load_checkpoint(part2, network, report, grading)
    images = grading.images()
    found = prediction.predict(
        lambda pixels, batch, seed: part2.drive(
            "weights", "predict", pixels, batch, seed % SEED_LIMIT
        ),
        images,
        grading.seed,
        clock,
    )
    tell(found, network, images, grading, report)
    flag_unused(part2, network, grading)
    return found.accuracy(images.labels)


def tell(
    found: Prediction,
    network: Network,
    images: Images,
    grading: Grading,
    report: Report,
) -> None:
    """Put down accuracy, speed and what is odd."""
    accuracy = found.accuracy(images.labels)
    per_class = found.per_class(images.labels)
    report.fact("accuracy", round(accuracy, 6))
    report.fact("per_class", [round(value, 4) for value in per_class])
    report.fact("images", found.total)
    report.fact("images_predicted", found.done)
    report.fact("seconds_per_image", round(found.seconds_per_image, 6))
    weakest = sorted(range(len(per_class)), key=per_class.__getitem__)[:2]
    result = say.measured(network.name, accuracy, found.total, images.name, found.seconds_per_image)
    hardest = say.hardest([(images.classes[k], per_class[k]) for k in weakest])
    report.remark(f"{result} {hardest}")
    if found.done < found.total:
        report.remark(say.in_part(found.done, found.total))
    if found.not_finite:
        report.remark(say.not_finite(found.not_finite))
    if found.unstable:
        report.remark(say.UNSTABLE)
    flag(found, network, accuracy, grading)


def flag(found: Prediction, network: Network, accuracy: float, grading: Grading) -> None:
    """Point staff to what an honest network does not do, and a mistake may."""
    if found.random:
        grading.flag("random", say.random_in_evaluation(network.stem))
    if found.company:
        grading.flag("company", say.depends_on_company(network.stem))
    if found.under_noise is not None and found.under_noise < LOOKED_UP and accuracy > GUESSING:
        grading.flag("noise", say.perhaps_a_look_up(network.stem, found.under_noise, accuracy))


def flag_unused(part2: StudentPart, network: Network, grading: Grading) -> None:
    """Point staff to a network of which a large part takes no part in its output.

    What goes wrong in finding out is nobody's fault and says nothing.
    """
    with contextlib.suppress(SubmissionError):
        seen = checked(part2.drive("weights", "unused"), share=float, names=list)
        if seen["share"] >= UNUSED:
            text = say.parts_unused(network.stem, min(seen["share"], 1.0), names(seen["names"]))
            grading.flag("unused", text)


def require_above(accuracy: float, threshold: float) -> None:
    """Raises WrongResult unless the accuracy is strictly above the threshold."""
    if accuracy > threshold:
        return
    text = say.too_low(
        accuracy, threshold, guessed=accuracy <= GUESSING, close=accuracy > CLOSE * threshold
    )
    raise WrongResult(text, code="accuracy")
