"""What staff are told about private images; students see none of it."""

from __future__ import annotations

from grader.evaluation.gap import Count


def gap(stem: str, known: Count, unknown: Count, bound: float) -> str:
    """The accuracy on private images is lower by more than `bound` (0 to 1)."""
    return (
        f"{stem}: {known.share:.1%} of {known.asked} test images right, but {unknown.share:.1%} of "
        f"{unknown.asked} private ones. Honest networks differ by less than {100 * bound:.1f} "
        "points. Labels that the network carries, or training on the test images, would look "
        "like this; points are unchanged."
    )


def no_time(stem: str) -> str:
    """The test images took all the time."""
    return f"{stem}: there was no time for the private images."


def too_few(stem: str, done: int, total: int) -> str:
    """Time was enough for a few of the private images only."""
    return f"{stem}: there was time for {done} of {total} private images only, too few to compare."


def not_predicted(stem: str, reason: str) -> str:
    """The network failed on the private images with this reason code."""
    return (
        f"{stem}: the private images could not be predicted ({reason}), though the test images "
        "could. Points are unchanged; look at the network."
    )
