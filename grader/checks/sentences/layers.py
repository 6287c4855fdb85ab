"""What the checks of the single layers say: Conv2D, MaxPooling, ReLU and Linear."""

from __future__ import annotations

from collections.abc import Sequence

from grader import feedback

_GRADIENTS = {
    "dx": "the gradient with respect to the input, in the input's shape",
    "dw": "the gradient with respect to the weight, summed over the batch",
    "db": "the gradient with respect to the bias, summed over the batch",
}
_OUTPUTS = {
    "Conv2D": "the cross-correlation of the padded input with each filter, plus that filter's "
    "bias, in shape (N, F, H', W')",
    "MaxPooling": "the largest entry of each window, channel by channel, in shape (N, C, H', W')",
    "ReLU": "the input where it is above 0, and 0 elsewhere, in the input's shape",
    "Linear": "the flattened input times the weight, plus the bias, in shape (N, out_dim)",
}

# Where the values are wrong and only a second call shows it.
AFTER_FORWARD = "A second call must not depend on the first."
AFTER_BACKWARD = (
    "Each backward starts afresh, with what its own layer kept: set the gradients, do not add to "
    "the old ones."
)


def meaning(layer: str) -> dict[str, str]:
    """What the arrays of a layer should be, in words, by their names."""
    return {"out": _OUTPUTS[layer], **_GRADIENTS}


def not_stored(layer: str, attributes: Sequence[str]) -> str:
    """Backward returned something, and none of the attributes is set."""
    names = ", ".join(f"`self.{attribute}`" for attribute in attributes)
    return (
        f"`{layer}.backward` returns something and sets nothing: store the gradients in {names}, "
        "where the other layers and the optimizer look for them."
    )


def forward_stopped(layer: str, cause: BaseException) -> str:
    """Backward could not be tried, since the forward before it raised `cause`."""
    return (
        f"Could not be checked: `{layer}.forward` does not run on this configuration, and "
        f"backward needs it. {feedback.explain(cause)}"
    )


def changed(method: str, names: Sequence[str]) -> str:
    """The caller's arrays, or the parameters, that `method` wrote to."""
    listed = ", ".join(f"`{name}`" for name in names)
    return (
        f"After {method}, {listed} had been changed. Work on a copy: the caller still needs its "
        "arrays, and only the optimizer moves the parameters."
    )
