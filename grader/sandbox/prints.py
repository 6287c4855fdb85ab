"""What is left of a printed text once its progress bars are gone.

A bar is drawn again and again over one line of a terminal, each time after a carriage
return. In a report those drawings would stand side by side.
"""

from __future__ import annotations

import re

_BAR = re.compile(r"\d%\||\dit \[|it/s\b|s/it\b")


def without_progress(text: str) -> str:
    """The lines as a terminal shows them in the end: what was drawn over is gone.

    A line that ends as a drawing of a bar, or blank after one, is left out.
    """
    kept = []
    for line in text.replace("\r\n", "\n").split("\n"):
        *drawn, last = line.split("\r")
        if not drawn or (last.strip() and not _BAR.search(last)):
            kept.append(last)
    return "\n".join(kept)
