"""Let torchvision download CIFAR-10, once."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from grader.datasets.sources import ARCHIVE, FOLDER, META, TEST
from grader.errors import DataUnavailable
from grader.sandbox import operators

URL = f"https://www.cs.toronto.edu/~kriz/{ARCHIVE}"


def cache() -> Path:
    """The folder for what is downloaded, in the user's cache."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base, "convnet-grader")


def cifar10(root: Path, output: Path) -> Path:
    """The folder below which the official files lie, downloaded to `root` if they are not there.

    Raises DataUnavailable, with what to copy where and what to type for `output`, if they
    cannot be had.
    """
    if all((root / FOLDER / name).is_file() for name in (TEST, META)):
        return root
    try:
        data_set = _data_set()
        root.mkdir(parents=True, exist_ok=True)
        data_set(root, train=False, download=True)
    except (ImportError, OSError, RuntimeError) as error:
        reason = str(error).strip().splitlines()[:1] or [type(error).__name__]
        message = (
            f"CIFAR-10 could not be downloaded ({reason[0][:200]}). Fetch {URL} where there is a "
            f"network, copy {ARCHIVE} into this folder, and type: "
            f"grader data cifar10 --from {ARCHIVE} -o {output}"
        )
        raise DataUnavailable(message) from error
    return root


def _data_set() -> Any:
    """Torchvision's class of the data set, from a build for CUDA, too."""
    try:
        from torchvision.datasets import CIFAR10
    except RuntimeError as error:
        if operators.LACKING not in str(error):
            raise
        operators.forget_submodules("torchvision")
        operators.declare()
        from torchvision.datasets import CIFAR10
    return CIFAR10
