"""Build the wheel that students install, and see that nothing secret is in it.

It is built from a copy of the checkout that holds what is public and no more: what else
lies about in the instructor's folders (CIFAR-10's labels, a secret tape) never meets it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from grader.errors import GraderError

ROOT = Path(__file__).parents[2]
PUBLIC_DATA = frozenset({"public_tape.npz", "practice_test.npz", "template.json"})

_PROJECT = ("pyproject.toml", "README.md")
_PRIVATE = {"authoring"}
_EPOCH = "315532800"  # 1980, the earliest that a zip can hold: the same wheel every time
_LINES_QUOTED = 8


class WheelError(GraderError):
    """The wheel could not be built."""

    reason = "wheel"


def build(into: Path, root: Path = ROOT) -> Path:
    """Build the students' wheel of the checkout `root` in the folder `into`.

    Raises WheelError with the last lines that pip said.
    """
    with tempfile.TemporaryDirectory(prefix="wheel-") as folder:
        source = Path(folder, "source")
        stage(root, source)
        command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", str(into)]
        done = subprocess.run(  # noqa: S603  our own interpreter
            [*command, "--disable-pip-version-check", str(source)],
            env={**os.environ, "SOURCE_DATE_EPOCH": _EPOCH},
            capture_output=True,
            text=True,
            check=False,
        )
    wheels = sorted(into.glob("*.whl"))
    if done.returncode != 0 or len(wheels) != 1:
        said = "\n".join((done.stderr or done.stdout).strip().splitlines()[-_LINES_QUOTED:])
        raise WheelError(f"pip could not build the wheel (is a package registry there?):\n{said}")
    return wheels[0]


def stage(root: Path, into: Path) -> None:
    """Copy to the new folder `into` what a wheel of the checkout `root` is made from."""
    into.mkdir()
    for name in _PROJECT:
        shutil.copyfile(root / name, into / name)
    shutil.copytree(root / "grader", into / "grader", ignore=_not_public)
    # For the files that the course gives; the project's description names them.
    shutil.copytree(root / "reference", into / "reference", ignore=_not_code)


def _not_public(folder: str, names: Iterable[str]) -> set[str]:
    private = {name for name in names if name in _PRIVATE or name == "__pycache__"}
    if Path(folder).name == "data":
        private |= set(names) - PUBLIC_DATA
    return private


def _not_code(folder: str, names: Iterable[str]) -> set[str]:
    return {name for name in names if (Path(folder) / name).is_file() and not name.endswith(".py")}
