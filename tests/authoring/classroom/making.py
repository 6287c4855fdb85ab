"""Records of a class made by hand: nothing is graded, so a test costs milliseconds.

record("ada")                                         full points
record("bob", points={"1.2": "0.5"})                  these points in 1.2, its cases failed
record("eve", failing={"1.2": ["padding 0"]})         these cases of 1.2 failed
record("kim", failing={"1.2": Failure(hint="...")})   all of its cases, and why
save_class(out, [record("ada"), record("bob")])       as `grader class` leaves a folder

The checks, their points and cases are like those of this homework, only fewer. `crowd.a_class`
makes whole classes of such records.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from grader.authoring.classroom import records
from grader.authoring.classroom.records import NONE, Basis, Record, Student
from grader.exporters.gradescope import export
from grader.outcomes import CaseOutcome, CheckOutcome, Run, Status

SEED = 20240219
PARTS = {"1": "Part 1: layers from scratch", "2": "Part 2: PyTorch", "3": "Part 3: imbalanced data"}
LAYER = ("tall input", "wide input", "second call of one layer", "arguments left untouched")
WINDOW = ("kernel 3, stride 1, padding 1", "kernel 5, stride 1, padding 2")
POOL = ("2 by 2, stride 2", "2 by 2, stride 2, larger input")
GOES = ("forward", "backward")
LOADS = ("loads", "accuracy")


@dataclass(frozen=True)
class Kind:
    """One check as this homework has it: `core` and `wide` are the names of its cases."""

    title: str
    points: str
    core: tuple[str, ...] = ("core",)
    wide: tuple[str, ...] = ()
    limit: float = 10.0


KINDS = {
    "1.1": Kind("Conv2D.forward: cross-correlation", "1.25", WINDOW, ("padding 0", *LAYER)),
    "1.2": Kind("Conv2D.backward: dx, dw and db", "1.75", WINDOW, ("padding 0", *LAYER)),
    "1.3": Kind("MaxPooling.forward: the largest entry", "0.75", POOL, LAYER),
    "1.4": Kind("MaxPooling.backward: dx", "1", POOL, LAYER),
    "1.5": Kind("ReLU: forward and backward", "0.5", GOES, LAYER[2:]),
    "1.6": Kind("Linear: forward and backward", "0.5", GOES, LAYER[2:]),
    "1.7": Kind("ConvNet: forward and backward", "0.5", GOES, ("a second pass",)),
    "1.8": Kind("SGD.update: three steps", "0.75", ("one layer, three steps",), ("no momentum",)),
    "2.1": Kind("The training step", "1.25", ("one step", "three steps"), ("two epochs",), 20),
    "2.2": Kind("The validation step", "0.75", ("no gradients, no graph", "every image once")),
    "2.3": Kind("TwoLayerNet: flatten, linear", "0.75", ("ten classes",), ("a single image",), 20),
    "2.4": Kind("VanillaCNN: convolution", "0.75", ("three images",), ("a single image",), 20),
    "2.5": Kind("checkpoints/twolayernet.pth: its accuracy", "0.5", LOADS, limit=60),
    "2.6": Kind("checkpoints/vanillacnn.pth: its accuracy", "0.5", LOADS, limit=90),
    "2.7": Kind("MyModel: images to logits", "0.5", ("images to logits",), ("a single image",), 20),
    "2.8": Kind(
        "checkpoints/mymodel.pth: its accuracy",
        "2",
        ("partial credit", "full credit"),
        limit=240,
    ),
    "2.9": Kind("The archive (no points)", "0", ("",)),
}


@dataclass(frozen=True)
class Failure:
    """How a check fails: in the cases named (none: all), and everything that is told of it."""

    cases: tuple[str, ...] = ()
    reason: str = "wrong"
    message: str = "`out`: 3 of 12 entries are wrong."
    hint: str = ""
    families: tuple[tuple[str, ...], ...] = ()
    output: str = ""
    status: Status = Status.FAILED
    detail: dict[str, Any] = field(default_factory=dict)


def check(number: str, failure: Failure | None = None, points: str | None = None, **other: Any):
    """One outcome; with `points` its cases share them in proportion. `other`: its fields."""
    kind = KINDS[number]
    most = Fraction(kind.points)
    cases = []
    for names, domain, share in _domains(kind):
        for name in names:
            worth = most * share / len(names)
            case = CaseOutcome(name, domain, worth, Status.PASSED, worth)
            if failure is not None and (name in failure.cases or not failure.cases):
                _fail(case, failure)
            cases.append(case)
    if points is not None and Fraction(points) < most:
        for case in cases:
            if case.status is Status.PASSED:
                _fail(case, Failure())
            case.points = case.max_points * Fraction(points) / most
    own = {"hint": failure.hint, "families": _lists(failure)} if failure is not None else {}
    known = {"part": number.split(".", maxsplit=1)[0], "title": kind.title, "cpu_limit": kind.limit}
    fields = {"cpu_seconds": 0.1, "wall_seconds": 0.2, "peak_mb": 120.0, **known, **own, **other}
    return CheckOutcome(number, max_points=most, cases=cases, **fields)


def record(
    key: str,
    *,
    points: dict[str, Any] | None = None,
    failing: dict[str, Any] | None = None,
    students: tuple[Any, ...] | None = None,
    facts: dict[str, dict[str, Any]] | None = None,
    checks: dict[str, dict[str, Any]] | None = None,
    run: dict[str, Any] | None = None,
    graded: bool = True,
    **other: Any,
) -> Record:
    """One submission, with full points but for what is told otherwise.

    `points` and `failing` go by a check's number, and so do its `facts` and the other fields
    of its outcome, `checks`. `students` are `Student`s or names (one named after `key` by
    default). `run` are other fields of the run, `other` those of the record; not `graded`, it
    has no run.
    """
    outcomes = []
    for number in KINDS:
        told = (failing or {}).get(number)
        failure = told if told is None or isinstance(told, Failure) else Failure(tuple(told))
        fields = dict((checks or {}).get(number, {}))
        if number in (facts or {}):
            fields["facts"] = dict(facts[number])
        given = (points or {}).get(number)
        outcomes.append(check(number, failure, None if given is None else str(given), **fields))
    sha = hashlib.sha256(key.encode()).hexdigest()
    values = {
        "submission_sha256": sha,
        "part_titles": dict(PARTS),
        "complete": True,
        "wall_seconds": 9.5,
        "allowed_seconds": 600.0,
        "tape": "ab" * 32,
        "tape_seed": SEED,
        "data": "cifar10_test",
        "grader_version": "0.1.0",
        **(run or {}),
    }
    made = Run("HW2: convolutional networks", f"{key}.zip", checks=outcomes, **values)
    fields = {
        "source": f"submission_{key}",
        "submitted_at": "2024-02-19T20:00:00-05:00",
        "sha256": sha,
        "files": {"part1-convnet/modules/relu.py": sha},
        "seconds": 10.0,
        "graded_at": "2024-02-21T09:00:00+00:00",
        "basis": Basis("0.1.0", "c" * 64, "ab" * 32, "d" * 64, NONE, "e" * 64),
        **other,
    }
    people = (key.title(),) if students is None else students
    return Record(
        key, tuple(_student(person) for person in people), run=made if graded else None, **fields
    )


def save_class(out: Path, all_records: list[Record]) -> Path:
    """Write the records, each with the results that Gradescope would get; gives the folder."""
    for entry in all_records:
        records.save(out, entry, None if entry.run is None else export(entry.run))
    return out


def _domains(kind: Kind):
    """The cases' names, their domain, and the share of the points that they have together."""
    if not kind.wide:
        return [(kind.core, "core", Fraction(1))]
    return [(kind.core, "core", Fraction(4, 5)), (kind.wide, "wide", Fraction(1, 5))]


def _fail(case: CaseOutcome, failure: Failure) -> None:
    case.status, case.points = failure.status, Fraction(0)
    case.reason, case.message = failure.reason, failure.message
    case.detail = dict(failure.detail)
    if failure.output:
        case.detail["output"] = failure.output


def _lists(failure: Failure) -> list[list[str]]:
    return [list(alternatives) for alternatives in failure.families]


def _student(person: Any) -> Student:
    if isinstance(person, Student):
        return person
    first = str(person).split()[0].lower()
    return Student(str(person), f"{first}@example.edu", f"90{sum(map(ord, first)):05d}")
