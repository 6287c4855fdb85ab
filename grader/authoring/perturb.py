"""A perturbed copy of test images: private images for those who have no second set.

Each image is moved by up to `SHIFT` pixels each way (its border repeated), mirrored half of
the time, and made brighter or darker by up to `BRIGHTNESS`. A person sees the same picture,
and so does a network that has learned; one that looks known images up does not. Of a network
that was *trained* on the test images such a copy says little: it has learned them, perturbed
or not. Only images that nobody has seen find that.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from grader.evaluation.images import Images
from grader.evaluation.images import write as write_file
from grader.numerics.inputs import stream
from grader.replacing import PRIVATE

SHIFT = 2
BRIGHTNESS = 16  # of 255


def perturbed(pixels: np.ndarray[Any, Any], seed: int) -> np.ndarray[Any, Any]:
    """Images (N, H, W, C) uint8, each shifted, perhaps mirrored, and brighter or darker.

    What is done to each depends on `seed` and on its place only.
    """
    count, height, width, _ = pixels.shape
    rng = stream(seed, "perturb")
    down, right = rng.randint(0, 2 * SHIFT + 1, size=(2, count))
    mirrored = rng.randint(0, 2, size=count).astype(bool)
    brighter = rng.randint(-BRIGHTNESS, BRIGHTNESS + 1, size=count)
    sides = ((0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT), (0, 0))
    padded = np.pad(pixels, sides, mode="edge")
    rows = down[:, None] + np.arange(height)
    columns = right[:, None] + np.arange(width)
    columns[mirrored] = columns[mirrored, ::-1]
    moved = padded[np.arange(count)[:, None, None], rows[:, :, None], columns[:, None, :]]
    shifted = moved.astype(np.int16) + brighter[:, None, None, None]
    return np.asarray(np.clip(shifted, 0, 255), np.uint8)


def write(images: Images, path: Path, seed: int) -> None:
    """Write a perturbed copy of `images` as a file that `grader.evaluation.images.load` reads.

    Keep `seed` and the file to yourself: who knows them can look these images up, too.
    Raises DataUnavailable when it cannot be written.
    """
    note = f"{images.name}, perturbed: shift {SHIFT}, mirror, brightness {BRIGHTNESS}/255"
    arrays = {
        "images": perturbed(images.pixels, seed),
        "labels": images.labels,
        "classes": np.array(images.classes),
        "provenance": np.array(note),
    }
    write_file(path, arrays, PRIVATE)
