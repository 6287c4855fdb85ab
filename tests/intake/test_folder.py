"""Folders: links, pipes, bounds and what is left unread."""

import os

import pytest

from grader.errors import UnusableSubmission
from grader.intake import Limits
from grader.intake.folder import FolderSource


def test_links_are_not_followed(make_folder, take, staged, both, tmp_path):
    """Links to files and to folders are skipped with a note; nothing behind them is read."""
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "labels.py").write_text("secret")
    folder = make_folder(both)
    (folder / "part1-convnet/modules/labels.py").symlink_to(secret / "labels.py")
    (folder / "part1-convnet/extra").symlink_to(secret)
    submission = take(folder)
    assert not any(b"secret" in content for content in staged(submission).values())
    (note,) = [note for note in submission.notes if "Links" in note]
    assert "modules/labels.py" in note
    assert "part1-convnet/extra" in note


def test_link_put_in_place_after_the_listing(make_folder, both, tmp_path):
    """Each step of a path is opened without following links, the folders on it too."""
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret/relu.py").write_text("secret")
    folder = make_folder(both)
    source = FolderSource(folder, Limits())
    (folder / "part1-convnet/modules").rename(folder / "moved")
    (folder / "part1-convnet/modules").symlink_to(tmp_path / "secret")
    with pytest.raises(UnusableSubmission, match="cannot be read"):
        list(source.chunks("part1-convnet/modules/relu.py"))
    source.close()


def test_a_file_that_vanishes_while_the_folder_is_listed(make_folder, both, monkeypatch):
    """An editor's temporary file, gone before it is looked at, was no file."""
    folder = make_folder(both)
    (folder / "part1-convnet/modules/4913").write_text("")
    look = os.lstat

    def lstat(name, **where):
        if name == "4913":
            raise FileNotFoundError(name)
        return look(name, **where)

    monkeypatch.setattr(os, "lstat", lstat)
    source = FolderSource(folder, Limits())
    source.close()
    assert "part1-convnet/modules/relu.py" in source.files
    assert "part1-convnet/modules/4913" not in source.files


def test_file_replaced_by_a_pipe(make_folder, both):
    """A pipe in a file's place is refused, not waited for."""
    folder = make_folder(both)
    source = FolderSource(folder, Limits())
    target = folder / "part1-convnet/modules/relu.py"
    target.unlink()
    os.mkfifo(target)
    with pytest.raises(UnusableSubmission, match="cannot be read"):
        list(source.chunks("part1-convnet/modules/relu.py"))
    source.close()


def test_pipes_are_skipped(make_folder, take, both):
    """A pipe in the folder is skipped with a note."""
    folder = make_folder(both)
    os.mkfifo(folder / "part1-convnet/pipe.py")
    assert any("pipe.py" in note for note in take(folder).notes)


def test_clutter_is_not_entered(make_folder, take, both):
    """Caches, version control and virtual environments are passed by, under any name."""
    files = {
        **both,
        ".git/modules/convolution.py": "x",
        "__MACOSX/part1-convnet/modules/._relu.py": "x",
        "part1-convnet/.ipynb_checkpoints/relu.py": "x",
        "myenv/pyvenv.cfg": "home = /usr",
        "myenv/lib/modules/convolution.py": "x",
    }
    submission = take(make_folder(files))
    assert len(submission.files) == len(both)
    assert submission.left_out == []


def test_visited_is_bounded(make_folder, take, both):
    """A folder of endless files is given up at the limit."""
    files = {**both, **{f"data/{index}.png": "" for index in range(30)}}
    with pytest.raises(UnusableSubmission, match="more than 20 files"):
        take(make_folder(files), limits=Limits(visited=20))


def test_graded_files_are_bounded(make_folder, take, both):
    """A folder may hold a data set, but not more graded files than the limit."""
    files = {**both, **{f"data/{index}.png": "" for index in range(30)}}
    assert take(make_folder(files), limits=Limits(entries=20)).parts["part1-convnet"]
    files |= {f"part1-convnet/m{index}.py": "" for index in range(30)}
    with pytest.raises(UnusableSubmission, match="more than 20 files"):
        take(make_folder(files), limits=Limits(entries=20))


def test_deep_folders_do_not_break_the_walk(make_folder, take, both):
    """Folders nested beyond any use are not entered."""
    files = {**both, "part1-convnet/" + "d/" * 60 + "deep.py": "x = 1\n"}
    assert not any("deep.py" in entry.path for entry in take(make_folder(files)).files)


def test_size_counts_as_compressed_above_the_limit(make_folder, take, both):
    """A folder unpacked from a zip inside the limit is inside it too."""
    files = {**both, "part2-pytorch/checkpoints/mymodel.pth": b"PK\x03\x04" + b"\0" * (3 << 20)}
    submission = take(make_folder(files), limits=Limits(archive_mb=1))
    assert submission.archive_bytes > 3 << 20


def test_above_the_limit_even_compressed(make_folder, take, both):
    """A folder that no zip within the limit can hold is refused, and its largest file named."""
    noise = b"PK\x03\x04" + os.urandom(2 << 20)
    files = {**both, "part2-pytorch/checkpoints/mymodel.pth": noise}
    with pytest.raises(UnusableSubmission, match=r"mymodel\.pth` has 2\.1 MB"):
        take(make_folder(files), limits=Limits(archive_mb=1))


def test_far_above_the_limit_is_not_even_read(make_folder, take, both):
    """A folder above the bound of what is unpacked is refused by its sizes alone."""
    folder = make_folder(both)
    with (folder / "part2-pytorch/checkpoints/mymodel.pth").open("wb") as stream:
        stream.truncate(1 << 40)
    with pytest.raises(UnusableSubmission, match="once unpacked"):
        take(folder)


def test_file_that_grows(make_folder, both):
    """What is read is counted, whatever size the listing saw."""
    folder = make_folder(both)
    source = FolderSource(folder, Limits(inflated_bytes=1 << 20))
    (folder / "part2-pytorch/main.py").write_bytes(b"\0" * (2 << 20))
    with pytest.raises(UnusableSubmission, match="once unpacked"):
        list(source.chunks("part2-pytorch/main.py"))
    source.close()


def test_reading_twice_counts_once(make_folder, both):
    """A second pass over the same file does not use up the bound."""
    folder = make_folder({**both, "part2-pytorch/main.py": b" " * 700_000})
    source = FolderSource(folder, Limits(inflated_bytes=1 << 20))
    for _ in range(3):
        assert sum(map(len, source.chunks("part2-pytorch/main.py"))) == 700_000
    source.close()


def test_names_that_are_not_utf8(make_folder, take, both):
    """A name of other bytes is skipped with a note that is itself plain text."""
    folder = make_folder(both)
    (folder / os.fsdecode(b"part1-convnet/caf\xe9.py")).write_text("x = 1\n")
    notes = take(folder).notes
    assert any("because of their names" in note for note in notes)
    assert all(note.encode() for note in notes)


def test_folder_that_holds_only_a_zip(make_zip, make_folder, take, both):
    """A zip that was uploaded as a file is opened."""
    folder = make_folder({"hw2.zip": make_zip(both).read_bytes(), "README.txt": "x"})
    submission = take(folder)
    assert all(submission.parts.values())
    assert any("is the archive `hw2.zip`" in note for note in submission.notes)


def test_unreadable_folder(tmp_path, take, monkeypatch):
    """A folder that the system does not let us list is named."""
    (tmp_path / "closed").mkdir()

    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("grader.intake.folder.os.open", refuse)
    with pytest.raises(UnusableSubmission, match="`closed` cannot be read"):
        take(tmp_path / "closed")
