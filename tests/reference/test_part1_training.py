"""The loader, the trainer, and train.py as a student runs it."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

LAYERS = [
    {"type": "Conv2D", "in_channels": 3, "out_channels": 4, "kernel_size": 3, "padding": 1},
    {"type": "ReLU"},
    {"type": "MaxPooling", "kernel_size": 4, "stride": 4},
    {"type": "Linear", "in_dim": 4 * 8 * 8, "out_dim": 10},
]


@pytest.fixture
def archive(tmp_path):
    """Write twelve random images with labels, as the practice set stores them."""
    rng = np.random.default_rng(9)
    path = tmp_path / "tiny.npz"
    images = rng.integers(256, size=(12, 32, 32, 3), dtype=np.uint8)
    np.savez(path, images=images, labels=rng.integers(10, size=12))
    return path


def test_images_are_normalised(part1, archive):
    """load_images gives (N, 3, 32, 32), normalised channel by channel, and integer labels."""
    x, y = part1.load_images(str(archive))
    raw = np.load(archive)
    assert x.shape == (12, 3, 32, 32)
    assert_array_equal(y, raw["labels"])
    assert_allclose(x[5, 2, 7, 9], (raw["images"][5, 7, 9, 2] / 255 - 0.4465) / 0.2010)


def test_images_of_the_original_cifar10(part1, tmp_path, monkeypatch):
    """The folder that CIFAR-10's authors publish is read, batch after batch."""
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    names = [f"data_batch_{i}" for i in range(1, 6)]
    for label, name in enumerate([*names, "test_batch"]):
        rows = np.arange(3072, dtype=np.int64).reshape(1, 3072) % 256
        batch = {"data": rows.astype(np.uint8), "labels": [label]}
        (folder / name).write_bytes(pickle.dumps(batch))
    monkeypatch.setitem(part1.load_images.__globals__, "FOLDERS", (tmp_path,))

    x, y = part1.load_images("cifar10", "train")
    assert_array_equal(y, range(5))
    assert_allclose(x[0, 1, 0, 3], (3 / 255 - 0.4822) / 0.1994)
    assert_array_equal(part1.load_images("cifar10", "test")[1], [5])


def test_one_file_may_hold_both_splits(part1, tmp_path):
    """An .npz file with x_train, y_train, x_test and y_test gives the split that is asked for."""
    images = np.zeros((2, 32, 32, 3), np.uint8)
    path = tmp_path / "both.npz"
    np.savez(path, x_train=images, y_train=[1, 2], x_test=images[:1], y_test=[3])
    assert_array_equal(part1.load_images(str(path), "train")[1], [1, 2])
    assert_array_equal(part1.load_images(str(path), "test")[1], [3])


def test_missing_images_are_explained(part1, tmp_path, monkeypatch):
    """Without the images the error names the folders and a way out."""
    monkeypatch.setitem(part1.load_images.__globals__, "FOLDERS", (tmp_path,))
    with pytest.raises(FileNotFoundError, match=r"(?s)no cifar10 images in .*--data FILE\.npz"):
        part1.load_images("cifar10")


def test_trainer_overfits(part1, archive):
    """A dozen images are learnt by heart: the loss falls below a twentieth of its start."""
    x, y = part1.load_images(str(archive))
    model = part1.ConvNet(LAYERS, {"type": "SoftmaxCrossEntropy"})
    optimizer = part1.SGD(model, learning_rate=0.02, reg=0)
    history = part1.ClassifierTrainer().train(x, y, model, optimizer, num_epochs=60, batch_size=5)
    assert history["loss"][0] == pytest.approx(np.log(10), rel=0.05)
    assert history["loss"][-1] < history["loss"][0] / 20
    assert history["accuracy"][-1] == 1


def test_train_script(reference_dir, archive, tmp_path):
    """train.py runs from any folder, draws the curves, and prints the final loss."""
    script = reference_dir / "part1-convnet" / "train.py"
    command = [sys.executable, script, "--data", archive, "--images", "8", "--epochs", "2"]
    done = subprocess.run(
        [*command, "--plot", tmp_path / "new" / "curve.png"],
        cwd=tmp_path,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "final loss 2." in done.stdout
    assert (tmp_path / "new" / "curve.png").read_bytes().startswith(b"\x89PNG")
