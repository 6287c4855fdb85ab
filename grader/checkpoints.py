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
from grader.feedback import code
from grader.intake.signatures import HEAD_BYTES, describe, is_lfs_pointer

if TYPE_CHECKING:
    from grader.scope import StudentPart

FOLDER = "checkpoints"
SUFFIXES = (".pth", ".safetensors", ".pt")
SAVE_AGAIN = "Save the weights with `torch.save(model.state_dict(), path)`"

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
    names = [stem + suffix for suffix in SUFFIXES]
    for name in names:
        if part.has(f"{FOLDER}/{name}"):
            return part.require(f"{FOLDER}/{name}")
    near = near_names(part, stem)
    if near:
        found = ", ".join(code(name) for name in near[:3])
        _refuse(
            "name",
            f"{code(f'{FOLDER}/{names[0]}')} is not in your submission, but {found} is. Only the "
            "exact name counts: rename the file that you want graded, and pack again.",
        )
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
        _refuse(
            "size", f"{code(name)} has {size / 1e6:.0f} MB; {most_bytes / 1e6:.0f} are allowed."
        )
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
        return _refusal("empty", f"{code(name)} is empty (0 bytes). {SAVE_AGAIN}, and pack again.")
    if is_lfs_pointer(head):
        return _refusal(
            "lfs",
            f"{code(name)} is a Git LFS pointer of {size} bytes, not the file itself. Run "
            "`git lfs pull`, and pack the archive from that folder.",
        )
    if head.startswith(_OLD_TORCH) or head[_TAR_MAGIC] == b"ustar":
        return _refusal(
            "old-format",
            f"{code(name)} has a format that torch has not written by default since version 1.6. "
            f"{SAVE_AGAIN}, with nothing else in the call.",
        )
    if head.startswith(b"\x80"):
        return _refusal(
            "pickle",
            f"{code(name)} was written by `pickle`, not by torch. {SAVE_AGAIN}.",
        )
    kind = describe(head) or "no format that is known here"
    return _refusal(
        "format",
        f"{code(name)} is not a checkpoint: by its first bytes it is {kind}. {SAVE_AGAIN}.",
    )


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
        _refuse("records", f"{code(name)} has more than {MOST_RECORDS} records. {SAVE_AGAIN}.")
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
        _refuse(
            "torchscript",
            f"{code(name)} is a TorchScript program (`torch.jit.save`). {SAVE_AGAIN}.",
        )
    if "data.pkl" not in names:
        shown = ", ".join(code(record.name) for record in records[:3])
        _refuse(
            "other-zip",
            f"{code(name)} is a zip archive, but not one that `torch.save` wrote: it holds "
            f"{shown or 'nothing'}. {SAVE_AGAIN}.",
        )
    if any(not record.stored or record.encrypted for record in records):
        _refuse(
            "compressed",
            f"{code(name)} has compressed or encrypted records, which `torch.save` never writes: "
            f"it was packed again by another program. {SAVE_AGAIN}, and leave the file as it is.",
        )
    total = sum(record.size for record in records)
    if total > min(size, most_bytes) or any(r.size != r.compressed_size for r in records):
        _refuse(
            "sizes",
            f"The sizes that the directory of {code(name)} gives cannot be right. {SAVE_AGAIN}.",
        )
    structure = sum(record.size for record in records if record.name.endswith("data.pkl"))
    if structure > MOST_STRUCTURE_BYTES:
        _refuse(
            "not-weights",
            f"{code(name)} holds {structure / 1e6:.0f} MB beside the tensors. {SAVE_AGAIN}, and "
            "keep histories and data out of it.",
        )


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
        _refuse("format", f"{code(name)} is a damaged safetensors file. Save and pack it again.")
    if not complete:
        _refuse_truncated(name)


def _refuse_truncated(name: str) -> NoReturn:
    _refuse(
        "truncated",
        f"{code(name)} is cut off or damaged: its end is missing. Was it still being written, or "
        "the disk full? Save it again, load it once yourself, and pack again.",
    )


def _refuse(reason: str, text: str) -> NoReturn:
    raise _refusal(reason, text)


def _refusal(reason: str, text: str) -> WrongResult:
    return WrongResult(text, code=f"checkpoint-{reason}")
