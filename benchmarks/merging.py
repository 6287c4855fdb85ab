"""Put two known mistakes into one submission, as far as they leave each other room."""

from __future__ import annotations

import difflib
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from grader.authoring.bugs import convolution_bases, models_mine, training_solver
from grader.authoring.bugs.bug import REFERENCE, Bug
from grader.authoring.bugs.pooling_forward import PATH as POOLING
from grader.authoring.bugs.pooling_loops import loops

# The right solutions beside the reference that known mistakes are edits of, by their file.
BASES: dict[str, tuple[str, ...]] = {
    convolution_bases.PATH: (convolution_bases.LOOPS.text, convolution_bases.SPREAD.text),
    POOLING: (loops(),),
    models_mine.PATH: (models_mine.RIGHT,),
    training_solver.PATH: (training_solver.RIGHT,),
    "part2-pytorch/main.py": (training_solver.MAIN,),
}


def merged(one: Bug, two: Bug) -> dict[str, str] | None:
    """The files of both mistakes; None where their edits meet or their solutions differ."""
    files = {**one.files, **two.files}
    for path in set(one.files) & set(two.files):
        text = _merge(path, one.files[path], two.files[path])
        if text is None:
            return None
        files[path] = text
    return None if files in (one.files, two.files) else files


def _merge(path: str, one: str, two: str) -> str | None:
    """A three-way merge from the right solution that both texts are edits of."""
    if one == two:
        return one
    base = _nearest(one, _right(path))
    if base != _nearest(two, _right(path)):
        return None
    with tempfile.TemporaryDirectory() as folder:
        places = [Path(folder, name) for name in ("one", "base", "two")]
        for place, content in zip(places, (one, base, two)):
            place.write_text(content, encoding="utf-8")
        command = ["git", "merge-file", "-p", *map(str, places)]
        done = subprocess.run(command, capture_output=True, check=False)
    return done.stdout.decode() if done.returncode == 0 else None


def _right(path: str) -> list[str]:
    reference = REFERENCE / path
    own = [reference.read_text(encoding="utf-8")] if reference.exists() else []
    return [*own, *BASES.get(path, ())]


def _nearest(text: str, solutions: Iterable[str]) -> str:
    """The solution that has most lines in common with the text."""

    def common(solution: str) -> float:
        pair = difflib.SequenceMatcher(None, text.splitlines(), solution.splitlines(), False)
        return pair.ratio()

    return max(solutions, key=common)
