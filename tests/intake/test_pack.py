"""The archive that is handed in."""

import os
import zipfile
from pathlib import Path

import pytest

from grader.errors import UnusableSubmission
from grader.intake import Limits, draft
from grader.intake.pack import refuse_overwriting


@pytest.fixture
def pack(layout, tmp_path):
    """Pack a folder or a zip to a file; the draft, as it was before it was published."""

    def run(source, out="out.zip", limits=None):
        with draft(source, layout, Path(out).name, limits) as made:
            size = made.archive_bytes
            made.publish(tmp_path / out)
        assert (tmp_path / out).stat().st_size == size
        return made

    return run


def test_holds_only_what_is_graded(make_folder, pack, both, tmp_path):
    """Graded files go in under the parts' own names; the rest is listed as left out."""
    files = {f"my/{name}": text for name, text in both.items()}
    made = pack(make_folder({**files, "my/part2-pytorch/data/x.bin": "12345"}))
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert sorted(archive.namelist()) == sorted(both)
    assert made.left_out == [("my/part2-pytorch/data/x.bin", 5)]
    assert made.refusals == made.notes == []
    assert made.excess == ""


def test_same_files_same_bytes(make_folder, pack, both, tmp_path):
    """Times, modes and the order on disk leave no trace in the archive."""
    folder = make_folder(both)
    pack(folder, "a.zip")
    for path in folder.rglob("*.py"):
        os.utime(path, (1, 1))
        path.chmod(0o700)
    pack(folder, "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_what_is_packed_is_what_is_graded(make_folder, pack, take, both, tmp_path):
    """The archive is received with the hash that the draft named."""
    made = pack(make_folder(both))
    assert take(tmp_path / "out.zip").sha256 == made.sha256 == take(tmp_path / "hw2").sha256


def test_a_draft_that_is_not_published_leaves_nothing(make_folder, layout, both, tmp_path):
    """The archive lies in a temporary place, which is gone with the draft."""
    with draft(make_folder(both), layout, "out.zip") as made:
        assert zipfile.is_zipfile(made.path)
        assert made.path.name == "out.zip"
    assert not made.path.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["hw2"]


def test_published_beside_nothing_else_and_for_all_to_read(make_folder, layout, both, tmp_path):
    """Folders on the way are made; the archive can be read by all; nothing lies beside it."""
    with draft(make_folder(both), layout, "out.zip") as made:
        made.publish(tmp_path / "deep" / "er" / "out.zip")
    (archive,) = (tmp_path / "deep" / "er").iterdir()
    assert oct(archive.stat().st_mode) == "0o100644"


def test_an_expected_file_is_missing(make_folder, pack, both):
    """The sentence names the file, where it must lie, and where checkpoints come from."""
    del both["part2-pytorch/checkpoints/mymodel.pth"], both["part1-convnet/optimizer/sgd.py"]
    first, second = pack(make_folder(both)).refusals
    assert first.startswith("Part 1 lacks `optimizer/sgd.py`")
    assert "training" not in first
    assert "Part 2 lacks `checkpoints/mymodel.pth`: each must lie in `part2-pytorch/`" in second
    assert "written by training" in second


def test_one_part_alone(make_folder, pack, part1):
    """A part that is not there is one reason, not one for each of its files."""
    (reason,) = pack(make_folder(part1)).refusals
    assert reason.startswith("Part 2 is not in the submission")


def test_a_pointer_in_place_of_a_file(make_folder, pack, both):
    """Git LFS pointers are reasons not to pack, whatever file they stand for."""
    pointer = "version https://git-lfs.github.com/spec/v1"
    both["part2-pytorch/checkpoints/mymodel.pth"] = both["part1-convnet/modules/relu.py"] = pointer
    made = pack(make_folder(both))
    assert made.pointers == [
        "part1-convnet/modules/relu.py",
        "part2-pytorch/checkpoints/mymodel.pth",
    ]
    assert all("git lfs pull" in reason for reason in made.refusals)
    assert len(made.refusals) == 2


def test_odd_files_are_noted(make_folder, pack, both):
    """A file that cannot be what its name says is told, and no reason by itself."""
    both["part2-pytorch/checkpoints/mymodel.pth"] = "just text"
    made = pack(make_folder(both))
    assert made.refusals == []
    assert any("a text file" in note for note in made.notes)


def test_above_the_limit(make_folder, layout, both):
    """An archive above the limit is an excess, and the largest file is named."""
    both["part2-pytorch/checkpoints/mymodel.pth"] = os.urandom(1_100_000)
    with draft(make_folder(both), layout, "out.zip", Limits(archive_mb=1)) as made:
        assert "`part2-pytorch/checkpoints/mymodel.pth` has 1.1 MB" in made.excess


def test_far_above_the_limit(make_folder, layout, both):
    """What is larger than anything that is graded is not even compressed; the rest is said."""
    both["part2-pytorch/checkpoints/mymodel.pth"] = bytes(2_000_000)
    del both["part1-convnet/optimizer/sgd.py"]
    limits = Limits(archive_mb=1, inflated_bytes=1_500_000)
    with draft(make_folder(both), layout, "out.zip", limits) as made:
        assert "mymodel.pth` has 2.0 MB" in made.excess
        assert "optimizer/sgd.py" in made.refusals[0]
        assert not made.path.exists()


def test_older_archive_in_the_folder_is_replaced(make_folder, pack, both, tmp_path):
    """Packing again into the folder itself gives the same archive, without a note about it."""
    folder = make_folder(both)
    first = pack(folder, "hw2/out.zip")
    content = (folder / "out.zip").read_bytes()
    second = pack(folder, "hw2/out.zip")
    assert (folder / "out.zip").read_bytes() == content
    assert first.notes == second.notes == []
    refuse_overwriting(folder, folder / "out.zip")


def test_input_is_never_overwritten(make_folder, make_zip, both, tmp_path):
    """The input, a folder, and a file that is no zip are refused as output."""
    folder = make_folder(both)
    archive = make_zip(both, "in.zip")
    (tmp_path / "link.zip").symlink_to(archive)
    for source, out in (
        (folder, folder),
        (folder, folder / "part2-pytorch/main.py"),
        (archive, archive),
        (archive, tmp_path / "link.zip"),
    ):
        with pytest.raises(FileExistsError, match="another name"):
            refuse_overwriting(source, out)


def test_zip_can_be_repacked(make_zip, pack, both):
    """A zip made by hand is trimmed to what is graded."""
    archive = make_zip({**both, "data/huge.bin": "x" * 1000}, "in.zip")
    assert len(pack(archive).included) == len(both)


def test_empty_folder(make_folder, layout, tmp_path):
    """There is nothing to pack, and nothing is left behind."""
    with (
        pytest.raises(UnusableSubmission, match="no files"),
        draft(make_folder({}), layout, "out.zip"),
    ):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["hw2"]
