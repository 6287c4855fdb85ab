"""Private images: a second set that shows what a network only knows of the first.

Whoever has the test images can put their labels into a network, or train on them. On images
that nobody has, such a network is worse by far. Staff are told; points are not touched, and
students see none of it.
"""

from __future__ import annotations

from grader.checks.sentences import private as say
from grader.errors import SubmissionError, TimeLimitExceeded, WrongResult
from grader.evaluation import gap, prediction
from grader.evaluation.gap import Count
from grader.evaluation.images import Images
from grader.evaluation.prediction import Ask, Clock, Prediction
from grader.grading import Grading
from grader.scope import Report

LEAST = 200  # images: with fewer, honest networks differ by a sixth from set to set


def compare(
    ask: Ask,
    stem: str,
    public: Prediction,
    images: Images,
    grading: Grading,
    report: Report,
    clock: Clock,
) -> None:
    """Predict the private images in the time that is left, and flag a gap for staff.

    Nothing without private images; what goes wrong with them is said to staff, and is nobody's
    fault. `images` are those of which `public` tells.
    """
    others = grading.private_images()
    if others is None:
        return
    try:
        found = prediction.predict(ask, others, grading.seed, clock, probing=False)
    except TimeLimitExceeded:
        grading.staff_note(say.no_time(stem))
        return
    except SubmissionError as error:
        reason = error.code if isinstance(error, WrongResult) else error.reason
        grading.staff_note(say.not_predicted(stem, reason))
        return
    report.fact("private_cpu_seconds", round(found.cpu_seconds, 3))
    if found.done < min(LEAST, found.total):
        grading.staff_note(say.too_few(stem, found.done, found.total))
        return
    known = Count(public.right(images.labels), public.done)
    unknown = Count(found.right(others.labels), found.done)
    report.fact("private_accuracy", round(unknown.share, 6))
    report.fact("private_images_predicted", found.done)
    bound = gap.bound(known, unknown)
    if known.share - unknown.share > bound:
        grading.flag("gap", say.gap(stem, known, unknown, bound))
