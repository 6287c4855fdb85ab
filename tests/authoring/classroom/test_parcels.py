"""What travels to a worker, and what lies there then."""

import pickle

import pytest

from grader.authoring.classroom import parcels
from grader.authoring.classroom.records import ClassError


def test_a_path_is_where_it_was(tmp_path):
    """On one machine nothing is copied."""
    assert parcels.shared(tmp_path).unpack(tmp_path / "into") == tmp_path
    assert not (tmp_path / "into").exists()


def test_a_file_without_its_name(tmp_path):
    """An archive arrives with all bytes and its ending, and nothing else of its name."""
    path = tmp_path / "ada_lovelace.zip"
    path.write_bytes(b"bytes")
    parcel = pickle.loads(pickle.dumps(parcels.packed(path)))
    assert b"lovelace" not in pickle.dumps(parcel)
    arrived = parcel.unpack(tmp_path / "into")
    assert (arrived.name, arrived.read_bytes()) == ("submission.zip", b"bytes")


def test_a_file_that_keeps_its_name(tmp_path):
    """Test images are named in results, so theirs is kept."""
    path = tmp_path / "practice_test.npz"
    path.write_bytes(b"bytes")
    parcel = parcels.packed(path, path.name)
    assert parcel.unpack(tmp_path / "into").name == "practice_test.npz"


def test_a_folder(tmp_path):
    """A folder arrives with its files at their places, without its links and its name."""
    folder = tmp_path / "ada"
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "b" / "x.py").write_text("1")
    (folder / "y.py").symlink_to("a/b/x.py")
    arrived = parcels.packed(folder).unpack(tmp_path / "into")
    assert [path.relative_to(arrived).as_posix() for path in arrived.rglob("*")] == [
        "a",
        "a/b",
        "a/b/x.py",
    ]


def test_nothing_is_printed():
    """Neither a path nor bytes can get into a log."""
    assert "ada" not in repr(parcels.Parcel(name="ada", files={"ada": b"ada"}))


def test_too_much_is_not_sent(tmp_path, monkeypatch):
    """What no grading would take is refused before it is read."""
    monkeypatch.setattr(parcels, "LARGEST", 3)
    (tmp_path / "x").write_bytes(b"1234")
    for path in (tmp_path, tmp_path / "x"):
        with pytest.raises(ClassError, match="are sent to a worker"):
            parcels.packed(path)


def test_what_is_not_there(tmp_path):
    """A missing archive raises, and is told as unreadable by who sends."""
    with pytest.raises(OSError, match="No such file"):
        parcels.packed(tmp_path / "none.zip")
