"""What is not the same in two gradings of one submission: candidates for a cause.

Each of them may have changed points; which one did cannot be told from records, so all that
apply to a check are named. A digest that one of the records lacks says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from grader.authoring.classroom.records import UNKNOWN, Record
from grader.outcomes import ALL_FILES, CheckOutcome, Run

FILES_NAMED = 2


class Kind(Enum):
    """What may have changed points, in the words of the totals."""

    FAILURE = "gradings that failed or broke off"
    GONE = "submissions that are not in the new grading"
    LATE = "the late penalty"
    WORTH = "points in the assignment"
    CHECKS = "checks that are not in both"
    LIMIT = "time, memory, crashes"
    UNCHECKED = "checks that could not be made"
    THRESHOLDS = "thresholds of accuracy"
    FILES = "the student's files"
    CODE = "the grader's code"
    LIBRARIES = "Python and libraries"
    TAPE = "the expected values"
    INPUTS = "the inputs drawn"
    IMAGES = "the test images"
    ASSIGNMENT = "the assignment's file"
    UNKNOWN = "nothing that is recorded"


SEEN = frozenset(
    {
        Kind.FAILURE,
        Kind.GONE,
        Kind.LATE,
        Kind.WORTH,
        Kind.CHECKS,
        Kind.LIMIT,
        Kind.UNCHECKED,
        Kind.THRESHOLDS,
    }
)
"""What outcomes themselves show; the other kinds are candidates for what brought it about."""


@dataclass(frozen=True)
class Cause:
    """One reason in words; `staff` adds to it what only those may see who may see names."""

    kind: Kind
    text: str
    staff: str = ""


@dataclass(frozen=True)
class Between:
    """What is not the same in two gradings of one submission.

    `files` are the paths of those that changed, came or went, 'part-folder/path';
    `bytes_changed` says that the submission is another one, where its files are not recorded.
    `causes` are the candidates that hold for all checks, `images` the one that holds for those
    that need images. `code_known` says whether both records tell the grader's code.
    `broken_off` has for each of the two what broke it off in the midst of its checks, '' where
    nothing did.
    """

    files: tuple[str, ...]
    bytes_changed: bool
    causes: tuple[Cause, ...]
    images: Cause | None
    code_known: bool
    broken_off: tuple[str, str]


def between(old: Record, new: Record) -> Between:
    """Compare what was graded, and what it was graded with.

    Files that differ in the same bytes of a submission are those that the course lays beneath
    it: they belong to the grader's code.
    """
    known = bool(old.files and new.files)
    paths = old.files.keys() | new.files.keys() if known and old.sha256 != new.sha256 else ()
    files = sorted(path for path in paths if old.files.get(path) != new.files.get(path))
    causes = [_code(old, new), _libraries(old, new), _tape(old, new), _assignment(old, new)]
    return Between(
        files=tuple(files),
        bytes_changed=not known and _differ(old.sha256, new.sha256),
        causes=tuple(cause for cause in causes if cause is not None),
        images=_images(old, new),
        code_known=UNKNOWN not in (old.basis.code, new.basis.code),
        broken_off=(_broken_off(old), _broken_off(new)),
    )


def graded(record: Record) -> Run | None:
    """The run, where it graded anything: one that could not open the submission did not."""
    return None if record.run is None or record.run.error else record.run


def for_check(old: CheckOutcome, new: CheckOutcome, found: Between) -> list[Cause]:
    """Those candidates that may concern this check."""
    causes = [*_files(old, new, found), *found.causes]
    if found.images is not None and any(_needs_images(check) for check in (old, new)):
        causes.append(found.images)
    return causes


def any_file(found: Between, *, named: bool = False) -> list[Cause]:
    """Any change of the submission; the names of such files are the student's own."""
    if found.bytes_changed:
        return [Cause(Kind.FILES, "another submission, whose files are not recorded")]
    if not found.files:
        return []
    staff = _listed(found.files) if named else ""
    return [Cause(Kind.FILES, f"the student changed {_count(found.files)}", staff)]


def _files(old: CheckOutcome, new: CheckOutcome, found: Between) -> list[Cause]:
    """The student's changes that may touch this check, as narrow as the records tell.

    A check tells which files it asked for, but not what those import.
    """
    reads = {*old.reads, *new.reads}
    if ALL_FILES in reads or not found.files:
        return any_file(found, named=True)
    read = [path for path in found.files if path in reads]
    if read:
        return [Cause(Kind.FILES, f"the student changed {_listed(read)}")]
    if not reads:  # it ended before it asked for anything
        return any_file(found)
    folders = {_folder(path) for path in reads}
    near = [path for path in found.files if _folder(path) in folders]
    if not near:
        return []
    return [Cause(Kind.FILES, f"the student changed {_count(near)} that it may import")]


def _code(old: Record, new: Record) -> Cause | None:
    before, after = old.basis, new.basis
    if _differ(before.code, after.code) or _differ(before.grader, after.grader):
        return Cause(Kind.CODE, "the grader's code changed")
    return None


def _libraries(old: Record, new: Record) -> Cause | None:
    """Other versions of what submitted code ran with; one that a record lacks says nothing."""
    if old.run is None or new.run is None:
        return None
    before, after = old.run.libraries, new.run.libraries
    others = [name for name in before if _differ(before[name], after.get(name, UNKNOWN))]
    if not others:
        return None
    told = ", ".join(f"{name} {before[name]} → {after[name]}" for name in others)
    return Cause(Kind.LIBRARIES, f"submitted code ran with others: {told}")


def _tape(old: Record, new: Record) -> Cause | None:
    """Other expected values, or other ones of the same tape."""
    if _differ(old.basis.tape, new.basis.tape):
        return Cause(Kind.TAPE, "the expected values changed")
    before, after = graded(old), graded(new)
    if before is None or after is None:
        return None
    if _differ(before.tape, after.tape):
        return Cause(Kind.TAPE, "the expected values changed")
    if before.tape and after.tape and before.tape_seed != after.tape_seed:
        return Cause(Kind.INPUTS, "other inputs were drawn, as they follow the archive's bytes")
    return None


def _assignment(old: Record, new: Record) -> Cause | None:
    if _differ(old.basis.assignment, new.basis.assignment):
        return Cause(Kind.ASSIGNMENT, "the assignment's file changed")
    return None


def _images(old: Record, new: Record) -> Cause | None:
    """Other images by their digests; by the names of their files where a digest is lacking."""
    digests = old.basis.data, new.basis.data
    if _known(*digests):
        return Cause(Kind.IMAGES, "the test images changed") if _differ(*digests) else None
    before, after = graded(old), graded(new)
    if before is None or after is None or before.data == after.data:
        return None
    names = (run.data or "none" for run in (before, after))
    return Cause(Kind.IMAGES, f"the test images changed: {', then '.join(names)}")


def _broken_off(record: Record) -> str:
    if record.run is None or record.run.complete:
        return ""
    return record.failure


def _needs_images(check: CheckOutcome) -> bool:
    return "thresholds" in check.facts or any(case.reason == "no-data" for case in check.cases)


def _differ(old: str, new: str) -> bool:
    return _known(old, new) and old != new


def _known(*digests: str) -> bool:
    return {"", UNKNOWN}.isdisjoint(digests)


def _folder(path: str) -> str:
    return path.split("/", maxsplit=1)[0]


def _count(paths: Sequence[str]) -> str:
    return "a file" if len(paths) == 1 else f"{len(paths)} files"


def _listed(paths: Iterable[str]) -> str:
    names = list(paths)
    rest = len(names) - FILES_NAMED
    return ", ".join(names[:FILES_NAMED]) + (f" and {rest} more" if rest > 0 else "")
