"""What sample submissions say about themselves: how each is made, and what it must get.

Beside its files, `submissions/NAME/sample.toml` says

    title = "Everything solved"       in one sentence
    base = "reference"                or "template" or "none": what lies beneath
    overlays = ["complete"]           other samples whose files lie between
    remove = ["part2-pytorch/**"]     files to take away again

    [generated]                       files made on assembling, too large or odd to commit
    "a/big.bin" = { bytes = 1000 }                that many, which no zip makes smaller
    "a/cut.pth" = { cut = 1000 }                  the first bytes of the file that lies there
    "a/link" = { link = "/etc/passwd" }           a symbolic link
    "a/model.pth" = { script = "make.py" }        run as `make.py PATH` in the assembled folder

    [packing]
    prefix = "hw2 final"              everything a level deeper
    folders = { part1-convnet = "" }  parts under another name; "" is the top
    macos = true                      with the clutter of macOS
    raw = { "../evil.py" = "..." }    zip only: entries whose names are not touched

    [grading]
    seconds = 20                      for the whole run, in place of the assignment's time
    slow = true                       takes long whatever the machine, by waiting

`submissions/NAME/expected.toml` says what it must get: see `grader.authoring.expectations`.

Hostile samples lie a folder deeper, and have names such as `attacks/reads-the-reference`.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.authoring.expectations import Expected
from grader.errors import GraderError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[2]
DESCRIPTION = "sample.toml"
EXPECTED = "expected.toml"
ATTACKS = "attacks"
_BASES = ("reference", "template", "none")
_NONSENSE = (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError)


class SampleError(GraderError):
    """A sample submission cannot be assembled."""

    reason = "sample"


@dataclass(frozen=True)
class Packing:
    """How the sample is laid out when it is handed in."""

    prefix: str = ""
    folders: dict[str, str] = field(default_factory=dict)
    macos: bool = False
    raw: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Pace:
    """How long the sample takes: the time that it gets (None: the assignment's)."""

    seconds: float | None = None
    slow: bool = False


@dataclass(frozen=True)
class Sample:
    """A sample's description; `folder` holds its files."""

    name: str
    folder: Path
    title: str
    base: str
    overlays: tuple[str, ...]
    remove: tuple[str, ...]
    generated: dict[str, dict[str, Any]]
    packing: Packing
    pace: Pace


def names(root: Path = ROOT) -> list[str]:
    """All samples, in alphabetical order, but for the hostile ones.

    `root` is another checkout only in tests.
    """
    return sorted(path.parent.name for path in root.glob(f"submissions/*/{DESCRIPTION}"))


def attacks(root: Path = ROOT) -> list[str]:
    """All hostile samples, as 'attacks/NAME', in alphabetical order."""
    found = root.glob(f"submissions/{ATTACKS}/*/{DESCRIPTION}")
    return sorted(f"{ATTACKS}/{path.parent.name}" for path in found)


def describe(name: str, root: Path = ROOT) -> Sample:
    """What a sample's `sample.toml` says.

    Raises SampleError when there is none or it makes no sense.
    """
    path = root / "submissions" / name / DESCRIPTION
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        sample = Sample(
            name=name,
            folder=path.parent,
            title=table.pop("title"),
            base=table.pop("base"),
            overlays=tuple(table.pop("overlays", ())),
            remove=tuple(table.pop("remove", ())),
            generated=table.pop("generated", {}),
            packing=Packing(**table.pop("packing", {})),
            pace=Pace(**table.pop("grading", {})),
        )
    except _NONSENSE as error:
        raise _unusable(path, error, root) from error
    if table or sample.base not in _BASES:
        message = f"{path}: base {sample.base!r} or entries {sorted(table)} are unknown"
        raise SampleError(message)
    return sample


def expected(name: str, root: Path = ROOT) -> Expected:
    """What a sample's `expected.toml` says that it must get.

    Raises SampleError when there is none or it makes no sense.
    """
    path = root / "submissions" / name / EXPECTED
    try:
        return Expected.from_table(tomllib.loads(path.read_text(encoding="utf-8")))
    except _NONSENSE as error:
        raise _unusable(path, error, root) from error


def _unusable(path: Path, error: Exception, root: Path) -> SampleError:
    """What is wrong with a file of a sample; of one that is not there, which samples there are."""
    if not isinstance(error, FileNotFoundError):
        return SampleError(f"{path} makes no sense: {error!r}")
    known = ", ".join([*names(root), *attacks(root)]) or "none"
    return SampleError(f"there is no {path}; the samples are: {known}")
