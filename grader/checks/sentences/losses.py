"""What the checks of `reweight` and FocalLoss say (Tasks 3.1 and 3.2)."""

from __future__ import annotations

from collections.abc import Sequence

MEANING = {
    "weights": "a weight for each class; they sum to the number of classes",
    "loss": "the mean over the batch of weight * (1 - p_t)^gamma * cross entropy, a number",
    "gradient": "the gradient of the loss with respect to the logits",
}

VARIANTS = {
    "weighted_pt": "p_t is taken from the weighted cross entropy",
    "weighted_mean": "the sum is divided by the sum of the weights, not by the batch size",
    "sigmoid": "each class is taken for itself, with a sigmoid in place of the softmax",
}

NOT_REDUCED = "FocalLoss returns a loss for each sample: return their mean, a single number."
NO_GRADIENT = (
    "No gradient comes back to the logits: look for `.item()`, `.detach()`, `.data` or numpy "
    "between the logits and the loss."
)
CUT_OFF = (
    "Only logits that are far apart give a wrong result: `log(p + eps)` and clamps cut the loss "
    "off there, `log_softmax` and `cross_entropy` do not."
)


def accepted(variants: Sequence[str]) -> str:
    """The loss is right by known `variants` of it, and the assignment accepts them."""
    return f"Another form of the focal loss, which is accepted: {_words(variants)}."


def refused(variants: Sequence[str]) -> str:
    """The loss is right by known `variants`, of which the assignment accepts not all."""
    return f"This is another form of the focal loss than the handout's: {_words(variants)}."


def _words(variants: Sequence[str]) -> str:
    return " and ".join(VARIANTS[variant] for variant in variants)
