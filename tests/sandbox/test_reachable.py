"""What a worker may read: numpy without torch, libraries, and no package folder as a whole."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from grader.errors import StudentCodeRaised
from grader.sandbox import reachable

linux = pytest.mark.skipif(sys.platform != "linux", reason="needs Landlock")


@pytest.fixture
def packages(tmp_path, monkeypatch):
    """A Python whose packages lie inside its standard library's folder."""
    library = tmp_path / "lib" / "python3.99"
    folder = library / "site-packages"
    for name in ("numpy", "numpy.libs", "torch", "grader"):
        (folder / name).mkdir(parents=True)
    (folder / "torch" / "__init__.py").write_text("")
    (library / "os.py").write_text("")
    (library / "json").mkdir()
    (library / "link").symlink_to(folder)
    monkeypatch.setattr(reachable, "_SYSTEM", (str(tmp_path / "lib"), str(tmp_path / "none")))
    monkeypatch.setattr(reachable, "_standard_library", lambda: {str(library)})
    monkeypatch.setattr(reachable, "package_folders", lambda: {str(folder)})
    return folder


def test_a_library_around_the_packages_is_listed_entry_by_entry(packages):
    """The folder with packages inside is never open as a whole, nor by a link."""
    found = reachable.libraries(torch=False)
    library = packages.parent
    assert str(library / "os.py") in found.files
    assert str(library / "json") in found.files
    assert {str(library), str(library.parent)} <= set(found.folders)
    assert not {str(library), str(library.parent), str(library / "link")} & set(found.files)


def test_numpy_workers_get_numpy_alone(packages):
    """No torch, no other package, and no listing of the packages' folder."""
    found = reachable.libraries(torch=False)
    inside = {Path(path).name for path in found.files if path.startswith(str(packages))}
    assert inside == {"numpy", "numpy.libs"}
    assert str(packages) not in found.folders


def test_torch_workers_get_every_package_but_ours(packages):
    """Installed as a wheel, the grader lies among the packages."""
    found = reachable.libraries(torch=True)
    inside = {Path(path).name for path in found.files if path.startswith(str(packages))}
    assert inside == {"numpy", "numpy.libs", "torch"}
    assert str(packages) in found.folders


def test_torch_is_found_where_it_lies(packages):
    """The file that the self-test tries to open."""
    assert reachable.torch_files() == [str(packages / "torch" / "__init__.py")]


def test_a_folder_that_cannot_be_listed_is_left_out(tmp_path, monkeypatch):
    """What vanished or is closed to the grader adds nothing."""
    assert reachable._entries(str(tmp_path / "absent")) == []


@linux
def test_the_library_is_missing(monkeypatch):
    """Without landlockpy the layer is off, with the reason."""
    monkeypatch.setitem(sys.modules, "landlockpy", None)
    with pytest.raises(ImportError, match="landlockpy"):
        reachable.close_others(reachable.Reachable())


@linux
def test_the_kernel_has_no_landlock(monkeypatch):
    """A kernel without it is said to be the reason."""
    landlockpy = pytest.importorskip("landlockpy")
    monkeypatch.setattr(landlockpy, "supported", lambda: False)
    with pytest.raises(OSError, match="no Landlock"):
        reachable.close_others(reachable.Reachable())


@linux
@pytest.mark.parametrize("name", ["torch", "scipy", "pytest", "yaml"])
def test_packages_are_not_there_for_the_numpy_part(run, name):
    """An import fails as if nothing of that name were installed."""
    code = run(f"def use():\n    import {name}\n").load("code")
    with pytest.raises(StudentCodeRaised, match=f"ModuleNotFoundError: No module named '{name}'"):
        code.use()


@linux
def test_the_standard_library_and_numpy_are_there(run):
    """What is imported for the first time in a locked worker works."""
    worker = run(
        """
        import csv, decimal, fractions, sqlite3, statistics, unittest, zipfile
        import numpy.fft, numpy.linalg, numpy.lib.stride_tricks, numpy.ma, numpy.polynomial
        total = float(numpy.fft.fft(numpy.ones(4)).real.sum())
        """
    )
    assert worker.load("code").total == 4.0
