"""What the check of the archive says."""

import pytest

from grader.checks.sentences import archive

PATHS = [f"part2-pytorch/checkpoints/{name}.pth" for name in ("vanillacnn", "mymodel")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (archive.not_trained(PATHS), [f"`{PATHS[0]}`, `{PATHS[1]}`", "the grader does not train"]),
        (archive.missing(["part1-convnet/"]), ["although graded: `part1-convnet/`."]),
        (archive.missing(["a"] * 13), ["`a` and others."]),
        (archive.too_large(123.45, 100), ["123.5 MB", "at most 100 MB", "leave out"]),
        (archive.lfs_pointers(PATHS), [f"`{PATHS[0]}`", "`git lfs pull`"]),
    ],
)
def test_each_sentence_is_short_and_whole(text, words, short_and_whole):
    """It names what it is about, and ends with a full stop."""
    short_and_whole(text, words)
