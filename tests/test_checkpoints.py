"""Checkpoint files are told by their bytes, and never unpickled here."""

import contextlib
import io
import json
import pickle
import struct
import tarfile
import zipfile
from types import SimpleNamespace

import numpy as np
import pytest

from grader import checkpoints
from grader.errors import MissingFile, WrongResult

LIMIT = 100e6


class Boom:
    """Unpickling this ends the process."""

    def __reduce__(self):
        return (exec, ("raise SystemExit('unpickled')",))


def torch_zip(records=None, compression=zipfile.ZIP_STORED):
    """The bytes of a zip with the records that torch.save writes, or others."""
    records = records or {"a/data.pkl": pickle.dumps(Boom()), "a/version": b"3", "a/data/0": b"w"}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in records.items():
            # With a date of its own: names of tests must not change from second to second.
            archive.writestr(zipfile.ZipInfo(name), content, compression)
    return stream.getvalue()


def safetensors(values=4, length=None):
    """The bytes of a safetensors file with one tensor."""
    header = {"w": {"dtype": "F32", "shape": [values], "data_offsets": [0, 4 * values]}}
    text = json.dumps(header).encode()
    return struct.pack("<Q", length or len(text)) + text + bytes(4 * values)


def tar():
    """The bytes of a tar archive, as torch wrote before 2018."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("sys_info"))
    return stream.getvalue()


def bomb():
    """A small zip that inflates to a megabyte."""
    return torch_zip({"a/data.pkl": b"x", "a/data/0": bytes(10**6)}, zipfile.ZIP_DEFLATED)


def patched(data, signature, offset, value):
    """`data` with a 4-byte number changed, `offset` bytes behind the first `signature`."""
    at = data.index(signature) + offset
    return data[:at] + struct.pack("<I", value) + data[at + 4 :]


def refused(tmp_path, content, limit=LIMIT):
    """Why a file with these bytes is refused: (code, sentence)."""
    path = tmp_path / "mymodel.pth"
    path.write_bytes(content)
    with pytest.raises(WrongResult) as caught:
        checkpoints.inspect(path, limit)
    assert "`mymodel.pth`" in caught.value.text
    return caught.value.code, caught.value.text


def test_a_zip_of_torch_passes_without_being_unpickled(tmp_path):
    """A pickle that would end the process is only looked at."""
    path = tmp_path / "mymodel.pth"
    path.write_bytes(torch_zip())
    found = checkpoints.inspect(path, LIMIT)
    assert (found.kind, found.name, found.bytes) == ("torch", "mymodel.pth", len(torch_zip()))


def test_a_zip_of_the_installed_torch_passes(tmp_path):
    """What torch.save writes today is recognised."""
    torch = pytest.importorskip("torch")
    path = tmp_path / "mymodel.pth"
    torch.save({"model": torch.nn.Linear(3, 4).state_dict(), "epoch": 7}, path)
    assert checkpoints.inspect(path, LIMIT).kind == "torch"


def test_safetensors_pass(tmp_path):
    """The second accepted format, whatever the file's name."""
    path = tmp_path / "mymodel.pth"
    path.write_bytes(safetensors())
    assert checkpoints.inspect(path, LIMIT).kind == "safetensors"


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "empty", "is empty (0 bytes)"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", "lfs",
         "Git LFS pointer of"),
        (b"<!DOCTYPE html><html>", "format", "a web page (HTML)"),
        (b"\x89PNG\r\n\x1a\n", "format", "a PNG image"),
        (b"\x93NUMPY\x01\x00", "format", "a numpy array"),
        (b"\x01\x02\x03\x04", "format", "no format that is known here"),
        (b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.", "old-format", "since version 1.6"),
        (tar(), "old-format", "since version 1.6"),
        (pickle.dumps({"a": 1}), "pickle", "written by `pickle`"),
        (torch_zip()[:-40], "truncated", "cut off or damaged"),
        (torch_zip()[:30], "truncated", "cut off or damaged"),
        (torch_zip() + bytes(70_000), "truncated", "cut off or damaged"),
        (bomb(), "compressed", "compressed or encrypted records"),
        (torch_zip({"photos/cat.jpg": b"x"}), "other-zip", "`photos/cat.jpg`"),
        (torch_zip({"a/data.pkl": b"x", "a/constants.pkl": b"y"}), "torchscript",
         "`torch.jit.save`"),
        (torch_zip({"a/data.pkl": bytes(9 * 2**20)}), "not-weights", "beside the tensors"),
        (safetensors()[:-1], "truncated", "cut off or damaged"),
        (safetensors(length=2**40), "truncated", "cut off or damaged"),
        (safetensors().replace(b'"data_offsets"', b'"data_offsetz"'), "format", "damaged"),
        (struct.pack("<Q", 2) + b"{]", "format", "damaged"),
    ],
)  # fmt: skip
def test_what_is_no_checkpoint_is_named(tmp_path, content, code, words):
    """The first bytes say what was handed in, and the sentence what to do."""
    found, text = refused(tmp_path, content)
    assert found == f"checkpoint-{code}"
    assert words in text


ENTRY, END = b"PK\x01\x02", b"PK\x05\x06"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (patched(torch_zip(), ENTRY, 24, 2**31), "sizes"),  # larger than what is stored
        (patched(patched(torch_zip(), ENTRY, 24, 2**30), ENTRY, 20, 2**30), "sizes"),
        (patched(torch_zip(), END, 12, 2**31), "records"),  # the directory's length
        (patched(torch_zip(), END, 12, 10), "truncated"),
        (patched(torch_zip(), END, 8, 0xFFFFFFFF), "records"),  # the number of entries
        (patched(torch_zip(), END, 16, 2**31), "truncated"),  # where the directory begins
        (patched(torch_zip(), END, 16, 0), "truncated"),
        (patched(torch_zip(), ENTRY, 8, 1), "compressed"),  # the flag for encryption
    ],
)
def test_a_directory_that_lies_is_refused(tmp_path, data, code):
    """Sizes, counts and places are checked before anything is believed."""
    assert refused(tmp_path, data)[0] == f"checkpoint-{code}"


def test_random_damage_raises_nothing_else(tmp_path):
    """Whatever the bytes are, the file passes or is refused with a sentence."""
    rng = np.random.default_rng(0)
    path = tmp_path / "mymodel.pth"
    for data in (torch_zip(), safetensors()):
        for _ in range(300):
            damaged = bytearray(data)
            for at in rng.integers(8, len(data), 3):
                damaged[at] = rng.integers(256)
            path.write_bytes(damaged)
            with contextlib.suppress(WrongResult):
                checkpoints.inspect(path, LIMIT)


def test_a_file_above_the_limit_is_not_read(tmp_path):
    """The size is checked first."""
    assert refused(tmp_path, torch_zip(), limit=100)[0] == "checkpoint-size"


def part_with(tmp_path, *names):
    """A part of a submission with these files in checkpoints/."""
    (tmp_path / "checkpoints").mkdir(exist_ok=True)
    for name in names:
        (tmp_path / "checkpoints" / name).touch()

    def require(path):
        if not (tmp_path / path).is_file():
            raise MissingFile(f"part2-pytorch/{path}")
        return tmp_path / path

    def has(path):
        return (tmp_path / path).is_file()

    return SimpleNamespace(root=tmp_path, has=has, require=require)


def test_the_exact_name_is_chosen(tmp_path):
    """Beside old and other checkpoints, the exact name counts; .pth before .safetensors."""
    names = ("mymodel_old.pth", "MyModel.pth", "mymodel.pth", "mymodel.safetensors")
    assert checkpoints.find(part_with(tmp_path, *names), "mymodel").name == "mymodel.pth"


def test_the_other_endings_serve(tmp_path):
    """Without .pth, .safetensors and .pt are taken."""
    part = part_with(tmp_path, "mymodel.safetensors", "twolayernet.pt")
    assert checkpoints.find(part, "mymodel").name == "mymodel.safetensors"
    assert checkpoints.find(part, "twolayernet").name == "twolayernet.pt"


def test_a_similar_name_is_mentioned(tmp_path):
    """A file of nearly the right name is not taken, but named."""
    part = part_with(tmp_path, "My_Model_old.pth", "resnet-32.pth")
    with pytest.raises(WrongResult, match=r"`My_Model_old\.pth`") as caught:
        checkpoints.find(part, "mymodel")
    assert caught.value.code == "checkpoint-name"


def test_no_file_at_all_is_missing(tmp_path):
    """Without anything like it, the exact path is named."""
    with pytest.raises(MissingFile, match=r"part2-pytorch/checkpoints/mymodel\.pth"):
        checkpoints.find(part_with(tmp_path, "twolayernet.pth"), "mymodel")
    (tmp_path / "other").mkdir()
    bare = SimpleNamespace(root=tmp_path / "other", has=lambda _: False, require=lambda p: p)
    assert checkpoints.near_names(bare, "mymodel") == []
