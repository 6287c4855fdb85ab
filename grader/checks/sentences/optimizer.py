"""What the check of SGD says."""

from __future__ import annotations

from collections.abc import Sequence

_VELOCITY = "its velocity: momentum times the old velocity, less learning_rate times the gradient"
MEANING = {
    "weight": f"the old weight plus {_VELOCITY} (with weight decay in it)",
    "bias": f"the old bias plus {_VELOCITY} (without weight decay)",
}

_ADVICE = {
    1: "The first step is plain: the velocity starts at 0.",
    2: "From the second step on, the velocity keeps momentum times its old value.",
}
_LATER = "Keep the velocity itself from step to step: it is what moved the parameter."
_LATER_OF_SEVERAL = (
    "Each parameter of each layer needs a velocity of its own, kept from step to step."
)
_DECAY = (
    "Is the weight decay there, and there once? The update begins with the given line "
    "`self.apply_regularization(model)`, which adds `reg * weight` to each `dw`."
)


def wrong_parameters(
    wrong: Sequence[tuple[str, int]], step: int, *, layers: int, decay: bool
) -> str:
    """Parameters that are wrong for the first time after `step`, as (kind, layer from 0).

    So many `layers` have parameters. With `decay` the weights decay: if they alone are wrong
    at once, that is the likely cause.
    """
    kinds: dict[int, list[str]] = {}
    for kind, layer in wrong:
        kinds.setdefault(layer, []).append(f"`{kind}`")
    layers_of: dict[str, list[str]] = {}
    for layer, found in kinds.items():
        layers_of.setdefault(_listed(found), []).append(str(layer + 1))
    names = _listed(
        [
            f"{found} of layer{'s' * (len(where) > 1)} {_listed(where)}"
            for found, where in layers_of.items()
        ]
    )
    advice = _ADVICE.get(step, _LATER_OF_SEVERAL if layers > 1 else _LATER)
    if decay and step == 1 and all(kind == "weight" for kind, _ in wrong):
        advice = _DECAY
    return f"After step {step}, {names} {'are' if len(wrong) > 1 else 'is'} wrong. {advice}"


def _listed(names: Sequence[str]) -> str:
    """Names in a row, "and" before the last."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
