"""The two gradings that are compared: folders of `grader class`, or outcomes of `grader grade`."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

from grader.authoring.classroom import records
from grader.authoring.classroom.records import UNKNOWN, Basis, ClassError, Record
from grader.outcomes import from_json

ONE = "submission"


@dataclass(frozen=True)
class Grading:
    """All records of one grading, by key; `place` is where they were read."""

    place: Path
    records: tuple[Record, ...]


def read(old: Path, new: Path) -> tuple[Grading, Grading]:
    """Read both: two folders of a class, or two outcome files of one submission.

    Two outcome files are taken for the same submission, whatever it is called in them.
    Raises ClassError where one is missing or damaged, or they are of two kinds.
    """
    for path in (old, new):
        if not path.exists():
            message = f"there is no {path}: name two folders of `grader class`"
            raise ClassError(message)
    if old.is_dir() != new.is_dir():
        message = (
            f"{old} and {new} cannot be compared: name two folders of `grader class`, "
            "or two files of `grader grade --outcomes`"
        )
        raise ClassError(message)
    if old.is_dir():
        return Grading(old, tuple(records.each(old))), Grading(new, tuple(records.each(new)))
    after = _outcome(new)
    before = replace(_outcome(old), key=after.key)
    return Grading(old, (before,)), Grading(new, (after,))


def _outcome(path: Path) -> Record:
    """What an outcome file tells: not which files were graded, and with which code."""
    try:
        run = from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        message = (
            f"{path} holds no outcomes ({error}): `grader grade --outcomes {path}` writes them"
        )
        raise ClassError(message) from error
    return Record(
        key=run.submission or ONE,
        students=(),
        sha256=run.submission_sha256,
        run=run,
        basis=Basis(grader=run.grader_version or UNKNOWN, tape=run.tape or UNKNOWN),
    )
