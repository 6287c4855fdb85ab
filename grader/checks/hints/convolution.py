"""What a teaching assistant would say about mistakes in Conv2D."""

from __future__ import annotations

from grader.diagnosis.family import Family

CONVOLUTION = "1.1 and 1.2 Convolution"
RULES = "Rules for all layers"

_PLACES: dict[str, Family] = {
    "conv-stride-ignored": Family(
        "the stride is left out of a window's place",
        "This is right for stride 1 only. Where does the window of output (i, j) start and where "
        "does it end, in rows and in columns, if the stride is 2?",
        CONVOLUTION,
    ),
    "conv-stride-spreads-kernel": Family(
        "the stride multiplies the index into the kernel",
        "The stride moves the whole window; inside it, pixels stay neighbours. Which of the "
        "indices does your code multiply by the stride?",
        CONVOLUTION,
    ),
    "conv-kernel-stride-confused": Family(
        "kernel size and stride in each other's place",
        "One of the two says how large a window is, the other how far it moves. Is the kernel "
        "size used for the stride somewhere, or the other way round?",
        CONVOLUTION,
    ),
    "conv-height-width-mixed": Family(
        "height and width mixed up",
        "Height and width (or i and j) change places somewhere, which a square may hide. Follow "
        "an image that is taller than wide through your sizes, loops and slices: is it rows "
        "first everywhere?",
        CONVOLUTION,
    ),
    "conv-loops-over-input": Family(
        "loops over the input's size",
        "What do your loops count: pixels of the input, or places of the window? Take the ranges "
        "from the array that has one entry for each window.",
        CONVOLUTION,
    ),
    "conv-loop-too-short": Family(
        "loops leave out the first or the last windows",
        "The windows at an edge are never visited. Which are the first and the last values of i "
        "and j in your loops?",
        CONVOLUTION,
    ),
    "conv-output-size": Family(
        "another formula for the output's size",
        "Compare your size of the output with the handout's formula: the brackets, both borders, "
        "and the rounding. A stride that does not divide evenly is allowed; the rest of the "
        "input is then unused.",
        CONVOLUTION,
    ),
    "conv-remainder": Family(
        "the unused last rows and columns are missing in the gradient",
        "If the stride leaves a remainder, the last rows or columns are in no window. Which "
        "gradient do such pixels have, and do your arrays have room for them?",
        CONVOLUTION,
    ),
}

_BORDER: dict[str, Family] = {
    "conv-crop-zero-padding": Family(
        "a slice such as p:-p, which is empty at 0",
        "A slice that ends at `-p` fails for one value of p, which the handout allows. What does "
        "`a[0:-0]` select?",
        CONVOLUTION,
    ),
    "conv-zero-padding-branch": Family(
        "a branch that leaves padding 0 out",
        "An array is only made when there is padding. Which lines run when the padding is 0, and "
        "what do the later ones find then?",
        CONVOLUTION,
    ),
    "conv-dx-not-cropped": Family(
        "dx still contains border",
        "`dx` belongs to x, not to the padded x. The border has two sides in both directions: is "
        "all of it taken off?",
        CONVOLUTION,
    ),
    "conv-dx-crop-corner": Family(
        "dx is cut out at the wrong place",
        "`dx` has the right shape but is shifted. In which row and column of the padded array "
        "does the image begin?",
        CONVOLUTION,
    ),
    "conv-not-padded": Family(
        "the padding is missing",
        "Here an array without a border is used as if it had one. Do forward and backward both "
        "work on the padded input and on a gradient of its size?",
        CONVOLUTION,
    ),
    "conv-padding-sides": Family(
        "the border is on the wrong sides or axes",
        "How many zeros come before and after x along each of its four axes? Compare the four "
        "pairs with what you give to `np.pad`, and with what your size of the output counts.",
        CONVOLUTION,
    ),
    "conv-padding-values": Family(
        "the border is not made of zeros",
        "The entries near the edges are off, those in the middle are right. Which values does "
        "your border have, and which should it have?",
        CONVOLUTION,
    ),
    "conv-padding-constant": Family(
        "the padding is a fixed number",
        "This fits some paddings only. Is the width of the border written down as a number or "
        "taken from the kernel's size, where the layer was told how wide it is?",
        CONVOLUTION,
    ),
    "conv-full-border": Family(
        "the border of dout has the wrong width",
        "To get `dx` as a convolution of `dout`, how far must the kernel stick out at the edge so "
        "that every pixel meets every kernel entry, and how much of that does the padding save? "
        "Try kernel 3 with padding 0, 1 and 2.",
        CONVOLUTION,
    ),
    "conv-kernel-constant": Family(
        "the kernel size is a fixed number",
        "This fits kernels of one size only. Is there a number in your loops or slices where the "
        "layer's kernel size should be?",
        CONVOLUTION,
    ),
}

_ORDER: dict[str, Family] = {
    "conv-kernel-flipped": Family(
        "the kernel is flipped",
        "Here an entry of the kernel meets the pixel on the other side of the window. The "
        "handout asks for cross-correlation: which pixel does weight entry (u, v) meet there, "
        "and which one in your code?",
        CONVOLUTION,
    ),
    "conv-kernel-transposed": Family(
        "the kernel is transposed or turned by 90 degrees",
        "Rows and columns of the kernel have changed places. Does u go with the rows and v with "
        "the columns everywhere, and is nothing turned by a quarter?",
        CONVOLUTION,
    ),
    "conv-flip-all-axes": Family(
        "np.flip or np.rot90 along the wrong axes",
        "The order of filters and channels is reversed, too. Along which axes do `np.flip` and "
        "`np.rot90` work if you do not tell them?",
        CONVOLUTION,
    ),
    "conv-counts-mixed": Family(
        "samples, channels and filters mixed up",
        "The weight is (filters, channels, k, k), and the batch has a size of its own. Is each "
        "loop and each array as long as the axis it stands for?",
        CONVOLUTION,
    ),
    "conv-reshape-order": Family(
        "a reshape where axes must change places",
        "The right numbers stand in the wrong order. `reshape` reads and writes entries in one "
        "order and never swaps axes: does each reshape find the axes in the order it needs?",
        CONVOLUTION,
    ),
    "conv-factors-swapped": Family(
        "the gradient of a factor is made of that factor",
        "The gradient of a product's one factor is `dout` times the other one. Which array do you "
        "multiply by `dout` for `dw`, and which for `dx`?",
        CONVOLUTION,
    ),
    "conv-strided-view": Family(
        "as_strided with the wrong strides",
        "The strides that you give to `as_strided` do not fit the array that you view. They count "
        "bytes, and an array with a border has others than the one without.",
        CONVOLUTION,
    ),
}

_SUMS: dict[str, Family] = {
    "conv-one-channel": Family(
        "channels (or kernel entries) are left out or not told apart",
        "Which letters of the formula are summed, and which stay? An output adds up all channels, "
        "each with its own slice of the weight; in `dw` and `dx` every channel keeps its own sum.",
        CONVOLUTION,
    ),
    "conv-one-filter": Family(
        "filters are left out or not told apart",
        "Every filter has its own output and its own gradient, and `dx` collects from all of "
        "them. Does each filter meet its own slice of `dout` and of the weight?",
        CONVOLUTION,
    ),
    "conv-one-sample": Family(
        "samples are left out or not told apart",
        "Try a batch of one: is it right then? Outputs and `dx` never mix samples, while `dw` and "
        "`db` add up the whole batch, each sample with its own `dout`.",
        CONVOLUTION,
    ),
    "conv-overwrite": Family(
        "overwritten where it should be added",
        "Only the last of several shares arrives: each one replaces those before it. Where in "
        "your loops does a sum have to grow?",
        CONVOLUTION,
    ),
    "conv-return-in-loop": Family(
        "the loops end after their first turn",
        "Only the first part is filled. How far is your `return` (or `break`) indented, and when "
        "is it reached for the first time?",
        CONVOLUTION,
    ),
    "conv-dout-ignored": Family(
        "dout is not used",
        "This gradient would be the same for any `dout`. Where does the gradient of the loss with "
        "respect to the output come in?",
        CONVOLUTION,
    ),
    "conv-start-value": Family(
        "a sum that does not start at 0",
        "The differences look like another array, or like one constant. What is in the array "
        "before the first share is added?",
        CONVOLUTION,
    ),
    "conv-mean": Family(
        "a mean in place of a sum",
        "All numbers are too small, by a count of samples, pixels, channels or windows. Is there "
        "a division or a mean in the layer? The mean belongs to the loss, which has it already.",
        RULES,
    ),
    "conv-db-axes": Family(
        "db summed over the wrong axes",
        "`db` has one number for each filter. Of the four axes of `dout`, which one stays, and "
        "which three are added up?",
        CONVOLUTION,
    ),
    "conv-bias": Family(
        "the bias is missing, too often, or another filter's",
        "The outputs are off by the bias. Each filter has one number, which every pixel of that "
        "filter's output gets exactly once: which axis does yours lie along, and how often is it "
        "added?",
        CONVOLUTION,
    ),
    "conv-sign": Family(
        "the sign is wrong",
        "The numbers are right but for their sign. Is a gradient subtracted somewhere? Going "
        "downhill is the optimizer's task.",
        CONVOLUTION,
    ),
    "conv-activation": Family(
        "an activation inside the convolution",
        "Negative outputs are missing. The layer is linear: does it do something that another "
        "layer is there for?",
        CONVOLUTION,
    ),
}

_CALLS: dict[str, Family] = {
    "conv-accumulates": Family(
        "gradients of earlier calls are added",
        "The first call is right, the second one contains the first. Each backward starts afresh: "
        "what is in your gradients when it begins?",
        RULES,
    ),
    "conv-stale": Family(
        "something of an earlier call, or of another layer, is used",
        "Later calls still use what an earlier one left. Does every forward set anew what it "
        "keeps, for this layer alone?",
        RULES,
    ),
    "conv-parameters-changed": Family(
        "weight or bias is changed",
        "After the call the weight or the bias is not what it was, in value or in shape. Only the "
        "optimizer changes parameters: which line writes to them, perhaps under another name?",
        RULES,
    ),
    "conv-arguments-written": Family(
        "x or dout is written to",
        "The caller's array is changed. `a = b` gives an array a second name and copies nothing: "
        "which in-place operation works on `x` or `dout`?",
        RULES,
    ),
    "conv-not-stored": Family(
        "gradients are not stored under their names",
        "Other layers and the optimizer look for `dx`, `dw` and `db` on the layer. Does backward "
        "put each of the three there, as an array, under just this name?",
        "Part 1: layers from scratch",
    ),
    "conv-not-returned": Family(
        "forward returns something else than the output",
        "The next layer takes what forward returns for its input. What exactly does yours return?",
        "Part 1: layers from scratch",
    ),
    "conv-integer-arrays": Family(
        "an integer array cuts fractions off",
        "The numbers are right but for what stands behind the point. Which type has the array "
        "that they are written to?",
        CONVOLUTION,
    ),
    "conv-cache-missing": Family(
        "forward does not keep what backward needs",
        "Backward looks for something that forward did not keep, or kept under another name or "
        "with other contents. Compare what goes into the cache with what is taken out.",
        "Part 1: layers from scratch",
    ),
}

FAMILIES: dict[str, Family] = {**_PLACES, **_BORDER, **_ORDER, **_SUMS, **_CALLS}
