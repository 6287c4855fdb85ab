"""Downloading through torchvision, or saying what to do without a network."""

import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from urllib.error import URLError

import pytest

from grader.datasets import download
from grader.errors import DataUnavailable


@pytest.fixture
def torchvision(monkeypatch):
    """Put a stand-in for torchvision's data sets; `calls` has the folders it was asked for."""

    def put(fail=None):
        calls = []

        def get(root, *, train, download):
            calls.append((root, train, download))
            if fail is not None:
                raise fail
            folder = Path(root) / "cifar-10-batches-py"
            folder.mkdir(parents=True)
            for name in ("test_batch", "batches.meta"):
                (folder / name).write_bytes(b"x")

        module = ModuleType("torchvision.datasets")
        module.CIFAR10 = get
        monkeypatch.setitem(sys.modules, "torchvision", ModuleType("torchvision"))
        monkeypatch.setitem(sys.modules, "torchvision.datasets", module)
        return calls

    return put


def test_it_downloads_once(torchvision, tmp_path):
    """The test set is downloaded to the folder, and taken from there from then on."""
    calls = torchvision()
    root = tmp_path / "cache"
    assert download.cifar10(root, Path("out.npz")) == root
    assert download.cifar10(root, Path("out.npz")) == root
    assert calls == [(root, False, True)]


@pytest.mark.parametrize(
    "failure",
    [
        URLError("no route"),
        RuntimeError("Dataset not found or corrupted.\nmore"),
        TimeoutError(),
        OSError("disk"),
    ],
)
def test_without_a_network_it_says_what_to_copy_and_to_type(torchvision, tmp_path, failure):
    """The sentence has the address, the file's name and the command with the same output."""
    torchvision(failure)
    with pytest.raises(DataUnavailable) as caught:
        download.cifar10(tmp_path, Path("there.npz"))
    text = str(caught.value)
    assert download.URL in text
    assert "grader data cifar10 --from cifar-10-python.tar.gz -o there.npz" in text
    assert "\n" not in text


def test_without_torchvision_the_sentence_is_the_same(monkeypatch, tmp_path):
    """A missing library is one more reason for it."""
    monkeypatch.setitem(sys.modules, "torchvision", None)
    monkeypatch.setitem(sys.modules, "torchvision.datasets", None)
    with pytest.raises(DataUnavailable, match=r"torchvision.*--from"):
        download.cifar10(tmp_path, Path("there.npz"))


def test_the_cache_is_the_users(monkeypatch, tmp_path):
    """XDG_CACHE_HOME is followed where it is set, else ~/.cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert download.cache() == tmp_path / "convnet-grader"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert download.cache() == tmp_path / ".cache" / "convnet-grader"


@pytest.mark.parametrize(
    ("message", "works"),
    [("operator torchvision::nms does not exist", True), ("another library is broken", False)],
)
def test_a_build_for_cuda_is_imported_after_all(monkeypatch, tmp_path, torchvision, message, works):
    """Operators that it lacks are declared and it is tried again; other failures are told."""
    torchvision()
    data_sets = sys.modules.pop("torchvision.datasets")
    declared = []
    monkeypatch.setattr(download.operators, "declare", lambda: declared.append(1))

    class Finder:
        """Fails as torchvision does until the operators are declared."""

        def find_spec(self, name, *_):
            if name != "torchvision.datasets":
                return None
            if not declared:
                raise RuntimeError(message)
            return ModuleSpec(name, self)

        def create_module(self, _):
            return data_sets

        def exec_module(self, _):
            pass

    sys.modules["torchvision"].__path__ = []
    monkeypatch.setattr(sys, "meta_path", [Finder(), *sys.meta_path])
    if works:
        assert download.cifar10(tmp_path / "cache", Path("out.npz")) == tmp_path / "cache"
        return
    with pytest.raises(DataUnavailable, match=message):
        download.cifar10(tmp_path / "cache", Path("out.npz"))
    assert not declared
