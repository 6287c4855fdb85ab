"""Framing between the grader and a worker: plain JSON and plain arrays, nothing else.

    4 bytes   length of the header, little endian, at most 64 KiB
    header    JSON object; its member "arrays" lists [dtype, shape] of what follows
    bodies    the arrays' bytes, little endian, C order, one after the other

Both sides use this module. The grader's side reads what hostile code wrote, so the
reader is written without input and output: `read_frame` asks for buffers to be filled
and never learns where the bytes come from. Every size is checked before memory is
taken for it. Whatever is wrong with the bytes, `ProtocolError` is all that is raised.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

MAX_HEADER_BYTES = 64 * 1024
MAX_ARRAYS = 16
MAX_DIMENSIONS = 8
MAX_DIMENSION = 2**31 - 1
MAX_INTEGER = 2**63

DTYPES: dict[str, np.dtype[Any]] = {
    "f4": np.dtype("<f4"),
    "f8": np.dtype("<f8"),
    "i4": np.dtype("<i4"),
    "i8": np.dtype("<i8"),
    "u1": np.dtype("u1"),
    "b1": np.dtype("?"),
}
_CODES = {dtype: code for code, dtype in DTYPES.items()}
_PREFIX = struct.Struct("<I")


class ProtocolError(ValueError):
    """The bytes are not a frame within the limits; the message says what is wrong."""


@dataclass(frozen=True)
class Frame:
    """One message: a JSON object without its "arrays" member, and the arrays themselves."""

    header: dict[str, Any]
    arrays: list[Array] = field(default_factory=list)


def dtype_code(dtype: np.dtype[Any]) -> str | None:
    """Two-letter code of `dtype`, or None if the protocol does not carry it."""
    return _CODES.get(dtype)


def pack(header: dict[str, Any], arrays: Sequence[Array] = ()) -> list[memoryview]:
    """Turn one message into buffers to be written one after the other.

    The arrays must have a dtype of `DTYPES`; they are copied only when they are not
    C-contiguous. Raises `ProtocolError` when the message would exceed the limits.
    """
    if len(arrays) > MAX_ARRAYS:
        _refuse(f"{len(arrays)} arrays in one message, {MAX_ARRAYS} allowed")
    specs = []
    for array in arrays:
        code = dtype_code(array.dtype)
        if code is None or array.ndim > MAX_DIMENSIONS:
            _refuse(f"array of dtype {array.dtype} with {array.ndim} dimensions")
        specs.append([code, list(array.shape)])
    text = json.dumps({**header, "arrays": specs}, allow_nan=False, separators=(",", ":"))
    raw = text.encode("ascii")
    if len(raw) > MAX_HEADER_BYTES:
        _refuse(f"header of {len(raw)} bytes, {MAX_HEADER_BYTES} allowed")
    buffers = [memoryview(_PREFIX.pack(len(raw)) + raw)]
    buffers.extend(_as_bytes(np.ascontiguousarray(array)) for array in arrays if array.nbytes)
    return buffers


def read_frame(max_body_bytes: int) -> Generator[memoryview, None, Frame]:
    """Read one frame: yields buffers to be filled completely, returns the frame.

    `max_body_bytes` bounds all arrays together and is checked before any is allocated.
    Raises `ProtocolError`.
    """
    prefix = bytearray(_PREFIX.size)
    yield memoryview(prefix)
    (length,) = _PREFIX.unpack(prefix)
    if length > MAX_HEADER_BYTES:
        _refuse(f"header of {length} bytes announced, {MAX_HEADER_BYTES} allowed")
    raw = bytearray(length)
    yield memoryview(raw)
    header = parse_json(bytes(raw))
    if type(header) is not dict:
        _refuse("the header is no JSON object")
    specs = _array_specs(header.pop("arrays", None), max_body_bytes)
    arrays = []
    for dtype, shape in specs:
        array = _allocate(dtype, shape)
        if array.nbytes:
            yield _as_bytes(array)
        if dtype == DTYPES["b1"]:
            np.not_equal(array.view(np.uint8), 0, out=array)  # other bytes are no booleans
        arrays.append(array)
    return Frame(header, arrays)


def parse(data: bytes, max_body_bytes: int) -> Frame:
    """Parse exactly one frame; left-over or missing bytes are violations.

    Raises `ProtocolError`, and nothing else whatever `data` holds.
    """
    reader = read_frame(max_body_bytes)
    rest = memoryview(data)
    try:
        buffer = next(reader)
        while True:
            if len(rest) < len(buffer):
                _refuse("the message ends too early")
            buffer[:] = rest[: len(buffer)]
            rest = rest[len(buffer) :]
            buffer = reader.send(None)
    except StopIteration as stop:
        if rest:
            _refuse(f"{len(rest)} bytes after the end of the message")
        frame: Frame = stop.value
        return frame


def parse_json(raw: bytes) -> Any:
    """Strict JSON: UTF-8, no NaN or infinity, 64-bit integers. Raises `ProtocolError`."""
    try:
        return json.loads(
            raw.decode("utf-8"),
            parse_constant=_refuse,
            parse_float=_finite_float,
            parse_int=_bounded_int,
        )
    except ProtocolError:
        raise
    except (ValueError, RecursionError) as error:
        message = f"the header is no JSON: {type(error).__name__}"
        raise ProtocolError(message) from None


def is_integer(value: object, low: int, high: int) -> bool:
    """Whether `value` is an int within [low, high]; bools are no ints here."""
    return type(value) is int and low <= value <= high


def _array_specs(specs: object, max_body_bytes: int) -> list[tuple[np.dtype[Any], tuple[int, ...]]]:
    """Validate the header's list of arrays, total size included."""
    if type(specs) is not list or len(specs) > MAX_ARRAYS:
        _refuse(f"the header must list at most {MAX_ARRAYS} arrays")
    checked = []
    total = 0
    for spec in specs:
        if type(spec) is not list or len(spec) != 2:  # noqa: PLR2004 - dtype and shape
            _refuse("an array is announced by [dtype, shape]")
        code, shape = spec
        if type(code) is not str or code not in DTYPES:
            _refuse("an array is announced with an unknown dtype")
        if type(shape) is not list or len(shape) > MAX_DIMENSIONS:
            _refuse(f"an array has at most {MAX_DIMENSIONS} dimensions")
        if not all(is_integer(size, 0, MAX_DIMENSION) for size in shape):
            _refuse("a dimension is an integer from 0 to 2**31 - 1")
        dtype = DTYPES[code]
        total += math.prod(shape) * dtype.itemsize
        if total > max_body_bytes:
            _refuse(f"the arrays take more than the {max_body_bytes} bytes allowed")
        checked.append((dtype, tuple(shape)))
    return checked


def _allocate(dtype: np.dtype[Any], shape: tuple[int, ...]) -> Array:
    """Take memory for one announced array.

    The total is bounded already; numpy still refuses shapes such as (2**31, 2**31, 0),
    whose strides overflow although they hold nothing.
    """
    try:
        return np.empty(shape, dtype)
    except (ValueError, MemoryError) as error:
        message = f"an array cannot be made: {type(error).__name__}"
        raise ProtocolError(message) from None


def _as_bytes(array: Array) -> memoryview:
    """View a C-contiguous array as its bytes."""
    return array.reshape(-1).view(np.uint8).data


def _finite_float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        _refuse("a number is out of range")
    return value


def _bounded_int(text: str) -> int:
    if len(text) > 20:  # noqa: PLR2004 - the digits and the sign of a 64-bit integer
        _refuse("an integer is out of range")
    value = int(text)
    if not -MAX_INTEGER <= value < MAX_INTEGER:
        _refuse("an integer is out of range")
    return value


def _refuse(what: str) -> NoReturn:
    raise ProtocolError(what)
