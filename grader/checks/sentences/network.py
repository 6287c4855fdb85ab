"""What the check of ConvNet says."""

from __future__ import annotations

MEANING = {
    "ConvNet.forward": "each layer gets what the one before it gave, in the order of the list; "
    "the criterion gets the last scores and `y`, and its pair (probabilities, loss) is returned",
    "ConvNet.backward": "the criterion comes first, then the layers from the last to the first, "
    "each fed with the `dx` of the one after it",
}


def layer_method(index: int, kind: str, method: str) -> str:
    """How a method of the layer at `index` (from 0) is called at the beginning of a sentence."""
    return f"Layer {index + 1} ({kind})'s {method}"


def never_called(what: str) -> str:
    """A method that has to be called was not, or without an array."""
    return f"{what} is never called with an array."


def wrong_input(what: str) -> str:
    """A method was called with another array than the one that belongs there."""
    return f"{what} gets another array than it should."


def other_labels() -> str:
    """The criterion was not called with the labels that forward got."""
    return "The criterion's forward gets other labels than `ConvNet.forward` got: pass on `y`."


def no_pair(count: int) -> str:
    """Forward returned `count` values in place of two."""
    came = f"{count} value{'s' * (count != 1)}"
    return f"`ConvNet.forward` returns {came}. Return the pair that the criterion gives."


def other_probabilities() -> str:
    """The first of the pair is wrong."""
    return (
        "The first value that `ConvNet.forward` returns is not the criterion's probabilities. "
        "Did you return the scores of the last layer?"
    )


def other_loss() -> str:
    """The second of the pair is wrong."""
    return (
        "The second value that `ConvNet.forward` returns is not the criterion's loss. The "
        "criterion's forward gives a pair: take it apart."
    )


def pair_for_loss(type_name: str) -> str:
    """The second of the pair is several values, a `tuple` or a `list`."""
    return (
        f"The second value that `ConvNet.forward` returns is a `{type_name}`, not the loss. The "
        "criterion's forward gives a pair: take it apart."
    )


def criterion_left_out() -> str:
    """Backward calls layers, and never the criterion."""
    return "`ConvNet.backward` never calls the criterion's backward: begin there."


def other_second_pass(count: int) -> str:
    """A second pass of a network with `count` layers went another way than the first."""
    return (
        f"A second forward and backward of the same network with {count} layers do not call the "
        "layers as the first ones did. Does a method change `self.modules`, such as by "
        "`reverse()`?"
    )
