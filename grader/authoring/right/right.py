"""What a right solution is, and how one is written down: as a text of its own, or as edits."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from grader.authoring.bugs.bug import Edit, edited, reference


@dataclass(frozen=True)
class Right:
    """A right solution in a style of its own, which none of `checks` may fail.

    `files` maps paths of a submission to the text that stands there in place of the
    reference's; `title` says in words what is peculiar about it.
    """

    name: str
    title: str
    files: dict[str, str]
    checks: frozenset[str]


@dataclass(frozen=True)
class Task:
    """The file that a task is solved in, and the checks that look at it.

    From its method `first` on, the class in that file is the student's to write.
    """

    prefix: str
    path: str
    checks: frozenset[str]
    first: str = "forward"

    def with_methods(self, name: str, title: str, methods: str, imports: str = "") -> Right:
        """The reference's class with other methods from `first` on.

        `methods` may end with functions that belong below the class; `imports` stands above it.
        """
        source = reference(self.path)
        head, method, tail = source.partition(f"    def {self.first}(")
        if not method:
            raise ValueError(f"{self.path} has no method {self.first!r} to replace.")
        below = re.search(r"\n(?=\S)", tail)
        rest = f"\n\n{tail[below.end() :]}" if below else ""
        if imports:
            head = head.replace("\n\n\nclass ", f"\n{imports}\n\n\nclass ", 1)
        return self.with_text(name, title, f"{head}{methods}{rest}")

    def with_edits(self, name: str, title: str, edits: Iterable[Edit]) -> Right:
        """The reference's file with each (old, new) applied; raises BugError for a misfit."""
        return self.with_text(name, title, edited(reference(self.path), edits))

    def with_text(self, name: str, title: str, text: str) -> Right:
        """The whole file as it stands in the submission."""
        return Right(f"{self.prefix}-{name}", title, {self.path: text}, self.checks)
