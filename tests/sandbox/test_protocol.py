"""The framing: what fits goes through unchanged, whatever else raises `ProtocolError`."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.sandbox import protocol
from grader.sandbox.protocol import ProtocolError

LIMIT = 1 << 20


def message(header: object, body: bytes = b"") -> bytes:
    """Frame a header without any check."""
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<I", len(raw)) + raw + body


def packed(header: dict, arrays: list) -> bytes:
    """Pack a message into one string of bytes."""
    return b"".join(bytes(part) for part in protocol.pack(header, arrays))


@pytest.mark.parametrize("code", sorted(protocol.DTYPES))
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 3), (2, 3, 4)])
def test_arrays_arrive_as_they_were_sent(code, shape):
    """Every dtype and shape, empty and 0-d ones too, arrives unchanged and writable."""
    array = (np.arange(np.prod(shape, dtype=int)).reshape(shape) % 2).astype(protocol.DTYPES[code])
    frame = protocol.parse(packed({"id": 1}, [array, array]), LIMIT)
    assert frame.header == {"id": 1}
    for received in frame.arrays:
        assert received.dtype == array.dtype
        assert received.shape == array.shape
        assert received.flags.writeable
        assert received.flags.c_contiguous
        np.testing.assert_array_equal(received, array)


def test_layout_does_not_matter():
    """Transposed, reversed and strided arrays are sent in C order."""
    array = np.arange(24.0).reshape(4, 6)
    arrays = [array.T, array[::-1, ::2], np.asfortranarray(array)]
    frame = protocol.parse(packed({}, arrays), LIMIT)
    for sent, received in zip(arrays, frame.arrays, strict=True):
        np.testing.assert_array_equal(sent, received)


def test_special_floats_survive():
    """NaN and infinities in arrays arrive bit by bit."""
    array = np.array([np.nan, np.inf, -np.inf, -0.0])
    (received,) = protocol.parse(packed({}, [array]), LIMIT).arrays
    assert received.tobytes() == array.tobytes()


def test_bytes_that_are_no_booleans_become_true():
    """A boolean array made of other bytes than 0 and 1 holds proper booleans."""
    data = message({"arrays": [["b1", [3]]]}, bytes([0, 1, 200]))
    (received,) = protocol.parse(data, LIMIT).arrays
    assert received.view(np.uint8).tolist() == [0, 1, 1]


def test_long_long_is_an_int64():
    """Numpy's two names for 64-bit integers have one code."""
    assert protocol.dtype_code(np.dtype(np.longlong)) == "i8"


@pytest.mark.parametrize(
    ("header", "arrays"),
    [
        ({}, [np.zeros(1)] * 17),
        ({}, [np.zeros((1,) * 9)]),
        ({}, [np.zeros(1, ">f8")]),
        ({}, [np.array([None])]),
        ({"text": "x" * 70_000}, []),
    ],
)
def test_what_does_not_fit_is_not_packed(header, arrays):
    """The sender's own limits are the reader's."""
    with pytest.raises(ProtocolError):
        protocol.pack(header, arrays)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x01",
        message(b""),
        message(b"null"),
        message(b"[1]"),
        message({}),
        message({"arrays": None}),
        message({"arrays": {}}),
        message({"arrays": [["f8"]]}),
        message({"arrays": [["f8", [1], 2]]}, bytes(8)),
        message({"arrays": [["O", [1]]]}, bytes(8)),
        message({"arrays": [[8, [1]]]}, bytes(8)),
        message({"arrays": [[["f8"], [1]]]}, bytes(8)),
        message({"arrays": [["f8", 1]]}, bytes(8)),
        message({"arrays": [["f8", [-1]]]}, bytes(8)),
        message({"arrays": [["f8", [True]]]}, bytes(8)),
        message({"arrays": [["f8", [1.0]]]}, bytes(8)),
        message({"arrays": [["f8", ["1"]]]}, bytes(8)),
        message({"arrays": [["f8", [1] * 9]]}, bytes(8)),
        message({"arrays": [["u1", [1]]] * 17}, bytes(17)),
        message({"arrays": [["f8", [LIMIT]]]}),
        message({"arrays": [["u1", [LIMIT]], ["u1", [1]]]}),
        message({"arrays": [["f8", [2**31, 2**31, 0]]]}),
        message({"arrays": [["f8", [2**31 - 1, 2**31 - 1, 2**31 - 1, 0]]]}),
        message({"arrays": [["f8", [1]]]}, bytes(7)),
        message({"arrays": [["f8", [1]]]}, bytes(9)),
        message({"arrays": []}) + b"\x00",
        message(b'{"arrays": [], "x": NaN}'),
        message(b'{"arrays": [], "x": -Infinity}'),
        message(b'{"arrays": [], "x": 1e999}'),
        message(b'{"arrays": [], "x": 9223372036854775808}'),
        message(b'{"arrays": [], "x": ' + b"9" * 5000 + b"}"),
        message(b'{"arrays": [], "x": ' + b"[" * 60_000 + b"}"),
        message(b'{"arrays": [], "x": ' + b"[" * 30_000 + b"]" * 30_000 + b"}"),
        message(b'\xff{"arrays": []}'),
        message('{"arrays": []}'.encode("utf-16")),
        struct.pack("<I", 2**32 - 1) + bytes(100),
        struct.pack("<I", protocol.MAX_HEADER_BYTES + 1) + bytes(protocol.MAX_HEADER_BYTES + 1),
    ],
)
def test_violations_are_refused(data):
    """Each kind of malformed message raises the protocol's own error."""
    with pytest.raises(ProtocolError):
        protocol.parse(data, LIMIT)


def test_no_memory_is_taken_for_sizes_that_are_refused():
    """A message that announces a terabyte is refused when its header has been read."""
    reader = protocol.read_frame(LIMIT)
    data = message({"arrays": [["f8", [2**31 - 1, 64]]]})
    prefix = next(reader)
    prefix[:] = data[:4]
    header = reader.send(None)
    header[:] = data[4:]
    with pytest.raises(ProtocolError, match="more than"):
        reader.send(None)


def parses_or_refuses(data: bytes) -> None:
    """Parse; anything but a frame within limits or `ProtocolError` fails."""
    try:
        frame = protocol.parse(data, LIMIT)
    except ProtocolError:
        return
    assert sum(array.nbytes for array in frame.arrays) <= LIMIT
    assert len(frame.arrays) <= protocol.MAX_ARRAYS


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_random_bytes_only_raise_protocol_error(data):
    """No random bytes make the parser raise anything else."""
    parses_or_refuses(data)
    parses_or_refuses(struct.pack("<I", len(data)) + data)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=12,
)
sizes = st.integers(-2, 4) | st.sampled_from([2**31 - 1, 2**31, 2**63, 2**64]) | anything
specs = st.tuples(st.sampled_from([*protocol.DTYPES, "O", "f2"]), st.lists(sizes, max_size=10))
headers = st.fixed_dictionaries(
    {}, optional={"arrays": st.lists(specs | anything, max_size=18) | anything, "x": anything}
)


@given(headers, st.binary(max_size=64))
@settings(max_examples=500, deadline=None)
def test_nearly_right_messages_only_raise_protocol_error(header, body):
    """Nor do messages whose header is JSON with plausible and absurd arrays."""
    parses_or_refuses(message(header, body))


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_damaged_messages_only_raise_protocol_error(data):
    """Nor do valid messages with some bytes replaced or cut off."""
    raw = bytearray(packed({"id": 7, "value": {"a": 0}}, [np.arange(6.0).reshape(2, 3)]))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    parses_or_refuses(bytes(raw[: data.draw(st.integers(0, len(raw)))]))
