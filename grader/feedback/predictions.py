"""A network whose predictions cannot be used: what came in place of logits."""

from __future__ import annotations

from typing import Any

from grader.feedback.text import code

ALL_NOT_FINITE = (
    "All outputs of the network are NaN or infinite. Look for NaN in the weights that were saved "
    "(a learning rate that was too high?), and for a division by 0 in forward."
)
NOTHING = "forward returns None: return the logits."


def no_tensor(type_name: str) -> str:
    """A value of another type came."""
    return (
        f"forward returns a {code(type_name)} in evaluation mode: return one tensor, the logits "
        "of shape (N, 10)."
    )


def another_shape(count: Any, shape: Any) -> str:
    """For `count` images a tensor of `shape` came; both as the worker reports them."""
    return (
        f"For {code(str(count))} images, forward returns a tensor of shape {code(str(shape))}. It "
        "must be (N, 10): a row of logits for each image, a column for each class."
    )
