"""Sample submissions: folders that hold only what differs from the reference, put together.

`grader.authoring.descriptions` says how a sample describes itself. A base comes as it is
handed in: without data, tests, caches, and the checkpoints that were trained on CIFAR-10.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from grader.authoring import template
from grader.authoring.descriptions import (
    DESCRIPTION,
    EXPECTED,
    ROOT,
    Packing,
    Sample,
    SampleError,
    attacks,
    describe,
    expected,
    names,
)

__all__ = [
    "ROOT", "SampleError", "assemble", "assemble_zip", "attacks", "describe", "expected", "names",
]  # fmt: skip

_KEPT_OUT = {"checkpoints", "data", "tests"}
_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can hold
_FILE, _LINK = 0o100644, 0o120777
_APPLE_DOUBLE = b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        "
_MEBIBYTE = 1 << 20


def assemble(name: str, into: Path, root: Path = ROOT, reference: Path | None = None) -> Path:
    """Build a sample as a folder `into/NAME`, which must not exist, and return it.

    Of a name with a folder in it, such as `attacks/NAME`, only the last part counts.

    `reference` is another one than the checkout's own. Raises SampleError, and TemplateError
    when there is no template of the reference to be a base.
    """
    sample = describe(name, root)
    out = into / sample.folder.name
    if out.exists():
        message = f"{out} exists: assemble into another folder, or remove it"
        raise SampleError(message)
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into, prefix=f".{out.name}-") as temporary:
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
    out = into / f"{sample.folder.name}.zip"
    stored = {PurePosixPath(path).name for path, how in sample.generated.items() if "bytes" in how}
    with (
        tempfile.TemporaryDirectory(dir=into, prefix=f".{out.name}-") as temporary,
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
        own = str(relative) in {DESCRIPTION, EXPECTED, *scripts}
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
