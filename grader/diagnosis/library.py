"""The fingerprints of known mistakes in one check, as they lie on a tape."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from grader.diagnosis.sketch import LENGTH, Seen

Array = np.ndarray[Any, Any]

_WRONG, _LINEAR = 1, 2
_NAMES, _SKETCHES, _FLAGS = "names", "sketches", "flags"


@dataclass(frozen=True)
class Library:
    """What the reference and each known mistake give in every slot of a check.

    `sketches` is (1 + mistakes, slots, LENGTH), NaN where a mistake shows nothing in a
    slot; row 0 is the reference. `wrong` and `linear` are booleans (1 + mistakes, slots).
    `mistakes` holds the name and the family of each row but the first.
    """

    PARTS: ClassVar[tuple[str, ...]] = (_NAMES, _SKETCHES, _FLAGS)

    slots: list[str]
    mistakes: list[tuple[str, str]]
    sketches: Array
    wrong: Array
    linear: Array

    @property
    def families(self) -> list[str]:
        """The family of every mistake, in the order of the rows after the first."""
        return [family for _, family in self.mistakes]

    @property
    def shown(self) -> Array:
        """Where a row shows anything: booleans (1 + mistakes, slots)."""
        return ~np.isnan(self.sketches[..., 0])

    def to_arrays(self) -> dict[str, Array]:
        """As a tape stores it."""
        text = json.dumps({"slots": self.slots, "mistakes": self.mistakes}, sort_keys=True)
        return {
            _NAMES: np.frombuffer(text.encode(), np.uint8),
            _SKETCHES: self.sketches,
            _FLAGS: (self.wrong * _WRONG + self.linear * _LINEAR).astype(np.uint8),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Array]) -> Library:
        """The inverse of `to_arrays`."""
        names = json.loads(arrays[_NAMES].tobytes().decode())
        flags = arrays[_FLAGS]
        return cls(
            slots=names["slots"],
            mistakes=[(name, family) for name, family in names["mistakes"]],
            sketches=arrays[_SKETCHES],
            wrong=(flags & _WRONG).astype(bool),
            linear=(flags & _LINEAR).astype(bool),
        )

    @classmethod
    def collect(
        cls, right: Mapping[str, Seen], wrong: Mapping[tuple[str, str], Mapping[str, Seen]]
    ) -> Library:
        """From what the reference showed, and each mistake by its (name, family).

        Mistakes that show nothing wrong in this check are left out.
        """
        kept = {
            key: seen for key, seen in wrong.items() if any(entry.wrong for entry in seen.values())
        }
        rows = [right, *kept.values()]
        slots = sorted({slot for row in rows for slot in row})
        sketches = np.full((len(rows), len(slots), LENGTH), np.nan)
        flags = np.zeros((2, len(rows), len(slots)), bool)
        for index, row in enumerate(rows):
            for place, slot in enumerate(slots):
                if slot in row:
                    sketches[index, place] = row[slot].sketch
                    flags[:, index, place] = row[slot].wrong, row[slot].linear
        return cls(slots, list(kept), sketches, flags[0], flags[1])
