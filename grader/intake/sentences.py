"""Everything that intake tells a student, and the notes for staff.

Plain text; names of files stand in backticks. Each refusal says what happened, the
likely cause and what to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.intake.limits import MEGABYTE
from grader.intake.names import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LISTED = 6


def files(paths: Iterable[str], limit: int = _LISTED) -> str:
    """The names in backticks, the first few of them."""
    every = [f"`{printable(path)}`" for path in paths]
    more = len(every) - limit
    return ", ".join(every[:limit]) + (f" and {more} more" if more > 0 else "")


def megabytes(size: int) -> str:
    """A size in words; one decimal."""
    return f"{size / MEGABYTE:.1f} MB"


def size(count: int) -> str:
    """So many bytes in the unit that fits; never 0 kB for a file that holds something."""
    return f"{-(-count // 1000)} kB" if count < MEGABYTE else megabytes(count)


# Refusals: the whole submission


def not_there(name: str) -> str:
    """Neither a file nor a folder."""
    return f"There is nothing at {files([name])}: give the path of your zip or your folder."


def not_a_zip(what: str) -> str:
    """A file that does not begin as a zip does."""
    found = f"it is {what}" if what else "its first bytes are not those of a zip"
    return (
        f"The file is not a zip archive: {found}. Renaming a file does not convert it; "
        "make the archive with the assignment's packing command or with your system's "
        "'compress to zip'."
    )


def empty() -> str:
    """No entries, or nothing but clutter."""
    return (
        "The submission holds no files. Perhaps an empty folder was packed: open the "
        "archive, check that your code is in it, and submit again."
    )


def damaged(name: str = "") -> str:
    """The zip's structure, or one of its entries, cannot be read."""
    where = f" at {files([name])}" if name else ""
    return (
        f"The zip archive is damaged{where}. Most likely the upload or the packing was "
        "cut off: make the archive again, open it once yourself, and submit it again."
    )


def encrypted(name: str) -> str:
    """Password protection."""
    return (
        f"The archive is protected by a password ({files([name])}), so it cannot be read. "
        "Make it again without a password."
    )


def unknown_compression(name: str) -> str:
    """A method other than stored and deflated."""
    return (
        f"{files([name])} is compressed by a method that is not accepted. Make the archive "
        "again as a plain zip, for instance with the assignment's packing command."
    )


def escaping(name: str) -> str:
    """Traversal or an absolute name."""
    return (
        f"The archive names a file outside of itself ({files([name])}). Pack the folder "
        "itself rather than a path with '..' or a leading '/', and submit again."
    )


def bad_names() -> str:
    """An entry that claims UTF-8 for its name, and is not."""
    return (
        "The archive holds a file whose name cannot be read as text. Give your files plain "
        "names (letters, digits, '_', '-', '.') and pack them again."
    )


def bomb(name: str) -> str:
    """One entry inflates beyond any real file."""
    return (
        f"{files([name])} inflates to more than a hundred times its packed size, which no "
        "code or checkpoint does. Replace the file and pack again."
    )


def too_much(limit: int) -> str:
    """All entries together inflate too far."""
    return (
        f"The graded files are larger than {megabytes(limit)} once unpacked. Submit only "
        "your code and one checkpoint for each model."
    )


def too_many(limit: int) -> str:
    """Too many entries."""
    return (
        f"The submission holds more than {limit} files. Most likely a data set or a virtual "
        "environment was packed too: pack only your code and checkpoints."
    )


def too_large(size: int, limit: int, largest: Sequence[tuple[str, int]] = ()) -> str:
    """Above the limit of the course; `largest` names what takes the room."""
    blame = "".join(f"; {files([name])} has {megabytes(bytes_)}" for name, bytes_ in largest)
    return (
        f"The submission has {megabytes(size)} and the limit is {megabytes(limit)}{blame}. "
        "Leave out data, old checkpoints and optimizer states."
    )


def no_part(markers: Iterable[str], strays: Sequence[tuple[str, str]], archives: list[str]) -> str:
    """None of the parts was found; `strays` are (where a marker's file lies, the marker)."""
    hint = "Pack the folders of the assignment as they are, without renaming the files in them."
    if strays:
        found, wanted = strays[0]
        hint = f"{files([found])} should lie at {files([wanted])}: keep the folders as they were."
    elif archives:
        hint = f"There is an archive inside ({files(archives)}): unpack it, and pack its contents."
    return (
        f"No part of the assignment was found: none of {files(markers)} is in the "
        f"submission. {hint}"
    )


def only_notebooks(paths: Sequence[str], graded: Sequence[str]) -> str:
    """Code, but all of it in notebooks; `graded` are the files that were looked for."""
    return f"No part of the assignment was found. {notebooks(paths, graded)}"


def unreadable(name: str) -> str:
    """A file or folder that the system does not let us read."""
    return f"{files([name])} cannot be read: check its permissions, and pack again."


# Notes for the student


def skipped_links(paths: Sequence[str]) -> str:
    """Links and devices."""
    return f"Links and special files are not followed, so these were skipped: {files(paths)}."


def skipped_names(paths: Sequence[str]) -> str:
    """Names that cannot be staged."""
    return f"Skipped, because of their names: {files(paths)}. Use plain names."


def duplicates(paths: Sequence[str]) -> str:
    """The same name twice."""
    return f"In the archive more than once; the last one counts: {files(paths)}."


def inner_archives(paths: Sequence[str]) -> str:
    """Zips in zips."""
    return f"Archives inside the submission are not opened: {files(paths)}."


def opened_inner(name: str) -> str:
    """A folder that holds nothing but a zip."""
    return f"The submission is the archive {files([name])}."


def part_missing(title: str, markers: Iterable[str], archives: Sequence[str] = ()) -> str:
    """One part of several was not found; `archives` are those inside the submission."""
    text = f"{title} is not in the submission: none of {files(markers)} was found."
    if archives:
        text += f" Is it in {files(archives)}? Unpack that, and pack its contents with the rest."
    return text


def notebooks(paths: Sequence[str], graded: Sequence[str]) -> str:
    """Notebooks where files should be; `graded` are the files that should be there."""
    are = "are notebooks" if len(paths) > 1 else "is a notebook"
    return (
        f"{files(paths)} {are}, and notebooks are not graded. Graded: {files(graded, 12)}. Move "
        "your code into these files: `jupyter nbconvert --to script NAME.ipynb` turns a notebook "
        f"into Python to copy from, and a cell that begins with `%%writefile {graded[0]}` writes "
        "that file when it runs."
    )


def several_roots(title: str, taken: str, others: Sequence[str]) -> str:
    """More than one folder looks like the part."""
    ignored = files(other or "." for other in others)
    return f"{title} was found more than once. Graded: {files([taken or '.'])}; ignored: {ignored}."


def file_for_folder(paths: Sequence[str]) -> str:
    """A file where a folder should be, or the reverse."""
    return f"A file lies where a folder should be, or the reverse; skipped: {files(paths)}."


def supplied(title: str, paths: Sequence[str]) -> str:
    """Given files that the submission lacks."""
    return f"{title}: these given files were not in the submission and were added: {files(paths)}."


def lfs_pointer(path: str) -> str:
    """Git stored a pointer in place of the file."""
    return (
        f"{files([path])} is a Git LFS pointer, not the file itself: run 'git lfs pull' and "
        "pack again."
    )


def not_a_checkpoint(path: str, what: str) -> str:
    """A checkpoint whose first bytes are those of something else."""
    return f"{files([path])} is {what or 'no checkpoint'}, so no weights can be loaded from it."


def not_utf8(path: str) -> str:
    """Source code in another encoding."""
    return f"{files([path])} is not UTF-8 text, and Python may refuse it: save it as UTF-8."


def empty_file(path: str) -> str:
    """An expected file without a byte in it."""
    return f"{files([path])} is empty: was it saved before packing?"


# Reasons not to pack


def files_missing(title: str, folder: str, paths: Sequence[str], *, weights: bool) -> str:
    """Expected files of a part that is there; `weights`: a checkpoint is among them."""
    train = " Checkpoints are written by training." if weights else ""
    return (
        f"{title} lacks {files(paths, 12)}: each must lie in `{folder}/` under exactly this "
        f"name.{train}"
    )


# Notes for staff


def given_differs(part: str, paths: Sequence[str]) -> str:
    """Given files that are another edition; the student's are used."""
    return f"{part}: given files differ from ours, the student's are used: {files(paths, 20)}"


def given_unavailable(part: str, paths: Sequence[str]) -> str:
    """Given files that neither side has."""
    return f"{part}: given files are in neither the submission nor the package: {files(paths, 20)}"
