"""Try on an archive the checks that `[pack]` names, to see that what is packed loads.

These are the checks that will grade it, in the same workers, but without test images: they
come as far as the images, and what they say until then is said before the hand-in.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from grader.assignment import Assignment
from grader.errors import DataUnavailable, GraderError, MissingFile
from grader.outcomes import CheckOutcome, Run, Status
from grader.selection import Selection
from grader.session import Options, grade

NO_IMAGES = os.devnull  # so that images which lie in their usual place are not taken


@dataclass
class Rehearsal:
    """What the checks said of what they are about, such as 'checkpoints/mymodel.pth'.

    `loaded` had nothing to complain of; `failures` are sentences about the submission;
    `unverified` holds what could not be tried here, by the reason.
    """

    loaded: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    unverified: dict[str, list[str]] = field(default_factory=dict)


def rehearse(archive: Path, assignment: Assignment, folders: Collection[str]) -> Rehearsal:
    """Run the checks of `[pack] checks` whose part's folder is in `folders` on `archive`.

    That a file is missing is left for others to say. A grader that cannot do its job leaves
    them unverified. Raises ConfigurationError if [pack] names a check of no part.
    """
    wanted = [str(number) for number in assignment.table.get("pack", {}).get("checks", [])]
    chosen = [number for number in wanted if assignment.part_of(number).folder in folders]
    seen = Rehearsal()
    if not chosen:
        return seen
    selection = Selection(frozenset(chosen))
    try:
        run = grade(Options(archive, NO_IMAGES, selection=selection, assignment=assignment))
    except GraderError as error:
        seen.unverified[_in_short(str(error))] = [f"check {number}" for number in chosen]
        return seen
    if run.error:
        seen.failures.append(run.error)
    for check in run.checks:
        _sort(check, run, seen)
    return seen


def _sort(check: CheckOutcome, run: Run, seen: Rehearsal) -> None:
    """Put one check's outcome where it belongs; its title begins with what it is about."""
    subject = check.title.split(":", maxsplit=1)[0]
    if check.status is Status.FAILED:
        seen.failures += _messages(check, MissingFile.reason, Status.FAILED)
        return
    stopped = next(_messages(check, DataUnavailable.reason, Status.UNCHECKED, Status.NOT_RUN), "")
    if not stopped:
        seen.loaded.append(subject)
        return
    # Here the student is the one who can act on what is said to staff.
    prefix = f"{check.number}: "
    said = [note.removeprefix(prefix) for note in run.staff_notes if note.startswith(prefix)]
    seen.unverified.setdefault(_in_short(said[0] if said else stopped), []).append(subject)


def _messages(check: CheckOutcome, harmless: str, *statuses: Status) -> Iterator[str]:
    """What the cases of these statuses say, each once, but for those whose reason is harmless."""
    cases = [case for case in check.cases if case.status in statuses and case.reason != harmless]
    yield from dict.fromkeys(case.message or case.reason or "not run" for case in cases)


def _in_short(message: str) -> str:
    """A message without the middle of the traceback that it quotes."""
    first, *others = message.strip().splitlines()
    return f"{first} ... {others[-1]}" if others else first
