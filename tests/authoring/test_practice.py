"""The practice set comes from its program, is small, and has ten equal classes."""

from __future__ import annotations

import numpy as np
import pytest

from grader.authoring import practice


@pytest.fixture(scope="module")
def committed_test():
    """Give the committed test file as a dict."""
    with np.load(practice.TEST_FILE) as file:
        return dict(file)


@pytest.fixture(scope="module")
def committed_train():
    """Give the committed training file as a dict."""
    with np.load(practice.TRAIN_FILE) as file:
        return dict(file)


def test_test_split_is_reproducible(committed_test):
    """Drawing the test split again gives the committed file, bit by bit."""
    images, labels = practice.draw(practice.TEST_SEED, practice.TEST_COUNT)
    assert np.array_equal(images, committed_test["images"])
    assert np.array_equal(labels, committed_test["labels"])
    assert committed_test["classes"].tolist() == list(practice.CLASS_NAMES)


def test_train_split_is_reproducible(committed_train):
    """Drawing the training split again gives the committed file, bit by bit."""
    images, labels = practice.draw(practice.TRAIN_SEED, practice.TRAIN_COUNT)
    assert np.array_equal(images, committed_train["images"])
    assert np.array_equal(labels, committed_train["labels"])


def test_shapes_and_types(committed_test, committed_train):
    """Images are (N, 32, 32, 3) bytes and labels (N,) int64, as many of each class."""
    for split, count in ((committed_test, 1000), (committed_train, 8000)):
        assert split["images"].shape == (count, 32, 32, 3)
        assert split["images"].dtype == np.uint8
        assert split["labels"].dtype == np.int64
        assert np.bincount(split["labels"]).tolist() == [count // 10] * 10


def test_size():
    """Both files together are smaller than 4 MB."""
    assert practice.TRAIN_FILE.stat().st_size + practice.TEST_FILE.stat().st_size < 4_000_000


def test_seed_decides():
    """The same seed draws the same images, and another seed draws others."""
    first, again, other = (practice.draw(seed, 20)[0] for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_splits_share_no_image(committed_test, committed_train):
    """No test image is among the training images."""
    train = {image.tobytes() for image in committed_train["images"]}
    assert not any(image.tobytes() in train for image in committed_test["images"])


def test_classes_differ():
    """Without shift, turn and clutter, any two classes differ in a tenth of a shape's pixels."""
    axis = (np.arange(32) - 15.5) / 12
    u, v = np.meshgrid(axis, axis)
    shapes = [practice._shape(name, u, v) for name in practice.CLASS_NAMES]
    for i, one in enumerate(shapes):
        assert one.any()
        for other in shapes[:i]:
            assert (one ^ other).sum() > 0.1 * one.sum()


def test_main_writes_both_files(tmp_path, monkeypatch):
    """The program writes images and labels, and the class names with the test split only."""
    monkeypatch.setattr(practice, "TRAIN_FILE", tmp_path / "train.npz")
    monkeypatch.setattr(practice, "TEST_FILE", tmp_path / "test.npz")
    monkeypatch.setattr(practice, "TRAIN_COUNT", 20)
    monkeypatch.setattr(practice, "TEST_COUNT", 10)
    practice.main()
    with np.load(tmp_path / "train.npz") as train, np.load(tmp_path / "test.npz") as test:
        assert sorted(train.files) == ["images", "labels"]
        assert sorted(test.files) == ["classes", "images", "labels"]
