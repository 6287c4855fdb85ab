"""The archive as a whole: a check without points, so that a bad packing is seen at once."""

from __future__ import annotations

from pathlib import PurePosixPath

from grader.assignment import Assignment
from grader.checkpoints import FOLDER
from grader.errors import NotStarted, WrongResult
from grader.feedback import code
from grader.intake import Submission
from grader.intake.signatures import HEAD_BYTES, is_lfs_pointer
from grader.marks import number, weight

MOST_NAMES = 12
WHERE_THEY_ARE = (
    "Training writes them there. If you have trained, they lie elsewhere or were not packed: "
    "the grader does not train, so the archive has to hold them."
)


@number("2.9")
@weight(0)
def test_archive(submission: Submission, assignment: Assignment) -> None:
    """The archive: at most 100 MB, every graded file is there (no points)"""
    names = missing(submission)
    complaints = [*too_large(submission, assignment.limits.archive_mb), *pointers(submission)]
    if not complaints and nothing_trained(submission, names):
        folder = str(PurePosixPath(names[0]).parent)
        raise NotStarted(folder, f"no checkpoint is there ({listed(names)}). {WHERE_THEY_ARE}")
    if names:
        complaints.insert(0, f"Not in the archive, although graded: {listed(names)}.")
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
    """Files that are graded and not there; whole parts by their name."""
    absent = [name for name in submission.layout.parts if submission.parts.get(name) is None]
    return [f"{name}/" for name in absent] + [
        f"{name}/{path}"
        for name in submission.layout.parts
        if name not in absent
        for path in submission.missing(name)
    ]


def nothing_trained(submission: Submission, names: list[str]) -> bool:
    """Whether what is missing, `names`, is all the checkpoints and nothing else."""
    lost = all(PurePosixPath(name).parts[1:2] == (FOLDER,) for name in names)
    there = any(PurePosixPath(entry.path).parts[0] == FOLDER for entry in submission.files)
    return bool(names) and lost and not there


def listed(names: list[str]) -> str:
    """The first names as code, and how many more there are."""
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(code(name) for name in names[:MOST_NAMES]) + more


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
    return [
        f"Git LFS pointers in place of files: {listed(names)}. Run `git lfs pull` before you pack."
    ]
