"""A family of mistakes: what a teaching assistant would say about any of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Family:
    """Mistakes with one cause.

    `hint` is the sentence for the student: it points at the cause, best as a question, and
    never spells the solution out. `title` names the family for staff, in a few words.
    `see` is the section of the handout to look at.
    """

    title: str
    hint: str
    see: str = ""
