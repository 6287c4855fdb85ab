"""What a teaching assistant would say about mistakes in MaxPooling."""

from __future__ import annotations

from grader.diagnosis.family import Family

POOLING = "1.3 and 1.4 Max pooling"
RULES = "Rules for all layers"

FAMILIES: dict[str, Family] = {
    "pool-overwrite": Family(
        "overlapping windows overwrite each other's gradient",
        "A pixel can be the maximum of two windows that overlap. What is left of the first "
        "window's gradient when the second one writes to the same place?",
        POOLING,
    ),
    "pool-whole-window": Family(
        "the gradient goes to more than the maximum",
        "Which entries of a window move its maximum when they change a little? Only those may "
        "take a gradient, and yours goes to others of the window, too.",
        POOLING,
    ),
    "pool-position-relative": Family(
        "the position in the window is used as a position in the image",
        "The position of a maximum counts from the corner of its window. Where does that window "
        "begin in the image?",
        POOLING,
    ),
    "pool-row-column": Family(
        "rows and columns are swapped",
        "Rows come first, columns second: in the window's corner, in the position of the maximum, "
        "and in the output. Are two of them swapped somewhere?",
        POOLING,
    ),
    "pool-outside-window": Family(
        "the maximum is searched outside of its window, too",
        "The same number can stand in several windows (zeros after a ReLU, for example), and a "
        "larger one outside. Does your search for the maximum stay inside its own window?",
        POOLING,
    ),
    "pool-average": Family(
        "an average or a sum in place of the maximum",
        "These are averages or sums of the windows. Max pooling passes on one entry of each, "
        "as it is.",
        POOLING,
    ),
    "pool-other-entry": Family(
        "another entry than the largest",
        "One entry of each window is picked, but it is not the largest. Try a window in which the "
        "largest entry is neither the first nor the last.",
        POOLING,
    ),
    "pool-part-of-window": Family(
        "the maximum of a part of the window",
        "The maximum is taken over a part of each window only. A window has two axes: are all of "
        "its rows and columns compared?",
        POOLING,
    ),
    "pool-index-for-value": Family(
        "positions in place of values",
        "The output holds the positions of the maxima. Backward may want to know them, but the "
        "next layer needs the values.",
        POOLING,
    ),
    "pool-absolute": Family(
        "signs are ignored",
        "Is -5 larger than 3? Look at how negative entries are compared.",
        POOLING,
    ),
    "pool-initial-zero": Family(
        "the search for the maximum starts at a number that may be too large",
        "What comes out of a window in which all entries are negative? Look at the number that "
        "your search for the maximum starts from.",
        POOLING,
    ),
    "pool-maximum-not-reset": Family(
        "a maximum from outside of the window is carried along",
        "Each window is searched by itself. Does your search begin anew for every window, and "
        "with an entry of that very window?",
        POOLING,
    ),
    "pool-planes-mixed": Family(
        "samples or channels are mixed",
        "Every channel of every sample is pooled by itself. Does one sample or channel use the "
        "entries, the maxima or the positions of another one?",
        POOLING,
    ),
    "pool-stride-ignored": Family(
        "the stride is ignored",
        "Where does the window of output (i, j) begin? Check it for a stride of 2: neighbouring "
        "windows are `stride` pixels apart.",
        POOLING,
    ),
    "pool-kernel-stride-confused": Family(
        "kernel size and stride are confused",
        "It is right where kernel size and stride are equal. One of them says how large a window "
        "is, the other how far apart windows begin: which did you use where?",
        POOLING,
    ),
    "pool-fixed-size": Family(
        "kernel size or stride is fixed in the code",
        "It is right for windows of 2 by 2 with stride 2. Is there a 2 in your code that ought to "
        "be the layer's kernel size or stride?",
        POOLING,
    ),
    "pool-tiles-only": Family(
        "reshaped into windows that lie side by side",
        "Reshaping or repeating cuts the image into windows side by side. What about windows that "
        "overlap, leave gaps, or do not fill the image?",
        POOLING,
    ),
    "pool-remainder": Family(
        "rows and columns that are left over are not ignored",
        "What happens when the windows do not fill the image exactly? The last rows and columns "
        "are then not used, and their gradient is zero.",
        "1.1 and 1.2 Convolution",
    ),
    "pool-output-size": Family(
        "the size of the output",
        "Count by hand how many windows fit along a side of 5 with kernel size 2 and stride 1, "
        "then let your formula do it. Mind what is divided by what, and that sizes are whole.",
        POOLING,
    ),
    "pool-height-width": Family(
        "height and width are mixed up",
        "It is right for square images. Follow height and width apart, from the input's shape to "
        "the output's, and see which of them each size and each loop uses.",
        POOLING,
    ),
    "pool-window-size": Family(
        "the window is too small or too large",
        "How many rows and columns does your window have? Mind where a slice begins, and that its "
        "end is not part of it.",
        POOLING,
    ),
    "pool-loop-range": Family(
        "the loops leave out windows, or visit some that are not there",
        "Which windows do your loops visit? They run over the output's rows and columns: from the "
        "first to the last one, and no further.",
        POOLING,
    ),
    "pool-returns-early": Family(
        "the loops end too early",
        "Only the first sample, channel, row or window is done. How far is the `return`, or the "
        "line that ends the work, indented?",
        POOLING,
    ),
    "pool-only-last": Family(
        "the result is thrown away and begun again inside a loop",
        "Only the last sample, channel, row or window is left. In which loop is the array made "
        "that collects the result?",
        POOLING,
    ),
    "pool-dout-index": Family(
        "another entry of dout is used",
        "The maxima are at the right places, but which entry of `dout` do they take? It has the "
        "output's shape: one entry for each sample, channel and window.",
        POOLING,
    ),
    "pool-dout-ignored": Family(
        "dout is not passed on as it is",
        "What does a maximum take: the gradient of its window, or something else? By the chain "
        "rule it is `dout` times the slope of the maximum, and that slope is 1.",
        POOLING,
    ),
    "pool-sign": Family(
        "the gradient's sign",
        "All places are right, and all signs are wrong. If the maximum grows, does the output "
        "grow or shrink?",
        POOLING,
    ),
    "pool-divided": Family(
        "divided by the number of something",
        "All entries of `dx` are too small by one factor. Why should the maximum share its "
        "gradient with the batch, or with its window? The mean is in the loss already.",
        RULES,
    ),
    "pool-dx-shape": Family(
        "dx does not have the shape of x",
        "`dx` has one entry for each pixel of x, even for those that no window covers. From which "
        "shape is your `dx` made?",
        POOLING,
    ),
    "pool-axes-order": Family(
        "the axes are in another order",
        "The axes are (N, C, H, W), before and after pooling. A reshape moves no axis, it only "
        "cuts the same row of numbers in another way: which index runs fastest in yours?",
        POOLING,
    ),
    "pool-returns-more": Family(
        "forward returns more than the output",
        "forward returns the output alone. What backward needs has its place in the layer.",
        "Part 1: layers from scratch",
    ),
    "pool-not-stored": Family(
        "dx is computed and not stored",
        "Where do the other layers look for the gradient after `backward`? It is not returned.",
        "Part 1: layers from scratch",
    ),
    "pool-accumulates": Family(
        "a call adds to the one before",
        "The first call is right, the second is not. What is still in your arrays from the call "
        "before?",
        RULES,
    ),
    "pool-stale": Family(
        "a call uses what the first one kept",
        "The first call is right, and later ones use what it kept. Does every forward renew all "
        "that backward, or the next forward, takes from the layer?",
        RULES,
    ),
    "pool-changes-input": Family(
        "x or dout is written to",
        "A slice or another name of an array is still the same memory. Does your code write into "
        "`x`, a window of it, or `dout`?",
        RULES,
    ),
    "pool-integer": Family(
        "fractions are cut off",
        "All entries are whole numbers. Which type has the array that you write them into?",
        POOLING,
    ),
}
