"""Whatever bytes are handed in as a zip: a staged submission or `UnusableSubmission`.

Nothing is written outside the folder for staging, and no more than the limits allow.
FUZZ_SEED sets another seed than the one of every run; a failure names the input.
"""

from __future__ import annotations

import io
import os
import shutil
import stat
import struct
import tempfile
import time
import tracemalloc
import warnings
import zipfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UnusableSubmission
from grader.intake import Limits, receive
from grader.intake.source import CHUNK_BYTES
from tests.hostile.mutations import BATCH, EDGES, SEED, amounts, batches, damaged
from tests.intake.conftest import PART1, PART2, as_bytes, beneath

LIMITS = Limits(
    archive_mb=1, entries=40, inflated_bytes=1 << 19, ratio=50, ratio_from_bytes=1 << 14
)
LONG = "".join(f"x = {n * n % 9973}\n" for n in range(300))  # so that damage meets contents
FEW = {**dict(list(PART1.items())[:2]), "optimizer/sgd.py": LONG, "README.md": "hello"}
NAMES = (
    "modules/relu.py", "modules/\x00relu.py", "modules\\relu.py", "../modules/relu.py",
    "/modules/relu.py", "C:\\modules\\relu.py", "modules/../../relu.py", "modules/relu.py/x.py",
    "modules", "modules/", "m\u00f6dules/\u202erelu.py", "a" * 300 + ".py",
    "d/" * 60 + "relu.py", "__MACOSX/._relu.py", ".git/config", "relu.py\n.py", "", ".", "/", "\\",
    "modules/RELU.py", "inner.zip", "models/cnn.py", "con.py", "a/./b/../modules/relu.py",
)  # fmt: skip
CONTENTS = (b"", b"x = 1\n", b"\x00" * 30_000, b"PK\x05\x06" + bytes(18), b"PK\x06\x07" * 9)
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)


def archive(entries, comment: bytes = b"", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The bytes of a zip with these entries, in their order."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # names that come twice are on purpose
        made.comment = comment
        for name, content in entries:
            made.writestr(name, content, method)
    return stream.getvalue()


def pairs(files):
    """Names and contents of a submission's files."""
    return [(name, as_bytes(content)) for name, content in files.items()]


GENUINE = [
    archive(pairs(FEW)),
    archive(pairs({**beneath("a", FEW), **beneath("b", PART2)}), method=zipfile.ZIP_STORED),
    archive(pairs(beneath("part2-pytorch", PART2)), comment=b"by hand"),
]


def composed(chance: Random) -> bytes:
    """A zip of odd names, contents and kinds among genuine ones."""
    entries = pairs(FEW)
    for _ in range(chance.choice((1, 1, 2, 5, 45))):
        entry = zipfile.ZipInfo("x")
        entry.filename = chance.choice(NAMES)
        kind = chance.choice((0, 0, stat.S_IFREG, stat.S_IFLNK, stat.S_IFDIR, stat.S_IFIFO))
        entry.external_attr = (kind | 0o777) << 16
        entry.create_system = chance.choice((0, 3))
        content = chance.choice(CONTENTS)
        entries.insert(chance.randrange(len(entries) + 1), (entry, content))
    return archive(entries, chance.choice((b"", b"PK\x05\x06" * 3)), chance.choice(METHODS))


def lying(chance: Random) -> bytes:
    """A genuine zip with one field of its headers set to another number."""
    data = bytearray(chance.choice(GENUINE))
    mark, fields = chance.choice(
        (
            (b"PK\x01\x02", (4, 6, 8, 10, 16, 20, 24, 28, 30, 32, 34, 36, 38, 42)),
            (b"PK\x03\x04", (4, 6, 8, 14, 18, 22, 26, 28)),
            (b"PK\x05\x06", (4, 6, 8, 10, 12, 16, 20)),
        )
    )
    at = chance.choice([i for i in range(len(data)) if data.startswith(mark, i)])
    size = 4 if chance.random() < 0.6 else 2
    number = chance.choice((*EDGES, len(data), len(data) - 1, chance.randrange(1 << 16)))
    field = at + chance.choice(fields)
    data[field : field + size] = (number & ((1 << 8 * size) - 1)).to_bytes(size, "little")
    return bytes(data)


def zip64(chance: Random) -> bytes:
    """A genuine zip with a second, 64-bit end that contradicts the first."""
    data = chance.choice(GENUINE)
    end = data.rindex(b"PK\x05\x06")
    number = lambda: chance.choice((*EDGES, 3, end, end - 56))  # noqa: E731
    record = struct.pack(
        "<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, number(), number(), number(), number()
    )
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, chance.choice((end, number())), 1)
    tail = bytearray(data[end:])
    if chance.random() < 0.7:
        tail[8:20] = b"\xff" * 12
    return data[:end] + record + locator + bytes(tail)


def upload(chance: Random) -> bytes:
    """One input."""
    pick = chance.random()
    if pick < 0.05:
        return b"PK" + chance.randbytes(chance.randrange(200))
    if pick < 0.2:
        return composed(chance)
    if pick < 0.45:
        return lying(chance)
    if pick < 0.55:
        return zip64(chance)
    source = composed(chance) if pick < 0.65 else chance.choice(GENUINE)
    return damaged(source, chance, GENUINE)


class Desk:
    """A folder in which one upload after the other is received."""

    def __init__(self, folder: Path, layout) -> None:
        self.folder, self.layout = folder, layout
        self.path, self.into = folder / "hw2.zip", folder / "staged"

    def take(self, data: bytes) -> bool:
        """Whether this upload can be graded; what was staged is within the limits."""
        self.path.write_bytes(data)
        try:
            submission = receive(self.path, self.layout, None, self.into, LIMITS)
        except UnusableSubmission as error:
            str(error).encode()
            return False
        finally:
            staged = self.sizes()
            if self.into.exists():
                shutil.rmtree(self.into)
            assert list(self.folder.iterdir()) == [self.path]
        assert sum(staged) <= LIMITS.inflated_bytes
        assert len(staged) == len(submission.files)
        for text in (*submission.notes, *submission.staff_notes):
            text.encode()
        return True

    def sizes(self) -> list[int]:
        """The sizes of what is staged: regular files, all of them."""
        found = []
        for top, _, files in os.walk(self.into):
            for name in files:
                status = Path(top, name).lstat()
                assert stat.S_ISREG(status.st_mode)
                found.append(status.st_size)
        return found


@pytest.fixture
def desk(layout):
    """In memory where there is a file system for it: files come and go by the thousand."""
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=place) as folder:
        yield Desk(Path(folder), layout)


@amounts(500, 110_000)
def test_any_upload_is_staged_or_refused(desk, inputs):
    """No upload makes `receive` raise anything but UnusableSubmission; both ends occur."""
    ends = {True: 0, False: 0}
    began = time.perf_counter()

    @batches(inputs)
    @given(st.integers(0, 2**63))
    def take_a_batch(number):
        chance = Random(f"{SEED}/{number}")
        for _ in range(BATCH):
            data = upload(chance)
            try:
                ends[desk.take(data)] += 1
            except Exception as error:
                raise AssertionError(f"FUZZ_SEED={SEED}: {data!r}") from error

    take_a_batch()
    total = sum(ends.values())
    rate = total / (time.perf_counter() - began)
    report = f"FUZZ_SEED={SEED}: {total} uploads, {rate:.0f} a second, {ends[True]} gradable"
    print(report)  # noqa: T201  for pytest -s
    assert total >= inputs * 0.9
    assert all(count > total / 50 for count in ends.values())


def test_no_upload_takes_more_memory_than_is_allowed(desk):
    """A directory of the largest size that is parsed, and a few chunks of contents."""
    chance = Random(SEED)
    most = 4 * CHUNK_BYTES + 100 * LIMITS.directory_bytes
    tracemalloc.start()
    try:
        for data in [upload(chance) for _ in range(300)]:
            tracemalloc.reset_peak()
            before, _ = tracemalloc.get_traced_memory()
            desk.take(data)
            _, peak = tracemalloc.get_traced_memory()
            assert peak - before <= most, data
    finally:
        tracemalloc.stop()
