"""Folders, archives and arrays that may hold CIFAR-10's test images."""

import gzip
import hashlib
import io
import pickle
import tarfile
import zipfile

import numpy as np
import pytest

from grader.datasets import sources
from grader.datasets.cifar10 import CLASSES, IMAGES
from grader.errors import DataUnavailable


@pytest.fixture
def archive(tmp_path):
    """Write a tar.gz of files by name; a name that ends in '@' is a link."""

    def write(contents, folder="cifar-10-batches-py"):
        path = tmp_path / sources.ARCHIVE
        with tarfile.open(path, "w:gz", compresslevel=1) as made:
            for name, raw in contents.items():
                info = tarfile.TarInfo(f"{folder}/{name.removesuffix('@')}")
                if name.endswith("@"):
                    info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
                info.size = 0 if info.issym() else len(raw)
                made.addfile(info, io.BytesIO(raw))
        return path

    return write


def test_pixels_come_in_rows_and_colours(folder, rows, labels):
    """A row of 1024 reds, greens and blues becomes a picture (32, 32, 3)."""
    found = sources.read(folder, IMAGES)
    assert found.images.shape == (IMAGES, 32, 32, 3)
    assert found.images[7, 2, 3].tolist() == rows[7, [67, 1024 + 67, 2048 + 67]].tolist()
    assert np.array_equal(found.labels, labels)
    assert found.classes == CLASSES


def test_folder_parent_and_archive_are_the_same(folder, archive, few):
    """The folder, the one above it, the archive, and a folder with the archive give the same."""
    (folder / "test_batch").write_bytes(few["test_batch"])
    inside = sources.read(folder, IMAGES)
    packed = archive({"data_batch_1": b"ignored", **few})
    for path in (folder.parent, packed, packed.parent):
        found = sources.read(path, IMAGES)
        assert np.array_equal(found.images, inside.images)
        assert found.files == inside.files


def test_official_files_are_known_by_their_md5(folder, contents, monkeypatch):
    """Only where both files have the published MD5 are they official."""
    md5 = {name: hashlib.md5(raw).hexdigest() for name, raw in contents.items()}
    assert not sources.read(folder, IMAGES).official
    monkeypatch.setattr(sources, "OFFICIAL_MD5", md5)
    found = sources.read(folder, IMAGES)
    assert found.official
    assert found.files["test_batch"]["md5"] == md5["test_batch"]
    assert found.files["test_batch"]["sha256"] == hashlib.sha256(contents["test_batch"]).hexdigest()
    monkeypatch.setattr(sources, "OFFICIAL_MD5", {**md5, "batches.meta": "0" * 32})
    assert not sources.read(folder, IMAGES).official


def test_the_published_hashes_are_torchvisions():
    """The MD5 sums are those that torchvision holds its downloads against."""
    text = torchvision_source()
    for name, md5 in sources.OFFICIAL_MD5.items():
        assert f'"{name}"' in text
        assert f'"{md5}"' in text


def torchvision_source():
    """The text of torchvision's module, which need not be importable here."""
    import importlib.util
    from pathlib import Path

    found = importlib.util.find_spec("torchvision")
    if found is None:
        pytest.skip("torchvision is not installed")
    return Path(found.origin).with_name("datasets").joinpath("cifar.py").read_text("utf-8")


@pytest.mark.parametrize("names", [("x_test", "y_test"), ("images", "labels")])
def test_arrays_are_read_and_nothing_else_with_them(saved, names, rows):
    """Both spellings; training images beside them stay unread, and nothing is official."""
    path = saved(names, x_train=np.zeros((3, 2)), classes=np.array(CLASSES))
    found = sources.read(path, IMAGES)
    assert found.images[5, 1, 2, 0] == rows[5, 34]
    assert found.classes == CLASSES
    assert (found.kind, found.official) == (sources.NPZ, False)
    assert found.files == {"arrays.npz": {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}}


def test_arrays_may_name_no_classes(saved):
    """Without class names there are none."""
    assert sources.read(saved(), IMAGES).classes is None


def test_more_images_than_wanted_are_not_loaded(saved):
    """An array that is larger than the test set is refused by its size in the directory."""
    with pytest.raises(DataUnavailable, match="more than 100 test images"):
        sources.read(saved(), 100)


def test_arrays_of_objects_are_never_unpickled(saved):
    """Pickles within an .npz are refused."""
    with pytest.raises(DataUnavailable, match="allow_pickle"):
        sources.read(saved(y_test=np.array([{}], object)), IMAGES)


def test_an_array_that_lies_about_its_size_is_refused(tmp_path):
    """A header that announces more than there is gives a sentence, not a crash."""
    path = tmp_path / "lies.npz"
    header = io.BytesIO()
    fields = {"descr": "|u1", "fortran_order": False, "shape": (10**15,)}
    np.lib.format.write_array_header_1_0(header, fields)
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("x_test.npy", header.getvalue())
        made.writestr("y_test.npy", header.getvalue())
    with pytest.raises(DataUnavailable, match="cannot be read"):
        sources.read(path, IMAGES)


@pytest.mark.parametrize("name", ["test_batch", "batches.meta"])
def test_a_missing_file_is_named(folder, archive, few, name):
    """Folder and archive must hold both files; a link in the archive is none."""
    kept = {key: raw for key, raw in few.items() if key != name}
    for lacking in (archive(kept), archive({**kept, f"{name}@": b""})):
        with pytest.raises(DataUnavailable, match=f"no `{name}`"):
            sources.read(lacking, IMAGES)
    (folder / name).unlink()
    with pytest.raises(DataUnavailable, match=f"no `{name}`"):
        sources.read(folder, IMAGES)


def test_an_archive_that_unpacks_to_very_much_is_left(archive, few, monkeypatch):
    """The sum of the sizes is bounded while it is read."""
    monkeypatch.setattr(sources, "MOST_ARCHIVE_BYTES", 1000)
    with pytest.raises(DataUnavailable, match="far more"):
        sources.read(archive({"bomb": bytes(2000), **few}), IMAGES)


@pytest.mark.parametrize(
    ("name", "document", "words"),
    [
        ("test_batch", {"data": [1], "labels": [1]}, "no rows of 3072"),
        ("test_batch", {"data": np.zeros((2, 3), np.uint8), "labels": [1]}, "no rows of 3072"),
        ("test_batch", {"data": np.zeros((2, 3072), np.uint8)}, "under `labels`"),
        ("test_batch", {"data": np.zeros((1, 3072), np.uint8), "labels": ["1"]}, "under `labels`"),
        ("test_batch", {"data": np.zeros((1, 3072), np.uint8), "labels": [True]}, "under `labels`"),
        ("batches.meta", {"label_names": "ab"}, "under `label_names`"),
        ("batches.meta", {"label_names": [1]}, "under `label_names`"),
        ("batches.meta", {}, "under `label_names`"),
    ],
)
def test_files_with_something_else_inside_are_refused(folder, name, document, words):
    """What lies under the usual keys must have the usual kind."""
    (folder / name).write_bytes(pickle.dumps(document, 2))
    with pytest.raises(DataUnavailable, match=words):
        sources.read(folder, IMAGES)


def test_absurd_labels_are_labels_of_no_class(folder):
    """Numbers that fit into no array are kept apart from 0 to 9."""
    document = {"data": np.zeros((2, 3072), np.uint8), "labels": [10**30, -(10**30)]}
    (folder / "test_batch").write_bytes(pickle.dumps(document, 2))
    assert sources.read(folder, IMAGES).labels.tolist() == [2**31, -1]


def test_other_files_are_refused_with_what_to_give(tmp_path, saved):
    """A text, an .npz of something else, and nothing at all say what is expected."""
    note = tmp_path / "note.txt"
    note.write_text("hello")
    for path, words in ((note, "is none of these"), (tmp_path / "absent", "does not exist")):
        with pytest.raises(DataUnavailable, match=words) as caught:
            sources.read(path, IMAGES)
        assert sources.ARCHIVE in str(caught.value)
    with pytest.raises(DataUnavailable, match="a, b: expected `x_test`"):
        sources.read(saved(("a", "b")), IMAGES)


def test_damaged_files_are_refused(archive, few, saved, rows, labels, tmp_path):
    """A download that broke off, and a gzip of something else, give a sentence."""
    arrays = saved(x_test=rows[:20].reshape(-1, 32, 32, 3), y_test=labels[:20])
    for path in (archive(few), arrays):
        broken = tmp_path / f"cut-{path.name}"
        broken.write_bytes(path.read_bytes()[:3000])
        with pytest.raises(DataUnavailable, match=broken.name):
            sources.read(broken, IMAGES)
    garbage = tmp_path / "garbage.tar.gz"
    garbage.write_bytes(gzip.compress(b"no tar" * 1000))
    with pytest.raises(DataUnavailable, match=r"garbage\.tar\.gz"):
        sources.read(garbage, IMAGES)
