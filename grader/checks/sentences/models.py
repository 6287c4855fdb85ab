"""What the checks of the two given networks say (Tasks 2.3 and 2.4)."""

from __future__ import annotations

from collections.abc import Sequence

from grader.feedback.lists import listed
from grader.feedback.text import code

MEANING = {"logits": "the network's function of the images, with the parameters that were set"}

FILTERS = "the filters of a convolution with 32 filters of 7 by 7"
FILTER_BIAS = "the bias of the convolution"

AT_THE_END = {
    "softmax": (
        "Each row sums to 1, as behind a softmax: leave it out, the cross-entropy loss includes it."
    ),
    "log-softmax": (
        "The outputs look as behind a log-softmax: leave it out, the cross-entropy loss includes "
        "it."
    ),
    "sigmoid": (
        "All outputs lie between 0 and 1, as behind a second sigmoid: return the logits instead."
    ),
    "ReLU": "No output is negative, as behind a ReLU: return the logits instead.",
}
AROUND_ACTIVATION = "The activation is right; look at the layers around it and their order."

MOST_PARAMETERS = 8
MOST_NAMES = 5


def weight_of(inputs: int, outputs: int) -> str:
    """The weight of a linear layer, as a phrase."""
    return f"the weight of a linear layer {inputs} -> {outputs}"


def bias_of(inputs: int, outputs: int) -> str:
    """The bias of a linear layer, as a phrase."""
    return f"the bias of the linear layer {inputs} -> {outputs}"


def no_tensor(network: str, type_name: str) -> str:
    """Forward returned something else."""
    return f"{network}.forward returns a {code(type_name)}: return one tensor, the logits."


def other_parameters(network: str, own: Sequence[tuple[str, tuple[int, ...]]], lacking: str) -> str:
    """The network's `own` parameters are others; `lacking` is one it should have, or ''."""
    listing = ", ".join(f"{code(name)} {shape}" for name, shape in own[:MOST_PARAMETERS])
    more = " and others" if len(own) > MOST_PARAMETERS else ""
    what = f"It lacks {lacking}." if lacking else "Two layers share their parameters."
    return (
        f"The parameters of {network} are not those of the network that the handout describes. "
        f"{what} Its parameters are: {listing or 'none'}{more}."
    )


def no_gradient(parameters: Sequence[str]) -> str:
    """The `parameters` got no gradient."""
    return (
        f"After `loss.backward()` there is no gradient for {listed(parameters, MOST_NAMES)}: these "
        "never learn. Look for `detach`, `.data`, `torch.no_grad` or numpy in forward, and for "
        "layers that forward does not use."
    )


def another_activation(wanted: str, seen: str) -> str:
    """Between the layers lies `seen`."""
    return f"Between the layers it should be {wanted}; it looks like {seen}."


def unknown_activation(wanted: str) -> str:
    """Between the layers lies something that could not be recognised."""
    return f"Look at what lies between the layers: it should be {wanted}, and only that."
