"""What is said about checkpoints that do not fit their network, or fit with some help."""

import pytest

from grader.checks.sentences import checkpoints
from grader.checks.sentences.checkpoints import Mismatch

NAME = "mymodel.pth"
OTHER = Mismatch(
    shapes=[("fc.weight", (128, 3072), (256, 3072))], missing=["a", "b"], extra=["fc2.bias"]
)
MANY = Mismatch(shapes=[(f"fc{i}.weight", (1,), (2,)) for i in range(4)], missing=["a"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (checkpoints.NOT_MEASURED, ["does not load"]),
        (checkpoints.code_comes_first("MyModel", "2.7", f"checkpoints/{NAME}"),
         ["`MyModel` (Task 2.7) comes first", f"`checkpoints/{NAME}`"]),
        (checkpoints.no_parameters("MyModel", NAME), ["`MyModel` has no parameters", "`__init__`"]),
        (checkpoints.no_library(NAME), ["`safetensors` is not installed", "`torch.save("]),
        (checkpoints.whole_model(NAME, "models.cnn.VanillaCNN"),
         ["the whole model object (`models.cnn.VanillaCNN`)", "not `torch.save(model, path)`"]),
        (checkpoints.object_beside(NAME, "fractions.Fraction"),
         ["a `fractions.Fraction` beside the weights", "`float()` or `str()`"]),
        (checkpoints.unreadable(NAME, "unexpected end"), ["`unexpected end`", "not complete"]),
        (checkpoints.no_weights(NAME, "dict", ["epoch"]), ["a `dict` with `epoch`, and no"]),
        (checkpoints.no_weights(NAME, "list", []), ["a `list`, and no weights"]),
        (checkpoints.odd_tensor(NAME, "fc.bias"), ["`fc.bias`, which is sparse"]),
        (checkpoints.another_architecture(NAME, "MyModel", OTHER),
         ["than your MyModel:", "`(128, 3072)` in the file, `(256, 3072)` in the network",
          "`a`, `b`: not in the file", "`fc2.bias`: only in the file"]),
        (checkpoints.another_ending("mymodel.pt"), ["`mymodel.pt` was taken", "`.pth`"]),
        (checkpoints.found_under("state_dict"), ["under `state_dict`"]),
        (checkpoints.prefixes_taken_off(["module."]), ["begin with `module.`", "taken off"]),
        (checkpoints.more_entries(["total_ops"]), ["your network does not: `total_ops`"]),
        (checkpoints.weights_not_finite(["fc.bias"]), ["NaN or infinite: `fc.bias`"]),
    ],
)  # fmt: skip
def test_each_sentence_is_short_and_whole(text, words, short_and_whole):
    """It names what it is about, and ends with a full stop."""
    short_and_whole(text, words)


def test_few_differences_between_file_and_network_are_enough():
    """Of many entries that differ, the first are told."""
    text = checkpoints.another_architecture(NAME, "MyModel", MANY)
    assert "`fc2.weight`" in text
    assert "`fc3.weight`" not in text
