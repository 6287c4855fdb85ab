"""The practice set: ten classes of 32 x 32 colour images, drawn by this program from a seed.

With it the whole path (train, pack, check, grade) runs without CIFAR-10. Only whole random
numbers, and + - * / on float64, go into a picture, so that every machine and every version of
numpy draws the same ones; turns use the rational points of the circle in place of sine and
cosine. Colours have few levels and there is no noise, so that the files compress.

The reference's networks reach these accuracies on the test split with the configs practice_*
(seconds of one CPU core for training in brackets): TwoLayerNet 0.400 (13), VanillaCNN 0.660 (8),
MyModel 0.976 (97). Chance is 0.1.

Run ``python -m grader.authoring.practice`` to write both files again.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

CLASS_NAMES = (
    "disc",
    "ring",
    "square",
    "frame",
    "triangle",
    "plus",
    "saltire",
    "bars",
    "pillars",
    "checker",
)
ROOT = Path(__file__).resolve().parents[2]
TRAIN_FILE = ROOT / "reference" / "part2-pytorch" / "data" / "practice_train.npz"
TEST_FILE = ROOT / "grader" / "data" / "practice_test.npz"
TRAIN_SEED, TRAIN_COUNT = 2024, 8000
TEST_SEED, TEST_COUNT = 4048, 1000

SIDE = 32
SHIFT = 7  # pixels by which a centre lies off the middle, at most, along each axis
SMALLEST, LARGEST = 5, 11  # half the size of a shape, in pixels
TURN = 20  # hundredths of the tangent of half the angle: 20 is 23 degrees
BEHIND, BEFORE = 8, 6  # rectangles of clutter, on either side of the shape
LEVELS = 8  # of each colour channel

# Lengths within a shape of size 1.
HOLE = 0.6
EDGE, WINDOW = 0.88, 0.5
BASE = 0.75
ARM, STROKE = 0.28, 0.36
STRIPES = 2.5  # in a length of 1

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]
Integers = npt.NDArray[np.int64]


def draw(seed: int, count: int) -> tuple[Bytes, Integers]:
    """Draw images (count, 32, 32, 3) and labels (count,), as many of each class as possible."""
    rng = np.random.RandomState(seed)
    labels = rng.permutation(np.arange(count, dtype=np.int64) % len(CLASS_NAMES))
    shapes = _place(rng, labels)
    # Every channel of the figure is brighter than the ground, or a two-layer net learns nothing.
    ground = rng.randint(0, LEVELS // 2, size=(count, 3))
    figure = rng.randint(LEVELS // 2, LEVELS, size=(count, 3))

    levels = np.empty((count, SIDE, SIDE, 3), dtype=np.uint8)
    levels[:] = ground[:, None, None, :]
    for _ in range(BEHIND):
        _paint(levels, _rectangles(rng, count, 10), rng.randint(0, LEVELS, size=(count, 3)))
    _paint(levels, shapes, figure)
    for _ in range(BEFORE):
        _paint(levels, _rectangles(rng, count, 5), rng.randint(0, LEVELS, size=(count, 3)))
    brightness = (np.arange(LEVELS) * 255 // (LEVELS - 1)).astype(np.uint8)
    return brightness[levels], labels


def _place(rng: np.random.RandomState, labels: Integers) -> Mask:
    """Shift, scale and turn the shape of each label; return its pixels (count, 32, 32)."""
    count = len(labels)
    # Sixteenths of a pixel are exact in binary.
    centre = rng.randint(-16 * SHIFT, 16 * SHIFT + 1, size=(2, count, 1, 1)) / 16
    radius = rng.randint(16 * SMALLEST, 16 * LARGEST + 1, size=(count, 1, 1)) / 16
    tangent = rng.randint(-TURN, TURN + 1, size=(count, 1, 1)) / 100
    cosine = (1 - tangent * tangent) / (1 + tangent * tangent)
    sine = 2 * tangent / (1 + tangent * tangent)

    axis = np.arange(SIDE) - (SIDE - 1) / 2
    x = (axis[None, None, :] - centre[0]) / radius
    y = (axis[None, :, None] - centre[1]) / radius
    u, v = cosine * x + sine * y, cosine * y - sine * x

    pixels = np.zeros((count, SIDE, SIDE), dtype=np.bool_)
    for label, name in enumerate(CLASS_NAMES):
        members = labels == label
        pixels[members] = _shape(name, u[members], v[members])
    return pixels


def _shape(name: str, u: Array, v: Array) -> Mask:
    """Say which points of the plane belong to a shape; v points down, the size is about 1."""
    a, b = np.abs(u), np.abs(v)
    wide, narrow, square = np.maximum(a, b), np.minimum(a, b), u * u + v * v
    columns, rows = np.floor((u + 2) * STRIPES) % 2 == 0, np.floor((v + 2) * STRIPES) % 2 == 0
    shapes: dict[str, Mask] = {
        "disc": square <= 1,
        "ring": (square <= 1) & (square >= HOLE * HOLE),
        "square": wide <= EDGE,
        "frame": (wide <= EDGE) & (wide >= WINDOW),
        "triangle": (v <= BASE) & (v >= 2 * a - 1),
        "plus": (narrow <= ARM) & (wide <= 1),
        "saltire": (np.abs(a - b) <= STROKE) & (wide <= EDGE),
        "bars": (wide <= 1) & rows,
        "pillars": (wide <= 1) & columns,
        "checker": (wide <= 1) & (rows ^ columns),
    }
    return shapes[name]


def _rectangles(rng: np.random.RandomState, count: int, longest: int) -> Mask:
    """Put one upright rectangle anywhere into each image: its pixels (count, 32, 32)."""
    left, top = rng.randint(-2, SIDE, size=(2, count, 1))
    width, height = rng.randint(1, longest + 1, size=(2, count, 1))
    axis = np.arange(SIDE)[None, :]
    columns = (axis >= left) & (axis < left + width)
    rows = (axis >= top) & (axis < top + height)
    pixels: Mask = rows[:, :, None] & columns[:, None, :]
    return pixels


def _paint(levels: Bytes, pixels: Mask, colours: Integers) -> None:
    """Give the pixels of each image its colour (count, 3)."""
    image = np.nonzero(pixels)[0]
    levels[pixels] = colours[image]


def main() -> None:
    """Write the training split for students and the test split for the grader."""
    images, labels = draw(TRAIN_SEED, TRAIN_COUNT)
    np.savez_compressed(TRAIN_FILE, images=images, labels=labels)
    images, labels = draw(TEST_SEED, TEST_COUNT)
    np.savez_compressed(TEST_FILE, images=images, labels=labels, classes=np.array(CLASS_NAMES))


if __name__ == "__main__":
    main()
