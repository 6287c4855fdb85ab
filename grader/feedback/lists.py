"""Several names in a row, as inline code."""

from __future__ import annotations

from collections.abc import Sequence

from grader.feedback.text import code


def listed(names: Sequence[str], most: int) -> str:
    """The first `most` names, and that there are others; '' for none."""
    more = " and others" if len(names) > most else ""
    return ", ".join(code(name) for name in names[:most]) + more
