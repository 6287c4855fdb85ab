"""Images and labels as numpy arrays: CIFAR-10, a .npz file, or the practice set (given)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
PRACTICE = HERE / "practice_train.npz"
CLASSES = 10
HELD_OUT = 0.1  # the part of a file without a test split that is kept for validation


@dataclass(frozen=True)
class Arrays:
    """Images are (N, 32, 32, 3) uint8, labels are (N,) int64."""

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray


def load(source: str) -> Arrays:
    """Read ``cifar10``, ``practice``, or the path of a .npz file."""
    if source == "cifar10":
        return _cifar10()
    if source == "practice":
        return _npz(PRACTICE)
    return _npz(Path(source))


def _npz(path: Path) -> Arrays:
    """Read x_train, y_train, x_test, y_test; or images, labels, of which a part is held out."""
    with np.load(path) as file:
        names = set(file.files)
        if {"x_train", "y_train", "x_test", "y_test"} <= names:
            parts = [file[name] for name in ("x_train", "y_train", "x_test", "y_test")]
        elif {"images", "labels"} <= names:
            images, labels = file["images"], file["labels"]
            order = np.random.RandomState(0).permutation(len(labels))
            test, train = np.split(order, [round(HELD_OUT * len(order))])
            parts = [images[train], labels[train], images[test], labels[test]]
        else:
            message = (
                f"{path.name} holds {sorted(names)}: expected x_train, y_train, x_test and y_test,"
                " or images and labels."
            )
            raise ValueError(message)
    return _checked(*parts)


def _cifar10() -> Arrays:
    """Read CIFAR-10 beside this file through torchvision, which downloads it the first time."""
    from torchvision.datasets import CIFAR10

    train = CIFAR10(HERE, train=True, download=True)
    test = CIFAR10(HERE, train=False, download=True)
    return _checked(train.data, train.targets, test.data, test.targets)


def _checked(
    train_images: np.ndarray, train_labels: object, test_images: np.ndarray, test_labels: object
) -> Arrays:
    """Give the labels one type and one dimension, and refuse other shapes of images."""
    arrays = Arrays(
        train_images,
        np.asarray(train_labels, dtype=np.int64).reshape(-1),
        test_images,
        np.asarray(test_labels, dtype=np.int64).reshape(-1),
    )
    pairs = (
        (arrays.train_images, arrays.train_labels),
        (arrays.test_images, arrays.test_labels),
    )
    for images, labels in pairs:
        if images.shape != (len(labels), 32, 32, 3) or images.dtype != np.uint8:
            message = (
                f"Images are {images.dtype} of shape {images.shape}:"
                f" expected uint8 of shape ({len(labels)}, 32, 32, 3)."
            )
            raise ValueError(message)
    return arrays
