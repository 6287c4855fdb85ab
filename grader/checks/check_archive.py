"""The archive as a whole: a check without points, so that a bad packing is seen at once."""

from __future__ import annotations

from pathlib import PurePosixPath

from grader.assignment import Assignment
from grader.checkpoints import FOLDER
from grader.checks.sentences import archive as say
from grader.errors import NotStarted, WrongResult
from grader.intake import Submission
from grader.intake.signatures import HEAD_BYTES, is_lfs_pointer
from grader.marks import handout, number, weight


@number("2.9")
@weight(0)
@handout("Hand in")
def test_archive(submission: Submission, assignment: Assignment) -> None:
    """The archive: at most 100 MB, every graded file is there (no points)"""
    names = missing(submission)
    complaints = [*too_large(submission, assignment.limits.archive_mb), *pointers(submission)]
    if not complaints and nothing_trained(submission, names):
        folder = str(PurePosixPath(names[0]).parent)
        raise NotStarted(folder, say.not_trained(names))
    if names:
        complaints.insert(0, say.missing(names))
    if complaints:
        raise WrongResult(" ".join(complaints), code="archive")


def too_large(submission: Submission, most_mb: float) -> list[str]:
    """A sentence if the archive is above the course's limit."""
    megabytes = submission.archive_bytes / 1e6
    return [say.too_large(megabytes, most_mb)] if megabytes > most_mb else []


def missing(submission: Submission) -> list[str]:
    """Files that are graded and not there; parts without a folder by their name."""
    found = []
    for name in submission.layout.parts:
        if submission.parts.get(name) is None:
            found += of_absent_part(submission, name)
        else:
            found += [f"{name}/{path}" for path in submission.missing(name)]
    return found


def of_absent_part(submission: Submission, name: str) -> list[str]:
    """What is missing of a part that was not found: its folder, or what its folder lacks."""
    split = [f"/{path}".partition(f"/{name}/") for path in submission.left_out]
    there = {inside for _, folder, inside in split if folder}
    lacking = submission.layout.parts[name].missing(there) if there else []
    return [f"{name}/{path}" for path in lacking] or [f"{name}/"]


def nothing_trained(submission: Submission, names: list[str]) -> bool:
    """Whether what is missing, `names`, is all the checkpoints and nothing else."""
    lost = all(PurePosixPath(name).parts[1:2] == (FOLDER,) for name in names)
    there = any(PurePosixPath(entry.path).parts[0] == FOLDER for entry in submission.files)
    return bool(names) and lost and not there


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
    return [say.lfs_pointers(names)] if names else []
