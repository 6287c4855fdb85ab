"""What is said about files that are no checkpoint."""

import pytest

from grader.feedback import checkpoints

NAME = "mymodel.pth"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (checkpoints.similar_name(NAME, ["MyModel_old.pth", "mymodel2.pth"]),
         ["which has `MyModel_old.pth`, `mymodel2.pth` instead", "Only the exact name counts"]),
        (checkpoints.too_large(NAME, 123_000_000, 100e6), ["123 MB; 100 are allowed"]),
        (checkpoints.empty(NAME), ["is empty (0 bytes)"]),
        (checkpoints.lfs_pointer(NAME, 131), ["pointer of 131 bytes", "`git lfs pull`"]),
        (checkpoints.old_format(NAME), ["since version 1.6", "nothing else in the call"]),
        (checkpoints.pickled(NAME), ["written by `pickle`"]),
        (checkpoints.another_format(NAME, "a PNG image"), ["it is a PNG image."]),
        (checkpoints.another_format(NAME, ""), ["no format that is known here"]),
        (checkpoints.truncated(NAME), ["its end is missing", "pack again"]),
        (checkpoints.too_many_records(NAME, 20_000), ["more than 20000 records"]),
        (checkpoints.torchscript(NAME), ["`torch.jit.save`"]),
        (checkpoints.another_zip(NAME, ["cat.jpg", "a", "b", "c"]), ["`a`, `b` and others"]),
        (checkpoints.another_zip(NAME, []), ["it holds nothing"]),
        (checkpoints.compressed(NAME), ["packed again by another program"]),
        (checkpoints.impossible_sizes(NAME), ["cannot be right"]),
        (checkpoints.much_beside(NAME, 9_000_000), ["9 MB beside the tensors"]),
        (checkpoints.damaged_safetensors(NAME), ["a damaged safetensors file"]),
    ],
)  # fmt: skip
def test_each_sentence_is_short_and_whole(text, words, short_and_whole):
    """It names the file and what is wrong with it, and ends with a full stop."""
    short_and_whole(text, [f"`{NAME}`", *words])


def test_a_name_cannot_end_the_code_that_quotes_it():
    """Backticks in the name of a file stay inside the quotation."""
    assert checkpoints.empty("a`b.pth").startswith("``a`b.pth`` is empty")
