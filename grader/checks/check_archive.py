"""The archive as a whole: a check without points, so that a bad packing is seen at once."""

from __future__ import annotations

from grader.assignment import Assignment
from grader.errors import WrongResult
from grader.feedback import code
from grader.intake import Submission
from grader.intake.signatures import HEAD_BYTES, is_lfs_pointer
from grader.marks import number, weight

MOST_NAMES = 12


@number("2.9")
@weight(0)
def test_archive(submission: Submission, assignment: Assignment) -> None:
    """The archive: at most 100 MB, every graded file is there (no points)"""
    complaints = [
        *too_large(submission, assignment.limits.archive_mb),
        *missing(submission),
        *pointers(submission),
    ]
    if complaints:
        raise WrongResult(" ".join(complaints), code="archive")


def too_large(submission: Submission, most_mb: float) -> list[str]:
    """A sentence if the archive is above the course's limit."""
    megabytes = submission.archive_bytes / 1e6
    if megabytes <= most_mb:
        return []
    advice = "leave out data, logs and old checkpoints"
    return [f"The archive has {megabytes:.1f} MB, at most {most_mb:g} MB are allowed: {advice}."]


def missing(submission: Submission) -> list[str]:
    """A sentence about files that are graded and not there; whole parts by their name."""
    absent = [name for name in submission.layout.parts if submission.parts.get(name) is None]
    names = [f"{name}/" for name in absent] + [
        f"{name}/{path}"
        for name in submission.layout.parts
        if name not in absent
        for path in submission.missing(name)
    ]
    if not names:
        return []
    shown = ", ".join(code(name) for name in names[:MOST_NAMES])
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return [f"Not in the archive, although graded: {shown}{more}."]


def pointers(submission: Submission) -> list[str]:
    """A sentence about Git LFS pointers that were packed in place of files."""
    names = []
    for entry in submission.files:
        root = submission.parts.get(entry.part)
        if root is None or entry.size > HEAD_BYTES:
            continue
        with (root / entry.path).open("rb") as stream:
            if is_lfs_pointer(stream.read(HEAD_BYTES)):
                names.append(f"{entry.part}/{entry.path}")
    if not names:
        return []
    shown = ", ".join(code(name) for name in names[:MOST_NAMES])
    return [f"Git LFS pointers in place of files: {shown}. Run `git lfs pull` before you pack."]
