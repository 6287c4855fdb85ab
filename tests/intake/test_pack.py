"""The archive that is handed in."""

import os
import zipfile

import pytest

from grader.errors import UnusableSubmission
from grader.intake import Limits, pack


def test_holds_only_what_is_graded(make_folder, layout, both, tmp_path):
    """Graded files go in under the parts' own names; the rest is listed as left out."""
    files = {f"my/{name}": text for name, text in both.items()}
    folder = make_folder({**files, "my/part2-pytorch/data/x.bin": "12345"})
    report = pack(folder, layout, tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert sorted(archive.namelist()) == sorted(both)
    assert report.left_out == [("my/part2-pytorch/data/x.bin", 5)]
    assert report.archive_bytes == (tmp_path / "out.zip").stat().st_size
    assert oct((tmp_path / "out.zip").stat().st_mode) == "0o100644"


def test_same_files_same_bytes(make_folder, layout, both, tmp_path):
    """Times, modes and the order on disk leave no trace in the archive."""
    folder = make_folder(both)
    pack(folder, layout, tmp_path / "a.zip")
    for path in folder.rglob("*.py"):
        os.utime(path, (1, 1))
        path.chmod(0o700)
    pack(folder, layout, tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_what_is_packed_is_what_is_graded(make_folder, layout, take, both, tmp_path):
    """The archive is received with the hash that the report named."""
    report = pack(make_folder(both), layout, tmp_path / "out.zip")
    assert take(tmp_path / "out.zip").sha256 == report.sha256 == take(tmp_path / "hw2").sha256


def test_report_in_words(make_folder, layout, both, tmp_path):
    """The report names size, files, what is missing and what was left out."""
    del both["part2-pytorch/checkpoints/mymodel.pth"]
    folder = make_folder({**both, "data.bin": "x"})
    text = pack(folder, layout, tmp_path / "out.zip").text()
    assert "part1-convnet/modules/relu.py  1 kB" in text
    assert "Missing from part2-pytorch: checkpoints/mymodel.pth" in text
    assert "Left out" in text
    assert "`data.bin`" in text


def test_one_part_alone(make_folder, layout, part1, tmp_path):
    """A student may pack one part; the report says what the other lacks."""
    report = pack(make_folder(part1), layout, tmp_path / "out.zip")
    assert len(report.missing["part2-pytorch"]) == 3
    assert any("Part 2 is not in" in note for note in report.notes)


def test_odd_files_are_noted(make_folder, layout, both, tmp_path):
    """A pointer in place of a checkpoint is told before the student submits it."""
    both["part2-pytorch/checkpoints/mymodel.pth"] = "version https://git-lfs.github.com/spec/v1"
    report = pack(make_folder(both), layout, tmp_path / "out.zip")
    assert any("git lfs pull" in note for note in report.notes)


def test_above_the_limit(make_folder, layout, both, tmp_path):
    """Nothing is written above the limit, and the largest file is named."""
    both["part2-pytorch/checkpoints/mymodel.pth"] = os.urandom(1_100_000)
    with pytest.raises(UnusableSubmission, match=r"mymodel\.pth` has 1\.1 MB"):
        pack(make_folder(both), layout, tmp_path / "out.zip", Limits(archive_mb=1))
    assert [path.name for path in tmp_path.iterdir()] == ["hw2"]


def test_older_archive_in_the_folder_is_replaced(make_folder, layout, both):
    """Packing again into the folder itself gives the same archive, without a note about it."""
    folder = make_folder(both)
    first = pack(folder, layout, folder / "out.zip")
    content = (folder / "out.zip").read_bytes()
    second = pack(folder, layout, folder / "out.zip")
    assert (folder / "out.zip").read_bytes() == content
    assert first.notes == second.notes == []


def test_input_is_never_overwritten(make_folder, make_zip, layout, both, tmp_path):
    """The input, a folder, and a file that is no zip are refused as output."""
    folder = make_folder(both)
    archive = make_zip(both, "in.zip")
    before = archive.read_bytes()
    (tmp_path / "link.zip").symlink_to(archive)
    for source, out in (
        (folder, folder),
        (folder, folder / "part2-pytorch/main.py"),
        (archive, archive),
        (archive, tmp_path / "link.zip"),
    ):
        with pytest.raises(FileExistsError, match="another name"):
            pack(source, layout, out)
    assert archive.read_bytes() == before
    assert (folder / "part2-pytorch/main.py").read_text() == "def train(): ...\n"


def test_zip_can_be_repacked(make_zip, layout, both, tmp_path):
    """A zip made by hand is trimmed to what is graded."""
    archive = make_zip({**both, "data/huge.bin": "x" * 1000}, "in.zip")
    assert len(pack(archive, layout, tmp_path / "out.zip").included) == len(both)


def test_empty_folder(make_folder, layout, tmp_path):
    """There is nothing to pack, and nothing is left behind."""
    with pytest.raises(UnusableSubmission, match="no files"):
        pack(make_folder({}), layout, tmp_path / "out.zip")
    assert not (tmp_path / "out.zip").exists()
