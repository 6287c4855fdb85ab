"""What is said about the accuracy of a checkpoint, to students and to staff."""

from __future__ import annotations

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


def measured(network: str, accuracy: float, total: int, data: str, seconds: float) -> str:
    """The accuracy (0 to 1) on `total` images of `data`, and the seconds an image took."""
    return (
        f"{network} recognises {accuracy:.2%} of the {total} images of {data} "
        f"({seconds * 1e3:.1f} ms an image)."
    )


def hardest(classes: list[tuple[str, float]]) -> str:
    """The classes with the lowest accuracies (0 to 1), by their names."""
    shown = " and ".join(f"{name} ({accuracy:.0%})" for name, accuracy in classes)
    return f"Hardest for it: {shown}."


def in_part(done: int, total: int) -> str:
    """So many of all images could be predicted in the time."""
    return (
        f"Only {done} of {total} images, chosen at random, could be predicted in the time of this "
        "check; the others count as wrong. Make the network smaller: fewer channels in the first "
        "layers, where images are largest, save most."
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


def parts_unused(stem: str, share: float, names: list[str]) -> str:
    """For staff: a `share` (0 to 1) of the parameters has no way to the output."""
    return (
        f"{stem}: {share:.0%} of the parameters have no way to the output "
        f"({', '.join(names)} and so on). Weights that are not used may hold something else."
    )
