"""What a checkpoint file is, told from its first bytes and its zip directory.

A checkpoint is the most dangerous file of a submission: unpickling it runs code. Here,
on the trusted side, it is only looked at: never unpickled, never inflated, and never
read further than a bounded directory. What passes is loaded in the worker, and there
with `weights_only=True`.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NoReturn

from grader.errors import WrongResult
from grader.feedback import checkpoints as say
from grader.intake.inspection import CHECKPOINT_SUFFIXES
from grader.intake.signatures import HEAD_BYTES, describe, is_lfs_pointer

if TYPE_CHECKING:
    from grader.scope import StudentPart

FOLDER = "checkpoints"

MOST_RECORDS = 20_000
MOST_DIRECTORY_BYTES = 4 * 2**20
MOST_STRUCTURE_BYTES = 8 * 2**20

_ZIP = b"PK\x03\x04"
_END = struct.Struct("<4s4H2LH")
_END_MAGIC = b"PK\x05\x06"
_LONGEST_COMMENT = 0xFFFF
_ENTRY = struct.Struct("<4s6H3L5H2L")
_ENTRY_MAGIC = b"PK\x01\x02"
_ENCRYPTED = 1
_OLD_TORCH = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"
_TAR_MAGIC = slice(257, 262)


@dataclass(frozen=True)
class Record:
    """One entry of a zip's directory; sizes in bytes, as the directory claims them."""

    name: str
    stored: bool
    encrypted: bool
    size: int
    compressed_size: int


@dataclass(frozen=True)
class Checkpoint:
    """A file that may be loaded; `kind` is 'torch' or 'safetensors'."""

    name: str
    kind: str
    bytes: int


def find(part: StudentPart, stem: str) -> Path:
    """The staged checkpoint of the network `stem` ('mymodel'), by its exact name.

    Raises MissingFile, or WrongResult when only a file with a similar name is there.
    """
    names = [stem + suffix for suffix in CHECKPOINT_SUFFIXES]
    for name in names:
        if part.has(f"{FOLDER}/{name}"):
            return part.require(f"{FOLDER}/{name}")
    near = near_names(part, stem)
    if near:
        _refuse("name", say.similar_name(f"{FOLDER}/{names[0]}", near))
    return part.require(f"{FOLDER}/{names[0]}")


def near_names(part: StudentPart, stem: str) -> list[str]:
    """Checkpoints of the submission whose names are like `stem`: 'MyModel_old.pth'."""
    folder = part.root / FOLDER
    if not folder.is_dir():
        return []
    return sorted(
        path.name for path in folder.iterdir() if stem in _letters(path.stem) and path.is_file()
    )


def _letters(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())


def inspect(path: Path, most_bytes: float) -> Checkpoint:
    """Tell what the file is; `most_bytes` bounds its size and what it unpacks to.

    Raises WrongResult, with a sentence that names what the file is and what to do.
    """
    size = path.stat().st_size
    name = path.name
    if size > most_bytes:
        _refuse("size", say.too_large(name, size, most_bytes))
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
        if head.startswith(_ZIP):
            check_records(name, directory(name, stream, size), size, most_bytes)
            return Checkpoint(name, "torch", size)
        if head[8:9] == b"{" and not is_lfs_pointer(head):
            check_safetensors(name, stream, size)
            return Checkpoint(name, "safetensors", size)
    raise by_head(name, head, size)


def by_head(name: str, head: bytes, size: int) -> WrongResult:
    """What to say about a file that begins with `head` and is no checkpoint."""
    if not head:
        return _refusal("empty", say.empty(name))
    if is_lfs_pointer(head):
        return _refusal("lfs", say.lfs_pointer(name, size))
    if head.startswith(_OLD_TORCH) or head[_TAR_MAGIC] == b"ustar":
        return _refusal("old-format", say.old_format(name))
    if head.startswith(b"\x80"):
        return _refusal("pickle", say.pickled(name))
    return _refusal("format", say.another_format(name, describe(head)))


def directory(name: str, stream: BinaryIO, size: int) -> list[Record]:
    """The records of the zip in `stream`, read by hand so that its length stays bounded.

    Raises WrongResult for a zip that is cut off, damaged or has too many records.
    """
    start = max(0, size - _END.size - _LONGEST_COMMENT)
    stream.seek(start)
    tail = stream.read()
    at = tail.rfind(_END_MAGIC)
    if at < 0 or len(tail) - at < _END.size:
        _refuse_truncated(name)
    _, _, _, _, count, length, offset, _ = _END.unpack_from(tail, at)
    if length > MOST_DIRECTORY_BYTES or count > MOST_RECORDS:
        _refuse("records", say.too_many_records(name, MOST_RECORDS))
    if offset + length > start + at:
        _refuse_truncated(name)
    stream.seek(offset)
    return _entries(name, stream.read(length), count)


def _entries(name: str, raw: bytes, count: int) -> list[Record]:
    records = []
    at = 0
    while at < len(raw):
        if len(raw) - at < _ENTRY.size or not raw.startswith(_ENTRY_MAGIC, at):
            _refuse_truncated(name)
        fields = _ENTRY.unpack_from(raw, at)
        flags, method, packed, size = fields[3], fields[4], fields[8], fields[9]
        name_length, extra_length, comment_length = fields[10:13]
        at += _ENTRY.size
        text = raw[at : at + name_length].decode("utf-8", "replace")
        at += name_length + extra_length + comment_length
        records.append(Record(text, method == 0, bool(flags & _ENCRYPTED), size, packed))
    if len(records) != count:
        _refuse_truncated(name)
    return records


def check_records(name: str, records: list[Record], size: int, most_bytes: float) -> None:
    """Raises WrongResult for what torch.save never writes, such as compressed records."""
    names = {record.name.partition("/")[2] for record in records}
    if "constants.pkl" in names:
        _refuse("torchscript", say.torchscript(name))
    if "data.pkl" not in names:
        _refuse("other-zip", say.another_zip(name, [record.name for record in records]))
    if any(not record.stored or record.encrypted for record in records):
        _refuse("compressed", say.compressed(name))
    total = sum(record.size for record in records)
    if total > min(size, most_bytes) or any(r.size != r.compressed_size for r in records):
        _refuse("sizes", say.impossible_sizes(name))
    structure = sum(record.size for record in records if record.name.endswith("data.pkl"))
    if structure > MOST_STRUCTURE_BYTES:
        _refuse("not-weights", say.much_beside(name, structure))


def check_safetensors(name: str, stream: BinaryIO, size: int) -> None:
    """Raises WrongResult when the header of a safetensors file does not fit its size."""
    stream.seek(0)
    (length,) = struct.unpack("<Q", stream.read(8))
    if length > min(size - 8, MOST_STRUCTURE_BYTES):
        _refuse_truncated(name)
    try:
        header = json.loads(stream.read(length))
        ends = [entry["data_offsets"][1] for key, entry in header.items() if key != "__metadata__"]
        complete = 8 + length + max(ends, default=0) == size
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        _refuse("format", say.damaged_safetensors(name))
    if not complete:
        _refuse_truncated(name)


def _refuse_truncated(name: str) -> NoReturn:
    _refuse("truncated", say.truncated(name))


def _refuse(reason: str, text: str) -> NoReturn:
    raise _refusal(reason, text)


def _refusal(reason: str, text: str) -> WrongResult:
    return WrongResult(text, code=f"checkpoint-{reason}")
