"""Where the raw numbers of a checkpoint lie."""

import struct
import zipfile

import pytest
from boxes import headed, layer, safetensors, torch_like

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
    path = headed(tmp_path / "a.safetensors", entries, array.tobytes())
    assert set(read(path)) <= {array.tobytes()}


@pytest.mark.parametrize(
    "offsets",
    [[0, 4096.0], [0.0, 4096], [False, 4096], [0, True], [-1, 4096], [4096, 0], [0, 1, 2], "ab"],
)
def test_offsets_that_are_no_numbers_of_bytes(offsets, tmp_path):
    """An entry without two whole numbers, one after the other, is left out; the others stay."""
    numbers = layer(1, 2048).tobytes()
    entries = {"a": {"data_offsets": [4096, 8192]}, "b": {"data_offsets": offsets}}
    path = headed(tmp_path / "a.safetensors", entries, numbers)
    expected = [] if offsets == "ab" else [numbers[4096:]]  # letters: it is refused as a whole
    assert read(path) == expected


@pytest.mark.parametrize("shift", [0, 1])
def test_tensors_that_overlap_are_read_once(shift, tmp_path):
    """However many entries claim the whole file, no more is read than it has."""
    array = layer(1)
    entries = {
        str(number): {"data_offsets": [shift * number, array.nbytes]} for number in range(400)
    }
    path = headed(tmp_path / "a.safetensors", entries, array.tobytes())
    assert read(path) == [array.tobytes()]


def test_records_that_overlap_are_refused(tmp_path):
    """A zip whose directory names one record many times claims more than it has."""
    path = torch_like(tmp_path / "a.pth", [layer(1)])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("net/data/1", b"1234")
        archive.filelist += [archive.getinfo("net/data/0")] * 400
    assert places(path, MOST) == []


def test_many_small_records_hide_nothing(tmp_path):
    """However many records come first, the weights behind them are found."""
    arrays = [layer(0, 1)] * 6000 + [layer(1)]
    assert read(torch_like(tmp_path / "a.pth", arrays))[-1] == layer(1).tobytes()


def test_record_that_the_end_cuts_off(tmp_path):
    """A record said to begin in the zip's comment is left out; the others stay."""
    path = torch_like(tmp_path / "a.pth", [layer(1), layer(2)])
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = b"PK\x03\x04"
    content = bytearray(path.read_bytes())
    entry = content.rfind(b"PK\x01\x02")
    struct.pack_into("<L", content, entry + 42, len(content) - 4)
    path.write_bytes(content)
    assert read(path) == [layer(1).tobytes()]
