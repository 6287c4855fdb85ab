"""What a teaching assistant would say about mistakes in the training and validation steps."""

from __future__ import annotations

from grader.diagnosis.family import Family

SEE = "Part 2: PyTorch"

FAMILIES: dict[str, Family] = {
    "training-nothing-moves": Family(
        "the parameters stay as they are",
        "No update reaches the parameters of this very model. Follow one batch: which call "
        "computes the gradients, which one uses them, and which one clears them? All three are "
        "needed, in that order or with the clearing first.",
        SEE,
    ),
    "training-not-cleared": Family(
        "gradients add up over batches",
        "The first step is right, and later ones drift away. What does PyTorch do with the "
        "gradients of the last batch when the next ones come?",
        SEE,
    ),
    "training-update-too-early": Family(
        "the update comes before this batch's gradients",
        "The optimizer uses the gradients of the batch before. In which order do the gradients "
        "and the update come?",
        SEE,
    ),
    "training-more-than-one-update": Family(
        "a batch is used twice",
        "A batch counts more than once. How often do backward and the update run for each batch?",
        SEE,
    ),
    "training-not-every-batch": Family(
        "not every batch makes its step",
        "Not every batch leads to a step. Is something behind the loop that belongs inside, or "
        "does the loop end or skip a batch?",
        SEE,
    ),
    "training-last-batch": Family(
        "the batch size is hard-coded",
        "It goes wrong only for a batch that is smaller than the others. Is a batch size written "
        "down as a number?",
        SEE,
    ),
    "training-probabilities": Family(
        "the criterion gets probabilities",
        "Something squeezes the scores before the criterion sees them. What does cross entropy "
        "expect, and what does it do with it?",
        SEE,
    ),
    "training-other-loss": Family(
        "another loss than the criterion's",
        "The steps go along another loss. Is it the criterion's own, of all of this batch, with "
        "nothing multiplied or divided?",
        SEE,
    ),
    "training-uphill": Family(
        "the loss has the wrong sign",
        "The steps have the right length, and lead away from the minimum. Which sign does the "
        "loss have when you call backward?",
        SEE,
    ),
    "training-more-than-asked": Family(
        "clipped gradients or a penalty of its own",
        "The step does more than asked for. Is there a clipping or a penalty that the handout "
        "does not mention?",
        SEE,
    ),
    "training-own-update": Family(
        "moves the parameters by hand",
        "The parameters move, but not as the given optimizer would move them. Who knows the "
        "learning rate and the momentum?",
        SEE,
    ),
    "training-other-data": Family(
        "changes the images before the model sees them",
        "The model seems to get other images than the loader gave. They come normalised: is "
        "anything done to them on the way?",
        SEE,
    ),
    "training-cut-off": Family(
        "no gradient can flow back",
        "There is no way back from the loss to the parameters. Is the output detached, turned "
        "into classes, or computed where gradients are switched off?",
        SEE,
    ),
    "training-loss-is-a-number": Family(
        "the loss is a plain number",
        "The loss is a plain Python number, which remembers nothing about where it came from. "
        "When is `.item()` too early?",
        SEE,
    ),
    "training-graph-kept": Family(
        "adds losses up over batches",
        "The first batch works, and the second one reaches back into the first. Does a sum of "
        "losses go through backward?",
        SEE,
    ),
    "training-criterion-arguments": Family(
        "the criterion's arguments are swapped",
        "The criterion cannot use what it gets. In which order does it take the scores and the "
        "classes?",
        SEE,
    ),
    "training-solver-returns": Family(
        "the Solver's step does not return its pair",
        "The step is right, and the given loop does not get what it needs. What does the call of "
        "this method take apart?",
        SEE,
    ),
    "validation-graph": Family(
        "the model runs with gradients enabled",
        "The result is right, but PyTorch keeps everything a backward would need. Does the call "
        "of the model itself lie inside the block that switches gradients off?",
        SEE,
    ),
    "validation-trains": Family(
        "computes gradients or moves parameters",
        "Validation computes gradients or even moves the parameters. Which lines of the training "
        "step are about learning, and have no place here?",
        SEE,
    ),
    "validation-uses-the-optimizer": Family(
        "the training step is copied into validate",
        "Validate has no optimizer. Which lines of the training step only measure?",
        SEE,
    ),
    "validation-images": Family(
        "not every image once",
        "Not every image goes through the model exactly once. Is the model called twice for a "
        "batch, does the loop end early, or are some images left out?",
        SEE,
    ),
    "validation-predictions": Family(
        "classes in place of scores",
        "The criterion gets classes where it needs scores. What do the given lines below do with "
        "`output`?",
        SEE,
    ),
    "validation-loss-is-a-number": Family(
        "the loss is a plain number",
        "The given lines below need the loss as a tensor. Which of them turns it into a number?",
        SEE,
    ),
    "validation-grad-off-for-good": Family(
        "gradients are switched off for good",
        "After validation gradients are still switched off, so the next epoch cannot train. What "
        "switches them back on?",
        SEE,
    ),
}
