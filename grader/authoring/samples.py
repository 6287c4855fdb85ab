"""Sample submissions: folders that hold only what differs from the reference.

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

    [outcome]                         see `grader.authoring.expectations`

A base comes as it is handed in: without data, tests, caches, and the checkpoints that were
trained on CIFAR-10.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from grader.authoring import template
from grader.authoring.expectations import Expected
from grader.errors import GraderError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[2]
DESCRIPTION = "sample.toml"
_KEPT_OUT = {"checkpoints", "data", "tests"}
_BASES = ("reference", "template", "none")
_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can hold
_FILE, _LINK = 0o100644, 0o120777
_APPLE_DOUBLE = b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        "
_MEBIBYTE = 1 << 20


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
    outcome: Expected


def names(root: Path = ROOT) -> list[str]:
    """All samples, in alphabetical order; `root` is another checkout only in tests."""
    return sorted(path.parent.name for path in root.glob(f"submissions/*/{DESCRIPTION}"))


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
            outcome=Expected.from_table(table.pop("outcome")),
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        known = ", ".join(names(root)) or "none"
        message = f"cannot use {path} ({error!r}); the samples are: {known}"
        raise SampleError(message) from error
    if table or sample.base not in _BASES:
        message = f"{path}: base {sample.base!r} or entries {sorted(table)} are unknown"
        raise SampleError(message)
    return sample


def expected(name: str, root: Path = ROOT) -> Expected:
    """The outcome that a sample must get; raises SampleError."""
    return describe(name, root).outcome


def assemble(name: str, into: Path, root: Path = ROOT, reference: Path | None = None) -> Path:
    """Build a sample as a folder `into/NAME`, which must not exist, and return it.

    `reference` is another one than the checkout's own. Raises SampleError, and TemplateError
    when there is no template of the reference to be a base.
    """
    sample = describe(name, root)
    out = into / name
    if out.exists():
        message = f"{out} exists: assemble into another folder, or remove it"
        raise SampleError(message)
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into, prefix=f".{name}-") as temporary:
        tree = Path(temporary) / "tree"
        tree.mkdir()
        _lay_base(sample.base, tree, reference or root / "reference")
        for layer in (*sample.overlays, name):
            _lay_overlay(describe(layer, root), tree)
        _remove(sample, tree)
        for path, recipe in sample.generated.items():
            _generate(sample, tree, path, recipe)
        _pack(sample.packing, tree, Path(temporary) / "packed").rename(out)
    return out


def assemble_zip(name: str, into: Path, root: Path = ROOT) -> Path:
    """Build a sample as the archive `into/NAME.zip` and return it.

    The same sample gives the same bytes. Raises SampleError.
    """
    sample = describe(name, root)
    into.mkdir(parents=True, exist_ok=True)
    out = into / f"{name}.zip"
    stored = {PurePosixPath(path).name for path, how in sample.generated.items() if "bytes" in how}
    with (
        tempfile.TemporaryDirectory(dir=into, prefix=f".{name}-") as temporary,
        zipfile.ZipFile(out, "w") as archive,
    ):
        folder = assemble(name, Path(temporary), root)
        for path in sorted(folder.rglob("*")):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _DATE)
            # What no method makes smaller is not worth the seconds of trying.
            entry.compress_type = (
                zipfile.ZIP_STORED if path.name in stored else zipfile.ZIP_DEFLATED
            )
            if path.is_symlink():
                entry.external_attr = _LINK << 16
                archive.writestr(entry, str(path.readlink()))
            elif path.is_file():
                entry.external_attr = _FILE << 16
                with archive.open(entry, "w") as packed, path.open("rb") as stream:
                    shutil.copyfileobj(stream, packed, _MEBIBYTE)
        for raw, text in sample.packing.raw.items():
            archive.writestr(zipfile.ZipInfo(raw, _DATE), text)
    return out


def _lay_base(base: str, tree: Path, reference: Path) -> None:
    if base == "template":
        for name, content in template.render(reference).items():
            if _is_handed_in(PurePosixPath(name)):
                _write(tree / name, content)
    elif base == "reference":
        for path in _files(reference):
            relative = PurePosixPath(path.relative_to(reference).as_posix())
            if _is_handed_in(relative):
                _write(tree / relative, path.read_bytes())


def _is_handed_in(path: PurePosixPath) -> bool:
    """Whether the handout's command would pack a file of the reference, weights apart."""
    kept_out = template.is_leftover(path) or not _KEPT_OUT.isdisjoint(path.parts)
    return len(path.parts) > 1 and not kept_out


def _lay_overlay(sample: Sample, tree: Path) -> None:
    scripts = {recipe.get("script") for recipe in sample.generated.values()}
    for path in _files(sample.folder):
        relative = PurePosixPath(path.relative_to(sample.folder).as_posix())
        own = str(relative) == DESCRIPTION or str(relative) in scripts
        if not own and not template.is_leftover(relative):
            _write(tree / relative, path.read_bytes())


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _remove(sample: Sample, tree: Path) -> None:
    for pattern in sample.remove:
        files = [path for path in tree.glob(pattern) if not path.is_dir()]
        if not files:
            message = f"{sample.name}: nothing matches {pattern!r}, which it wants removed"
            raise SampleError(message)
        for path in files:
            path.unlink()


def _generate(sample: Sample, tree: Path, path: str, recipe: dict[str, Any]) -> None:
    """Make one file by its recipe of one entry."""
    target = tree / path
    target.parent.mkdir(parents=True, exist_ok=True)
    match list(recipe.items()):
        case [("bytes", int(count))]:
            source = random.Random(0)  # noqa: S311  the same bytes every time, not secret ones
            with target.open("wb") as stream:
                for start in range(0, count, _MEBIBYTE):
                    stream.write(source.randbytes(min(_MEBIBYTE, count - start)))
        case [("cut", int(count))] if target.is_file():
            target.write_bytes(target.read_bytes()[:count])
        case [("link", str(destination))]:
            target.symlink_to(destination)
        case [("script", str(script))]:
            _run(sample.folder / script, target, tree)
        case _:
            message = f"{sample.name}: {path} cannot be made by {recipe}"
            raise SampleError(message)


def _run(script: Path, target: Path, tree: Path) -> None:
    command = [sys.executable, str(script), str(target.relative_to(tree))]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)  # noqa: S603
    for cache in tree.rglob("__pycache__"):
        shutil.rmtree(cache)
    if done.returncode != 0 or not target.exists():
        message = f"{script} did not make {target.name}: {done.stderr.strip()[-600:]}"
        raise SampleError(message)


def _pack(packing: Packing, tree: Path, packed: Path) -> Path:
    """Move the parts of `tree` to where they lie when handed in."""
    top = packed / packing.prefix
    for path in list(_files_and_links(tree)):
        part, *rest = path.relative_to(tree).parts
        target = top.joinpath(packing.folders.get(part, part), *rest) if rest else top / part
        target.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target)
    top.mkdir(parents=True, exist_ok=True)
    if packing.macos:
        _add_macos_clutter(packed)
    return packed


def _files_and_links(folder: Path) -> Iterator[Path]:
    paths = sorted(folder.rglob("*"))
    return (path for path in paths if path.is_symlink() or path.is_file())


def _add_macos_clutter(packed: Path) -> None:
    """What macOS packs beside every file and in every folder."""
    for path in sorted(packed.rglob("*")):
        relative = path.relative_to(packed)
        _write(packed / "__MACOSX" / relative.parent / f"._{relative.name}", _APPLE_DOUBLE)
        if path.is_dir():
            _write(path / ".DS_Store", b"\x00\x00\x00\x01Bud1")
