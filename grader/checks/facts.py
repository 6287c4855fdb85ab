"""What drivers report, taken apart with care: student code runs beside them and may lie."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.errors import BadAnswer


def facts(answer: Any, **kinds: type | tuple[type, ...]) -> dict[str, Any]:
    """The driver's dict; raises BadAnswer unless it has each of `kinds` with its type."""
    if not isinstance(answer, dict):
        raise BadAnswer("facts were asked for, and something else came")
    for name, kind in kinds.items():
        if not isinstance(answer.get(name), kind):
            raise BadAnswer(f"the fact `{name}` is missing or malformed")
    return answer


def names(value: Any) -> list[str]:
    """A list of names, whatever its entries are; empty for anything else."""
    return [str(item) for item in value] if isinstance(value, (list, tuple)) else []


def texts(value: Any) -> list[str]:
    """A list of texts; raises BadAnswer for anything else."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise BadAnswer("a list of texts was asked for, and something else came")
    return value


def shapes(value: Any) -> list[tuple[str, tuple[int, ...]]]:
    """Pairs of a name and a shape; raises BadAnswer for anything else."""
    found = []
    for entry in value if isinstance(value, list) else [None]:
        if not isinstance(entry, list) or len(entry) != 2 or not isinstance(entry[1], list):
            raise BadAnswer("a list of shapes is malformed")
        if not all(type(size) is int for size in entry[1]):
            raise BadAnswer("a shape is malformed")
        found.append((str(entry[0]), tuple(entry[1])))
    return found


def arrays(value: Any, like: list[np.ndarray[Any, Any]]) -> list[np.ndarray[Any, Any]]:
    """A list of arrays with the shapes of `like`; raises BadAnswer for anything else."""
    fits = isinstance(value, list) and len(value) == len(like)
    if not fits or any(
        not isinstance(item, np.ndarray) or item.shape != other.shape
        for item, other in zip(value, like)
    ):
        raise BadAnswer("arrays of certain shapes were asked for, and something else came")
    return list(value)
