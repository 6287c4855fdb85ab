"""Test images and labels."""

import numpy as np
import pytest

from grader.errors import DataUnavailable
from grader.evaluation import images

PIXELS = np.zeros((4, 32, 32, 3), np.uint8)
LABELS = np.array([0, 1, 2, 9])


@pytest.fixture
def save(tmp_path):
    def write(**arrays):
        np.savez(tmp_path / "data.npz", **arrays)
        return tmp_path / "data.npz"

    return write


@pytest.mark.parametrize("names", [("images", "labels"), ("x_test", "y_test")])
def test_both_spellings_are_read(save, names):
    """Arrays may be called images and labels, or x_test and y_test."""
    found = images.load(save(**dict(zip(names, (PIXELS, LABELS), strict=True))))
    assert found.pixels.shape == (4, 32, 32, 3)
    assert found.labels.tolist() == [0, 1, 2, 9]
    assert found.classes == tuple("0123456789")


def test_class_names_are_kept(save):
    """A file may name its classes."""
    found = images.load(save(images=PIXELS, labels=LABELS, classes=np.array(list("abcdefghij"))))
    assert found.classes[9] == "j"


def test_provenance_is_kept(save):
    """A file may say where its images come from; without, there is nothing to say."""
    told = images.load(save(images=PIXELS, labels=LABELS, provenance=np.array('{"a": 1}')))
    assert told.provenance == '{"a": 1}'
    assert images.load(save(images=PIXELS, labels=LABELS)).provenance == ""


@pytest.mark.parametrize(
    ("pixels", "labels"),
    [
        (PIXELS.astype(float), LABELS),
        (PIXELS[:, :16], LABELS),
        (PIXELS, LABELS[:3]),
        (PIXELS, np.array([0, 1, 2, 10])),
        (PIXELS[:0], LABELS[:0]),
    ],
)
def test_arrays_that_do_not_fit_are_refused(save, pixels, labels):
    """Wrong types, shapes, counts and classes are the grader's problem, and named."""
    with pytest.raises(DataUnavailable, match="expected uint8"):
        images.load(save(images=pixels, labels=labels))


def test_no_file_names_the_way_out():
    """Without test images the message says how to give them."""
    with pytest.raises(DataUnavailable, match="--data"):
        images.load(None)


def test_a_broken_file_is_named(tmp_path):
    """A file that cannot be read gives its path."""
    path = tmp_path / "broken.npz"
    path.write_bytes(b"nothing")
    with pytest.raises(DataUnavailable, match=r"broken\.npz"):
        images.load(path)
    with pytest.raises(DataUnavailable, match=r"absent\.npz"):
        images.load(tmp_path / "absent.npz")


def test_names_stand_for_packaged_files(tmp_path):
    """`practice` is packaged; a path stands for itself; nothing asked for may be nothing."""
    assert images.locate("practice") == images.PRACTICE
    assert images.locate(str(tmp_path / "x.npz")) == tmp_path / "x.npz"
    assert images.locate(None) in (None, images.CIFAR10)


def test_the_practice_images_are_there():
    """The packaged practice set has a thousand images of ten classes."""
    found = images.load(images.PRACTICE)
    assert len(found.pixels) == 1000
    assert set(found.labels.tolist()) == set(range(10))
