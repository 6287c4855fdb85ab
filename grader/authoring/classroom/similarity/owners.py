"""Whose a submission is: what one student hands in twice is no pair, nor what a group shares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from grader.authoring.classroom.records import Record


class Sets:
    """Disjoint sets of the numbers below `count`, which `join` unites."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def find(self, one: int) -> int:
        """The number that stands for the set of `one`."""
        while self._above[one] != one:
            self._above[one] = self._above[self._above[one]]
            one = self._above[one]
        return one

    def join(self, one: int, other: int) -> None:
        """Unite two sets; the smallest number stands for them."""
        low, high = sorted((self.find(one), self.find(other)))
        self._above[high] = low

    def groups(self) -> list[list[int]]:
        """The sets of more than one, each rising, in the order of their first ones."""
        found: dict[int, list[int]] = {}
        for number in range(len(self._above)):
            found.setdefault(self.find(number), []).append(number)
        return [members for members in found.values() if len(members) > 1]


def identities(record: Record) -> frozenset[str]:
    """By what a student is recognised in another submission; the key where nothing is known."""
    found = set()
    for student in record.students:
        ids = [("e-mail", student.email), ("id", student.sid)]
        told = {f"{kind} {text.strip().lower()}" for kind, text in ids if text.strip()}
        if not told and student.name.strip():
            told = {f"name {student.name.strip().lower()}"}
        found |= told
    return frozenset(found) or frozenset({f"key {record.key}"})


def owners(people: Sequence[frozenset[str]]) -> list[int]:
    """A number for each submission; the same one where a chain of common students joins them."""
    sets = Sets(len(people))
    first: dict[str, int] = {}
    for number, identity in ((n, i) for n, entry in enumerate(people) for i in entry):
        sets.join(number, first.setdefault(identity, number))
    return [sets.find(number) for number in range(len(people))]


def most_common(owned: Iterable[int]) -> int:
    """How many students' work may hold a thing that still says something of two of them.

    What more have is what everybody writes, or was given out: 10 of a small class, 5 % of a
    large one.
    """
    return max(10, len(set(owned)) // 20)
