"""A section of the report that somebody else makes: similarity, for one."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True)
class Section:
    """`html` stands under its `title` as it is: whoever makes it has escaped all texts in it.

    `note` is one plain sentence on how to read it. `html` may use the report's classes (see
    templates/style.css): a table in `div.wide` scrolls by itself, `.dim` is quiet, `.bad` loud.
    What it calls submissions, and where it links to, comes from `names.of(...).who(key)`, so
    that an anonymous report names nobody; students' texts go through `scrub` first.
    """

    title: str
    html: Markup
    note: str = ""
