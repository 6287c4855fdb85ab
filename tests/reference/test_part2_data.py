"""Loading, thinning out, cutting and normalising images."""

from __future__ import annotations

import sys
from types import ModuleType

import numpy as np
import pytest
import torch

torch.set_num_threads(1)


@pytest.fixture(scope="module")
def data(load_part, reference_dir):
    """Give the package data of Part 2."""
    return load_part(reference_dir / "part2-pytorch", "data")["data"]


@pytest.fixture
def images():
    """Give twenty random images, none of whose bytes is 0."""
    return np.random.RandomState(0).randint(1, 256, size=(20, 32, 32, 3)).astype(np.uint8)


def test_imbalance_counts(data):
    """Imbalanced CIFAR-10 keeps 5000, 2997, 1796, ..., 50 images of its classes."""
    expected = [5000, 2997, 1796, 1077, 645, 387, 232, 139, 83, 50]
    assert data.class_counts(5000, 10, 0.01) == expected


def test_make_imbalanced(data):
    """The thinned set has as many images of each class as its list says, labels still right."""
    labels = np.arange(400) % 4
    images = np.zeros((400, 32, 32, 3), np.uint8) + labels[:, None, None, None].astype(np.uint8)
    few, kept, counts = data.make_imbalanced(images, labels, 0.1, classes=4)
    assert counts == [100, 46, 21, 10]
    assert np.bincount(kept).tolist() == counts
    assert (few[:, 0, 0, 0] == kept).all()


def test_npz_with_two_splits(data, tmp_path, images):
    """A file with x_train, y_train, x_test and y_test is taken as it is."""
    labels = np.arange(20, dtype=np.uint8)[:, None]
    path = tmp_path / "a.npz"
    np.savez(path, x_train=images, y_train=labels, x_test=images[:5], y_test=labels[:5])
    arrays = data.load(str(path))
    assert (arrays.train_images == images).all()
    assert arrays.train_labels.tolist() == list(range(20))
    assert arrays.test_labels.tolist() == list(range(5))


def test_npz_with_one_split(data, tmp_path, images):
    """Of a file with images and labels a tenth is held out, and each image keeps its label."""
    path = tmp_path / "a.npz"
    np.savez(path, images=images, labels=np.arange(20))
    arrays = data.load(str(path))
    assert len(arrays.test_labels) == 2
    assert sorted([*arrays.train_labels, *arrays.test_labels]) == list(range(20))
    assert (arrays.train_images == images[arrays.train_labels]).all()
    assert (arrays.test_images == images[arrays.test_labels]).all()


def test_npz_with_other_names_is_refused(data, tmp_path, images):
    """A file with other arrays is refused with the names that are expected."""
    path = tmp_path / "a.npz"
    np.savez(path, pictures=images)
    with pytest.raises(ValueError, match=r"\['pictures'\]: expected x_train"):
        data.load(str(path))


@pytest.mark.parametrize("change", [lambda x: x / 255, lambda x: x.transpose(0, 3, 1, 2)])
def test_other_images_are_refused(data, tmp_path, images, change):
    """Images that are floats, or have their channels first, are refused."""
    path = tmp_path / "a.npz"
    np.savez(path, images=change(images), labels=np.arange(20))
    with pytest.raises(ValueError, match="expected uint8 of shape"):
        data.load(str(path))


def test_cifar10_comes_through_torchvision(data, monkeypatch, images):
    """The source cifar10 asks torchvision for both splits, next to the data package."""
    asked = []

    class CIFAR10:
        def __init__(self, root, *, train, download):
            asked.append((root.name, train, download))
            self.data, self.targets = (images, list(range(20))) if train else (images[:3], [0] * 3)

    stub = ModuleType("torchvision.datasets")
    stub.CIFAR10 = CIFAR10
    monkeypatch.setitem(sys.modules, "torchvision", ModuleType("torchvision"))
    monkeypatch.setitem(sys.modules, "torchvision.datasets", stub)
    arrays = data.load("cifar10")
    assert asked == [("data", True, True), ("data", False, True)]
    assert arrays.train_labels.tolist() == list(range(20))
    assert len(arrays.test_images) == 3


def test_normalised_batches(data, images):
    """Validation batches come in order, normalised, contiguous, with a last one that is short."""
    batches = list(data.Batches(images, np.arange(20), 8))
    assert [len(labels) for _, labels in batches] == [8, 8, 4]
    assert torch.cat([labels for _, labels in batches]).tolist() == list(range(20))
    x = torch.cat([x for x, _ in batches])
    mean, std = np.array([0.4914, 0.4822, 0.4465]), np.array([0.2023, 0.1994, 0.2010])
    expected = ((images / 255 - mean) / std).transpose(0, 3, 1, 2)
    np.testing.assert_allclose(x.numpy(), expected, atol=1e-5)
    assert all(x.is_contiguous() and x.dtype == torch.float32 for x, _ in batches)


def test_training_batches(data, images):
    """Training batches are full, in another order each time, and no image comes twice."""
    loader = data.Batches(images, np.arange(20), 8, train=True)
    first, second = ([y.tolist() for _, y in loader] for _ in range(2))
    assert len(loader) == len(first) == 2
    assert len({*first[0], *first[1]}) == 16
    assert first != second


def test_channels_last_batches(data, images):
    """With channels_last the values are the same in another layout."""
    plain = next(iter(data.Batches(images, np.arange(20), 8)))[0]
    other = next(iter(data.Batches(images, np.arange(20), 8, channels_last=True)))[0]
    assert torch.equal(plain, other)
    assert other.is_contiguous(memory_format=torch.channels_last)


def test_crop_and_flip(data, load_part, reference_dir, images):
    """Each result is a window of the image, which black surrounds, or the window's mirror image."""
    part = reference_dir / "part2-pytorch"
    loader = load_part(part, "data.loader")["data.loader"]
    torch.manual_seed(0)
    results = loader.crop_and_flip(torch.from_numpy(images)).numpy()
    padded = np.pad(images, ((0, 0), (4, 4), (4, 4), (0, 0)))
    mirrored, places = 0, set()
    for image, result in zip(padded, results, strict=True):
        found = [
            (row, column, flip)
            for row in range(9)
            for column in range(9)
            for flip in (1, -1)
            if (image[row : row + 32, column : column + 32][:, ::flip] == result).all()
        ]
        assert len(found) == 1
        mirrored += found[0][2] == -1
        places.add(found[0][:2])
    assert 3 <= mirrored <= 17
    assert len(places) > 10
