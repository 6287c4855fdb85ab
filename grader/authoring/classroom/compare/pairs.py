"""Who is who in two gradings of a class.

A student is known by e-mail address and id, by name where there is neither. One who handed in
again has another submission, and members of a group may have gone their own ways. Where the
records of one key know nobody in common (no names in a folder of zips, pseudonyms that were
drawn anew), the key alone says that they belong together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from grader.authoring.classroom.records import NOBODY, Record, Student


@dataclass(frozen=True)
class Pair:
    """What the same students got in two gradings."""

    old: Record
    new: Record
    students: tuple[Student, ...]


@dataclass(frozen=True)
class Single:
    """Students who are in one of the gradings alone, with their submission there."""

    record: Record
    students: tuple[Student, ...]


@dataclass(frozen=True)
class Pairing:
    """Each student of both gradings once."""

    pairs: tuple[Pair, ...]
    appeared: tuple[Single, ...]
    vanished: tuple[Single, ...]


def pair(old: Sequence[Record], new: Sequence[Record]) -> Pairing:
    """Find every student of `old` in `new`, and the other way round."""
    former = {record.key: record for record in old}
    later = {record.key: record for record in new}
    known, found = _by_identity(old), _by_identity(new)
    pairs, appeared, vanished = [], [], []
    for record in new:
        groups: dict[str | None, list[Student]] = defaultdict(list)
        for student in record.students or (NOBODY,):
            groups[_match(student, record.key, known, former, later)].append(student)
        for key, students in groups.items():
            if key is None:
                appeared.append(Single(record, _named(students)))
            else:
                pairs.append(Pair(former[key], record, _named(students)))
    for record in old:
        gone = [
            student
            for student in record.students or (NOBODY,)
            if _match(student, record.key, found, later, former) is None
        ]
        if gone:
            vanished.append(Single(record, _named(gone)))
    return Pairing(tuple(pairs), tuple(appeared), tuple(vanished))


def _match(
    student: Student,
    key: str,
    there: Mapping[str, list[str]],
    theirs: Mapping[str, Record],
    ours: Mapping[str, Record],
) -> str | None:
    """The key of this student's submission in the other grading; None where there is none.

    Of several the one with the same key counts, else the last one: the numbers of Gradescope's
    submissions grow.
    """
    candidates = {other for identity in _identities(student) for other in there.get(identity, ())}
    if key in candidates:
        return key
    if candidates:
        return max(candidates, key=lambda other: (len(other), other))
    if key in theirs and _strangers(ours[key], theirs[key]):
        return key
    return None


def _strangers(one: Record, other: Record) -> bool:
    """Whether two records name nobody in common."""
    return _all_identities([one]).isdisjoint(_all_identities([other]))


def _by_identity(records: Iterable[Record]) -> dict[str, list[str]]:
    keys: dict[str, list[str]] = defaultdict(list)
    for record in records:
        for identity in _all_identities([record]):
            keys[identity].append(record.key)
    return keys


def _all_identities(records: Iterable[Record]) -> set[str]:
    return {
        identity
        for record in records
        for student in record.students
        for identity in _identities(student)
    }


def _identities(student: Student) -> list[str]:
    """What a student is known by, each with its kind in front."""
    email, sid, name = (
        value.strip().casefold() for value in (student.email, student.sid, student.name)
    )
    strong = [f"{kind} {value}" for kind, value in (("email", email), ("sid", sid)) if value]
    return strong or ([f"name {name}"] if name else [])


def _named(students: Iterable[Student]) -> tuple[Student, ...]:
    return tuple(student for student in students if student != NOBODY)
