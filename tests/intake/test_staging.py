"""What is staged: contents, modes, given files, notes about bytes, and the hash."""

import os

import pytest

from grader.errors import GraderError

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 123\n"


def test_modes(make_folder, take, both):
    """Folders are 0755 and files 0644, whatever the umask and the student's modes are."""
    folder = make_folder(both)
    (folder / "part2-pytorch/main.py").chmod(0o600)
    before = os.umask(0o077)
    try:
        submission = take(folder)
    finally:
        os.umask(before)
    staged = submission.parts["part2-pytorch"]
    assert oct((staged / "main.py").stat().st_mode) == "0o100644"
    assert oct((staged / "models").stat().st_mode) == "0o40755"
    assert oct(staged.parent.stat().st_mode) == "0o40755"


def test_missing_given_files_are_supplied(make_zip, take, staged, both, given):
    """Given files that the student lacks are laid beneath, and a note for staff says which."""
    submission = take(make_zip(both), given)
    assert staged(submission)["part2-pytorch/models/__init__.py"].startswith(b"from .my_model")
    assert any(note.startswith("Part 2: these given files") for note in submission.staff_notes)
    assert not any("given files" in note for note in submission.notes)
    origins = {entry.path: entry.origin for entry in submission.files}
    assert origins["models/__init__.py"] == "given"


def test_students_edition_of_a_given_file_is_used(make_zip, take, staged, both, given):
    """A given file that differs stays the student's; staff are told, the student is not."""
    both["part2-pytorch/models/__init__.py"] = "from .cnn import VanillaCNN\n"
    submission = take(make_zip(both), given)
    assert staged(submission)["part2-pytorch/models/__init__.py"].endswith(b"VanillaCNN\n")
    (flag,) = submission.flags
    assert (flag["check"], flag["kind"]) == ("part2-pytorch", "given-files")
    assert "models/__init__.py" in flag["text"]
    assert not any("models/__init__.py" in note for note in submission.notes)


def test_line_ends_make_no_other_edition(make_zip, take, both, given):
    """Line ends of another system are no difference."""
    both["part2-pytorch/models/__init__.py"] = "from .my_model import MyModel  \r\n"
    assert take(make_zip(both), given).flags == []


def test_a_huge_given_file_is_not_read(make_folder, take, both, given, monkeypatch):
    """A given file that a student has blown up is another edition, told by its size alone."""
    both["part2-pytorch/models/__init__.py"] = "\n" * 3_000_000
    monkeypatch.setattr("grader.intake.staging._lines", lambda path: pytest.fail(f"{path} is read"))
    (flag,) = take(make_folder(both), given).flags
    assert "models/__init__.py" in flag["text"]


def test_given_files_that_nobody_has(make_zip, take, both, tmp_path):
    """Given files that the package lacks too are a note for staff, not an error."""
    submission = take(make_zip(both), tmp_path / "nowhere")
    assert any("neither" in note for note in submission.staff_notes)


@pytest.mark.parametrize(
    ("path", "content", "words"),
    [
        ("checkpoints/mymodel.pth", POINTER, "Git LFS pointer"),
        ("models/cnn.py", POINTER, "Git LFS pointer"),
        ("checkpoints/mymodel.pth", b"<html><body>Sign in", "is a web page"),
        ("checkpoints/mymodel.pth", b"\x89PNG\r\n", "is a PNG image"),
        ("checkpoints/mymodel.pth", b"", "is an empty file"),
        ("checkpoints/mymodel.pth", b"\x01\x02\x03\x04", "is no checkpoint"),
        ("checkpoints/mymodel.pth", b"\0" * 600, "a file of zeros"),
        ("models/cnn.py", "caf\u00e9 = 1".encode("latin-1"), "not UTF-8"),
        ("models/cnn.py", "x = 1\n".encode("utf-16"), "not UTF-8"),
        ("models/cnn.py", b"x = '\xc3", "not UTF-8"),
        ("models/cnn.py", b"", "is empty"),
    ],
)
def test_files_that_cannot_be_what_their_names_say(
    make_zip, take, staged, both, path, content, words
):
    """Such a file is kept byte for byte, and the student is told what it is."""
    both[f"part2-pytorch/{path}"] = content
    submission = take(make_zip(both))
    assert staged(submission)[f"part2-pytorch/{path}"] == content
    (note,) = submission.notes
    assert f"`part2-pytorch/{path}`" in note
    assert words in note


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04rest", b"\x80\x02\x8a\nl", b'\x40\0\0\0\0\0\0\0{"a":', b"# coding: latin-1\n\xe9"],
)
def test_files_that_may_be_what_they_should(make_zip, take, both, content):
    """Both of torch's formats, safetensors, and source that names its encoding: no note."""
    name = "models/cnn.py" if content.startswith(b"#") else "checkpoints/mymodel.pth"
    both[f"part2-pytorch/{name}"] = content
    assert take(make_zip(both)).notes == []


def test_hash_does_not_depend_on_packing(make_zip, make_folder, take, both, given):
    """Zip or folder, order, folder names, clutter and given files: the hash is the same."""
    plain = take(make_zip(both)).sha256
    reordered = dict(sorted(both.items(), reverse=True))
    nested = {f"my hw/{name}": text for name, text in both.items()}
    assert take(make_zip(reordered, "b.zip")).sha256 == plain
    assert take(make_zip({**nested, "notes.txt": "x"}, "c.zip"), given).sha256 == plain
    assert take(make_folder(both)).sha256 == plain


def test_hash_depends_on_names_and_bytes(make_zip, take, both):
    """A changed byte and a renamed file each change the hash."""
    plain = take(make_zip(both)).sha256
    changed = {**both, "part2-pytorch/main.py": "def train(): pass\n"}
    renamed = {name.replace("cnn.py", "cnn2.py"): text for name, text in both.items()}
    assert len({plain, take(make_zip(changed)).sha256, take(make_zip(renamed)).sha256}) == 3


def test_facts(make_zip, take, both):
    """Name, sizes and files are recorded."""
    path = make_zip(both, "alice.zip")
    submission = take(path)
    assert submission.name == "alice.zip"
    assert submission.archive_bytes == path.stat().st_size
    sizes = {f"{entry.part}/{entry.path}": entry.size for entry in submission.files}
    assert sizes == {name: len(text) for name, text in both.items()}


def test_folder_in_use_is_the_graders_fault(make_zip, take, both, tmp_path):
    """Staging into a folder that already holds a part raises a GraderError."""
    path = make_zip(both)
    take(path, into=tmp_path / "into")
    with pytest.raises(GraderError, match="already holds"):
        take(path, into=tmp_path / "into")


def test_archive_behind_a_link_of_the_operators(make_zip, take, both, tmp_path):
    """The path that the operator names may be a link; it is theirs, not the student's."""
    (tmp_path / "link.zip").symlink_to(make_zip(both))
    assert take(tmp_path / "link.zip").name == "link.zip"
