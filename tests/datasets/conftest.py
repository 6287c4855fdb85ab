"""Files in CIFAR-10's layout, with noise in place of its pictures."""

import pickle
import struct

import numpy as np
import pytest

from grader.datasets.cifar10 import CLASSES, IMAGES


def text(value):
    """A str as Python 2 pickles it: bytes with their length."""
    raw = value.encode() if isinstance(value, str) else value
    return b"T" + struct.pack("<i", len(raw)) + raw


def array(rows):
    """A uint8 array as the numpy of Python 2 pickles it."""
    sizes = b"".join(b"J" + struct.pack("<i", size) for size in rows.shape)
    return (
        b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85" + text("b") + b"\x87R("
        b"K\x01"
        + sizes
        + b"\x86cnumpy\ndtype\n"
        + text("u1")
        + b"K\x00K\x01\x87R(K\x03"
        + text("|")
        + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
        b"I00\n" + text(rows.tobytes()) + b"tb"
    )


def python2(data, labels):
    """A batch as the authors of CIFAR-10 wrote theirs, with cPickle of Python 2."""
    numbers = b"](" + b"".join(b"K" + bytes([label]) for label in labels) + b"e"
    return (
        b"\x80\x02}("
        + text("data")
        + array(data)
        + text("labels")
        + numbers
        + text("batch_label")
        + text("testing batch 1 of 1")
        + b"u."
    )


@pytest.fixture(scope="session")
def rows():
    """Ten thousand rows of 3072 bytes: red, green and blue of each picture."""
    return np.random.default_rng(3).integers(0, 256, (IMAGES, 3072), dtype=np.uint8)


@pytest.fixture(scope="session")
def labels():
    """A thousand of each of ten classes, mixed."""
    return np.random.default_rng(4).permutation(np.arange(IMAGES) % 10)


@pytest.fixture(scope="session")
def contents(rows, labels):
    """What is in the two files."""
    names = {"label_names": list(CLASSES), "num_cases_per_batch": 10000, "num_vis": 3072}
    return {
        "test_batch": python2(rows, labels.tolist()),
        "batches.meta": pickle.dumps(names, protocol=2),
    }


@pytest.fixture(scope="session")
def few(contents, rows, labels):
    """The same with twenty pictures, which is quick to pack."""
    return {**contents, "test_batch": python2(rows[:20], labels[:20].tolist())}


@pytest.fixture
def folder(tmp_path, contents):
    """A folder in the standard layout, to be changed."""
    made = tmp_path / "data" / "cifar-10-batches-py"
    made.mkdir(parents=True)
    for name, raw in contents.items():
        (made / name).write_bytes(raw)
    return made


@pytest.fixture
def saved(tmp_path, rows, labels):
    """Save arrays as an .npz: the images and labels, and whatever is given in their place."""

    def save(names=("x_test", "y_test"), **changes):
        pictures = rows.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
        arrays = dict(zip(names, (pictures, labels), strict=True)) | changes
        np.savez(tmp_path / "arrays.npz", **arrays)
        return tmp_path / "arrays.npz"

    return save
