"""Raw numbers of a checkpoint, read without unpickling: where they lie is in a directory.

A file of torch is a zip of stored records, each storage's numbers in one of them, however many
tensors view it, `NAME/data/NUMBER`; a safetensors file has them behind a JSON header. What
`grader.checkpoints` refuses is not read at all.

All places together are no larger than the file. Of a zip the inspection makes sure: it refuses
one whose records claim more. Of a safetensors file's tensors, one that overlaps an earlier one
is left out; where any does, the library of that format refuses the whole file.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from grader import checkpoints
from grader.errors import WrongResult

_END = struct.Struct("<4s4H2LH")
_END_MAGIC, _LOCAL_MAGIC = b"PK\x05\x06", b"PK\x03\x04"
_LONGEST_TAIL = _END.size + 0xFFFF
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")


class Place(NamedTuple):
    """Bytes of a file that hold one tensor's numbers."""

    start: int
    size: int


def places(path: Path, most_bytes: float) -> list[Place]:
    """Where the numbers of a checkpoint lie; [] for a file that is no checkpoint."""
    try:
        kind = checkpoints.inspect(path, most_bytes).kind
        size = path.stat().st_size
        with path.open("rb") as stream:
            reader = _in_zip if kind == "torch" else _in_safetensors
            return [place for place in reader(stream, size) if _is_within(place, size)]
    except (OSError, WrongResult, ValueError, KeyError, TypeError, struct.error):
        return []  # the checks say what is wrong with it


def _is_within(place: Place, size: int) -> bool:
    return place.start >= 0 and 0 < place.size <= size - place.start


def _in_zip(stream: BinaryIO, size: int) -> Iterator[Place]:
    """The records whose names end in 'data/NUMBER'; the directory has passed inspection."""
    stream.seek(max(0, size - _LONGEST_TAIL))
    tail = stream.read()
    _, _, _, _, _, length, offset, _ = _END.unpack_from(tail, tail.rfind(_END_MAGIC))
    stream.seek(offset)
    raw = stream.read(length)
    at = 0
    while at < len(raw):
        fields = _ENTRY.unpack_from(raw, at)
        bytes_stored, name_length, extra, comment, local = (*fields[9:13], fields[16])
        at += _ENTRY.size
        name = raw[at : at + name_length]
        at += name_length + extra + comment
        folder, _, number = name.rpartition(b"/")
        if number.isdigit() and folder.endswith(b"data"):
            stream.seek(local)
            header = stream.read(_LOCAL.size)
            if len(header) == _LOCAL.size and header.startswith(_LOCAL_MAGIC):
                lengths = _LOCAL.unpack(header)[9:]
                yield Place(local + _LOCAL.size + sum(lengths), bytes_stored)


def _in_safetensors(stream: BinaryIO, size: int) -> Iterator[Place]:
    """The tensors in the order of the file; the header has passed inspection."""
    stream.seek(0)
    (length,) = struct.unpack("<Q", stream.read(8))
    header = json.loads(stream.read(min(length, size)))
    header.pop("__metadata__", None)
    start = 8 + length
    reached = 0
    for begin, end in sorted(filter(None, (_offsets(entry) for entry in header.values()))):
        if begin >= reached:
            yield Place(start + begin, end - begin)
            reached = end


def _offsets(entry: dict[str, Any]) -> tuple[int, int] | None:
    """Where a tensor begins and ends behind the header; None where that is no place.

    The inspection compares ends alone, and takes 4096.0 and true for numbers.
    """
    offsets = entry["data_offsets"]
    if [type(offset) for offset in offsets] != [int, int] or not 0 <= offsets[0] < offsets[1]:
        return None
    return offsets[0], offsets[1]
