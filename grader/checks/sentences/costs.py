"""What `grader doctor --model` says about a network that costs much: plain text."""

from __future__ import annotations

from collections.abc import Sequence

from grader.feedback.text import code
from grader.intake.sentences import size

SMALLER_FILE = (
    "Most parameters are usually in a linear layer behind a large feature map: pool more before "
    "it, or average over all pixels."
)
PERHAPS_TOO_SLOW = "The time may not be enough: machines differ, and so do runs."
PERHAPS_TOO_BIG = "The memory may not be enough."


def too_slow(images: int, fitting: int) -> str:
    """Of so many images, only `fitting` will be predicted."""
    return (
        f"Too slow: only about {fitting} of {images} images would be predicted in time, and the "
        "others count as wrong."
    )


def too_slow_to_measure(seconds: float) -> str:
    """In so many CPU seconds not even a few images were predicted."""
    return (
        f"MyModel is too slow: a few images took more than {seconds:.0f} s of computing, so "
        "hardly any test image would be predicted in time."
    )


def too_much_memory(limit_mb: int) -> str:
    """The worker ran into its limit while it built the network or predicted."""
    return (
        f"MyModel is too large: it needs more than the {limit_mb} MB of memory that a check has, "
        "so it cannot be graded."
    )


def too_big(limit_mb: float) -> str:
    """All that runs together needs more than the container has."""
    return f"Too large: everything together needs more than the container's {limit_mb:.0f} MB."


def file_too_large(bytes_: int, limit_mb: float) -> str:
    """The weights alone are more than the whole archive may be."""
    return (
        f"Too large: a checkpoint of {size(bytes_)} does not fit into an archive of "
        f"{limit_mb:.0f} MB."
    )


def layers(shares: Sequence[tuple[str, float]]) -> str:
    """Layers with their shares, from 0 to 1."""
    return ", ".join(f"{code(name)} ({share:.0%})" for name, share in shares)
