"""Value trees: what goes in comes out, and nothing else does."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.sandbox.protocol import ProtocolError
from grader.sandbox.values import (
    MAX_DEPTH,
    AsTensor,
    Decoder,
    Encoder,
    NotEncodable,
    clean_text,
)


def refuse(_encoder, value):
    """Encode nothing special."""
    raise NotEncodable(type(value).__name__)


def no_references(_node):
    """Resolve no reference."""
    raise ProtocolError("a reference")


def round_trip(value):
    """Encode, through JSON, and decode."""
    encoder = Encoder(refuse)
    node = json.loads(json.dumps(encoder.encode(value), allow_nan=False))
    decoder = Decoder(encoder.arrays, no_references)
    result = decoder.decode(node)
    decoder.finish()
    return result


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        False,
        0,
        -(2**63),
        2**63 - 1,
        1.5,
        math.inf,
        -math.inf,
        "",
        "naïve 🙂",
        [],
        (),
        {},
        [1, (2, [3.0, None]), {"a": (1,), 7: "seven"}],
        {"f": 1},
        {"a": 0},
        {"r": 1, "t": 2},
    ],
)
def test_plain_values_survive(value):
    """Scalars, lists, tuples and dicts come back equal and of the same types."""
    result = round_trip(value)
    assert result == value
    assert type(result) is type(value)


def test_nan_survives():
    """NaN travels although JSON has none."""
    assert math.isnan(round_trip(float("nan")))


def test_arrays_are_found_wherever_they_are():
    """Arrays in nested containers come back in their places."""
    first, second = np.arange(3.0), np.ones((2, 2), np.int64)
    result = round_trip({"x": [first, (second,)]})
    np.testing.assert_array_equal(result["x"][0], first)
    np.testing.assert_array_equal(result["x"][1][0], second)


def test_long_strings_are_cut():
    """A string of a megabyte arrives shortened."""
    assert len(round_trip("x" * 1_000_000)) == 4096


@pytest.mark.parametrize(
    "value", [object(), {1, 2}, 2**63, 1j, {(1,): 2}, {None: 1}, np.array([None]), b"bytes"]
)
def test_other_values_are_left_to_the_caller(value):
    """What has no plain form goes through `special`."""
    with pytest.raises(NotEncodable):
        round_trip(value)


def test_limits_on_trees():
    """Too deep, too long, too many arrays: each is not encodable."""
    deep: list = []
    for _ in range(MAX_DEPTH + 1):
        deep = [deep]
    itself: list = []
    itself.append(itself)
    for value in (deep, itself, [0] * 5000, [np.zeros(1)] * 17):
        with pytest.raises(NotEncodable):
            round_trip(value)


def test_tensors_are_made_by_the_worker_only():
    """`AsTensor` is decoded with the worker's function; the grader's side refuses it."""
    encoder = Encoder(refuse)
    node = encoder.encode(AsTensor(np.zeros(2), requires_grad=True))
    made = Decoder(encoder.arrays, no_references, lambda a, g: ("tensor", a.shape, g)).decode(node)
    assert made == ("tensor", (2,), True)
    with pytest.raises(ProtocolError):
        Decoder(encoder.arrays, no_references).decode(node)


@pytest.mark.parametrize(
    "node",
    [
        [],
        [1],
        {},
        {"x": 1},
        {"f": "1"},
        {"f": 1},
        {"f": ["nan"]},
        {"l": 1},
        {"l": "ab"},
        {"t": {"l": []}},
        {"l": [], "t": []},
        {"d": {}},
        {"d": [[1]]},
        {"d": [["a", 1, 2]]},
        {"d": [["a", 1], ["a", 2]]},
        {"d": [[True, 1]]},
        {"d": [[None, 1]]},
        {"d": [[{"l": []}, 1]]},
        {"a": 1},
        {"a": -1},
        {"a": True},
        {"a": "0"},
        {"a": 0, "x": 1},
        {"a": 0, "tensor": False},
        {"l": [{"a": 0}, {"a": 0}]},
        {"r": 1},
    ],
)
def test_malformed_trees_are_refused(node):
    """Each kind of malformed node raises the protocol's error."""
    with pytest.raises(ProtocolError):
        Decoder([np.zeros(1)], no_references).decode(node)


def test_unused_arrays_are_refused():
    """An array that no value names is a violation."""
    decoder = Decoder([np.zeros(1)], no_references)
    decoder.decode(None)
    with pytest.raises(ProtocolError, match="belongs to no value"):
        decoder.finish()


def test_deep_answers_are_refused():
    """Nesting beyond the limit does not exhaust the grader's stack."""
    node: dict = {"l": []}
    for _ in range(500):
        node = {"l": [node]}
    with pytest.raises(ProtocolError):
        Decoder([], no_references).decode(node)


def test_texts_are_made_safe():
    """Surrogates and control characters are replaced, line ends kept."""
    assert clean_text("a\nb\tc", 10) == "a\nb\tc"
    assert clean_text("\x1b[2J\x00", 10) == "\ufffd[2J\ufffd"
    clean_text("\ud800", 10).encode("utf-8")
    assert clean_text("x" * 20, 10) == "x" * 10


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["l", "t", "d", "f", "a", "r", "tensor"]), inner)
    ),
    max_leaves=20,
)


@given(json_values)
@settings(max_examples=400, deadline=None)
def test_any_json_is_decoded_or_refused(node):
    """Whatever a worker sends as a value raises at most the protocol's error."""
    decoder = Decoder([np.zeros(1), np.ones(2)], no_references)
    try:
        decoder.decode(node)
        decoder.finish()
    except ProtocolError:
        pass
