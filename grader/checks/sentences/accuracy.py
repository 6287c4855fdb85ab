"""What is said about the accuracy of a checkpoint, to students and to staff."""

from __future__ import annotations

from collections.abc import Sequence

from grader.evaluation.prediction import Estimate
from grader.feedback.text import code

UNSTABLE = (
    "Some predictions change when the same image is asked for again, although the network is in "
    "evaluation mode: look for `F.dropout` without `training=self.training`, random pooling, or "
    "statistics of the batch in forward."
)

GUESSED = (
    "That is what guessing gives. Usual causes: the file was saved before training or by other "
    "code, the images were normalised in another way than the handout says, or forward does "
    "something else in evaluation mode."
)
CLOSE = "You are close: train somewhat longer, or lower the learning rate at the end."


def in_part(done: int, total: int, busiest: Sequence[tuple[str, float]] = ()) -> str:
    """So many of all images could be predicted in the time.

    `busiest` has the layer that computes most and its share of all, or nothing.
    """
    where = "".join(f" {code(name)} alone takes {share:.0%}." for name, share in busiest)
    return (
        f"Only {done} of {total} images, chosen at random, could be predicted in the time of this "
        "check; the others count as wrong. Make the network smaller: fewer channels in the first "
        f"layers, where images are largest, save most.{where}"
    )


def estimated(estimate: Estimate, guaranteed: float) -> str:
    """What counts, and what all images would have given."""
    return (
        f"So {guaranteed:.2%} is guaranteed, and counts. Predicted on all images, the accuracy "
        f"would be about {estimate.share:.1%} (95% interval: {estimate.low:.1%} to "
        f"{estimate.high:.1%})."
    )


def not_finite(count: int) -> str:
    """For so many images the outputs are no numbers."""
    return f"For {count} images the outputs are NaN or infinite; they count as wrong."


def too_low(accuracy: float, threshold: float, *, guessed: bool, close: bool) -> str:
    """The accuracy is not above the threshold, both from 0 to 1."""
    advice = GUESSED if guessed else CLOSE if close else ""
    return (
        f"The accuracy is {accuracy:.2%}; this needs more than {threshold:.0%} of the test images. "
        f"{advice}"
    ).rstrip()


def too_slow(guaranteed: float, threshold: float, estimate: Estimate) -> str:
    """The guaranteed accuracy is not above the threshold: not all images were predicted."""
    cause = " It is time that is short, not training." if estimate.low > threshold else ""
    return (
        f"The guaranteed accuracy is {guaranteed:.2%}; this needs more than {threshold:.0%} of the "
        f"test images. On those that there was time for, it is {estimate.share:.1%}.{cause} Make "
        "the network smaller, so that all are predicted."
    )


def perhaps_a_look_up(stem: str, kept: float, accuracy: float) -> str:
    """For staff: few predictions (`kept`, 0 to 1) stay under noise that no eye sees."""
    return (
        f"{stem}: only {kept:.0%} of the predictions stay under noise of 2/255 (accuracy "
        f"{accuracy:.1%}). A look-up of known images would look like this."
    )


def random_in_evaluation(stem: str) -> str:
    """For staff: the same images in the same batches get other logits."""
    return (
        f"{stem}: the same images get other logits when asked for again, in evaluation mode. "
        "Usually dropout that is always on; the accuracy is one draw of several."
    )


def depends_on_company(stem: str) -> str:
    """For staff: the logits of an image depend on the other images of the batch."""
    return (
        f"{stem}: the logits of an image depend on the other images of its batch. Usually "
        "statistics of the batch (training mode) in forward; a network that reads labels off "
        "the order of the images would look like this, too."
    )


def hung_when_asked_again(stem: str) -> str:
    """For staff: images that had been predicted took all the time when they came again."""
    return (
        f"{stem}: a hundred images that had been predicted took more than four times as long when "
        "they came again, so that whether predictions are stable is not known."
    )


def parts_unused(stem: str, share: float, names: list[str]) -> str:
    """For staff: a `share` (0 to 1) of the parameters has no way to the output."""
    return (
        f"{stem}: {share:.0%} of the parameters have no way to the output "
        f"({', '.join(names)} and so on). Weights that are not used may hold something else."
    )
