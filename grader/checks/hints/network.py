"""What a teaching assistant would say about mistakes in ConvNet."""

from __future__ import annotations

from grader.diagnosis.family import Family

SEE = "1.7 ConvNet"

FAMILIES: dict[str, Family] = {
    "network-returned-pair": Family(
        "forward returns something other than the criterion's pair",
        "The layers are chained, but forward returns something else than it should. What does "
        "the criterion's forward give back, and does exactly that leave your forward?",
        SEE,
    ),
    "network-output-not-passed-on": Family(
        "layers do not get the previous output",
        "A layer gets the input of an earlier one. Where does the output of each layer go before "
        "the next one runs?",
        SEE,
    ),
    "network-criterion-input": Family(
        "criterion gets something other than the scores",
        "The layers are right, but the criterion does not get the scores of the last one. Does "
        "anything happen between the last layer and the criterion, and in which order does the "
        "criterion take its two arguments?",
        SEE,
    ),
    "network-labels": Family(
        "criterion gets other labels",
        "The criterion gets other labels than forward did. Pass `y` on as it came.",
        SEE,
    ),
    "network-forward-order": Family(
        "forward runs the layers backwards",
        "The layers run in another order than they are listed. Where does the input enter the "
        "network?",
        SEE,
    ),
    "network-forward-skips": Family(
        "forward leaves layers out",
        "A layer is left out, or the rest is never reached. Does the loop start at the first and "
        "end at the last layer, and what lies inside it, what behind it?",
        SEE,
    ),
    "network-fixed-layers": Family(
        "works for one number of layers only",
        "It works for one network, and not for one with fewer or more layers. Does your code "
        "count on how many there are?",
        SEE,
    ),
    "network-wrong-call": Family(
        "layer or criterion called in another way than it is defined",
        "These layers are plain Python objects, not PyTorch modules. Through which method do "
        "they compute, and with which arguments does the criterion?",
        SEE,
    ),
    "network-backward-order": Family(
        "backward runs the layers forwards",
        "Backward begins at the wrong end. Which layer is next to the loss?",
        SEE,
    ),
    "network-backward-start": Family(
        "backward does not start from the criterion's dx",
        "The last layer gets another gradient than the criterion's. Who computes the gradient of "
        "the loss, where is it kept, and do you change it on the way? The mean over the batch is "
        "in it already.",
        SEE,
    ),
    "network-uses-returned-value": Family(
        "uses what backward returns",
        "A layer gets `None`. What does a `backward` return here, and where does it leave its "
        "result instead?",
        SEE,
    ),
    "network-gradient-not-passed-on": Family(
        "layers do not get the dx of the layer after",
        "The gradient reaches the last layer, and goes wrong below it. What does each layer "
        "leave behind for the one before it?",
        SEE,
    ),
    "network-backward-skips": Family(
        "backward leaves layers out",
        "The backward pass does not visit every layer. Does it include the first and the last "
        "one, and those without weights?",
        SEE,
    ),
    "network-one-layer-of-each-kind": Family(
        "two layers of one kind are taken for one",
        "It fails only where two layers are of the same kind. Do you look layers up by their "
        "type or name, so that one takes the place of the other?",
        SEE,
    ),
    "network-list-reversed": Family(
        "list.reverse() in place",
        "`list.reverse()` returns nothing, and turns the list itself around for good. Which "
        "order should the network have in its next forward?",
        SEE,
    ),
}
