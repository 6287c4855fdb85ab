"""Test images and their labels, read in the grading process only.

One .npz file: `images` (N, 32, 32, 3) uint8, `labels` (N,) integers, optionally
`classes` (10,) and `provenance`, a text. Images go to workers; labels never do.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from grader import npz
from grader.digests import of_file
from grader.errors import DataUnavailable
from grader.replacing import READABLE, replacing

DATA = Path(__file__).parents[1] / "data"
PRACTICE = DATA / "practice_test.npz"
CIFAR10 = DATA / "cifar10_test.npz"
GET_THEM = "give them with `--data FILE.npz`, or try `--data practice`"
CLASSES = 10


@dataclass(frozen=True)
class Images:
    """`pixels` (N, 32, 32, 3) uint8 and `labels` (N,) int64, with the class names.

    `provenance` says where they come from, as whoever wrote the file put it; '' if nobody did.
    """

    name: str
    pixels: np.ndarray[Any, Any]
    labels: np.ndarray[Any, Any]
    classes: tuple[str, ...]
    digest: str
    provenance: str = ""


def locate(choice: str | None) -> Path | None:
    """The file that `--data practice|cifar10|FILE.npz` names; None where none was asked for."""
    if choice is None:
        return CIFAR10 if CIFAR10.is_file() else None
    return {"practice": PRACTICE, "cifar10": CIFAR10}.get(choice) or Path(choice)


def load(path: Path | None) -> Images:
    """Read a file of test images.

    Raises DataUnavailable with the reason and the way out.
    """
    if path is None:
        message = f"no test images are here, so no accuracy can be measured: {GET_THEM}."
        raise DataUnavailable(message)
    if not path.is_file():
        raise DataUnavailable(f"there are no test images at {path}: {GET_THEM}.")
    try:
        digest = of_file(path)
        with np.load(path, allow_pickle=False) as arrays:
            names = set(arrays.files)
            suffix = "_test" if "x_test" in names else ""
            pixels = arrays["x_test" if suffix else "images"]
            labels = arrays["y_test" if suffix else "labels"].astype(np.int64)
            classes = (
                tuple(str(item) for item in arrays["classes"])
                if "classes" in names
                else tuple(str(k) for k in range(CLASSES))
            )
            provenance = str(arrays["provenance"]) if "provenance" in names else ""
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        message = f"the test images in {path} cannot be read ({error!r}): {GET_THEM}."
        raise DataUnavailable(message) from error
    shape_fits = pixels.ndim == 4 and pixels.shape[1:] == (32, 32, 3)  # noqa: PLR2004
    labels_fit = labels.shape == pixels.shape[:1] and set(np.unique(labels)) <= set(range(CLASSES))
    if not shape_fits or pixels.dtype != np.uint8 or not labels_fit or not len(pixels):
        message = (
            f"{path} holds images {pixels.dtype} {pixels.shape} and labels {labels.shape}; "
            "expected uint8 (N, 32, 32, 3) and N labels from 0 to 9."
        )
        raise DataUnavailable(message)
    return Images(path.stem, pixels, labels, classes, digest, provenance)


def write(path: Path, arrays: dict[str, np.ndarray[Any, Any]], mode: int = READABLE) -> None:
    """Write a file that `load` reads, in one step; the same arrays give the same bytes.

    `mode` are its permissions. Raises DataUnavailable when it cannot be written.
    """
    try:
        with replacing(path, mode) as file:
            npz.write(file, arrays, compressed=False)
    except OSError as error:
        message = f"{path} cannot be written ({error.strerror or error}): name another with -o."
        raise DataUnavailable(message) from error
