"""What a submission is called in the report, and where its page lies.

With names, the label is the students' names. Without, it is a pseudonym such as
'submission 017': the numbers are drawn at random, so that no order tells who it is, and kept
in OUT/pseudonyms.json, so that a later report has the same ones and staff can look one up.
"""

from __future__ import annotations

import dataclasses
import json
import random
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from grader.authoring.classroom.records import SUBMISSIONS, ClassError, Record
from grader.outcomes import CaseOutcome, CheckOutcome, Run, write_json
from grader.text import escape

PSEUDONYMS = "pseudonyms.json"
ANONYMOUS = "anonymous"
PAGE = "page.html"

_WORD = re.compile(r"\w+")
_SHORTEST = 4  # characters: a shorter name is a word that texts need
_FEWEST_DIGITS = 3


@dataclasses.dataclass(frozen=True, order=True)
class Secret:
    """A text that tells who somebody is, and the label that takes its place.

    `exact` ones are found as they are written only: a last name may be a word, too.
    """

    text: str
    label: str
    exact: bool = False

    def stands(self, text: str, low: str, start: int) -> bool:
        """Whether it stands in `text` (`low` in small letters) at `start`, as whole words."""
        end = start + len(self.text)
        there = (
            text.startswith(self.text, start)
            if self.exact
            else low.startswith(self.text.lower(), start)
        )
        return there and _WORD.match(low[end : end + 1]) is None


@dataclasses.dataclass(frozen=True)
class Who:
    """A label, and the address of the page as seen from the report."""

    label: str
    href: str


class Names:
    """Labels by key; `secrets` are what stands for a submission and may not be told.

    Only with `anonymous` names are `secrets` replaced, by the label of whom they belong to.
    """

    def __init__(
        self, labels: Mapping[str, str], secrets: Iterable[Secret] = (), *, anonymous: bool = False
    ) -> None:
        self.anonymous = anonymous
        self._labels = dict(labels)
        self._secrets: dict[str, list[Secret]] = {}
        for secret in sorted(secrets, key=lambda secret: (-len(secret.text), secret)):
            for text in dict.fromkeys((secret.text, escape(secret.text))):
                found = _WORD.search(text)
                if found is not None:
                    known = self._secrets.setdefault(found[0].lower(), [])
                    known.append(dataclasses.replace(secret, text=text[found.start() :]))

    def who(self, key: str) -> Who:
        """The label and the page of one submission."""
        return Who(self._labels.get(key, key), f"{SUBMISSIONS}/{quote(self.folder(key))}/{PAGE}")

    def all(self, keys: Iterable[str]) -> list[Who]:
        """Those of several submissions, by label."""
        return sorted(map(self.who, keys), key=lambda who: (who.label.casefold(), who.href))

    def folder(self, key: str) -> str:
        """The name of the folder that has its page: its label where the key may tell a name."""
        return self._labels.get(key, key).replace(" ", "-") if self.anonymous else key

    def place(self, out: Path) -> Path:
        """The folder that has the report: what is `anonymous` can be given away whole."""
        return out / ANONYMOUS if self.anonymous else out

    def scrub(self, text: str) -> str:
        """The text without anything that names somebody of the class; as it is with names.

        Names of fewer than four characters stay: replaced, they would spoil ordinary words.
        """
        if not self.anonymous or not text:
            return text
        low, end = text.lower(), 0
        if len(low) != len(text):  # a few letters change their length: then places would differ
            text = low
        pieces: list[str] = []
        for match in _WORD.finditer(low):
            start = match.start()
            for secret in self._secrets.get(match[0], ()) if start >= end else ():
                if secret.stands(text, low, start):
                    pieces += [text[end:start], secret.label]
                    end = start + len(secret.text)
                    break
        return "".join(pieces) + text[end:]

    def scrubbed(self, value: Any) -> Any:
        """A JSON value with all of its texts scrubbed, keys too."""
        if isinstance(value, str):
            return self.scrub(value)
        if isinstance(value, dict):
            return {self.scrub(str(name)): self.scrubbed(item) for name, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.scrubbed(item) for item in value]
        return value

    def record(self, record: Record) -> Record:
        """The record without students and source, and with its texts scrubbed."""
        if not self.anonymous:
            return record
        run = None if record.run is None else self._run(record.run)
        return dataclasses.replace(
            record, students=(), source="", failure=self.scrub(record.failure), files={}, run=run
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


def of(out: Path, records: Iterable[Record], *, anonymous: bool = False) -> Names:
    """The names of a class; with `anonymous`, pseudonyms are drawn for those without one.

    Raises ClassError when the pseudonyms that were drawn before cannot be read.
    """
    if not anonymous:
        return Names({record.key: named(record) for record in records})
    everybody = list(records)
    labels = _pseudonyms(out / PSEUDONYMS, [record.key for record in everybody])
    secrets = [
        dataclasses.replace(secret, label=labels[record.key])
        for record in everybody
        for secret in _telling(record)
        if _is_telling(secret.text)
    ]
    return Names(labels, secrets, anonymous=True)


def named(record: Record) -> str:
    """The students' names, or what else is known of them, or the key."""
    told = [student.name or student.email or student.sid for student in record.students]
    return ", ".join(filter(None, told)) or record.key


def _telling(record: Record) -> Iterator[Secret]:
    """The texts that tell whose a record is, without a label."""
    for text in (record.key, record.source):
        yield Secret(text, "", exact=True)
    for student in record.students:
        for text in (student.name, student.email, student.email.split("@")[0], student.sid):
            yield Secret(text, "")
        first, *others = student.name.split() or [""]
        if others:
            yield Secret(others[-1], "", exact=True)
            yield Secret(f"{others[-1]}, {first}", "")
            for between in ("", "_", "-", "."):
                yield Secret(f"{first}{between}{others[-1]}", "")


def _is_telling(text: str) -> bool:
    """Whether a text is long enough to be replaced wherever it stands."""
    if text.isdecimal():
        return len(text) > _FEWEST_DIGITS
    return len(text) >= _SHORTEST


def _pseudonyms(path: Path, keys: list[str]) -> dict[str, str]:
    """Those that are known, and new ones for the other keys, which are written down."""
    known: dict[str, str] = {}
    if path.exists():
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            known = {str(key): str(label) for key, label in document.items()}
        except (OSError, ValueError, AttributeError) as error:
            message = f"{path} cannot be read ({error}): delete it, and pseudonyms are drawn anew"
            raise ClassError(message) from error
    new = [key for key in keys if key not in known]
    if new:
        width = max(3, len(str(len(keys))))
        taken = set(known.values())
        every = (f"submission {number:0{width}d}" for number in range(1, len(known) + len(new) + 1))
        free = [label for label in every if label not in taken]
        random.SystemRandom().shuffle(free)
        known.update(zip(new, free))
        write_json(path, known)
    return known
