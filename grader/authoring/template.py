"""Make the students' template from the reference by taking the solutions out.

`grader.authoring.stripping` does it to one file; here it is done to the whole tree.
Checkpoints, caches and what runs leave behind stay out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.authoring import generated
from grader.authoring.markers import TemplateError
from grader.authoring.stripping import Solution, Stripped, split_python, split_yaml

__all__ = [
    "Template",
    "TemplateError",
    "build",
    "generate",
    "is_leftover",
    "render",
    "strip",
    "strip_yaml",
]

_STRIPPERS = {".py": split_python, ".yaml": split_yaml, ".yml": split_yaml}
_ANY_MARKER = re.compile(rb"\b(BEGIN|END)[\W_]{0,3}(SOLUTION|PROMPT)\b", re.IGNORECASE)
_WEIGHTS = {".pth", ".pt", ".safetensors", ".npy", ".ckpt", ".onnx", ".h5"}
_WEIGHTS_FOLDER = "checkpoints"
_LEFTOVER_FOLDERS = {"runs", "plots", "__pycache__", "__MACOSX"}
_LEFTOVER_NAMES = {"results.json", "outcomes.json"}
_LEFTOVER_ENDINGS = (".pyc", ".pyo", ".partial", ".log", ".tmp", ".bak", ".orig", ".rej", "~")
_LEFTOVER_ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar")


@dataclass(frozen=True)
class Template:
    """The students' files by relative path, and what was taken out of them."""

    files: dict[str, bytes]
    solutions: tuple[Solution, ...] = ()
    executable: frozenset[str] = frozenset()


def strip(source: str, filename: str) -> str:
    """Python source without its solutions; raises TemplateError with file and line."""
    return split_python(source, filename).text


def strip_yaml(source: str, filename: str) -> str:
    """YAML without its solutions; raises TemplateError with file and line."""
    return split_yaml(source, filename).text


def is_leftover(path: PurePosixPath) -> bool:
    """Whether a file is a cache, an editor's copy, a run's output, or was packed or downloaded."""
    hidden = any(step.startswith(".") for step in path.parts)
    downloaded = "data" in path.parts and any(step.startswith("cifar") for step in path.parts)
    folders = _LEFTOVER_FOLDERS.intersection(path.parts[:-1])
    ending = path.name.lower().endswith(_LEFTOVER_ENDINGS + _LEFTOVER_ARCHIVES)
    return hidden or downloaded or bool(folders) or ending or path.name in _LEFTOVER_NAMES


def build(reference: Path) -> Template:
    """The template of a reference.

    Raises TemplateError where a marker is misused, in whatever file it stands.
    """
    files: dict[str, bytes] = {}
    solutions: list[Solution] = []
    executable: set[str] = set()
    for path in sorted(reference.rglob("*")):
        relative = PurePosixPath(path.relative_to(reference).as_posix())
        if is_leftover(relative) or _is_checkpoint(relative):
            continue
        if path.is_symlink():
            raise TemplateError(str(relative), 0, "is a link: put the file itself there")
        if path.is_dir():
            continue
        content, taken = _without_solutions(path.read_bytes(), str(relative))
        files[str(relative)] = content
        solutions += taken
        if path.stat().st_mode & 0o100:
            executable.add(str(relative))
    if not files:
        raise TemplateError(str(reference), 0, "holds no files to make a template of")
    return Template(files, tuple(solutions), frozenset(executable))


def render(reference: Path) -> dict[str, bytes]:
    """The template's files by relative path; raises TemplateError like `build`."""
    return build(reference).files


def generate(reference: Path, out: Path) -> Template:
    """Write the template to the folder `out`, in place of what an earlier call wrote there.

    Nothing is written unless every file can be stripped. Raises TemplateError, also where
    `out` holds files that no earlier call wrote; caches and the like may lie there and stay.
    """
    made = build(reference)
    if out.resolve().is_relative_to(reference.resolve()):
        raise TemplateError(str(out), 0, "lies in the reference: the next template would hold it")
    generated.replace(out, made.files, made.executable, is_leftover)
    return made


def _is_checkpoint(path: PurePosixPath) -> bool:
    return path.suffix.lower() in _WEIGHTS or _WEIGHTS_FOLDER in path.parts[:-1]


def _without_solutions(content: bytes, name: str) -> tuple[bytes, tuple[Solution, ...]]:
    """A file without its solutions, and these."""
    stripper = _STRIPPERS.get(PurePosixPath(name).suffix)
    if stripper is None:
        if found := _ANY_MARKER.search(content):
            line = content[: found.start()].count(b"\n") + 1
            raise TemplateError(name, line, "markers work in .py and .yaml files only")
        return content, ()
    try:
        stripped: Stripped = stripper(content.decode("utf-8"), name)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise TemplateError(name, line, "this is not UTF-8 text") from error
    return stripped.text.encode("utf-8"), stripped.solutions
