"""The simplest property that exactly the failing configurations share."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

Properties = Mapping[str, bool]
"""What is true of a configuration, by the words for it: {"padding = 0": True, ...}."""


def simplest(failing: Sequence[Properties], passing: Sequence[Properties]) -> str:
    """The words for one property, or for two together, that tell `failing` from `passing`.

    '' where there is none, or nothing on one of the sides to tell apart.
    """
    if not failing or not passing:
        return ""
    shared = [words for words in failing[0] if all(properties.get(words) for properties in failing)]
    for size in (1, 2):
        for chosen in itertools.combinations(shared, size):
            if not any(all(other.get(words) for words in chosen) for other in passing):
                return " and ".join(chosen)
    return ""
