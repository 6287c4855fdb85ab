"""The known mistakes in Conv2D (checks 1.1 and 1.2), and some layers that only look wrong."""

from __future__ import annotations

from grader.authoring.bugs import (
    convolution_batches,
    convolution_border,
    convolution_calls,
    convolution_kernel,
    convolution_parts,
    convolution_results,
    convolution_sizes,
    convolution_sums,
    convolution_windows,
)
from grader.authoring.bugs.bug import Bug

TOPICS = (
    convolution_windows,
    convolution_sizes,
    convolution_border,
    convolution_kernel,
    convolution_parts,
    convolution_sums,
    convolution_batches,
    convolution_calls,
    convolution_results,
)


def bugs() -> list[Bug]:
    """Every variant, topic by topic."""
    return [bug for topic in TOPICS for bug in topic.bugs()]
