"""Mistakes that make no fingerprints: they measure how well the diagnosis knows strange code.

Each is an edit of a right solution in a style that the bug library does not have, written
down in a TOML file as a list of `variants`: `of` names the solution, `family` what a teaching
assistant would say of it, `caught_by` the checks that must fail, `edits` pairs of texts.
`also` lists families that describe it as well, in one of its checks, and `named = false`
admits that the diagnosis does not find out.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from grader.authoring.bugs.bug import Bug, BugError, edited
from grader.authoring.right import solutions

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@dataclass(frozen=True)
class Unseen:
    """A mistake, the checks of its task, and whether the diagnosis should name its family.

    `families` is all that is true of it, the bug's own family included.
    """

    bug: Bug
    checks: frozenset[str]
    families: frozenset[str]
    named: bool


def load(path: Path) -> list[Unseen]:
    """The mistakes of one file; raises BugError where one does not fit its solution."""
    right = {solution.name: solution for solution in solutions()}
    found = []
    for entry in tomllib.loads(path.read_text(encoding="utf-8"))["variants"]:
        if entry["of"] not in right:
            raise BugError(f"{path.name}: {entry['name']} is of {entry['of']}, which is nowhere")
        solution = right[entry["of"]]
        ((place, text),) = solution.files.items()
        files = {place: edited(text, [(old, new) for old, new in entry["edits"]])}
        bug = Bug(entry["name"], entry["family"], frozenset(entry["caught_by"]), files)
        families = frozenset({bug.family, *entry.get("also", ())})
        found.append(Unseen(bug, solution.checks, families, entry.get("named", True)))
    return found
