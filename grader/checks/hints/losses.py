"""What a teaching assistant would say about mistakes in reweight and FocalLoss."""

from __future__ import annotations

from grader.diagnosis.family import Family

SEE = "Part 3: imbalanced data"

FAMILIES: dict[str, Family] = {
    "losses-power-of-beta": Family(
        "beta and n change places, or are multiplied",
        "Look at the power of beta and n: which of the two is the base and which the exponent? "
        "In Python a power is written with two stars.",
        SEE,
    ),
    "losses-not-scaled": Family(
        "weights are not scaled",
        "The weights stand in the right proportion, and are not scaled. What should they add up "
        "to?",
        SEE,
    ),
    "losses-scaled-otherwise": Family(
        "weights are scaled to another sum",
        "The weights are scaled in another way than the handout's. Compute their sum: is it the "
        "number of classes?",
        SEE,
    ),
    "losses-effective-number": Family(
        "weights grow with the effective number",
        "Classes with many images get the largest weights. Is a weight proportional to the "
        "effective number, or to one over it?",
        SEE,
    ),
    "losses-other-weights": Family(
        "weights from the counts alone",
        "The weights come from the counts in another way, for example one over n. How does `beta` "
        "enter the effective number of a class?",
        SEE,
    ),
    "losses-one-weight-for-all": Family(
        "all classes get the same weight",
        "All classes get the same weight. Is the effective number computed for each class, from "
        "its own count?",
        SEE,
    ),
    "losses-fixed-settings": Family(
        "beta or the number of classes is hard-coded",
        "It is right for the usual numbers only. Is there a number in `reweight` where an "
        "argument, or the length of the list, belongs?",
        SEE,
    ),
    "losses-nothing-returned": Family(
        "nothing is returned",
        "Nothing comes back. Does the last line return the result?",
        SEE,
    ),
    "losses-summed": Family(
        "sum in place of the mean",
        "The loss grows with the size of the batch. Is it summed or averaged over the samples?",
        SEE,
    ),
    "losses-divided-otherwise": Family(
        "divided by something other than the number of samples",
        "The loss is off by a constant factor. By what do you divide the sum: samples, classes, "
        "weights, or entries of a matrix?",
        SEE,
    ),
    "losses-not-reduced": Family(
        "a loss for each sample",
        "A loss for each sample comes back. Which single number should a batch give?",
        SEE,
    ),
    "losses-mean-too-early": Family(
        "averaged before the factors are applied",
        "The mean is taken too early. Does every sample have its own p and its own factor when "
        "the batch is averaged?",
        SEE,
    ),
    "losses-broadcast": Family(
        "(N,) and (N, 1) broadcast to (N, N)",
        "Shapes (N,) and (N, 1) give an array (N, N) when they meet. Print the shapes of what "
        "you multiply: where does the second axis come from?",
        SEE,
    ),
    "losses-no-weights": Family(
        "the class weights have no effect",
        "The loss is right for equal weights only. Where do the weights of the classes come in?",
        SEE,
    ),
    "losses-weights-misplaced": Family(
        "weights of other classes, or in another place",
        "The class weights come in, but not as one factor of each sample's loss. Whose weight "
        "does a sample get, how often, and inside or outside of the power?",
        SEE,
    ),
    "losses-no-factor": Family(
        "the focal factor has no effect",
        "This is the weighted cross entropy. Where does `gamma` come in?",
        SEE,
    ),
    "losses-factor": Family(
        "another factor than (1 - p) to the gamma",
        "The factor is not the focal one. What stands under the power, what is its exponent, and "
        "is p the probability of the true class?",
        SEE,
    ),
    "losses-fixed-gamma": Family(
        "gamma is hard-coded",
        "It is right for one `gamma` only. Is there a number where the constructor's belongs?",
        SEE,
    ),
    "losses-negative": Family(
        "the sign is wrong",
        "The loss is negative. Which sign does a logarithm of a probability have, and which one "
        "does a loss need?",
        SEE,
    ),
    "losses-sigmoid": Family(
        "sigmoid for each class in place of the softmax",
        "This takes each class for itself, as the paper does for two classes. Where does the "
        "handout's p come from, with ten classes that exclude each other?",
        SEE,
    ),
    "losses-softmax": Family(
        "softmax twice, over the wrong axis, or not at all",
        "The scores do not become probabilities as they should. How often does a softmax run, "
        "counting the one in cross entropy, and over which axis?",
        SEE,
    ),
    "losses-no-logarithm": Family(
        "no logarithm",
        "The loss of a sample that is all wrong stays small. Which function of p does cross "
        "entropy take?",
        SEE,
    ),
    "losses-cut-off": Family(
        "log(p + eps) or a clamp",
        "It goes wrong only where the network is very sure and very wrong: something cuts the "
        "loss off there. Which of PyTorch's functions needs no small number added?",
        SEE,
    ),
    "losses-factor-detached": Family(
        "the focal factor is detached",
        "The value is right and the gradient is not. Does the gradient also flow through the "
        "factor?",
        SEE,
    ),
    "losses-no-gradient": Family(
        "the loss is cut off from the scores",
        "The value is right, but no gradient can flow back to the scores. What turns a tensor "
        "into something that forgot where it came from?",
        SEE,
    ),
    "losses-needs-cuda": Family(
        "calls .cuda()",
        "The loss moves its data to a GPU by itself, and there may be none. On which device are "
        "the scores that it gets?",
        SEE,
    ),
}
