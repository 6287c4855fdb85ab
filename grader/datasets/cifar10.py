"""CIFAR-10's test set as one file: verified, with where it comes from, in reproducible bytes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from grader.datasets.sources import Raw
from grader.errors import DataUnavailable
from grader.evaluation.images import write as write_file
from grader.text import clean

CLASSES = (
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
)
IMAGES = 10_000
OF_EACH_CLASS = IMAGES // len(CLASSES)


def verified(raw: Raw) -> dict[str, np.ndarray[Any, Any]]:
    """The arrays of the file: `images`, `labels`, `classes` and `provenance`, a JSON text.

    Raises DataUnavailable unless these are 10 000 images (32, 32, 3) uint8, a thousand of each
    of ten classes with CIFAR-10's names.
    """
    images = raw.images
    if images.shape != (IMAGES, 32, 32, 3) or images.dtype != np.uint8:
        raise DataUnavailable(
            f"the images are {images.dtype} {images.shape}; CIFAR-10's test images are uint8 "
            f"({IMAGES}, 32, 32, 3)."
        )
    labels = raw.labels.reshape(-1)
    if labels.dtype.kind not in "iu" or len(labels) != IMAGES:
        raise DataUnavailable(
            f"the labels are {labels.dtype} {raw.labels.shape}; there must be {IMAGES} integers."
        )
    found, counts = np.unique(labels, return_counts=True)
    if found.tolist() != list(range(len(CLASSES))) or set(counts.tolist()) != {OF_EACH_CLASS}:
        raise DataUnavailable(
            f"there are {len(found)} classes with {counts.min()} to {counts.max()} images; "
            f"CIFAR-10's test set has {OF_EACH_CLASS} of each class from 0 to 9. Is this the "
            "training set, or a part?"
        )
    if raw.classes is not None and raw.classes != CLASSES:
        raise DataUnavailable(
            f"the classes are {clean(', '.join(raw.classes))[:200]}; CIFAR-10's are "
            f"{', '.join(CLASSES)}, in this order."
        )
    return {
        "images": np.ascontiguousarray(images),
        "labels": labels.astype(np.int64),
        "classes": np.array(CLASSES),
        "provenance": np.array(json.dumps(provenance(raw), sort_keys=True)),
    }


def provenance(raw: Raw) -> dict[str, Any]:
    """Where the images come from, and whether they are the original ones; plain JSON values."""
    return {
        "set": "CIFAR-10, test",
        "from": raw.kind,
        "files": raw.files,
        "official": raw.official,
        "class_names": "as in the source" if raw.classes else "not in the source: the usual ones",
        "sha256_of_images": hashlib.sha256(raw.images.tobytes()).hexdigest(),
    }


def write(path: Path, arrays: dict[str, np.ndarray[Any, Any]]) -> None:
    """Write the file in one step; the same arrays give the same bytes.

    Raises DataUnavailable when it cannot be written.
    """
    write_file(path, arrays)
