"""Pickles from anywhere are read as data, or refused."""

import os
import pickle
import struct

import numpy as np
import pytest

from grader.datasets import batches
from grader.errors import DataUnavailable

SMALL = np.arange(12, dtype=np.uint8).reshape(3, 4)


class Calls:
    """Pickles as a call of any function."""

    def __init__(self, function, *arguments):
        self.reduced = (function, arguments)

    def __reduce__(self):
        return self.reduced


def test_a_batch_of_python_2_is_read(contents, rows, labels):
    """Rows and labels of a file as the authors wrote theirs come out as they went in."""
    found = batches.read(contents["test_batch"], "test_batch")
    assert np.array_equal(found["data"], rows)
    assert found["labels"] == labels.tolist()
    assert found["batch_label"] == "testing batch 1 of 1"


@pytest.mark.parametrize("protocol", [2, 3, 4])
def test_a_batch_of_python_3_is_read(protocol):
    """Copies that were pickled again, by columns too, hold the same arrays."""
    document = {"data": SMALL, "turned": np.asfortranarray(SMALL), "labels": [1, 2]}
    found = batches.read(pickle.dumps(document, protocol), "copy")
    assert np.array_equal(found["data"], SMALL)
    assert np.array_equal(found["turned"], SMALL)
    assert found["labels"] == [1, 2]


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (os.system, ("touch marker",)),
        (eval, ("open('marker', 'w')",)),
        (getattr, ("text", "upper")),
        (np.load, ("marker",)),
        (np.zeros, (10**12,)),
        (bytearray, (10**12,)),
    ],
)
def test_calls_are_refused_and_not_made(function, arguments, tmp_path, monkeypatch):
    """A pickle that calls anything is refused by name, and nothing is run."""
    monkeypatch.chdir(tmp_path)
    raw = pickle.dumps({"data": Calls(function, *arguments)})
    with pytest.raises(DataUnavailable, match="Nothing was run") as caught:
        batches.read(raw, "test_batch")
    assert function.__name__ in str(caught.value)
    assert "test_batch" in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_what_is_outside_the_file_is_refused():
    """Persistent ids are no part of the format."""
    with pytest.raises(DataUnavailable, match="outside the file"):
        batches.read(b"\x80\x02}(U\x04dataPx\nu.", "test_batch")


def test_a_refused_name_is_harmless_on_a_terminal():
    """Names in a hostile file may hold control sequences; they are not printed."""
    with pytest.raises(DataUnavailable) as caught:
        batches.read(b"\x80\x02c\x1b[31mos\nsystem\n.", "test_batch")
    assert "\x1b" not in str(caught.value)
    assert "system" in str(caught.value)


RECONSTRUCT = (
    b"\x80\x02}(U\x04datacnumpy.core.multiarray\n_reconstruct\n"
    b"cnumpy\nndarray\nK\x00\x85U\x01b\x87R"
)
DTYPE = b"cnumpy\ndtype\nU\x02u1K\x00K\x01\x87R"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no pickle",
        pickle.dumps({"data": SMALL}, 2)[:-20],
        pickle.dumps([1, 2]),
        pickle.dumps("text"),
        pickle.dumps({"data": SMALL.astype(float)}, 2),
        pickle.dumps({"data": np.array([{}], object)}, 2),
        RECONSTRUCT + b"u.",  # an array that is never filled
        RECONSTRUCT + b"(K\x01K\x05\x85" + DTYPE + b"I00\nU\x03abctbu.",  # 3 bytes for 5 entries
        RECONSTRUCT + b"(K\x01K\x05\x85NI00\nU\x05abcdetbu.",  # without a type
        RECONSTRUCT + b"K\x07bu.",  # filled with a number
        b"\x80\x02}(U\x04datac_codecs\nencode\nX\x01\x00\x00\x00aX\x05\x00\x00\x00rot13\x86Ru.",
        b"\x80\x02" + b"(" * 5000 + b".",
        b"\x80\x02]" + b"]" * 100_000 + b"a" * 100_000 + b".",
        b"\x80\x04\x8e" + struct.pack("<Q", 2**62) + b"x.",  # says it has 4 EB of bytes
    ],
)
def test_what_is_no_batch_is_refused(raw):
    """Damaged, truncated and absurd files raise a sentence with the file's name, nothing else."""
    with pytest.raises(DataUnavailable, match="test_batch"):
        batches.read(raw, "test_batch")


def test_a_huge_file_is_not_tried():
    """More bytes than any batch has are refused before they are looked at."""
    with pytest.raises(DataUnavailable, match="larger than any"):
        batches.read(bytes(batches.MOST_BYTES + 1), "test_batch")
