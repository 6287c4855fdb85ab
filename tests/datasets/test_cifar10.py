"""What is written as the test set is verified, says where it is from, and is reproducible."""

import dataclasses
import json

import numpy as np
import pytest

from grader.datasets import cifar10
from grader.datasets.sources import Raw
from grader.errors import DataUnavailable
from grader.evaluation import images


@pytest.fixture(scope="module")
def raw(rows, labels):
    """A source that is right."""
    pictures = rows.reshape(-1, 32, 32, 3)
    files = {"test_batch": {"md5": "0"}}
    return Raw(pictures, labels, cifar10.CLASSES, "the folder", files, official=True)


def test_the_grader_reads_what_is_written(raw, tmp_path):
    """Images, labels, class names and provenance come back from the file."""
    path = tmp_path / "made" / "test.npz"
    cifar10.write(path, cifar10.verified(raw))
    found = images.load(path)
    assert np.array_equal(found.pixels, raw.images)
    assert np.array_equal(found.labels, raw.labels)
    assert found.classes == cifar10.CLASSES
    story = json.loads(found.provenance)
    assert story["files"] == raw.files
    assert story["official"] is True
    assert len(story["sha256_of_images"]) == 64


def test_the_same_images_give_the_same_bytes(raw, tmp_path):
    """Nothing of the day or the machine is in the file; another pixel is."""
    for name in ("a.npz", "b.npz"):
        cifar10.write(tmp_path / name, cifar10.verified(raw))
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    other = dataclasses.replace(raw, images=raw.images ^ 1)
    assert cifar10.provenance(other) != cifar10.provenance(raw)
    assert str(tmp_path).encode() not in (tmp_path / "a.npz").read_bytes()


def test_labels_may_have_another_type_and_an_axis_more(raw):
    """Labels (10000, 1) of bytes are the same labels; no class names are the usual ones."""
    other = dataclasses.replace(raw, labels=raw.labels.astype(np.uint8)[:, None], classes=None)
    arrays = cifar10.verified(other)
    assert np.array_equal(arrays["labels"], raw.labels)
    assert arrays["labels"].dtype == np.int64
    assert tuple(arrays["classes"]) == cifar10.CLASSES
    assert "not in the source" in str(arrays["provenance"])


def reverse(classes):
    """The names in another order."""
    return tuple(reversed(classes))


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("images", lambda a: a[:5000], r"uint8 \(5000"),
        ("images", lambda a: a.astype(np.int16), "int16"),
        ("images", lambda a: a.reshape(-1, 3, 32, 32), "3, 32, 32"),
        ("labels", lambda a: a[:5000], "10000 integers"),
        ("labels", lambda a: a.astype(float), "float64"),
        ("labels", lambda a: np.minimum(a, 8), "9 classes with 1000 to 2000"),
        ("labels", lambda a: a + 1, "each class from 0 to 9"),
        ("labels", lambda a: np.where(np.arange(10_000) == 0, (a + 1) % 10, a), "999 to 1001"),
        ("classes", reverse, "truck, ship"),
        ("classes", lambda _: ("\x1b[31mred",), "the classes are red;"),
    ],
)
def test_what_is_not_the_test_set_is_refused(raw, name, change, words):
    """Counts, shapes, types, classes and names are verified, and said."""
    other = dataclasses.replace(raw, **{name: change(getattr(raw, name))})
    with pytest.raises(DataUnavailable, match=words):
        cifar10.verified(other)


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    """A folder in the place of the file gives a sentence."""
    with pytest.raises(DataUnavailable, match="cannot be written"):
        cifar10.write(tmp_path, {"labels": np.zeros(1)})
