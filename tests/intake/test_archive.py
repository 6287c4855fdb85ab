"""Zips that lie, climb, swell or are none."""

import io
import struct
import tarfile
import zipfile

import pytest

from grader.errors import UnusableSubmission
from grader.intake import Limits
from grader.intake.archive import ZipSource

SMALL = Limits(entries=20, inflated_bytes=3 << 20, ratio_from_bytes=1 << 16)


def patched(path, old, new, count=-1):
    """Overwrite bytes of the archive."""
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new, count))
    return path


def link(name, kind):
    """A zip entry of a Unix file type other than a regular file."""
    entry = zipfile.ZipInfo(name)
    entry.create_system = 3
    entry.external_attr = (kind | 0o777) << 16
    return entry


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "an empty file"),
        (b"Rar!\x1a\x07\x00", "a RAR archive"),
        (b"7z\xbc\xaf\x27\x1c\x00", "a 7-Zip archive"),
        (b"\x1f\x8b\x08\x00", "a gzip file"),
        (b"%PDF-1.7", "a PDF document"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"import numpy as np\n", "a text file"),
        (b"\x00\x01\x02\x03", "not those of a zip"),
    ],
)
def test_says_what_a_file_is_that_is_no_zip(tmp_path, take, content, words):
    """A file that is no zip is named by its first bytes, whatever its name says."""
    path = tmp_path / "hw2.zip"
    path.write_bytes(content)
    with pytest.raises(UnusableSubmission, match=words):
        take(path)


def test_names_a_tar(tmp_path, take):
    """A tar is recognised, though its mark lies 257 bytes in."""
    path = tmp_path / "hw2.zip"
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("part1-convnet/a.py"))
    path.write_bytes(stream.getvalue())
    with pytest.raises(UnusableSubmission, match="a tar archive"):
        take(path)


def test_empty_zip(make_zip, take):
    """A zip without entries is refused with a sentence of its own."""
    with pytest.raises(UnusableSubmission, match="holds no files"):
        take(make_zip({}))


def test_zip_of_clutter_is_empty(make_zip, take):
    """A zip that holds nothing but clutter counts as empty."""
    with pytest.raises(UnusableSubmission, match="holds no files"):
        take(make_zip({"__MACOSX/._a.py": "x", ".DS_Store": "x", "__pycache__/a.pyc": "x"}))


@pytest.mark.parametrize(
    "name", ["../evil.py", "a/../../evil.py", "/etc/evil.py", "C:/evil.py", "..\\evil.py"]
)
def test_names_that_leave_the_folder_are_refused(make_zip, take, tmp_path, both, name):
    """Traversal, absolute names, drive letters and backslashes: nothing is written."""
    with pytest.raises(UnusableSubmission, match="outside of itself"):
        take(make_zip({**both, name: "x"}))
    assert not list(tmp_path.rglob("evil.py"))


def test_backslashes_separate(make_zip, take, staged, part1):
    """Some Windows programs write backslashes; the folders come out all the same."""
    files = {f"part1-convnet\\{name}".replace("/", "\\"): text for name, text in part1.items()}
    assert "part1-convnet/modules/relu.py" in staged(take(make_zip(files)))


@pytest.mark.parametrize("kind", [0o120000, 0o020000, 0o010000, 0o140000])
def test_links_and_devices_are_skipped(make_zip, take, staged, both, kind):
    """Symlinks, devices, pipes and sockets are skipped with a note, and the rest is graded."""
    entry = link("part1-convnet/modules/secret.py", kind)
    submission = take(make_zip([*both.items(), (entry, "/etc/passwd")]))
    assert "part1-convnet/modules/secret.py" not in staged(submission)
    assert any("secret.py" in note and "Links" in note for note in submission.notes)


def test_folders_by_their_type(make_zip, take, part1):
    """An entry marked as a folder by its type alone is no file."""
    submission = take(make_zip([*part1.items(), (link("modules/inner.py", 0o040000), "")]))
    assert "modules/inner.py" not in {entry.path for entry in submission.files}


def test_bomb_is_stopped_by_its_ratio(make_zip, take, both):
    """A file that inflates more than 100:1 is refused, by name, before it is written."""
    bomb = make_zip({**both, "part1-convnet/modules/zeros.py": b"\0" * (1 << 20)})
    with pytest.raises(UnusableSubmission, match=r"zeros\.py.* a hundred times"):
        take(bomb, limits=SMALL)


def test_small_files_may_compress_well(make_zip, take, both):
    """Below the threshold the ratio does not matter: a file of blanks is no bomb."""
    submission = take(make_zip({**both, "part1-convnet/a.py": b" " * 60_000}), limits=SMALL)
    assert submission.parts["part1-convnet"] is not None


def test_bomb_that_is_not_graded_is_never_inflated(make_zip, take, both):
    """What is not graded is not read, so it can do no harm and costs nothing."""
    bomb = make_zip({**both, "data/zeros.bin": b"\0" * (4 << 20)})
    submission = take(bomb, limits=SMALL)
    assert submission.left_out == ["data/zeros.bin"]


def test_sum_is_counted_as_it_inflates(make_zip, take, both):
    """Many files, each harmless, are stopped by the sum of what really came out."""
    noise = bytes(range(256)) * 4000
    files = {f"part1-convnet/many/m{index}.py": noise for index in range(4)}
    with pytest.raises(UnusableSubmission, match=r"larger than 3\.1 MB once unpacked"):
        take(make_zip({**both, **files}, compression=zipfile.ZIP_STORED), limits=SMALL)


def test_size_in_the_header_is_not_believed(make_zip, take, part1):
    """An entry that claims to be smaller than it is does not pass as that."""
    files = {**part1, "modules/relu.py": b"\0" * 5000}
    path = make_zip(files)
    patched(path, struct.pack("<L", 5000), struct.pack("<L", 50))
    with pytest.raises(UnusableSubmission, match=r"damaged at `modules/relu\.py`"):
        take(path)


def test_too_many_entries(make_zip, take, both):
    """More entries than the limit are refused."""
    files = {**both, **{f"data/{index}.png": "" for index in range(20)}}
    with pytest.raises(UnusableSubmission, match="more than 20 files"):
        take(make_zip(files), limits=SMALL)


def test_huge_directory_is_refused_before_it_is_parsed(make_zip, take, both, monkeypatch):
    """The directory's size is judged from its last record, before zipfile builds objects."""
    path = make_zip({**both, **{f"data/{index:0300}.png": "" for index in range(60)}})
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_: pytest.fail("was parsed"))
    with pytest.raises(UnusableSubmission, match="more than 20 files"):
        take(path, limits=SMALL)


def test_huge_directory_in_a_zip64_record(make_zip, take, part1):
    """The 64-bit record counts where there is one: the 32-bit field cannot hide it."""
    content = make_zip(part1).read_bytes()
    end = content.rindex(b"PK\x05\x06")
    record = struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 3, 3, 1 << 40, 0)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    path = make_zip(part1, "zip64.zip")
    path.write_bytes(content[:end] + record + locator + content[end:])
    with pytest.raises(UnusableSubmission, match="more than 10000 files"):
        take(path)


def test_comment_at_the_end(make_zip, take, part1):
    """A zip with a comment is read like any other."""
    path = make_zip(part1)
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = b"made by hand"
    assert take(path).parts["part1-convnet"] is not None


def test_above_the_limit_on_disk(make_zip, take, both):
    """An archive above the course's limit is refused with both sizes."""
    path = make_zip({**both, "big.bin": bytes(range(256)) * 6000}, compression=zipfile.ZIP_STORED)
    with pytest.raises(UnusableSubmission, match=r"has 1\.5 MB and the limit is 1\.0 MB"):
        take(path, limits=Limits(archive_mb=1))


def test_truncated(make_zip, take, both):
    """An upload that was cut off is called damaged."""
    path = make_zip(both)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(UnusableSubmission, match="cut off"):
        take(path)


def test_damaged_contents_name_the_file(make_zip, take, part1):
    """A checksum that does not fit names the file."""
    path = make_zip(part1, compression=zipfile.ZIP_STORED)
    patched(path, b"class Conv2D", b"class Conv3D")
    with pytest.raises(UnusableSubmission, match=r"damaged at `modules/convolution\.py`"):
        take(path)


def test_encrypted(make_zip, take, part1):
    """Password protection is refused."""
    path = make_zip(part1)
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(UnusableSubmission, match="password"):
        take(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_inflate_without_a_bound(make_zip, take, part1, method):
    """bzip2 and lzma are refused, because zipfile would inflate them in one go."""
    with pytest.raises(UnusableSubmission, match="method that is not accepted"):
        take(make_zip(part1, compression=method))


def test_names_of_macos_are_utf8_without_the_flag(make_zip, take, part1):
    """UTF-8 names from macOS, which does not flag them, come out as meant."""
    path = make_zip({**part1, "modules/m_dule.py": "x = 1\n", "modules/mXXdule.py": "x = 1\n"})
    patched(path, b"mXXdule", "m\u00f6dule".encode())
    names = {entry.path for entry in take(path).files}
    assert "modules/m\u00f6dule.py" in names


def test_names_in_the_old_code_page(make_zip, take, part1):
    """A name that is not UTF-8 is read in the code page that zip was made with."""
    path = make_zip({**part1, "modules/mXdule.py": "x = 1\n"})
    patched(path, b"mXdule", b"m\x94dule")  # o with diaeresis in code page 437
    assert "modules/m\u00f6dule.py" in {entry.path for entry in take(path).files}


def test_name_that_claims_utf8_and_is_not(make_zip, take, part1):
    """A name that cannot be decoded as what it claims is refused with a sentence."""
    path = make_zip({**part1, "modules/\u00f6.py": "x = 1\n"})
    patched(path, "\u00f6".encode(), b"\xff\xfe")
    with pytest.raises(UnusableSubmission, match="name cannot be read"):
        take(path)


def test_names_with_controls_are_skipped(make_zip, take, part1):
    """A newline in a name would go into reports: the file is skipped with a note."""
    submission = take(make_zip({**part1, "modules/a\nb.py": "x = 1\n"}))
    assert len(submission.files) == 3
    assert any("because of their names" in note and "\n" not in note for note in submission.notes)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_last_of_two_counts(make_zip, take, staged, part1):
    """Of two entries with one name the last counts, and a note says so."""
    submission = take(make_zip([*part1.items(), ("./modules/relu.py", "second = 2\n")]))
    assert staged(submission)["part1-convnet/modules/relu.py"] == b"second = 2\n"
    assert any("more than once" in note for note in submission.notes)


def test_archives_inside_are_not_opened(make_zip, take, both):
    """A zip in the zip is left alone, with a note."""
    inner = make_zip(both, "inner.zip").read_bytes()
    submission = take(make_zip({**both, "old/inner.zip": inner}))
    assert any("not opened" in note and "inner.zip" in note for note in submission.notes)


def test_zip_that_holds_only_a_zip(make_zip, take, both):
    """A zip in a zip and nothing else: the student is told to unpack it."""
    inner = make_zip(both, "inner.zip").read_bytes()
    with pytest.raises(UnusableSubmission, match="unpack it"):
        take(make_zip({"inner.zip": inner}))


def test_garbage_never_raises_anything_else(make_zip, tmp_path, part1):
    """Whatever byte is flipped, the outcome is a source or a sentence, never another error."""
    content = make_zip(part1).read_bytes()
    path = tmp_path / "flipped.zip"
    for position in range(len(content)):
        flipped = bytearray(content)
        flipped[position] ^= 0xFF
        path.write_bytes(flipped)
        try:
            source = ZipSource(path, SMALL)
            for name in source.files:
                list(source.chunks(name))
            source.close()
        except UnusableSubmission:
            continue


def test_a_pipe_is_not_waited_for(tmp_path, take):
    """A path that is neither a file nor a folder is refused at once."""
    import os

    os.mkfifo(tmp_path / "pipe.zip")
    with pytest.raises(UnusableSubmission, match="cannot be read"):
        take(tmp_path / "pipe.zip")


def test_nothing_there(tmp_path, take):
    """A path without anything is named."""
    with pytest.raises(UnusableSubmission, match=r"nothing at `absent\.zip`"):
        take(tmp_path / "absent.zip")
