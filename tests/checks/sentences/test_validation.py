"""What the check of the validation step says."""

import pytest

from grader.checks.sentences import validation


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (validation.MOVED, ["changes the parameters", "`optimizer.step()`"]),
        (validation.GRADIENTS, ["no `backward()` there"]),
        (validation.GRAPH, ["with gradients enabled", "`with torch.no_grad():`"]),
        (validation.DISABLED, ["still switched off", "`with torch.no_grad():`"]),
        (validation.IN_TRAINING_MODE, ["`model.eval()` before"]),
        (validation.LEFT_IN_EVALUATION_MODE, ["`model.train()`"]),
        (validation.other_images([20, 13], [20]), ["batches of `[20, 13]`", "got `[20]`"]),
        (validation.no_pair("NoneType"), ["returned `NoneType`", "(accuracy, confusion matrix)"]),
        (
            validation.another_accuracy(0.123456),
            ["accuracy 0.1235,", "over all images", "the highest score"],
        ),
        (validation.no_confusion_matrix(10), ["shape (10, 10)"]),
    ],
)
def test_each_sentence_is_short_and_whole(text, words, short_and_whole):
    """It names what it is about, and ends with a full stop."""
    short_and_whole(text, words)
