"""Read a pickled batch of CIFAR-10 without unpickling anything but data.

A pickle is a program that may call whatever it names. The official files name three things, all
of numpy's; these get stand-ins of ours that do just what such a file needs of them, and every
other name is refused. So a file that comes from anywhere can at worst be useless.
"""

from __future__ import annotations

import io
import pickle
from typing import Any

import numpy as np

from grader.errors import DataUnavailable
from grader.text import clean, code

MOST_BYTES = 64 * 2**20  # twice an official batch
MODULES = ("numpy.core.multiarray", "numpy._core.multiarray")


def read(raw: bytes, name: str) -> dict[str, Any]:
    """The dict that the file `name` with the content `raw` holds: text, numbers, lists, arrays.

    Arrays are uint8. Raises DataUnavailable for anything that no batch of CIFAR-10 is.
    """
    if len(raw) > MOST_BYTES:
        raise DataUnavailable(f"`{name}` is larger than any batch of CIFAR-10.")
    try:
        value = _Reader(io.BytesIO(raw), encoding="latin1").load()
        plain = {str(key): _plain(item) for key, item in value.items()}
    except _Refused as refused:
        message = (
            f"`{name}` is no batch of CIFAR-10: it asks for {code(str(refused))}, which no such "
            "file needs, and which may run code. Nothing was run. Take the official file."
        )
        raise DataUnavailable(message) from refused
    except Exception as error:
        message = (
            f"`{name}` cannot be read as a batch of CIFAR-10 ({type(error).__name__}): the file "
            "is damaged or something else. Take the official file."
        )
        raise DataUnavailable(message) from error
    return plain


class _Refused(Exception):
    """A name that no batch of CIFAR-10 needs."""


class _Reader(pickle.Unpickler):
    """Knows four names."""

    def find_class(self, module: str, name: str) -> Any:
        """What stands for a name of the pickle's; raises _Refused for all others."""
        if module in MODULES and name == "_reconstruct":
            return _empty_array
        if module == "numpy" and name == "dtype":
            return _byte_type
        if module == "numpy" and name == "ndarray":
            return "ndarray"
        if (module, name) == ("_codecs", "encode"):  # bytes, as Python 3 writes them for Python 2
            return _as_bytes
        raise _Refused(clean(f"{module}.{name}")[:80])

    def persistent_load(self, pid: Any) -> Any:
        """There is nothing outside the file."""
        del pid
        raise _Refused("something outside the file")


class _Array:
    """In the place of numpy's array, which trusts the file to fit in with its memory."""

    pixels: np.ndarray[Any, Any]

    def __setstate__(self, state: Any) -> None:
        _, shape, kind, by_columns, raw = state
        if not isinstance(kind, _Bytes):
            raise TypeError("another type than uint8")
        raw = raw.encode("latin1") if isinstance(raw, str) else raw
        pixels = np.frombuffer(raw, np.uint8)
        self.pixels = pixels.reshape(shape, order="F" if by_columns else "C")


class _Bytes:
    """In the place of the type uint8."""

    def __setstate__(self, state: Any) -> None:
        """Byte order and alignment, which say nothing of bytes."""


def _plain(item: Any) -> Any:
    return item.pixels if isinstance(item, _Array) else item


def _empty_array(*_: Any) -> _Array:
    return _Array()


def _byte_type(name: Any, *_: Any) -> _Bytes:
    if name not in ("u1", b"u1", "|u1"):
        raise TypeError("another type than uint8")
    return _Bytes()


def _as_bytes(text: Any, encoding: Any = "latin1") -> bytes:
    if not isinstance(text, str) or encoding != "latin1":
        raise TypeError("no bytes")
    return text.encode("latin1")
