"""A folder of generated files: what is replaced, what stays, and what is never touched."""

from __future__ import annotations

import hashlib
import os
import signal
import threading
from pathlib import Path, PurePosixPath

import pytest

from grader.authoring import generated
from grader.authoring.generated import MANIFEST, differences, replace
from grader.authoring.markers import TemplateError

OLD = {"README.md": b"old\n", "part/a.py": b"a = 1\n", "part/sub/b.py": b"b = 1\n"}
NEW = {"README.md": b"new\n", "part/a.py": b"a = 1\n", "part/c/d.py": b"d = 1\n"}


def is_leftover(path: PurePosixPath) -> bool:
    """Hidden files and caches."""
    return any(step.startswith((".", "__pycache__")) for step in path.parts)


def put(out: Path, files, executable=()):
    """Replace, with the leftovers of these tests."""
    replace(out, files, executable, is_leftover)


def contents(folder: Path):
    """All files, manifest apart."""
    files = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    files.pop(MANIFEST, None)
    return {name: path.read_bytes() for name, path in files.items()}


@pytest.fixture
def out(tmp_path):
    """Give a folder with the old files."""
    folder = tmp_path / "deep" / "out"
    put(folder, OLD)
    return folder


def test_first_run(out):
    """The files are there, with a manifest of their hashes, and nothing beside them."""
    assert contents(out) == OLD
    assert [path.name for path in out.parent.iterdir()] == ["out"]
    lines = (out / MANIFEST).read_text().splitlines()
    assert lines == [f"{hashlib.sha256(OLD[name]).hexdigest()}  {name}" for name in sorted(OLD)]


def test_second_run(out):
    """Files that are generated no more vanish, and so do the folders that held only them."""
    put(out, NEW)
    assert contents(out) == NEW
    assert not (out / "part" / "sub").exists()
    assert differences(out, NEW, is_leftover) == []


def test_unchanged_files_are_not_written_again(out):
    """Their times stay, so that nothing that watches the folder wakes up for them."""
    os.utime(out / "part" / "a.py", (1, 1))
    put(out, NEW)
    assert (out / "part" / "a.py").stat().st_mtime == 1


def test_modes(out):
    """What may be executed follows the reference, also where the content stays the same."""
    put(out, OLD, executable=["README.md"])
    assert (out / "README.md").stat().st_mode & 0o777 == 0o755
    put(out, OLD)
    assert (out / "README.md").stat().st_mode & 0o777 == 0o644


def test_leftovers_stay(out):
    """A repository, an environment and caches in the folder are neither lost nor in the way."""
    kept = {".git/config": b"mine", "part/sub/__pycache__/b.pyc": b"cache", ".venv/lib/x.py": b"x"}
    for name, content in kept.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(content)
    put(out, NEW)
    assert contents(out) == {**NEW, **kept}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("part/mine.py", b"my work"),
        ("part/a.py", b"a = 2  # my work"),
        ("part/sub/b.py", b"my work"),
        ("weights.pth", b"weights"),
    ],
)
def test_work_of_others_is_never_touched(out, name, content):
    """A file that no earlier run wrote, or that was changed since, stops the run at once."""
    (out / name).write_bytes(content)
    before = contents(out)
    with pytest.raises(TemplateError, match=rf"out: holds {name}: .*Move that away") as caught:
        put(out, NEW)
    assert caught.value.line == 0
    assert contents(out) == before


def test_a_folder_of_others(tmp_path):
    """A folder without a manifest is none of ours; the first few of its files are named."""
    for number in range(8):
        (tmp_path / f"{number}.txt").write_bytes(b"")
    with pytest.raises(TemplateError, match=r"holds 0\.txt, .*, 4\.txt and more: "):
        put(tmp_path, NEW)


def test_what_is_as_it_should_be_is_in_nobodys_way(tmp_path):
    """Without a manifest, files that already are the wanted ones are no reason to refuse."""
    put(tmp_path, NEW)
    (tmp_path / MANIFEST).unlink()
    put(tmp_path, NEW)
    assert differences(tmp_path, NEW, is_leftover) == []


def test_a_manifest_cannot_name_files_elsewhere(out):
    """Names in a manifest that lead out of the folder remove nothing."""
    victim = out.parent / "victim"
    victim.write_bytes(b"old")
    line = f"{hashlib.sha256(b'old').hexdigest()}  ../victim\n"
    (out / MANIFEST).write_text((out / MANIFEST).read_text() + line + "garbage\n")
    put(out, NEW)
    assert victim.exists()


def test_odd_things_in_the_way(out, tmp_path):
    """Links, folders in the place of files, and a file in the place of the folder are refused."""
    (out / "linked").symlink_to(tmp_path)
    with pytest.raises(TemplateError, match="holds linked: "):
        put(out, NEW)
    (out / "linked").unlink()
    (out / "part" / "c" / "d.py").mkdir(parents=True)
    with pytest.raises(TemplateError, match=r"holds part/c/d\.py/: "):
        put(out, NEW)
    with pytest.raises(TemplateError, match="is no folder"):
        put(out / "README.md", NEW)


def test_a_link_to_the_folder(out, tmp_path):
    """A link to the folder is followed, and stays a link."""
    link = tmp_path / "link"
    link.symlink_to(out)
    put(link, NEW)
    assert link.is_symlink()
    assert contents(out) == NEW


def test_what_cannot_be_written(out):
    """An error of the file system names the folder."""
    with pytest.raises(TemplateError, match=r"cannot be written: .*File name too long"):
        put(out, {"x" * 300: b""})
    assert contents(out) == OLD


@pytest.mark.parametrize("at", ["README.md", "part/c/d.py", MANIFEST])
def test_interrupted_while_files_are_moved(out, monkeypatch, at):
    """Ctrl-C waits until the new files are all there."""
    move = Path.replace

    def interrupting(path, target):
        if target == out / at:
            os.kill(os.getpid(), signal.SIGINT)
        return move(path, target)

    monkeypatch.setattr(Path, "replace", interrupting)
    with pytest.raises(KeyboardInterrupt):
        put(out, NEW)
    assert contents(out) == NEW
    assert differences(out, NEW, is_leftover) == []


def test_in_another_thread(out):
    """Only the main thread handles signals; the others need not mind them."""
    thread = threading.Thread(target=put, args=(out, NEW))
    thread.start()
    thread.join()
    assert contents(out) == NEW


def test_interrupted_before(out, monkeypatch):
    """Ctrl-C before anything is moved leaves the old files, and no traces."""

    def interrupting(path, content):  # the arguments of what it replaces
        raise KeyboardInterrupt

    monkeypatch.setattr(generated, "write_file", interrupting)
    with pytest.raises(KeyboardInterrupt):
        put(out, NEW)
    assert contents(out) == OLD
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_differences(out):
    """Each file that differs is named, with the first line that does."""
    (out / "part" / "a.py").write_bytes(b"a = 1\nb = 2\n")
    (out / "part" / "e.py").write_bytes(b"")
    (out / "README.md").unlink()
    assert differences(out, OLD, is_leftover) == [
        "part/e.py is generated no more",
        "README.md is missing",
        "part/a.py:2: differs",
    ]
    assert f"{MANIFEST}:1: differs" in differences(out, NEW, is_leftover)


def test_differences_in_line_endings_and_bytes(tmp_path):
    """Byte for byte: endings count, and what is no text has a line, too."""
    put(tmp_path, {"a.txt": b"x\r\ny\n", "b.bin": b"\xff\x00\n\x01"})
    wanted = {"a.txt": b"x\r\ny", "b.bin": b"\xff\x00\n\x02"}
    found = differences(tmp_path, wanted, is_leftover)
    assert {"a.txt:2: differs", "b.bin:2: differs"} <= set(found)


def test_differences_without_a_folder(tmp_path):
    """Where nothing was generated yet, everything is missing."""
    assert "part/a.py is missing" in differences(tmp_path / "nowhere", OLD, is_leftover)
