"""Where the raw numbers of a checkpoint lie."""

import json
import struct
import zipfile

import pytest
from boxes import layer, safetensors, torch_like

from grader.authoring.classroom.similarity.storages import places

MOST = 1e9


def read(path):
    content = path.read_bytes()
    return [content[place.start : place.start + place.size] for place in places(path, MOST)]


@pytest.mark.parametrize("make", [torch_like, safetensors])
def test_numbers_are_found(make, tmp_path):
    """Both formats give each tensor's bytes, in the order of the file."""
    arrays = [layer(1), layer(2, 10), layer(3, 700)]
    assert read(make(tmp_path / "a.pth", arrays)) == [array.tobytes() for array in arrays]


@pytest.mark.parametrize(
    "content",
    [b"", b"text", b"PK\x03\x04", b"version https://git-lfs", struct.pack("<Q", 9) + b"{" * 9],
)
def test_what_is_no_checkpoint_has_none(content, tmp_path):
    """A file that is something else, or damaged, has no numbers and raises nothing."""
    path = tmp_path / "a.pth"
    path.write_bytes(content)
    assert places(path, MOST) == []


def test_missing_file_has_none(tmp_path):
    """Neither has one that cannot be read."""
    assert places(tmp_path / "a.pth", MOST) == []


def test_compressed_records_are_not_read(tmp_path):
    """What `grader.checkpoints` refuses is left alone: it could unpack to anything."""
    assert places(torch_like(tmp_path / "a.pth", [layer(1)], zipfile.ZIP_DEFLATED), MOST) == []


def test_larger_than_allowed_is_not_read(tmp_path):
    """Neither is a file above the limit."""
    assert places(torch_like(tmp_path / "a.pth", [layer(1)]), 100) == []


def test_place_outside_of_the_file_is_left_out(tmp_path):
    """A record said to begin behind the file's end is none; the others stay."""
    path = torch_like(tmp_path / "a.pth", [layer(1), layer(2)])
    content = bytearray(path.read_bytes())
    entry = content.rfind(b"PK\x01\x02")  # of the last record
    struct.pack_into("<L", content, entry + 42, len(content) - 10)
    path.write_bytes(content)
    assert read(path) == [layer(1).tobytes()]


@pytest.mark.parametrize("offsets", [[-16_000, 16_000], [16_000, 0], [0, 16_000, 1], ["0", 16_000]])
def test_nonsense_in_a_header(offsets, tmp_path):
    """Offsets that are no place in the file give no numbers from elsewhere."""
    array = layer(1)
    entries = {"a": {"data_offsets": offsets}, "b": {"data_offsets": [0, array.nbytes]}}
    text = json.dumps(entries).encode()
    path = tmp_path / "a.safetensors"
    path.write_bytes(struct.pack("<Q", len(text)) + text + array.tobytes())
    assert set(read(path)) <= {array.tobytes()}
