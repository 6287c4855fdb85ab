"""Value trees: what a call takes and gives, as JSON plus plain arrays.

    None, bool, int, float, str    themselves; floats that JSON lacks as {"f": "nan"}
    list, tuple                    {"l": [...]}, {"t": [...]}
    dict                           {"d": [[key, value], ...]}, keys str or int
    numpy array                    {"a": index}; as a torch tensor {"a": index, "tensor": true}
    any other object               {"r": id, ...}: it stays in the worker

The grammar is the same in both directions. What stands behind "r" differs, so each side
hands in a function for it: the grader's makes `RemoteObject`s, the worker's looks
objects up in a table. Nothing here unpickles or evaluates anything.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from .protocol import MAX_ARRAYS, MAX_DIMENSIONS, MAX_INTEGER, Array, ProtocolError, dtype_code

MAX_DEPTH = 16
MAX_NODES = 4000
MAX_TEXT = 4096
_NON_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


class NotEncodable(Exception):
    """A value has no plain form, or too many parts; the caller may send a reference."""


@dataclass(frozen=True)
class AsTensor:
    """An array that is to reach the worker as a torch tensor of the same dtype."""

    array: Array
    requires_grad: bool = False


Special = Callable[["Encoder", object], Any]
"""Called with what has no plain form: gives its JSON or raises `NotEncodable`."""

Resolve = Callable[[dict[str, Any]], object]
"""Called with an {"r": ...} node: gives the object or raises `ProtocolError`."""


class Encoder:
    """Encodes value trees of one message, collecting their arrays in `arrays`."""

    def __init__(self, special: Special) -> None:
        """`special` encodes everything that is not listed in this module's grammar."""
        self.arrays: list[Array] = []
        self._special = special
        self._nodes = 0

    def encode(self, value: object, depth: int = 0) -> Any:
        """The JSON of `value`. Raises `NotEncodable` when limits are exceeded."""
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise NotEncodable("the value has too many parts")
        if value is None or type(value) is bool:
            return value
        if isinstance(value, (int, float, str)):
            return self._encode_scalar(value)
        if isinstance(value, dict):
            return self._encode_dict(value, depth)
        if isinstance(value, (list, tuple)) and type(value) in (list, tuple):
            items = [self.encode(item, depth + 1) for item in value]
            return {"l" if type(value) is list else "t": items}
        return self._encode_array_or_other(value)

    def _encode_array_or_other(self, value: object) -> Any:
        if isinstance(value, AsTensor):
            return {**self.encode_array(value.array), "tensor": value.requires_grad}
        if isinstance(value, np.ndarray) and type(value) is np.ndarray:
            return self.encode_array(value)
        return self._special(self, value)

    def _encode_scalar(self, value: float | str) -> Any:
        """Encode exact ints, floats and strings; enums, np.float64 and the like are special."""
        kind = type(value)
        if kind is str:
            return str(value)[:MAX_TEXT]
        if kind is float:
            return value if math.isfinite(float(value)) else {"f": str(value)}
        if kind is int and -MAX_INTEGER <= int(value) < MAX_INTEGER:
            return value
        return self._special(self, value)

    def _encode_dict(self, value: dict[Any, Any], depth: int) -> Any:
        if not all(type(key) in (str, int) for key in value):
            return self._special(self, value)
        return {
            "d": [[self.encode(key), self.encode(item, depth + 1)] for key, item in value.items()]
        }

    def encode_array(self, array: Array) -> dict[str, Any]:
        """Give the JSON of one array and keep the array for the message."""
        if dtype_code(array.dtype) is None or array.ndim > MAX_DIMENSIONS:
            node: dict[str, Any] = self._special(self, array)
            return node
        if len(self.arrays) >= MAX_ARRAYS:
            raise NotEncodable(f"the value has more than {MAX_ARRAYS} arrays")
        self.arrays.append(array)
        return {"a": len(self.arrays) - 1}


class Decoder:
    """Decodes the value trees of one message; each array may be used once."""

    def __init__(
        self,
        arrays: list[Array],
        resolve: Resolve,
        tensor: Callable[[Array, bool], object] | None = None,
    ) -> None:
        """`tensor` makes torch tensors; without it (the grader's side) they are refused."""
        self._arrays: list[Array | None] = list(arrays)
        self._resolve = resolve
        self._tensor = tensor
        self._nodes = 0

    def decode(self, node: object, depth: int = 0) -> Any:
        """The value of `node`. Raises `ProtocolError` for anything malformed."""
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > 4 * MAX_NODES:
            _refuse("the value has too many parts")
        if node is None or type(node) in (bool, int, float):
            return node
        if type(node) is str:
            return clean_text(node, MAX_TEXT)
        if type(node) is not dict:
            _refuse("a value is neither plain nor tagged")
        if "r" in node:
            return self._resolve(node)
        if "a" in node:
            return self._array(node)
        return self._tagged(node, depth + 1)

    def finish(self) -> None:
        """Refuse arrays that no value used."""
        if any(array is not None for array in self._arrays):
            _refuse("an array came that belongs to no value")

    def _tagged(self, node: dict[str, Any], depth: int) -> Any:
        """Decode {"f"|"l"|"t"|"d": body}."""
        if len(node) != 1:
            _refuse("a tagged value has one member")
        ((tag, body),) = node.items()
        if tag == "f" and type(body) is str and body in _NON_FINITE:
            return _NON_FINITE[body]
        if tag not in ("l", "t", "d") or type(body) is not list:
            _refuse("a tagged value is malformed")
        if tag == "d":
            return self._dict(body, depth)
        items = [self.decode(item, depth) for item in body]
        return items if tag == "l" else tuple(items)

    def _array(self, node: dict[str, Any]) -> object:
        index = node["a"]
        if type(index) is not int or not 0 <= index < len(self._arrays):
            _refuse("an array is named that did not come")
        array, self._arrays[index] = self._arrays[index], None
        if array is None:
            _refuse("an array is used twice")
        if len(node) == 1:
            return array
        if (
            self._tensor is None
            or node.keys() != {"a", "tensor"}
            or type(node["tensor"]) is not bool
        ):
            _refuse("an array is malformed")
        return self._tensor(array, node["tensor"])

    def _dict(self, pairs: list[Any], depth: int) -> dict[str | int, Any]:
        result: dict[str | int, Any] = {}
        for pair in pairs:
            if type(pair) is not list or len(pair) != 2:  # noqa: PLR2004 - key and value
                _refuse("a dict is a list of pairs")
            key = self.decode(pair[0], depth)
            if type(key) not in (str, int) or key in result:
                _refuse("a dict has a key that is repeated, or neither str nor int")
            result[key] = self.decode(pair[1], depth)
        return result


def clean_text(text: str, limit: int) -> str:
    """Cut a stranger's text and make it safe to store and show.

    Lone surrogates would stop results from being written, control characters would
    move a terminal's cursor: both become the replacement character.
    """
    shown = text[:limit].encode("utf-8", "replace").decode("utf-8")
    return "".join(
        c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in shown
    )


def _refuse(what: str) -> NoReturn:
    raise ProtocolError(what)
