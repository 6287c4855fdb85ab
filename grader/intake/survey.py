"""Find the parts of an assignment among a submission's files, by the files themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.errors import UnusableSubmission
from grader.intake import names, notebooks, sentences

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from grader.intake.layout import Layout, Part
    from grader.intake.limits import Limits
    from grader.intake.source import Source


@dataclass
class Found:
    """Where one part lies; `files` maps paths relative to its root to the source's."""

    root: str
    files: dict[str, str]


@dataclass
class Survey:
    """What of a source is graded.

    `parts` holds only the parts that were found, `absent` a sentence about each of the
    others; `left_out` the source's other files; `notes` are for the student.
    """

    parts: dict[str, Found] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def survey(source: Source, layout: Layout, limits: Limits) -> Survey:
    """Choose each part's root and the files beneath it that are graded.

    Raises UnusableSubmission when no part is found, and above `limits.entries` files.
    """
    if not source.files:
        raise UnusableSubmission(sentences.empty())
    result = Survey(notes=source.skipped.notes())
    candidates = {name: find(part, source.files) for name, part in layout.parts.items()}
    if not any(candidates.values()):
        raise UnusableSubmission(_nothing_found(source, layout))
    for name, part in layout.parts.items():
        roots = candidates[name]
        if not roots:
            continue
        if len(roots) > 1:
            result.notes.append(sentences.several_roots(part.title, roots[0], roots[1:]))
        others = {root for some in candidates.values() for root in some}
        result.parts[name] = _collect(part, roots[0], others, source.files, result)
    for part in layout.parts.values():
        _say_what_is_missing(part, result, source)
    graded = {path for found in result.parts.values() for path in found.files.values()}
    if len(graded) > limits.entries:
        raise UnusableSubmission(sentences.too_many(limits.entries))
    result.left_out = sorted(source.files.keys() - graded)
    return result


def find(part: Part, paths: Collection[str]) -> list[str]:
    """The folders that may be the part's root, best first; '' is the top.

    Most markers and expected files first, then the shallowest, then alphabetical.
    """
    roots = set()
    for path in paths:
        for marker in part.markers:
            if path == marker:
                roots.add("")
            elif path.endswith(f"/{marker}"):
                roots.add(path[: -len(marker) - 1])

    def rank(root: str) -> tuple[int, int, str]:
        held = sum(_join(root, path) in paths for path in part.landmarks)
        return -held, len(root.split("/")) if root else 0, root

    return sorted(roots, key=rank)


def _collect(
    part: Part, root: str, others: Iterable[str], paths: Collection[str], result: Survey
) -> Found:
    """The part's graded files, without the copies of any part that lie within it."""
    own = [_join(root, path) for path in (*part.landmarks, *part.given)]
    # A folder with none of this part's files in it is another part, or a copy.
    foreign = tuple(
        f"{other}/"
        for other in others
        if other != root and not any(path.startswith(f"{other}/") for path in own)
    )
    prefix = f"{root}/" if root else ""
    files = {}
    for path in sorted(paths):
        relative = path.removeprefix(prefix)
        inside = path.startswith(prefix) and not path.startswith(foreign)
        if inside and part.keeps(relative):
            files[relative] = path
    _settle_clashes(part, root, files, paths, result)
    return Found(root, files)


def _say_what_is_missing(part: Part, result: Survey, source: Source) -> None:
    """Put a sentence about a part that was not found, and about code left in notebooks."""
    paths = source.files
    found = result.parts.get(part.name)
    if found is not None:
        if note := notebooks.instead_of_files(part, found.root, found.files, paths):
            result.notes.append(note)
        return
    roots = [other.root for other in result.parts.values()]
    missing = sentences.part_missing(part.title, part.markers, source.skipped.archives)
    hint = notebooks.instead_of_part(part, roots, paths)
    result.absent[part.name] = f"{missing} {hint}".rstrip()


def _settle_clashes(
    part: Part, root: str, files: dict[str, str], paths: Collection[str], result: Survey
) -> None:
    """Drop files that would need another file to be a folder, and say so.

    The part's own files stay; of two others, the one that lies deeper goes.
    """
    known = {*part.landmarks, *part.given}
    folders = {folder for path in known for folder in _above(path)}
    clashes = [_join(root, folder) for folder in sorted(folders) if _join(root, folder) in paths]
    for folder in folders:
        files.pop(folder, None)
    below = [path for path in files if any(f in known or f in files for f in _above(path))]
    clashes += [files.pop(path) for path in below]
    if clashes:
        result.notes.append(sentences.file_for_folder(clashes))


def _above(path: str) -> list[str]:
    steps = path.split("/")
    return ["/".join(steps[:depth]) for depth in range(1, len(steps))]


def _join(root: str, path: str) -> str:
    return f"{root}/{path}" if root else path


def _nothing_found(source: Source, layout: Layout) -> str:
    """Say that no part was found, and where a file lies that looks misplaced."""
    markers = [marker for part in layout.parts.values() for marker in part.markers]
    wanted = {marker.rsplit("/", 1)[-1]: marker for marker in reversed(markers)}
    strays = [
        (path, wanted[name])
        for path in sorted(source.files)
        if (name := path.rsplit("/", 1)[-1]) in wanted
    ]
    if not strays and (sentence := notebooks.instead_of_all(layout, source.files)):
        return sentence
    archives = [path for path in sorted(source.files) if names.is_archive(path)]
    return sentences.no_part(markers, strays, archives)
