"""Digests of what is graded, and of what it is graded with."""

import os

import pytest

from grader import assignment, tape
from grader.authoring.classroom import basis
from grader.authoring.classroom.records import NONE, ClassError


def test_defaults_are_the_packaged_files():
    """Without options the public tape and the packaged assignment decide."""
    files = basis.files("practice")
    assert (files.tape, files.assignment) == (tape.PUBLIC, assignment.DEFAULT)
    assert set(files.named()) == {"tape", "data", "assignment"}


def test_a_file_that_is_not_there(tmp_path):
    """The message names the option."""
    with pytest.raises(ClassError, match=r"--private: there is no file"):
        basis.files("practice", private=tmp_path / "none.npz")


def test_one_byte_changes_the_basis(tmp_path):
    """Another tape is another basis, in that entry alone."""
    other = tmp_path / "tape.npz"
    other.write_bytes(b"x")
    old, new = (basis.basis(basis.files("practice", tape=path)) for path in (None, other))
    assert old.tape != new.tape
    assert (old.code, old.data, old.assignment) == (new.code, new.data, new.assignment)
    assert old.private == NONE


def test_a_file_that_cannot_be_read(tmp_path):
    """What disappears meanwhile is named."""
    path = tmp_path / "tape.npz"
    path.write_bytes(b"x")
    files = basis.files("practice", tape=path)
    path.unlink()
    with pytest.raises(ClassError, match=r"tape.npz cannot be read"):
        basis.basis(files)


def test_code_that_decides(tmp_path, monkeypatch):
    """A check's change changes the digest; a command's, an exporter's or a cache does not."""
    package = tmp_path / "grader"
    for name in ("checks", "commands", "exporters", "__pycache__"):
        (package / name).mkdir(parents=True)
        (package / name / "one.py").write_text("1")
    (package / "__init__.py").write_text("")
    monkeypatch.setattr(basis.grader, "__file__", str(package / "__init__.py"))
    monkeypatch.setattr(basis, "given_files", lambda: None)
    before = basis.of_code.__wrapped__()
    for name in ("commands", "exporters", "__pycache__"):
        (package / name / "one.py").write_text("2")
    assert basis.of_code.__wrapped__() == before
    (package / "checks" / "one.py").write_text("2")
    assert basis.of_code.__wrapped__() != before


def test_given_files_count():
    """The files of the course are part of the code: they are laid under submissions."""
    assert basis.of_code() == basis.of_code.__wrapped__()
    assert len(basis.of_code()) == 64


def test_a_folder_by_names_and_bytes(tmp_path):
    """Moving a file, or a byte of it, changes a folder's digest; its date does not."""
    (tmp_path / "a").mkdir()
    file = tmp_path / "a" / "x.py"
    file.write_text("1")
    before = basis.of_submission(tmp_path)
    os.utime(file, (0, 0))
    assert basis.of_submission(tmp_path) == before
    file.write_text("2")
    changed = basis.of_submission(tmp_path)
    file.rename(tmp_path / "x.py")
    assert len({before, changed, basis.of_submission(tmp_path)}) == 3


def test_links_are_not_followed(tmp_path):
    """A link, even one to its own folder, is no file of a submission."""
    (tmp_path / "x.py").write_text("1")
    before = basis.of_submission(tmp_path)
    (tmp_path / "link.py").symlink_to("x.py")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert basis.of_submission(tmp_path) == before


def test_what_cannot_be_listed(tmp_path):
    """A folder that is gone raises, and has no digest of nothing."""
    with pytest.raises(OSError, match="No such file"):
        basis.contents(tmp_path / "gone")
