"""The words that the terminal and the page share: who, which points, why.

With `anonymous`, nobody is called by name or key, and what only staff may see of a reason is
left out. The pseudonyms are those of the new grading: of its records where they hold nothing
else, of its report otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from textwrap import shorten

from grader.authoring.classroom.compare.candidates import SEEN, Kind
from grader.authoring.classroom.compare.changes import Change, Comparison, Standing
from grader.authoring.classroom.compare.reading import Grading
from grader.authoring.classroom.records import SUBMISSIONS
from grader.authoring.classroom.report import names
from grader.exporters.points import shown
from grader.text import clean

CASES_NAMED = 3
STAFF_CHARACTERS = 200
NOT_GRADED = "none"
MINUS = "\N{MINUS SIGN}"


class Words:
    """Calls submissions by what may be said of them."""

    def __init__(self, old: Grading, new: Grading, *, anonymous: bool) -> None:
        self.anonymous = anonymous
        self._old = {record.key: record for record in old.records}
        self._new = {record.key: record for record in new.records}
        self._place = new.place if new.place.is_dir() else None
        self._names: names.Names | None = None
        if anonymous and self._place is not None:
            everybody = {**self._old, **self._new}
            self._names = names.of(self._place, everybody.values(), anonymous=True)

    def places(self, comparison: Comparison) -> tuple[str, str]:
        """Where the two gradings were read; the name of a file may be a student's."""
        if self.anonymous:
            return "the old grading", "the new grading"
        return flat(str(comparison.old_place)), flat(str(comparison.new_place))

    def who(self, standing: Standing) -> str:
        """The students of a submission, or its key; pseudonyms where nobody is named."""
        key = standing.key
        record = replace(self._new.get(key) or self._old[key], students=standing.students)
        if self._names is not None:
            return self._names.label(record)
        return "the submission" if self.anonymous else flat(names.named(record))

    def all(self, standings: Iterable[Standing]) -> list[str]:
        """Several submissions, in the order of what they are called."""
        return sorted(map(self.who, standings))

    def key(self, standing: Standing) -> str:
        """The key beside a name; '' where it would say the same, or too much."""
        return "" if self.anonymous or not standing.students else flat(standing.key)

    def page(self, standing: Standing) -> Path | None:
        """The page on this submission that the new grading's report has, if there is one."""
        if self._place is None:
            return None
        if self._names is not None:
            folder = self._names.place(self._place) / SUBMISSIONS / self._names.folder(standing.key)
        else:
            folder = self._place / SUBMISSIONS / standing.key
        path = folder / names.PAGE
        return path if path.is_file() else None

    def why(self, change: Change) -> str:
        """All reasons of a change, as one line."""
        pieces = [
            f"{cause.text} ({shorten(cause.staff, STAFF_CHARACTERS, placeholder=' …')})"
            if cause.staff and not self.anonymous
            else cause.text
            for cause in change.causes
        ]
        told = flat("; ".join(pieces))  # files may be called as their owners are
        return told if self._names is None else self._names.scrub(told)


def fails(change: Change) -> str:
    """The cases that a fall is made of, in words; '' where there are none to name."""
    if not change.cases:
        return ""
    rest = len(change.cases) - CASES_NAMED
    more = f" and {rest} more" if rest > 0 else ""
    return f"less for {' / '.join(change.cases[:CASES_NAMED])}{more}"


def arrow(old: Fraction | None, new: Fraction | None) -> str:
    """Points before and after; exact ones where rounded ones would look alike."""
    before, after = points(old), points(new)
    if before == after:
        before, after = str(old), str(new)
    return f"{before} → {after}"


def points(value: Fraction | None) -> str:
    """Points as decimals, or that there are none."""
    return NOT_GRADED if value is None else shown(value).replace("-", MINUS)


def signed(difference: Fraction) -> str:
    """A difference with its sign, no hyphen for a minus."""
    sign = MINUS if difference < 0 else "+" if difference > 0 else "±"
    return sign + shown(abs(difference))


def kinds(several: Sequence[Kind]) -> str:
    """Causes that came together: those seen, and of the others nobody can tell which it was."""
    seen = " and ".join(kind.value for kind in several if kind in SEEN)
    perhaps = " or ".join(kind.value for kind in several if kind not in SEEN)
    return f"{seen}, perhaps by {perhaps}" if seen and perhaps else seen or perhaps


def count(number: int, what: str) -> str:
    """A number with its word: '1 fall', '2 falls'."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def flat(text: str) -> str:
    """Text that students or files control, as one harmless line."""
    return " ".join(clean(text).split())
