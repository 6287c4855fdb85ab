"""[given] Images for Part 1: CIFAR-10, or the small practice set."""

import pickle
from pathlib import Path

import numpy as np

MEAN = np.array((0.4914, 0.4822, 0.4465))
STD = np.array((0.2023, 0.1994, 0.2010))

_HERE = Path(__file__).resolve().parent
FOLDERS = (_HERE, _HERE.parents[1] / "part2-pytorch" / "data")

_MISSING = """\
no {name} images in {folders}. Ways out:
  python train.py --data FILE.npz    (images (N, 32, 32, 3) uint8, labels (N,))
  python -c "import torchvision; torchvision.datasets.CIFAR10('data', download=True)"\
"""


def load_images(name: str, split: str = "train") -> tuple[np.ndarray, np.ndarray]:
    """Return normalised images (N, 3, 32, 32) and labels (N,) of a "train" or "test" split.

    `name` is "practice", "cifar10", or the path of an .npz file.
    """
    images, labels = _read(name, split)
    x = (images / 255 - MEAN) / STD
    return x.transpose(0, 3, 1, 2), labels.astype(np.int64)


def _read(name: str, split: str) -> tuple[np.ndarray, np.ndarray]:
    """Find the raw images (N, 32, 32, 3) uint8 and their labels."""
    if name.endswith(".npz"):
        return _read_npz(Path(name), split)
    for folder in FOLDERS:
        archive = folder / f"{name}_{split}.npz"
        if archive.exists():
            return _read_npz(archive, split)
        batches = folder / "cifar-10-batches-py"
        if name == "cifar10" and batches.exists():
            return _read_batches(batches, split)
    raise FileNotFoundError(_MISSING.format(name=name, folders=" or ".join(map(str, FOLDERS))))


def _read_npz(path: Path, split: str) -> tuple[np.ndarray, np.ndarray]:
    """Read images and labels; or x_train, y_train, x_test and y_test, as Part 2 does."""
    with np.load(path) as arrays:
        if f"x_{split}" in arrays:
            return arrays[f"x_{split}"], arrays[f"y_{split}"]
        return arrays["images"], arrays["labels"]


def _read_batches(folder: Path, split: str) -> tuple[np.ndarray, np.ndarray]:
    """Read CIFAR-10 as its authors publish it: rows of 3072 bytes, channel by channel."""
    names = [f"data_batch_{i}" for i in range(1, 6)] if split == "train" else ["test_batch"]
    # pickle is CIFAR-10's own format: unpickle it only where you trust the download.
    batches = [pickle.loads((folder / n).read_bytes(), encoding="latin1") for n in names]
    images = np.concatenate([batch["data"] for batch in batches]).reshape(-1, 3, 32, 32)
    labels = np.concatenate([batch["labels"] for batch in batches])
    return images.transpose(0, 2, 3, 1), labels
