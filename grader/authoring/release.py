"""What students download: the template, the handout, and the grader with the public tape.

    hw2-template.zip                       the template, in a folder named like the homework
    handout.md                             the same handout that is in the template
    convnet_grader-0.1.0-py3-none-any.whl  for `pip install "convnet_grader-...whl[student]"`
    SHA256SUMS                             for `sha256sum --check SHA256SUMS`

The same checkout gives the same bytes. Nothing is written before everything is proven.
"""

from __future__ import annotations

import hashlib
import io
import re
import tempfile
import zipfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from grader.authoring import proofs, wheel_scan
from grader.authoring.proofs import Proof
from grader.authoring.template import Template
from grader.errors import GraderError
from grader.intake.pack import entry

SUMS = "SHA256SUMS"
HANDOUT = "handout.md"
SOURCE_OF_HANDOUT = "README.md"

_GRADING = 2  # so many proofs, the last of them, grade: that takes a minute or more
_FOLDER_MODE, _FILE_MODE, _PROGRAM_MODE = 0o755, 0o644, 0o100755
_NAMED = 5


class ReleaseError(GraderError):
    """The release cannot be written."""

    reason = "release"


def guarantees(
    made: Template, reference: Path, committed: Path, wheel: Path, *, quick: bool
) -> list[Proof]:
    """What must hold before anything is written; `quick` leaves out what has to grade."""
    every = proofs.proofs(made, reference, committed)
    kept = every[:-_GRADING] if quick else every
    scan = partial(wheel_scan.scan, wheel, reference)
    return [Proof("nothing in the wheel is secret", scan), *kept]


def contents(made: Template, wheel: Path, title: str) -> dict[str, bytes]:
    """The files of the release by name; `title` is the assignment's, such as 'HW2: CNNs'.

    Raises ReleaseError if the template has no handout.
    """
    if SOURCE_OF_HANDOUT not in made.files:
        raise ReleaseError(f"the reference has no {SOURCE_OF_HANDOUT}: it becomes the handout")
    name = short_name(title)
    files = {
        f"{name}-template.zip": zipped(made, name),
        HANDOUT: made.files[SOURCE_OF_HANDOUT],
        wheel.name: wheel.read_bytes(),
    }
    return {**files, SUMS: _sums(files)}


def short_name(title: str) -> str:
    """What stands before the colon of a title, fit for the name of a file: 'hw2'."""
    words = re.findall(r"[a-z0-9]+", title.split(":", maxsplit=1)[0].lower())
    return "-".join(words) or "homework"


def zipped(made: Template, folder: str) -> bytes:
    """The template as a zip of one folder."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in sorted(made.files.items()):
            packed = entry(f"{folder}/{name}")
            if name in made.executable:
                packed.external_attr = _PROGRAM_MODE << 16
            archive.writestr(packed, content)
    return stream.getvalue()


def require_place(out: Path) -> None:
    """Raise ReleaseError unless `out` is new, empty, or an earlier release, unchanged."""
    if not out.exists():
        return
    if not out.is_dir():
        raise ReleaseError(f"{out} is no folder: choose another place with -o")
    listed = _listed(out / SUMS)
    strange = [
        path.name
        for path in sorted(out.iterdir())
        if path.name != SUMS and listed.get(path.name) != _digest_at(path)
    ]
    if strange:
        raise ReleaseError(
            f"{out} holds {', '.join(strange[:_NAMED])}, which no earlier release left like "
            "this. Move it away, or choose another place with -o"
        )


def publish(out: Path, files: Mapping[str, bytes]) -> None:
    """Write the folder `out` in one step; an earlier release that lies there is replaced.

    Raises ReleaseError like `require_place`, and when nothing can be written there.
    """
    require_place(out)
    out = out.resolve()
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as beside:
            new, old = Path(beside, "new"), Path(beside, "old")
            new.mkdir()
            for name, content in files.items():
                (new / name).write_bytes(content)
                (new / name).chmod(_FILE_MODE)
            new.chmod(_FOLDER_MODE)
            try:
                if out.exists():
                    out.rename(old)
                new.rename(out)
            except BaseException:  # an interrupt, too: `old` goes with the folder that it is in
                if old.exists() and not out.exists():
                    old.rename(out)
                raise
    except OSError as error:
        raise ReleaseError(f"{out} cannot be written: {error}") from error


def _sums(files: Mapping[str, bytes]) -> bytes:
    lines = [f"{_digest(content)}  {name}\n" for name, content in sorted(files.items())]
    return "".join(lines).encode()


def _listed(path: Path) -> dict[str, str]:
    """Hashes by name, as a list of sums gives them; none where there is no such list."""
    if not path.is_file():
        return {}
    lines = (line.split("  ", 1) for line in path.read_text("utf-8", "replace").splitlines())
    return {line[1]: line[0] for line in lines if len(line) > 1}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _digest_at(path: Path) -> str:
    """The hash of a plain file; '' for anything else."""
    return _digest(path.read_bytes()) if path.is_file() and not path.is_symlink() else ""
