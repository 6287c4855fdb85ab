"""What a teaching assistant would say about mistakes in Linear."""

from __future__ import annotations

from grader.diagnosis.family import Family

LINEAR = "1.6 Linear"
RULES = "Rules for all layers"

FAMILIES: dict[str, Family] = {
    "linear-dx-flat": Family(
        "dx stays flat",
        "The values of `dx` are right, its shape is the flattened one. Which shape did the layer "
        "below hand in?",
        LINEAR,
    ),
    "linear-dx-order": Family(
        "dx gets its shape in another order than x was flattened",
        "The entries of `dx` are there, at other places. Bring it back into x's shape in just the "
        "order in which forward took that shape away.",
        LINEAR,
    ),
    "linear-dw-transposed": Family(
        "dw is transposed",
        "`dw` has the shape of the weight turned round. Which of the two factors comes first so "
        "that (in, out) remains?",
        LINEAR,
    ),
    "linear-reshape-for-transpose": Family(
        "a reshape in place of a transpose",
        "The shapes fit, the numbers stand at other places. A reshape does not turn a matrix "
        "round: what does?",
        LINEAR,
    ),
    "linear-flatten-order": Family(
        "x is flattened in another order",
        "The order in which a sample's entries are laid out decides which weight each of them "
        "meets. Are they taken in numpy's usual order, the first axis (the batch) left alone, "
        "and in the same way in forward and backward?",
        LINEAR,
    ),
    "linear-weight-not-transposed": Family(
        "the weight is used the wrong way round",
        "Write down the shapes in that product: the weight is (in_dim, out_dim). Which way "
        "round must it be here?",
        LINEAR,
    ),
    "linear-batch-flattened": Family(
        "the batch is flattened, too",
        "How many rows are left after you flatten a batch of three samples? Each sample keeps a "
        "row of its own.",
        LINEAR,
    ),
    "linear-not-flattened": Family(
        "counts on a certain number of axes",
        "The input may be flat, an image, or anything between. Does each of your two methods "
        "work for every number of axes?",
        LINEAR,
    ),
    "linear-bias": Family(
        "the bias",
        "The output is right but for the bias. It is one number for each output, added once, and "
        "the same for every sample.",
        LINEAR,
    ),
    "linear-db-sum": Family(
        "db is not the sum over the samples",
        "The bias has been added to every sample, so every sample has a say in `db`. Over which "
        "axis must `dout` be summed so that the bias's shape remains, and is anything else in it?",
        LINEAR,
    ),
    "linear-one-sample": Family(
        "only one sample counts",
        "Only one sample of the batch has an effect here. In a loop over the samples, is each one "
        "added, or does it replace what the others gave?",
        LINEAR,
    ),
    "linear-divided": Family(
        "divided by the batch size",
        "The gradient is too small by the number of samples. Where is the mean over the batch "
        "taken, in this layer or in the loss?",
        RULES,
    ),
    "linear-dout-ignored": Family(
        "dout is left out",
        "By the chain rule every gradient is `dout` times something. Where is `dout` here?",
        LINEAR,
    ),
    "linear-weight-gradient-without-input": Family(
        "dw does not depend on x",
        "Each weight is multiplied by an entry of x in forward. Where does that entry appear in "
        "its gradient?",
        LINEAR,
    ),
    "linear-accumulates": Family(
        "backward adds to the call before",
        "The first backward is right, the second has something of the first in it. Is each "
        "gradient set anew?",
        RULES,
    ),
    "linear-stale-input": Family(
        "an array of the call before is used, from a batch of another size",
        "The first call is right, and in the second one arrays of two batches meet. Does every "
        "call set anew all that it keeps, even where the batch has another size?",
        RULES,
    ),
    "linear-stale-weight": Family(
        "a copy of the parameters from an earlier time",
        "The optimizer changes weight and bias after each step. Does your layer look at them "
        "afresh in each call, or at what it kept before?",
        RULES,
    ),
    "linear-parameters-changed": Family(
        "the layer changes its parameters",
        "The weight or the bias is another one after the call. Whose task is it to change "
        "parameters?",
        RULES,
    ),
    "linear-regularized": Family(
        "regularization inside the layer",
        "`dw` has a share of the weight itself in it. Who adds the regularization in this "
        "homework?",
        "1.8 SGD with momentum",
    ),
    "linear-changes-input": Family(
        "x or dout is written to",
        "The caller still needs `x` and `dout`, in their own shape. Which line writes into them, "
        "or changes them in place?",
        RULES,
    ),
    "linear-activation": Family(
        "an activation after the affine map",
        "The layer is the affine map alone: an activation is a layer of its own.",
        LINEAR,
    ),
    "linear-output-shape": Family(
        "the output's shape",
        "One row for each sample, one column for each output: which shape does yours have?",
        LINEAR,
    ),
    "linear-integer": Family(
        "fractions are cut off",
        "All entries are whole numbers. Where does your array get an integer type?",
        LINEAR,
    ),
    "linear-not-stored": Family(
        "a gradient is not stored",
        "There are three gradients, and each has its name in the layer. Are all of them stored "
        "there, and not returned?",
        "Part 1: layers from scratch",
    ),
}
