"""What the check of the archive says; it has no points."""

import pytest

from grader.outcomes import Status


def test_a_complete_archive_passes(submit, grade):
    """Both parts with all files that are graded pass."""
    submit()
    empty = {f"checkpoints/{name}.pth": b"x" for name in ("twolayernet", "vanillacnn", "mymodel")}
    check = grade(submit(empty, part="part2-pytorch"), lambda number: number == "2.9")["2.9"]
    assert check.status is Status.PASSED, check
    assert check.max_points == 0


def test_what_is_missing_is_listed(only):
    """A part that is not there, and files of the other, are named."""
    message = only("2.9", {"models/cnn.py": None}).cases[0].message
    assert "`part1-convnet/`" in message
    assert "`part2-pytorch/models/cnn.py`" in message
    assert "`part2-pytorch/checkpoints/mymodel.pth`" in message


CHECKPOINTS = [f"checkpoints/{name}.pth" for name in ("twolayernet", "vanillacnn", "mymodel")]


def test_nothing_trained_yet(submit, grade):
    """Where all checkpoints are missing and nothing else is, that is not started, not wrong."""
    submit()
    (case,) = grade(submit(part="part2-pytorch"), lambda number: number == "2.9")["2.9"].cases
    assert (case.status, case.reason) == (Status.FAILED, "not-started")
    for words in (*CHECKPOINTS, "not packed", "the grader does not train"):
        assert words in case.message


@pytest.mark.parametrize(
    "changes",
    [
        {CHECKPOINTS[0]: b"x"},
        {"checkpoints/MyModel_old.pth": b"x"},
        {"models/cnn.py": None},
        {"models/cnn.py": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"},
    ],
)
def test_more_or_less_than_the_checkpoints_is_missing(submit, grade, changes):
    """With a checkpoint there, or another fault of the archive, the archive is wrong."""
    submit()
    folder = submit(changes, part="part2-pytorch")
    (case,) = grade(folder, lambda number: number == "2.9")["2.9"].cases
    assert case.reason == "archive"
    assert CHECKPOINTS[-1] in case.message


def test_pointers_of_git_lfs_are_named(only):
    """A pointer in place of a checkpoint is found by its first bytes."""
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"
    message = only("2.9", {"checkpoints/mymodel.pth": pointer}).cases[0].message
    assert "Git LFS pointers in place of files: `part2-pytorch/checkpoints/mymodel.pth`" in message


@pytest.mark.parametrize(("megabytes", "complains"), [(100, False), (100.1, True)])
def test_an_archive_above_the_limit_is_refused(megabytes, complains):
    """The limit itself is still allowed."""
    from types import SimpleNamespace

    from grader.checks.check_archive import too_large

    found = too_large(SimpleNamespace(archive_bytes=megabytes * 1e6), 100)
    assert bool(found) is complains


@pytest.mark.parametrize("suffix", [".pt", ".safetensors"])
def test_a_checkpoint_with_another_ending_is_there(submit, grade, suffix):
    """What is graded under another ending is not reported as missing."""
    submit()
    files = {**dict.fromkeys(CHECKPOINTS[:2], b"x"), f"checkpoints/mymodel{suffix}": b"x"}
    check = grade(submit(files, part="part2-pytorch"), lambda number: number == "2.9")["2.9"]
    assert check.status is Status.PASSED, check


def test_of_a_folder_that_is_there_the_files_are_missing(submit, grade):
    """A part in a notebook: its files are named, and not its folder, nor what lies there."""
    folder = submit()
    notebook = folder / "part2-pytorch" / "hw2.ipynb"
    notebook.parent.mkdir()
    notebook.write_text("{}")
    (notebook.parent / "checkpoints").mkdir()
    (notebook.parent / "checkpoints" / "mymodel.pth").write_bytes(b"x")
    (case,) = grade(folder, lambda number: number == "2.9")["2.9"].cases
    assert "`part2-pytorch/models/my_model.py`" in case.message
    assert "`part2-pytorch/`" not in case.message
    assert "mymodel.pth" not in case.message
