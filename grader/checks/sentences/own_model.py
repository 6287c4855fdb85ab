"""What the checks of the own network say (Tasks 2.7 and 2.8)."""

from __future__ import annotations

from collections.abc import Sequence

from grader.feedback.lists import listed
from grader.feedback.text import code

MEANING = {"logits": "a tensor of shape (N, 10), a row of ten logits for each image"}

SMALLER = (
    "Fewer or narrower convolutions save time and memory, above all in the first layers, where "
    "images are largest: pool or stride early."
)
NO_PARAMETERS = (
    "MyModel has no parameters: nothing in it can learn. Make its layers attributes of `self` (or "
    "entries of an nn.ModuleList), after `super().__init__()`."
)
NOT_FINITE = (
    "The logits of the freshly made MyModel are not finite: look for a division, a logarithm or a "
    "square root in forward."
)
NO_GRADIENT = (
    "No parameter of MyModel gets a gradient from loss.backward(): look for `detach`, `.data`, "
    "`torch.no_grad` or a conversion to numpy in forward."
)
SOFTMAX = (
    "Each row of MyModel's outputs sums to 1, as behind a softmax. The cross-entropy loss includes "
    "one, and with two of them a network learns slowly."
)

MOST_NAMES = 5


def another_shape(images: int, shape: tuple[int, ...]) -> str:
    """For so many images an output of `shape` came."""
    what = "1 image" if images == 1 else f"{images} images"
    return f"For {what} (3, 32, 32), MyModel gives an output of shape {code(str(shape))}."


def unused(count: int, total: int, parameters: Sequence[str]) -> str:
    """So many of all parameters get no gradient; `parameters` are their names, or some."""
    return (
        f"{count} of {total} parameters of MyModel get no gradient, so they never learn: "
        f"{listed(parameters, MOST_NAMES)}. Unused layers can go."
    )


def gradients_not_finite(parameters: Sequence[str]) -> str:
    """The gradients of `parameters` are NaN or infinite."""
    shown = listed(parameters, MOST_NAMES)
    return f"The gradients of {shown} are not finite for random images."
