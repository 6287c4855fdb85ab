"""What a teaching assistant would say about mistakes in the networks of Part 2."""

from __future__ import annotations

from grader.diagnosis.family import Family

SEE = "Part 2: PyTorch"

FAMILIES: dict[str, Family] = {
    "models-activation": Family(
        "another activation than the handout's, or in another place",
        "The layers are right, but not what lies between them. Which activation does the handout "
        "name for this network, and between which two layers?",
        SEE,
    ),
    "models-softmax-at-end": Family(
        "softmax behind the last layer",
        "There is a softmax behind the last layer. What does the cross-entropy loss do with the "
        "scores itself?",
        SEE,
    ),
    "models-activation-at-end": Family(
        "activation behind the last layer",
        "There is an activation behind the last layer, which bounds the scores. Should a score be "
        "free to be any number?",
        SEE,
    ),
    "models-squeezed": Family(
        "axes of length 1 are squeezed away",
        "It works for several images, and a single one loses its axis. Which axes does `squeeze` "
        "remove, and do you need it?",
        SEE,
    ),
    "models-no-tensor": Family(
        "forward returns no tensor",
        "Forward returns something other than one tensor. What do the training loop and the loss "
        "expect from `model(images)`?",
        SEE,
    ),
    "models-nothing-returned": Family(
        "forward returns nothing",
        "Forward gives nothing back. Does its last line return the scores?",
        SEE,
    ),
    "models-no-super": Family(
        "nn.Module's own constructor is not called",
        "A layer becomes part of a network only once nn.Module has been set up. Is the given first "
        "line still in your constructor, before any layer?",
        SEE,
    ),
    "models-constructor": Family(
        "constructor takes other arguments",
        "The network is made with other arguments than your constructor takes. Which ones does "
        "the template's have?",
        SEE,
    ),
    "models-fixed-sizes": Family(
        "sizes hard-coded instead of taken from the arguments",
        "It works for the usual sizes only. Is there a number in the network where an argument of "
        "the constructor belongs?",
        SEE,
    ),
    "models-other-layers": Family(
        "layers of other sizes, missing, or not registered",
        "Compare the network's parameters with the handout, layer by layer: sizes, filters, "
        "padding, biases. Is each layer an attribute of `self`, made in the constructor?",
        SEE,
    ),
    "models-not-registered": Family(
        "layers in a plain list",
        "PyTorch does not see your layers, so the optimizer would not either. What can hold "
        "several layers in place of a plain Python list?",
        SEE,
    ),
    "models-one-layer-too-many": Family(
        "a further layer",
        "All layers of the handout are there, and one more seems to lie between them. Which is it?",
        SEE,
    ),
    "models-pooling": Family(
        "another pooling than 2 by 2 maxima",
        "The pooling gives other numbers, though in the right shape. Which entry of each window "
        "goes on, and how large is the window?",
        SEE,
    ),
    "models-sizes-do-not-fit": Family(
        "a layer gets another shape than it was made for",
        "A layer gets another shape than it was made for. Print `x.shape` before each layer: does "
        "it fit the sizes that you worked out, is it flat where it should be, and does a number "
        "stand where the batch size can vary?",
        SEE,
    ),
    "models-batch-flattened": Family(
        "flattened over the batch as well",
        "The images of a batch are flattened into one long row. From which axis on should "
        "flattening begin?",
        SEE,
    ),
    "models-batch-mixed": Family(
        "images of a batch mixed up by reshaping",
        "It works for a single image, and mixes the numbers of several. Does your reshape keep "
        "each image in a row of its own, or only make the shape fit?",
        SEE,
    ),
    "models-flattened-in-another-order": Family(
        "axes exchanged before flattening",
        "The pixels arrive in another order, so a checkpoint would fit other pixels. Are axes "
        "exchanged before flattening?",
        SEE,
    ),
    "models-input-changed": Family(
        "images scaled inside the network",
        "The network seems to rescale its images. They come normalised already: who should do "
        "that, the loader or the network?",
        SEE,
    ),
    "models-dropout-always-on": Family(
        "dropout in evaluation mode",
        "Dropout is active even in evaluation mode. How does a functional dropout learn which "
        "mode the network is in?",
        SEE,
    ),
    "models-other-output": Family(
        "not ten scores for each image",
        "The output has not one row of ten scores for each image. How many classes are there, and "
        "does each image keep its row?",
        SEE,
    ),
    "models-no-gradient": Family(
        "the gradient is cut off",
        "Nothing in this network can learn, because no gradient gets through. Is a tensor taken "
        "out of the graph on its way to the output, or are the parameters frozen?",
        SEE,
    ),
    "models-statistics-of-the-batch": Family(
        "normalised by the batch in evaluation mode",
        "A single image fails. Is it normalised by the statistics of its batch even in evaluation "
        "mode, and what is the spread of one number?",
        SEE,
    ),
    "models-not-finite": Family(
        "divides by zero, or takes the logarithm of a negative number",
        "The scores are not finite even before training. Is there a division, a logarithm or a "
        "root whose argument may be 0 or negative?",
        SEE,
    ),
    "models-needs-cuda": Family(
        "calls .cuda()",
        "The network moves its data to a GPU by itself, and there may be none. Who should decide "
        "where a network runs?",
        SEE,
    ),
}
