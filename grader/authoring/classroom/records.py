"""What is known of one submission of a class, and where it lies in the folder of results.

    OUT/class.json                    what all were graded with (`Basis`)
    OUT/submissions/KEY/record.json   who handed it in, what came out, what it was graded with
    OUT/submissions/KEY/results.json  what Gradescope would get
    OUT/log.jsonl, grades.csv, report.html

A record is written when its submission is done, in one step, so that what is there is whole.
Names and e-mail addresses are in the records' `students` only, never in a `Run`. With
`--anonymous` from the start they are nowhere: keys and students are pseudonyms.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from grader.errors import GraderError
from grader.outcomes import Run, from_json, plain, to_json, write_json

SCHEMA = 1
SUBMISSIONS = "submissions"
RECORD, RESULTS = "record.json", "results.json"
BASIS = "class.json"
NONE, UNKNOWN = "none", "unknown"


class ClassError(GraderError):
    """A class cannot be graded, reported or compared."""

    reason = "class"


@dataclass(frozen=True)
class Student:
    """Who handed in; what the export does not tell is ''."""

    name: str = ""
    email: str = ""
    sid: str = ""


NOBODY = Student()
"""Who handed in, where nothing is known of whom."""


@dataclass(frozen=True)
class Basis:
    """What submissions were graded with: a change of one of these may change a score.

    `grader` is the version, `code` a digest of the package's files, `tape`, `data`, `private`
    and `assignment` are digests of those files: `NONE` where there is none, and `UNKNOWN` where
    nobody can tell, as for what lies in an image.
    """

    grader: str = UNKNOWN
    code: str = UNKNOWN
    tape: str = UNKNOWN
    data: str = UNKNOWN
    private: str = UNKNOWN
    assignment: str = UNKNOWN


@dataclass(frozen=True)
class Record:
    """One submission: `key` names its folder, and is unique in the class.

    `source` is where it came from, relative to the class's source. `submitted_at` and `dates`
    are what its lateness was judged by. `sha256` is of its bytes
    (of an archive), or of its files' names and bytes (of a folder); `files` has the digest of
    each file that was graded, by 'part/path'. `run` is None where the grader could not grade it,
    and `failure` says why, to staff. `seconds` is wall time, with everything.
    """

    key: str
    students: tuple[Student, ...]
    source: str = ""
    submitted_at: str = ""
    dates: dict[str, str] = field(default_factory=dict)
    sha256: str = ""
    files: dict[str, str] = field(default_factory=dict)
    run: Run | None = None
    failure: str = ""
    seconds: float = 0.0
    graded_at: str = ""
    basis: Basis = field(default_factory=Basis)


def is_out(folder: Path) -> bool:
    """Whether a class was graded into this folder."""
    return (folder / BASIS).is_file() and (folder / SUBMISSIONS).is_dir()


def is_anonymous(out: Path) -> bool | None:
    """Whether names stay out of OUT; None where nothing was graded into it.

    Raises ClassError where that cannot be read: whether names may be written is unknown then.
    """
    path = out / BASIS
    if not path.exists():
        return None
    try:
        return bool(json.loads(path.read_text(encoding="utf-8"))["anonymous"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{path} is damaged ({error}): grade into another folder"
        raise ClassError(message) from error


def folder(out: Path, key: str) -> Path:
    """The folder of one submission's results."""
    return out / SUBMISSIONS / key


def save(out: Path, record: Record, results: dict[str, Any] | None) -> None:
    """Write a submission's results, then its record; raises OSError."""
    place = folder(out, record.key)
    if results is not None:
        write_json(place / RESULTS, plain(results))
    document = plain(replace(record, run=None)) | {"schema": SCHEMA}
    document["run"] = None if record.run is None else to_json(record.run)
    write_json(place / RECORD, document)


def load(path: Path) -> Record:
    """Read one record.json.

    Raises ClassError when it is damaged, or of another version.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        schema, run = document.pop("schema"), document.pop("run")
        students = tuple(Student(**entry) for entry in document.pop("students"))
        basis = Basis(**document.pop("basis"))
        record = Record(
            **document, students=students, basis=basis, run=None if run is None else from_json(run)
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"the record {path} cannot be read ({error}): delete it, and grade that one again"
        raise ClassError(message) from error
    if schema != SCHEMA:
        message = f"{path} is a record of version {schema}; this grader reads {SCHEMA}"
        raise ClassError(message)
    return record


def results(out: Path, key: str) -> dict[str, Any] | None:
    """What Gradescope would get of a submission; None where nothing was written."""
    try:
        document: dict[str, Any] = json.loads(
            (folder(out, key) / RESULTS).read_text(encoding="utf-8")
        )
    except (OSError, ValueError):
        return None
    return document


def each(out: Path) -> Iterator[Record]:
    """All records of a class, by key.

    Raises ClassError when there are none, or one is damaged.
    """
    paths = sorted((out / SUBMISSIONS).glob(f"*/{RECORD}"))
    if not paths:
        raise ClassError(f"{out} holds no graded class: `grader class SOURCE -o {out}` makes one")
    for path in paths:
        yield load(path)
