"""The digest of a file."""

import hashlib

import pytest

from grader.digests import of_file


@pytest.mark.parametrize("size", [0, 1, 1 << 20, (1 << 20) + 1])
def test_it_is_that_of_all_bytes(tmp_path, size):
    """Whatever the file's size is beside that of the blocks it is read in."""
    path = tmp_path / "file"
    path.write_bytes(b"x" * size)
    assert of_file(path) == hashlib.sha256(b"x" * size).hexdigest()
