"""Digests of what submissions are graded with, and of submissions: has anything changed."""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import grader
from grader import assignment as assignments
from grader import tape as tapes
from grader.authoring.classroom.records import NONE, Basis, ClassError
from grader.digests import of_file
from grader.evaluation import images
from grader.session import given_files

# What only shows results, or makes the grader: a change there changes no score.
_IDLE = frozenset({"authoring", "commands", "exporters", "watching"})


@dataclass(frozen=True)
class Files:
    """The files that decide, beside the code; None where there is none."""

    tape: Path
    data: Path | None
    private: Path | None
    assignment: Path

    def named(self) -> dict[str, Path]:
        """Those that there are, by what they are for."""
        every = {
            "tape": self.tape,
            "data": self.data,
            "private": self.private,
            "assignment": self.assignment,
        }
        return {name: path for name, path in every.items() if path is not None}


def files(
    data: str | None = None,
    private: Path | None = None,
    tape: Path | None = None,
    assignment: Path | None = None,
) -> Files:
    """The files that the options of the command line mean.

    Raises ClassError where one of them is not there.
    """
    chosen = Files(
        tape or tapes.PUBLIC, images.locate(data), private, assignment or assignments.DEFAULT
    )
    for name, path in chosen.named().items():
        if not path.is_file():
            raise ClassError(f"--{name}: there is no file {path}")
    return chosen


def basis(chosen: Files) -> Basis:
    """The digests of the code and of these files.

    Raises ClassError where one cannot be read.
    """
    try:
        digests = {name: of_file(path) for name, path in chosen.named().items()}
        lacking = {name: NONE for name in asdict(chosen) if name not in digests}
        return Basis(grader=grader.__version__, code=of_code(), **digests, **lacking)
    except OSError as error:
        message = f"{error.filename} cannot be read ({error.strerror})"
        raise ClassError(message) from error


@functools.cache
def of_code() -> str:
    """A digest of those of the package's files that decide, and of the files the course gives."""
    root = Path(grader.__file__).parent
    own = (path for path in _files(root) if path.parts[0] not in _IDLE and path.suffix == ".py")
    given = given_files()
    lines = [_line("grader", root, path) for path in own]
    if given is not None:
        named = (path for path in _files(given) if _is_given(path))
        lines += [_line("given", given, path) for path in named]
    return hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()


def of_submission(path: Path) -> str:
    """SHA-256 of an archive's bytes, or of a folder's names and bytes; raises OSError."""
    if not path.is_dir():
        return of_file(path)
    lines = (_line("", path, relative) for relative in contents(path))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def contents(folder: Path) -> list[Path]:
    """The ordinary files below a folder, in the order of their names; links are none.

    Raises OSError where a folder cannot be listed.
    """
    return sorted(_files(folder), key=os.fspath)


def _files(folder: Path) -> Iterable[Path]:
    def refuse(error: OSError) -> None:
        raise error

    for place, below, names in os.walk(folder, onerror=refuse):
        below[:] = [name for name in below if name != "__pycache__"]
        for name in names:
            path = Path(place, name)
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(folder)


def _is_given(path: Path) -> bool:
    """Whether a file may be laid under submissions: code, not data that lies beside it."""
    return path.suffix == ".py" and "tests" not in path.parts


def _line(where: str, folder: Path, relative: Path) -> str:
    name = os.fsencode(relative.as_posix()).hex()
    return f"{where}/{name}\0{of_file(folder / relative)}\n"
