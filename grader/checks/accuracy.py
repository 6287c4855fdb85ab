"""The accuracy of a checkpoint on the test images: measure it, tell it, hold it to a threshold."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from grader.budget import Allowance
from grader.checks import costs, private
from grader.checks.costs import Cost
from grader.checks.facts import facts as checked
from grader.checks.facts import names
from grader.checks.loading import Network, find, load_checkpoint
from grader.checks.sentences import accuracy as say
from grader.errors import SubmissionError, WrongResult
from grader.evaluation import prediction
from grader.evaluation.images import Images
from grader.evaluation.prediction import Clock, Estimate, Prediction
from grader.grading import Grading
from grader.scope import Report, StudentPart

PREDICT = "grader.checks.drivers.weights:predict"
LOOKED_UP = 0.5  # of the predictions stay under invisible noise; a network keeps nearly all
GUESSING = 0.13
UNUSED = 0.1  # of the parameters: a layer that was left over is smaller
CLOSE = 0.9  # of the threshold
WEAKEST = 2  # classes of which the table says what they are taken for
CONFUSIONS = 2  # of each of them, at most
SEED_LIMIT = 2**31


@dataclass(frozen=True)
class Measured:
    """An accuracy: what is `guaranteed` counts; `estimate` is of all images.

    Both are the same where all images were predicted (`complete`).
    """

    guaranteed: float
    estimate: Estimate
    complete: bool = True


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
    thresholds: Sequence[float],
) -> Measured:
    """The accuracy of the checkpoint on the test images; facts and remarks go to `report`.

    `thresholds` are what it is going to be held to, for the student's table.

    Raises DataUnavailable without images, and what `load_checkpoint` and `predict` raise.
    """
    find(part2, network, grading.run)  # without it, no worker is started
    worker = part2.worker  # and no other: one that takes its place would lack the network
    clock = Clock(Allowance(worker.limits.cpu_seconds, worker.limits.wall_seconds))
    load_checkpoint(part2, network, report, grading)
    clock.report(worker.usage.cpu_seconds)
    images = grading.images()

    def ask(pixels: Any, batch: int, seed: int) -> Any:
        return worker.drive(PREDICT, pixels, batch, seed % SEED_LIMIT)

    found = prediction.predict(ask, images, grading.seed, clock)
    measured = Measured(
        found.accuracy(images.labels), found.estimate(images.labels), found.complete
    )
    cost = count(part2)
    put_down(found, measured, images, report, cost)
    report.fact("thresholds", list(thresholds))
    report.fact("archive_mb", grading.assignment.limits.archive_mb)
    tell(found, measured, report, cost)
    flag(found, measured, network, grading)
    flag_unused(part2, network, grading)
    private.compare(ask, network.stem, found, images, grading, report, clock)
    return measured


def count(part2: StudentPart) -> Cost | None:
    """What the network costs; None where it cannot be counted, which is nobody's fault."""
    with contextlib.suppress(SubmissionError):
        return costs.count(part2)
    return None


def put_down(
    found: Prediction,
    measured: Measured,
    images: Images,
    report: Report,
    cost: Cost | None,
) -> None:
    """Facts for later reports, above all for the table that the student sees.

    Shares are rounded, so that none tells of a single image what its label is.
    """
    per_class = found.per_class(images.labels)
    estimate = measured.estimate
    report.fact("accuracy", round(measured.guaranteed, 6))
    if not measured.complete:
        shares = (estimate.share, estimate.low, estimate.high)
        report.fact("estimate", [round(value, 4) for value in shares])
    report.fact("classes", list(images.classes))
    report.fact("per_class", [round(value, 4) for value in per_class])
    report.fact("weakest", weakest(found, images, per_class))
    report.fact("data", images.name)
    report.fact("images", found.total)
    report.fact("images_predicted", found.done)
    report.fact("batch", found.batch)
    report.fact("cpu_seconds", round(found.cpu_seconds, 3))
    report.fact("seconds_per_image", round(found.cpu_seconds_per_image, 6))
    if cost is not None:
        report.fact("flops", cost.flops)


def weakest(found: Prediction, images: Images, per_class: Sequence[float]) -> list[dict[str, Any]]:
    """The classes that are hardest for the network, and what it mostly takes them for.

    Each has its `name`, its `accuracy`, and `taken_for`: pairs of a class and its share.
    """
    confusion = found.confusion(images.labels)
    hardest = []
    for k in sorted(range(len(per_class)), key=per_class.__getitem__)[:WEAKEST]:
        row = confusion[k].copy()
        row[k] = 0
        total = max(int((images.labels[found.asked] == k).sum()), 1)
        others = [(int(n), int(row[n])) for n in row.argsort(kind="stable")[::-1] if row[n]]
        hardest.append(
            {
                "name": images.classes[k],
                "accuracy": round(per_class[k], 2),
                "taken_for": [
                    [images.classes[n], round(amount / total, 2)]
                    for n, amount in others[:CONFUSIONS]
                ],
            }
        )
    return hardest


def tell(
    found: Prediction,
    measured: Measured,
    report: Report,
    cost: Cost | None,
) -> None:
    """Remark what is odd: the table has the rest."""
    if not measured.complete:
        busiest = cost.busiest[:1] if cost else ()
        report.remark(say.in_part(found.done, found.total, busiest))
        report.remark(say.estimated(measured.estimate, measured.guaranteed))
    if found.not_finite:
        report.remark(say.not_finite(found.not_finite))
    if found.unstable:
        report.remark(say.UNSTABLE)


def flag(found: Prediction, measured: Measured, network: Network, grading: Grading) -> None:
    """Point staff to what an honest network does not do, and a mistake may."""
    share = measured.estimate.share
    if found.random:
        grading.flag("random", say.random_in_evaluation(network.stem))
    if found.company:
        grading.flag("company", say.depends_on_company(network.stem))
    if found.hung:
        grading.flag("hung", say.hung_when_asked_again(network.stem))
    if found.under_noise is not None and found.under_noise < LOOKED_UP and share > GUESSING:
        grading.flag("noise", say.perhaps_a_look_up(network.stem, found.under_noise, share))


def flag_unused(part2: StudentPart, network: Network, grading: Grading) -> None:
    """Point staff to a network of which a large part takes no part in its output.

    What goes wrong in finding out is nobody's fault and says nothing.
    """
    with contextlib.suppress(SubmissionError):
        seen = checked(part2.drive("weights", "unused"), share=float, names=list)
        if seen["share"] >= UNUSED:
            text = say.parts_unused(network.stem, min(seen["share"], 1.0), names(seen["names"]))
            grading.flag("unused", text)


def require_above(measured: Measured, threshold: float) -> None:
    """Raises WrongResult unless the guaranteed accuracy is strictly above the threshold."""
    if measured.guaranteed > threshold:
        return
    if not measured.complete:
        text = say.too_slow(measured.guaranteed, threshold, measured.estimate)
        raise WrongResult(text, code="accuracy")
    accuracy = measured.guaranteed
    text = say.too_low(
        accuracy, threshold, guessed=accuracy <= GUESSING, close=accuracy > CLOSE * threshold
    )
    raise WrongResult(text, code="accuracy")
