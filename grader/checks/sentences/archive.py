"""What the check of the archive says (2.9)."""

from __future__ import annotations

from collections.abc import Sequence

from grader.feedback.lists import listed

MOST_NAMES = 12


def not_trained(checkpoints: Sequence[str]) -> str:
    """None of the `checkpoints` is there, and nothing else is missing."""
    return (
        f"no checkpoint is there ({listed(checkpoints, MOST_NAMES)}). Training writes them there. "
        "If you have trained, they lie elsewhere or were not packed: the grader does not train, so "
        "the archive has to hold them."
    )


def missing(names: Sequence[str]) -> str:
    """The files and folders `names` are graded and not there."""
    return f"Not in the archive, although graded: {listed(names, MOST_NAMES)}."


def too_large(megabytes: float, most: float) -> str:
    """The archive is above the course's limit, both in MB."""
    return (
        f"The archive has {megabytes:.1f} MB, at most {most:g} MB are allowed: leave out data, "
        "logs and old checkpoints."
    )


def lfs_pointers(names: Sequence[str]) -> str:
    """The files `names` are pointers of Git LFS."""
    return (
        f"Git LFS pointers in place of files: {listed(names, MOST_NAMES)}. Run `git lfs pull` "
        "before you pack."
    )
