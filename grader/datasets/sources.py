"""Where CIFAR-10's test images may come from: the official files in a folder or archive, or arrays.

What is read here is not verified: see `cifar10.verified`.
"""

from __future__ import annotations

import hashlib
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from grader.datasets import batches
from grader.digests import of_file
from grader.errors import DataUnavailable
from grader.text import clean

FOLDER = "cifar-10-batches-py"
ARCHIVE = "cifar-10-python.tar.gz"
TEST, META = "test_batch", "batches.meta"
# As torchvision has them, which refuses other files.
OFFICIAL_MD5 = {
    TEST: "40351d587109b95175f43aff81a1287e",
    META: "5ff9c542aee3614f3951f8cda6e48888",
}
NPZ = "arrays"
ARRAYS = (("x_test", "y_test"), ("images", "labels"))
LONGEST_TEXT = 200
MOST_ARCHIVE_BYTES = 2**30
HEADER_BYTES = 1024  # of an array in a file, at most; numpy writes 128


@dataclass(frozen=True)
class Raw:
    """Images, labels and class names (None where there are none) as they lay in a source.

    `files` has the hashes of each file by its name; `official` says that they are those of the
    files that the authors of CIFAR-10 published.
    """

    images: np.ndarray[Any, Any]
    labels: np.ndarray[Any, Any]
    classes: tuple[str, ...] | None
    kind: str
    files: dict[str, dict[str, str]]
    official: bool


def read(path: Path, most_images: int) -> Raw:
    """Read a folder, an archive, or an .npz of at most so many images.

    Raises DataUnavailable with what is wrong and what to give.
    """
    try:
        if path.is_dir():
            return _folder(path, most_images)
        if path.is_file() and zipfile.is_zipfile(path):
            return _arrays(path, most_images)
        if path.is_file() and tarfile.is_tarfile(path):
            return _batches(_from_archive(path), "the archive of batches")
    except DataUnavailable:
        raise
    except Exception as error:  # a damaged file may raise what its format's library likes to
        reason = clean(str(error))[:LONGEST_TEXT] or type(error).__name__
        message = f"{path} cannot be read ({reason}): copy or download it again."
        raise DataUnavailable(message) from error
    what = "is none of these" if path.exists() else "does not exist"
    message = (
        f"{path} {what}: give the folder {FOLDER}, the archive {ARCHIVE}, or an .npz "
        "with `x_test` and `y_test` (or `images` and `labels`)."
    )
    raise DataUnavailable(message)


def _folder(path: Path, most_images: int) -> Raw:
    """The folder itself, or the one that it lies in, as torchvision's `root`."""
    inside = path / FOLDER
    folder = inside if inside.is_dir() else path
    if not (folder / TEST).is_file() and (path / ARCHIVE).is_file():
        return read(path / ARCHIVE, most_images)
    contents = {}
    for name in (TEST, META):
        if not (folder / name).is_file():
            raise DataUnavailable(
                f"there is no `{name}` in {folder}: it must be the folder {FOLDER}, complete."
            )
        with (folder / name).open("rb") as stream:
            contents[name] = stream.read(batches.MOST_BYTES + 1)
    return _batches(contents, "the folder of batches")


def _from_archive(path: Path) -> dict[str, bytes]:
    """The two files, without unpacking anything to the disk."""
    contents: dict[str, bytes] = {}
    seen = 0
    with tarfile.open(path, "r|*") as archive:
        for member in archive:
            seen += member.size
            if seen > MOST_ARCHIVE_BYTES:
                raise DataUnavailable(f"{path} unpacks to far more than CIFAR-10 has.")
            name = Path(member.name).name
            if name not in OFFICIAL_MD5 or not member.isreg():
                continue
            stream = archive.extractfile(member)
            contents[name] = b"" if stream is None else stream.read(batches.MOST_BYTES + 1)
            if len(contents) == len(OFFICIAL_MD5):
                return contents
    lacking = next(name for name in OFFICIAL_MD5 if name not in contents)
    raise DataUnavailable(f"there is no `{lacking}` in {path}: it must be {ARCHIVE}, complete.")


def _batches(contents: dict[str, bytes], kind: str) -> Raw:
    test = batches.read(contents[TEST], TEST)
    names = batches.read(contents[META], META).get("label_names")
    data, labels = test.get("data"), test.get("labels")
    if not isinstance(data, np.ndarray) or data.ndim != 2 or data.shape[1] != 3 * 32 * 32:  # noqa: PLR2004
        raise DataUnavailable(f"`{TEST}` has no rows of 3072 bytes under `data`.")
    if not isinstance(labels, list) or not all(type(label) is int for label in labels):
        raise DataUnavailable(f"`{TEST}` has no list of whole numbers under `labels`.")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise DataUnavailable(f"`{META}` has no list of names under `label_names`.")
    hashes = {name: _hashes(raw) for name, raw in sorted(contents.items())}
    return Raw(
        images=np.ascontiguousarray(data.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)),
        labels=_integers(labels),
        classes=tuple(names),
        kind=kind,
        files=hashes,
        official=all(hashes[name]["md5"] == md5 for name, md5 in OFFICIAL_MD5.items()),
    )


def _integers(labels: list[int]) -> np.ndarray[Any, Any]:
    """Labels as an array; what is too large for one is no label either way."""
    return np.array([min(max(label, -1), 2**31) for label in labels], np.int64)


def _arrays(path: Path, most_images: int) -> Raw:
    """The test images of an .npz; what else is in it is not read."""
    with zipfile.ZipFile(path) as archive:
        sizes = {info.filename.removesuffix(".npy"): info.file_size for info in archive.infolist()}
    pair = next((pair for pair in ARRAYS if set(pair) <= set(sizes)), None)
    if pair is None:
        raise DataUnavailable(
            f"{path} holds {clean(', '.join(sorted(sizes)))[:LONGEST_TEXT] or 'nothing'}: expected "
            "`x_test` and `y_test`, or `images` and `labels`."
        )
    for name, bytes_each in zip(pair, (32 * 32 * 3, 8)):
        if sizes[name] > most_images * bytes_each + HEADER_BYTES:
            raise DataUnavailable(
                f"`{name}` in {path} takes {sizes[name]} bytes, which is more than {most_images} "
                "test images have."
            )
    named = 0 < sizes.get("classes", 0) <= 4 * HEADER_BYTES
    with np.load(path, allow_pickle=False) as file:
        images, labels = file[pair[0]], file[pair[1]]
        classes = tuple(str(name) for name in file["classes"].ravel()) if named else None
    return Raw(images, labels, classes, NPZ, {path.name: {"sha256": of_file(path)}}, official=False)


def _hashes(raw: bytes) -> dict[str, str]:
    md5 = hashlib.md5(raw, usedforsecurity=False)
    return {"md5": md5.hexdigest(), "sha256": hashlib.sha256(raw).hexdigest()}
