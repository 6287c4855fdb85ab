"""Code that was left in notebooks, where files of Python are graded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.intake import sentences

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from grader.intake.layout import Layout, Part

_NOTEBOOK = ".ipynb"
_CODE = ".py"


def instead_of_part(part: Part, roots: Iterable[str], paths: Iterable[str]) -> str:
    """A sentence where notebooks may hold a part that was not found, else ''.

    `roots` are those of the parts that were found: notebooks in them are their own matter.
    """
    elsewhere = tuple(f"{root}/" for root in roots if root)
    outside = [path for path in _notebooks(paths) if not path.startswith(elsewhere)]
    return _sentence(outside, _wanted(part, ()))


def instead_of_files(
    part: Part, root: str, present: Mapping[str, str], paths: Iterable[str]
) -> str:
    """A sentence where notebooks beneath `root` may hold files that a part lacks, else ''.

    `present` maps the files of the part that are there, relative to its root.
    """
    prefix = f"{root}/" if root else ""
    inside = [path for path in _notebooks(paths) if path.startswith(prefix)]
    return _sentence(inside, _wanted(part, present))


def instead_of_all(layout: Layout, paths: Iterable[str]) -> str:
    """Why a submission in which no part was found cannot be graded, if by notebooks; else ''."""
    found = _notebooks(paths)
    wanted = [path for part in layout.parts.values() for path in _wanted(part, ())]
    return sentences.only_notebooks(found, wanted) if found and wanted else ""


def _notebooks(paths: Iterable[str]) -> list[str]:
    return sorted(path for path in paths if path.endswith(_NOTEBOOK))


def _wanted(part: Part, present: Collection[str]) -> list[str]:
    """The files of Python that the part expects and lacks; of alternatives the first."""
    lacking = [names for names in part.expected if not any(name in present for name in names)]
    return [names[0] for names in lacking if names[0].endswith(_CODE)]


def _sentence(found: list[str], wanted: list[str]) -> str:
    return sentences.notebooks(found, wanted) if found and wanted else ""
