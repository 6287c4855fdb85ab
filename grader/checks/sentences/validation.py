"""What the check of the validation step says (Task 2.2)."""

from __future__ import annotations

from collections.abc import Sequence

from grader.feedback.text import code

MOVED = (
    "Validation changes the parameters of the network: only training may call `optimizer.step()`."
)
GRADIENTS = "After validation the parameters have gradients: no `backward()` there."
GRAPH = (
    "The model's forward runs with gradients enabled, so every batch builds a graph that nobody "
    "needs. Put the call of the model itself inside `with torch.no_grad():`; the bare statement "
    "`torch.no_grad()` has no effect."
)
DISABLED = (
    "After validation gradients are still switched off, so that training would learn nothing from "
    "then on: use `with torch.no_grad():` around the call of the model."
)

IN_TRAINING_MODE = (
    "The model is validated in training mode: dropout stays on, and batch normalisation learns "
    "from validation images. Call `model.eval()` before, `model.train()` after."
)
LEFT_IN_EVALUATION_MODE = (
    "validate leaves the model in evaluation mode: train should call `model.train()`, or dropout "
    "stays off for ever."
)


def other_images(sizes: Sequence[int], counts: Sequence[int]) -> str:
    """For batches of `sizes`, the model was called with `counts` images."""
    return (
        f"For batches of {code(str(list(sizes)))} images, the model got "
        f"{code(str(list(counts)))}: every batch should go through it once."
    )


def no_pair(returned: str) -> str:
    """The step returned something else than the pair that the given loop takes."""
    return f"validate returned {code(returned)}, not the pair (accuracy, confusion matrix)."


def another_accuracy(value: float) -> str:
    """The accuracy that validate returned is not that of its predictions."""
    return (
        f"validate returned the accuracy {value:.4g}, which is not the share of right predictions "
        "over all images. Look at whether the class with the highest score is the prediction, "
        "and at how batches of different sizes are weighted."
    )


def no_confusion_matrix(classes: int) -> str:
    """What came as confusion matrix is none of so many classes."""
    return f"The confusion matrix is no array of shape ({classes}, {classes})."
