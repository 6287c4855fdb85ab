"""The worker's table of objects that the grader holds references to, and their encoding."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from .failures import Unusable
from .protocol import Array, ProtocolError, is_integer
from .values import Encoder, NotEncodable

MAX_OBJECTS = 4096
MAX_TYPE_NAME = 120


class ObjectTable:
    """Objects by number. One object has one number, and counts how often it was sent."""

    def __init__(self, answer_bytes: int) -> None:
        """`answer_bytes` bounds the arrays of one answer."""
        self._answer_bytes = answer_bytes
        self._objects: dict[int, list[Any]] = {}
        self._numbers: dict[int, int] = {}
        self._next = 1
        self._sent: list[int] = []

    def reference(self, value: object) -> dict[str, Any]:
        """Give the node of a reference to `value`, entering it in the table."""
        number = self._numbers.get(id(value))
        if number is None:
            if len(self._objects) >= MAX_OBJECTS:
                message = f"the code made more than {MAX_OBJECTS} objects"
                raise Unusable(message)
            number = self._next
            self._next += 1
            self._objects[number] = [value, 0]
            self._numbers[id(value)] = number
        self._objects[number][1] += 1
        self._sent.append(number)
        return {"r": number, "type": type_name(value), "callable": callable(value)}

    def look_up(self, number: object) -> Any:
        """Give the object with this number. Raises `ProtocolError`."""
        if not is_integer(number, 1, sys.maxsize) or number not in self._objects:
            message = "a reference to no object"
            raise ProtocolError(message)
        return self._objects[number][0]

    def release(self, numbers: list[int]) -> None:
        """Count references down that the grader let go of; forget objects without any."""
        for number in numbers:
            entry = self._objects.get(number)
            if entry is None:
                continue
            entry[1] -= 1
            if entry[1] <= 0:
                del self._objects[number]
                del self._numbers[id(entry[0])]

    def encode(self, value: object, *, by_reference: bool = False) -> tuple[Any, list[Array]]:
        """Encode an answer; what is no plain value, or too large a tree, by reference.

        Raises `Unusable` for arrays that the answer has no room for.
        """
        if by_reference:
            return self.reference(value), []
        encoder = Encoder(self._special)
        self._sent = []
        try:
            node = encoder.encode(value)
        except NotEncodable:
            self.release(self._sent)
            return self.reference(value), []
        total = sum(array.nbytes for array in encoder.arrays)
        if total > self._answer_bytes:
            largest = max(encoder.arrays, key=lambda array: array.nbytes)
            message = (
                f"the answer takes {total / 2**20:.0f} MB, {self._answer_bytes / 2**20:.0f} MB"
                f" allowed; its largest array has shape {largest.shape}"
            )
            raise Unusable(message)
        return node, encoder.arrays

    def resolve(self, node: dict[str, Any]) -> Any:
        """Resolve a reference that the grader sent back."""
        return self.look_up(node["r"])

    def _special(self, encoder: Encoder, value: object) -> Any:
        array = as_array(value)
        if array is None:
            return self.reference(value)
        return encoder.encode_array(array)


def as_array(value: object) -> Array | None:
    """Turn arrays, numpy scalars and torch tensors into an array that the protocol carries.

    Gives None for everything else, and for what has no plain form: complex and object
    arrays, sparse and quantized tensors, more than 8 dimensions.
    """
    torch: Any = sys.modules.get("torch")
    if hasattr(torch, "Tensor") and isinstance(value, torch.Tensor):
        value = _tensor_as_array(torch, value)
    if not isinstance(value, (np.ndarray, np.generic)):
        return None
    array = np.array(value, copy=True, subok=False)
    if array.ndim > 8:  # noqa: PLR2004 - protocol.MAX_DIMENSIONS
        return None
    return _carried(array)


def as_tensor(array: Array, requires_grad: bool) -> Any:
    """Make a torch tensor of an array that came from the grader."""
    torch: Any = sys.modules.get("torch")
    if torch is None:
        message = "tensors were sent to a worker without torch"
        raise ProtocolError(message)
    return torch.from_numpy(array).requires_grad_(requires_grad)


def type_name(value: object) -> str:
    """Name a value's type as a message would; arrays and tensors with their dtype."""
    if isinstance(value, np.ndarray):
        return f"ndarray[{value.dtype.name}]"[:MAX_TYPE_NAME]
    return str(type(value).__name__)[:MAX_TYPE_NAME]


def _tensor_as_array(torch: Any, tensor: Any) -> Array | None:
    try:
        plain = tensor.detach().resolve_conj().resolve_neg().cpu()
        if plain.dtype in (torch.bfloat16, torch.float16):
            plain = plain.float()
        array: Array = plain.numpy()
    except (RuntimeError, TypeError, NotImplementedError):
        return None  # sparse, quantized, meta: no plain array
    return array


def _carried(array: Array) -> Array | None:
    """Convert to one of the protocol's dtypes: the nearest that holds the values."""
    kind, size = array.dtype.kind, array.dtype.itemsize
    if kind == "b":
        return array.astype("?")
    if kind == "f":
        return array.astype("<f4" if size <= 4 else "<f8")  # noqa: PLR2004
    if kind == "u" and size == 1:
        return array.astype("u1")
    if kind == "u" and size == 8 and array.size and int(array.max()) >= 2**63:  # noqa: PLR2004
        return array.astype("<f8")
    if kind in "iu":
        return array.astype("<i4" if kind == "i" and size == 4 else "<i8")  # noqa: PLR2004
    return None
