"""The data sets of Part 2 (given)."""

from .arrays import CLASSES, Arrays, load
from .imbalanced import class_counts, make_imbalanced
from .loader import MEAN, STD, Batches

__all__ = [
    "CLASSES",
    "MEAN",
    "STD",
    "Arrays",
    "Batches",
    "class_counts",
    "load",
    "make_imbalanced",
]
