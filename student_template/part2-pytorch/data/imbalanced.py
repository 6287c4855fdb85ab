"""A training set with many images of some classes and few of others (given)."""

from __future__ import annotations

import numpy as np


def class_counts(largest: int, classes: int, factor: float) -> list[int]:
    """How many images each class keeps: n_i = largest * factor ** (i / (classes - 1)).

    The first class keeps all its images and the last keeps ``factor`` of them: 5000, 2997, 1796,
    ..., 50 for CIFAR-10 with a factor of 0.01.
    """
    return [int(largest * factor ** (i / (classes - 1))) for i in range(classes)]


def make_imbalanced(
    images: np.ndarray, labels: np.ndarray, factor: float, classes: int = 10, seed: int = 0
) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """Thin the classes out; return the images, the labels and ``cls_num_list``."""
    rng = np.random.RandomState(seed)
    largest = int(np.bincount(labels, minlength=classes).min())
    counts = class_counts(largest, classes, factor)
    kept = [
        rng.permutation(np.flatnonzero(labels == label))[:count]
        for label, count in enumerate(counts)
    ]
    index = np.concatenate(kept)
    return images[index], labels[index], counts
