"""What a submission is called in the report, and where its page lies.

The label is the students' names, or the pseudonyms that stand for them, and the folder the
submission's key, or the pseudonym of that. Where OUT has names, pages without them lie in
OUT/anonymous, and OUT/pseudonyms.json tells staff who is who. An OUT that never had names has
pseudonyms in its records, which are told as they are.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from grader.authoring.classroom import records
from grader.authoring.classroom.pseudonyms import Owned, Pseudonyms
from grader.authoring.classroom.records import SUBMISSIONS, Record, Student
from grader.outcomes import CaseOutcome, CheckOutcome, Run, write_json

WHO_IS_WHO = "pseudonyms.json"
ANONYMOUS = "anonymous"
PAGE = "page.html"


@dataclasses.dataclass(frozen=True)
class Who:
    """A label, and the address of the page as seen from the report."""

    label: str
    href: str


class Names:
    """What may be told of the submissions of a class.

    `anonymous` says that nobody is named; `pseudonyms` are given where that takes some.
    """

    def __init__(
        self,
        graded: Iterable[Record],
        pseudonyms: Pseudonyms | None = None,
        *,
        anonymous: bool = False,
    ) -> None:
        self._pseudonyms = pseudonyms
        self.anonymous = anonymous or pseudonyms is not None
        self._labels = {record.key: self.label(record) for record in graded}

    def label(self, record: Record) -> str:
        """The students of a record, by names or pseudonyms; the key where none is known."""
        key, students = self.folder(record.key), self.students(record)
        return named(dataclasses.replace(record, key=key, students=students))

    def who(self, key: str) -> Who:
        """The label and the page of one submission."""
        folder = self.folder(key)
        return Who(self._labels.get(key, folder), f"{SUBMISSIONS}/{quote(folder)}/{PAGE}")

    def all(self, keys: Iterable[str]) -> list[Who]:
        """Those of several submissions, by label."""
        return sorted(map(self.who, keys), key=lambda who: (who.label.casefold(), who.href))

    def folder(self, key: str) -> str:
        """The name of the folder that has its page."""
        return key if self._pseudonyms is None else self._pseudonyms.of_key(key)

    def place(self, out: Path) -> Path:
        """The folder that has the report: one of its own where OUT has names."""
        return out if self._pseudonyms is None else out / ANONYMOUS

    def digest(self) -> str:
        """Changes with what is replaced in texts; '' where nothing is."""
        return "" if self._pseudonyms is None else self._pseudonyms.digest

    def students(self, record: Record) -> tuple[Student, ...]:
        """Who handed in, as they may be called."""
        if self._pseudonyms is None:
            return record.students
        return tuple(map(self._pseudonyms.of_student, record.students))

    def scrub(self, text: str) -> str:
        """The text without anything that names somebody of the class; as it is with names."""
        return text if self._pseudonyms is None else self._pseudonyms.text(text)

    def scrubbed(self, value: Any) -> Any:
        """A JSON value with all of its texts scrubbed."""
        return value if self._pseudonyms is None else self._pseudonyms.scrubbed(value)

    def record(self, record: Record) -> Record:
        """The record under its own key, with pseudonyms for students, and its texts scrubbed.

        What is told of several has to be sorted by `folder`: the keys' order is that of names.
        """
        if self._pseudonyms is None:
            return record
        return dataclasses.replace(
            record,
            students=self.students(record),
            source=self.folder(record.key),
            failure=self.scrub(record.failure),
            graded_at="",  # submissions are graded in the order of their names
            files={},
            run=None if record.run is None else self._run(record.run),
        )

    def _run(self, run: Run) -> Run:
        told = {
            name: self.scrubbed(getattr(run, name))
            for name in ("notes", "staff_notes", "flags", "error", "late", "isolation")
        }
        checks = [self._check(check) for check in run.checks]
        return dataclasses.replace(run, submission="", checks=checks, **told)

    def _check(self, check: CheckOutcome) -> CheckOutcome:
        names = ("remarks", "printed", "hint", "facts", "reads", "leaderboard")
        told = {name: self.scrubbed(getattr(check, name)) for name in names}
        cases = [self._case(case) if case.message else case for case in check.cases]
        return dataclasses.replace(check, cases=cases, **told)

    def _case(self, case: CaseOutcome) -> CaseOutcome:
        message, detail = self.scrub(case.message), self.scrubbed(case.detail)
        return dataclasses.replace(case, message=message, detail=detail)


def of(out: Path, graded: Iterable[Record], *, anonymous: bool = False) -> Names:
    """The names of the class in `out`, or with `anonymous` its pseudonyms.

    Raises ClassError where OUT's key for them is damaged, OSError where it cannot be kept.
    """
    everybody = list(graded)
    if records.is_anonymous(out):
        return Names(everybody, anonymous=True)
    if not anonymous:
        return Names(everybody)
    pseudonyms = Pseudonyms.of(out, map(Owned.record, everybody))
    return Names(everybody, pseudonyms)


def write_who_is_who(out: Path, graded: Sequence[Record], names: Names) -> None:
    """For staff, where OUT has names: whom each pseudonym stands for. Raises OSError."""
    told: dict[str, Any] = {}
    for record in graded:
        told[names.folder(record.key)] = record.key
        hidden = names.students(record)
        told |= {one.name: dataclasses.asdict(who) for one, who in zip(hidden, record.students)}
    write_json(out / WHO_IS_WHO, told)


def named(record: Record) -> str:
    """The students' names, or what else is known of them, or the key."""
    told = [student.name or student.email or student.sid for student in record.students]
    return ", ".join(filter(None, told)) or record.key
