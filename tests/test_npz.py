"""Arrays in one file with reproducible bytes."""

import io

import numpy as np
import pytest

from grader import npz


def written(arrays, **options):
    stream = io.BytesIO()
    npz.write(stream, arrays, **options)
    return stream.getvalue()


@pytest.mark.parametrize("compressed", [True, False])
def test_the_same_arrays_make_the_same_bytes(compressed):
    """In whatever order they come; and numpy reads them again, a view's entries in their order."""
    b = np.arange(12).reshape(3, 4).T
    arrays = {"b": b, "a": np.array(["words"])}
    content = written(arrays, compressed=compressed)
    assert content == written(dict(reversed(arrays.items())), compressed=compressed)
    with np.load(io.BytesIO(content), allow_pickle=False) as again:
        assert again.files == ["a", "b"]
        assert np.array_equal(again["b"], b)
        assert again["a"].tolist() == ["words"]


def test_compression_is_a_choice():
    """Zeros take their place, or nearly none."""
    zeros = {"zeros": np.zeros(10_000, np.uint8)}
    assert len(written(zeros)) < 1000
    assert len(written(zeros, compressed=False)) > 10_000


def test_objects_are_refused():
    """They would be pickled, and nothing here unpickles."""
    with pytest.raises(ValueError, match="allow_pickle"):
        written({"objects": np.array([object()])})
