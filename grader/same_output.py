"""A few characters that are the same for equal wrong outputs of one case.

A class's report finds with them who returns the same wrong values. Nothing can be read back
from them. The inputs depend on the run's seed, so that only digests of one seed compare.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np

from grader.diagnosis.sketch import Array, Seen

# Of an output's norm: far above the rounding of float32, far below any mistake.
_PLACES = 4
_BYTES = 6


def digest(seen: Mapping[str, Seen], case: str) -> str:
    """That of the wrong arrays of one case; '' where none of its arrays is known to be wrong.

    `seen` is what the check showed, by slot: 'case/array' for an array.
    """
    wrong = {
        slot: entry.sketch
        for slot, entry in seen.items()
        if entry.wrong and slot.startswith(f"{case}/")
    }
    if not wrong:
        return ""
    text = "\n".join(f"{slot} {_rounded(sketch)}" for slot, sketch in sorted(wrong.items()))
    return hashlib.blake2b(text.encode(), digest_size=_BYTES).hexdigest()


def _rounded(sketch: Array) -> str:
    """The sketch as text: its norm, and its projections relative to that."""
    norm = float(sketch[-1])
    shares = np.round(sketch[:-1] / (norm or 1.0), _PLACES) + 0.0  # no negative zero
    return f"{norm:.{_PLACES}e} {shares.tolist()}"
