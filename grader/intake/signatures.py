"""Say what a file is by its first bytes, in words that a student understands."""

from __future__ import annotations

import re

HEAD_BYTES = 512

_TAR_MAGIC = slice(257, 262)
_MAGIC = (
    (b"PK\x03\x04", "a zip archive"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\x1f\x8b", "a gzip file (.gz or .tar.gz)"),
    (b"BZh", "a bzip2 file (.bz2 or .tar.bz2)"),
    (b"\xfd7zXZ\x00", "an xz file (.xz or .tar.xz)"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file (.zst)"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\x89HDF", "an HDF5 file (Keras weights?)"),
    (b"\x93NUMPY", "a numpy array (.npy)"),
    (b"\x7fELF", "a program"),
    (b"version https://git-lfs", "a Git LFS pointer"),
    (b"SQLite format 3", "a database"),
)
_HTML = re.compile(rb"\s*(<!doctype html|<html|<head|<\?xml)", re.IGNORECASE)
_TEXT = re.compile(rb"[\t\n\r\x20-\x7e]+")


def describe(head: bytes) -> str:
    """What a file that begins with `head` (HEAD_BYTES are enough) is; '' if unknown."""
    kinds = (
        (not head, "an empty file"),
        *((head.startswith(magic), words) for magic, words in _MAGIC),
        (head[_TAR_MAGIC] == b"ustar", "a tar archive"),
        (_HTML.match(head), "a web page (HTML)"),
        (not head.strip(b"\x00"), "a file of zeros"),
        (_TEXT.fullmatch(head), "a text file"),
    )
    return next((words for holds, words in kinds if holds), "")


def is_lfs_pointer(head: bytes) -> bool:
    """Whether Git stored a pointer in place of the file."""
    return describe(head) == "a Git LFS pointer"


def is_checkpoint(head: bytes) -> bool:
    """Whether the bytes may begin a checkpoint: torch's zip, its older pickle, safetensors.

    A safetensors file begins with the length of its JSON header; an older torch.save
    with a pickle's protocol mark.
    """
    safetensors = head[8:9] == b"{"
    return head.startswith((b"PK\x03\x04", b"\x80")) or safetensors


def declares_encoding(head: bytes) -> bool:
    """Whether Python source names its encoding in its first two lines (PEP 263)."""
    lines = b"\n".join(head.splitlines()[:2])
    return re.search(rb"^[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+", lines, re.MULTILINE) is not None
