"""Look through a wheel for what students must not get: complaints, a sentence each.

What may be in it is listed, and all else refused: so what nobody thought of is found, too.
"""

from __future__ import annotations

import ast
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from grader.authoring import computing, leaks, practice, starting_points, template
from grader.authoring.tape import PUBLIC_KEY, PUBLIC_SEED, REFERENCE
from grader.authoring.wheel import PUBLIC_DATA

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PACKAGE = "grader"
ASSIGNMENT = f"{PACKAGE}/assignment.toml"
GIVEN = f"{PACKAGE}/given/"
DATA = f"{PACKAGE}/data/"
LISTED = f"{DATA}template.json"
PRIVATE = frozenset({"authoring", "bugs", "reference", "submissions", "tests"})
OPERATIONS = f"{PACKAGE}/checks/drivers/costs.py"  # knows what to count by functions' names
TORCH_LAYERS = f"{GIVEN}part2-pytorch/models/resnet.py"

_DESCRIPTION = re.compile(r"[\w.-]+\.dist-info/(METADATA|WHEEL|RECORD|entry_points\.txt)")
_CODE = re.compile(rf"{PACKAGE}/(\w+/)*\w+\.py")
_MARKER = re.compile(rb"\b(BEGIN|END) SOLUTION\b")

Arrays = Mapping[str, "np.ndarray[Any, Any]"]


def scan(wheel: Path, reference: Path = REFERENCE) -> list[str]:
    """What of the wheel students must not get; nothing if it may go out.

    `reference` holds the solutions that are looked for; another one is for tests only.
    """
    with zipfile.ZipFile(wheel) as archive:
        names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
        files = {name: archive.read(name) for name in names}
    given = _given(files)
    made = template.build(reference)
    complaints = [*_names(files, given), *_data(files, made), *_code(files)]
    complaints += [str(leak) for leak in leaks.find_leaks(made.solutions, files, given)]
    return complaints


def _given(files: Mapping[str, bytes]) -> set[str]:
    """Where the files lie that the course gives, by the assignment in the wheel."""
    table = tomllib.loads(files.get(ASSIGNMENT, b"").decode())
    parts: dict[str, Any] = table.get("parts", {})
    return {f"{GIVEN}{name}/{path}" for name in parts for path in parts[name].get("given", ())}


def _names(files: Mapping[str, bytes], given: set[str]) -> Iterator[str]:
    """Files that have no business in the wheel, and given ones that are not in it."""
    data = {f"{DATA}{name}" for name in PUBLIC_DATA}
    for name in files:
        private = PRIVATE.intersection(PurePosixPath(name).parts)
        if private:
            yield f"{name}: {min(private)}/ is for instructors only"
        elif name.startswith(GIVEN):
            if name not in given:
                yield f"{name}: not among the files that the course gives"
        elif name not in {ASSIGNMENT, *data} and not (
            _CODE.fullmatch(name) or _DESCRIPTION.fullmatch(name)
        ):
            yield f"{name}: neither code nor data that is meant to be public"
    yield from (f"{name}: is not in the wheel" for name in sorted({*given, *data} - files.keys()))


def _data(files: Mapping[str, bytes], made: template.Template) -> Iterator[str]:
    """Data that is not what its name says: other labels, a tape with secret seeds."""
    if LISTED in files and not starting_points.holds(files[LISTED], made):
        yield f"{LISTED}: holds something else than its name says"
    known = {f"{DATA}public_tape.npz": _is_public, f"{DATA}practice_test.npz": _is_practice}
    for name, is_known in known.items():
        if name in files:
            try:
                with np.load(io.BytesIO(files[name]), allow_pickle=False) as arrays:
                    sound = is_known(arrays)
            except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile):
                sound = False
            if not sound:
                yield f"{name}: holds something else than its name says"


def _is_public(arrays: Arrays) -> bool:
    """Whether a tape has the seeds that anybody may know, and no labels."""
    header = json.loads(arrays["header"].tobytes())
    public = header["key"] == PUBLIC_KEY and header["seeds"][0] == PUBLIC_SEED
    return public and "labels" not in arrays


def _is_practice(arrays: Arrays) -> bool:
    """Whether these are the practice images and labels, which can be drawn again."""
    images, labels = practice.draw(practice.TEST_SEED, practice.TEST_COUNT)
    same = np.array_equal(arrays["images"], images) and np.array_equal(arrays["labels"], labels)
    return same and set(arrays) == {"images", "labels", "classes"}


def _code(files: Mapping[str, bytes]) -> Iterator[str]:
    """Code that says or computes too much, or needs what is not in the wheel."""
    for name, content in files.items():
        if found := _MARKER.search(content):
            line = content[: found.start()].count(b"\n") + 1
            yield f"{name}:{line}: a solution marker"
        if not name.endswith(".py"):
            continue
        try:
            tree = ast.parse(content)
            findings = computing.find(
                content.decode(),
                torch_layers=name == TORCH_LAYERS,
                in_strings=name != OPERATIONS,
            )
        except (SyntaxError, ValueError) as error:
            yield f"{name}: cannot be read as Python ({error})"
            continue
        for line, what in findings:
            yield f"{name}:{line}: {what}: may compute what students shall write"
        if _imports_authoring(tree):
            yield f"{name}: imports grader.authoring; exclude it in pyproject.toml"


def _imports_authoring(tree: ast.Module) -> bool:
    wanted = f"{PACKAGE}.authoring"
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=aliases):
                modules = [alias.name for alias in aliases]
            case ast.ImportFrom(module=str(module), names=aliases):
                modules = [module, *(f"{module}.{alias.name}" for alias in aliases)]
            case _:
                continue
        if any(f"{module}.".startswith(f"{wanted}.") for module in modules):
            return True
    return False
