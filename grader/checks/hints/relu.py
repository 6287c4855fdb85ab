"""What a teaching assistant would say about mistakes in ReLU."""

from __future__ import annotations

from grader.diagnosis.family import Family

RELU = "1.5 ReLU"
RULES = "Rules for all layers"

FAMILIES: dict[str, Family] = {
    "relu-mask-from-dout": Family(
        "the sign of dout decides, not that of x",
        "Which array says where the gradient passes: the layer's input, or `dout`? A negative "
        "gradient is as welcome as a positive one.",
        RELU,
    ),
    "relu-mask-alone": Family(
        "dx is not dout entry by entry",
        "The right entries are zero, but what stands in the others? The chain rule has two "
        "factors: the slope of the ReLU, and the gradient that comes in at that very entry.",
        RELU,
    ),
    "relu-no-mask": Family(
        "the gradient passes everywhere",
        "Does the output change when a negative input changes a little? What should the gradient "
        "be there?",
        RELU,
    ),
    "relu-mask-inverted": Family(
        "the gradient passes on the wrong side",
        "The gradient passes where it should stop, and stops where it should pass. On which side "
        "of zero does a ReLU react?",
        RELU,
    ),
    "relu-times-input": Family(
        "dx contains the input's values",
        "For backward it only matters whether an input was positive, not how large it was. "
        "Do its values get into `dx`?",
        RELU,
    ),
    "relu-sign": Family(
        "signs of the gradient",
        "Some gradients have the wrong sign. Does anything in a ReLU turn a gradient round?",
        RELU,
    ),
    "relu-leaky": Family(
        "a leaky ReLU",
        "A small part of the negative side comes through, as in a leaky ReLU. Here it is zero.",
        RELU,
    ),
    "relu-ones-elsewhere": Family(
        "dx is 1 where it should be 0",
        "Look at the entries of `dx` where the input was negative. What should they be?",
        RELU,
    ),
    "relu-absolute": Family(
        "negative values come out positive",
        "Negative values come out with their sign turned. What should become of -3?",
        RELU,
    ),
    "relu-negative-part": Family(
        "the negative part instead of the positive one",
        "Here the negative values come through. Which of x and 0 should win?",
        RELU,
    ),
    "relu-step": Family(
        "forward returns the mask",
        "The output says where x is positive, as ones and zeros. That is the slope, which "
        "backward needs; what should come through in forward?",
        RELU,
    ),
    "relu-identity": Family(
        "forward returns x",
        "The output is the input, negative values and all. Is the result of your comparison with "
        "zero used?",
        RELU,
    ),
    "relu-other-activation": Family(
        "another activation than ReLU",
        "This is a smooth activation, as sigmoid or tanh. A ReLU keeps positive values exactly "
        "as they are.",
        RELU,
    ),
    "relu-bounded": Family(
        "large values are cut off",
        "Small values are right, and large ones are cut off. A ReLU has no upper bound.",
        RELU,
    ),
    "relu-threshold": Family(
        "the threshold is not at zero",
        "Entries that are a little larger than zero are wrong. At which value does your "
        "comparison change?",
        RELU,
    ),
    "relu-reduces": Family(
        "a maximum over an axis in place of one with zero",
        "There are two functions with similar names: one finds the largest entry of an array, "
        "the other the larger of two numbers, entry by entry. What is the second argument "
        "of the one that you call?",
        RELU,
    ),
    "relu-one-number": Family(
        "the array is treated as one number",
        "Python's own functions compare an array as if it were one number. The larger of x and 0 "
        "is a question to each entry by itself: which numpy function asks it?",
        RELU,
    ),
    "relu-one-sample": Family(
        "one sample decides for all, or is the only one done",
        "Only one sample of the batch is right. Do mask and gradient cover the first axis, too?",
        RELU,
    ),
    "relu-any-in-row": Family(
        "one decision for several entries",
        "Each entry of x has its own decision. Does an entry's gradient pass in your code when "
        "only its neighbour is positive?",
        RELU,
    ),
    "relu-needs-images": Family(
        "other shapes than images are not kept",
        "x may have any number of axes, and output and `dx` have its shape. Where does your code "
        "count on a certain number of them?",
        RELU,
    ),
    "relu-divided": Family(
        "divided by the number of samples or entries",
        "All entries of `dx` are too small by one factor. The mean over the batch is in the loss "
        "already.",
        RULES,
    ),
    "relu-accumulates": Family(
        "backward adds to the call before",
        "The first backward is right, the second has something of the first in it. Is `dx` set "
        "anew each time?",
        RULES,
    ),
    "relu-stale": Family(
        "the mask of the first call is used again",
        "The first call is right, the second uses the first one's mask. Does every forward keep "
        "its own?",
        RULES,
    ),
    "relu-in-place": Family(
        "x or dout is written to",
        "The caller still needs `x` and `dout`. Which line writes into an array that it was given?",
        RULES,
    ),
    "relu-integer": Family(
        "fractions are cut off",
        "All entries are whole numbers. Where does your array get an integer type?",
        RELU,
    ),
    "relu-not-stored": Family(
        "dx is computed and not stored",
        "Where do the other layers look for the gradient after `backward`? It is not returned.",
        "Part 1: layers from scratch",
    ),
}
