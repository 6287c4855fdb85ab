"""`grader doctor`: what is installed, which data is found, and how well workers are locked up.

With `--model`, what a network will take instead.
"""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from pathlib import Path

from grader import __version__, libraries, sandbox
from grader.errors import AutograderError
from grader.evaluation import images
from grader.sandbox import level
from grader.tape import PUBLIC, Tape

NEEDED = ("numpy", "pytest", "pytest-timeout", "gradescope-utils", "rich")
STUDENTS = ("torch", "torchvision", "safetensors", "pyyaml", "matplotlib", "tqdm")
CPU_INDEX = "https://download.pytorch.org/whl/cpu"


def run(options: argparse.Namespace) -> int:
    """Print the report; 2 if something that every run needs is missing.

    With `--model`, 1 if the network may not fit. Raises what `model_costs.report` does.
    """
    if options.model is not None:
        from grader.commands import model_costs

        return model_costs.report(options.model)
    print(f"grader {__version__}, Python {platform.python_version()}, {platform.platform()}")
    missing = [name for name in NEEDED if not _report(name)]
    absent = [name for name in STUDENTS if not _report(name)]
    sound = not missing
    if missing or absent:
        print(f"install: {sys.executable} -m pip install {' '.join(missing + absent)}")
    if {"torch", "torchvision"} & set(absent):
        print(f"  (torch without CUDA: add --extra-index-url {CPU_INDEX})")
    sound &= _tape(options.tape)
    _data(options.data)
    return 0 if sound & _isolation() else 2


def _report(name: str) -> bool:
    found = libraries.version(name)
    print(f"  {name:18} {found or 'not installed'}")
    return found is not None


def _tape(path: Path | None) -> bool:
    try:
        tape = Tape(path or PUBLIC)
    except AutograderError as error:
        print(f"tape: {error}")
        return False
    print(f"tape: {tape.digest[:12]}, seeds: {len(tape.header.seeds)}")
    return True


def _data(choice: str | None) -> None:
    for name in [choice] if choice else ["practice", "cifar10"]:
        try:
            found = images.load(images.locate(name))
            print(f"data {name}: {len(found.pixels)} images, {found.digest[:12]}")
        except AutograderError as error:
            print(f"data {name}: {error}")


def _isolation() -> bool:
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            sandbox.WorkerPool() as pool,
            pool.open("numpy", _readable(Path(folder))) as worker,
        ):
            for layer, state in worker.layers.items():
                print(f"isolation {layer}: {state}")
            print(f"isolation {level.describe(worker.holes)}")
    except AutograderError as error:
        print(f"isolation: {error}")
        return False
    return True


def _readable(folder: Path) -> Path:
    """The folder, opened to the user that a worker becomes."""
    folder.chmod(0o755)
    return folder
