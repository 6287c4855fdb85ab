"""Where two submissions of a class have code or weights in common: a place to look, no verdict.

    a slot:    document = to_json(of(submission))       while the files are staged
    the class: save(out, key, document)                 OUT/submissions/KEY/features.json
    the end:   report(out) -> Section                   over all of them

Code is compared by fingerprints of its tokens (`tokens`, `winnowing`), found through an inverted
index (`pairs`) and shown side by side (`alignment`); checkpoints by sketches of their weights
(`weights`, `twins`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.authoring.classroom.similarity.extraction import (
    features,
    load,
    of,
    save,
    to_json,
    unsigned,
)

if TYPE_CHECKING:
    from pathlib import Path

    from grader.authoring.classroom.report.sections import Section

__all__ = ["features", "load", "of", "report", "save", "to_json", "unsigned"]


def report(out: Path, *, anonymous: bool = False) -> Section:
    """The section on similarity of the class in `out`, which names nobody when `anonymous`.

    Raises ClassError where `out` holds no class, or damaged records; one whose features are
    damaged is named in it.
    """
    from grader.authoring.classroom.similarity import section

    return section.of(out, anonymous=anonymous)
