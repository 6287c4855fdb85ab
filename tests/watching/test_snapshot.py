"""The graded files of a folder at two moments."""

import os

import pytest

from grader.intake import Layout, Limits
from grader.watching import Snapshot, take

RELU = "part1-convnet/modules/relu.py"


@pytest.fixture
def look(submit, assignment):
    """Take a snapshot of the submission; `look.folder` is Part 1's."""
    folder = submit()
    layout = Layout.from_table(assignment.table)

    def now():
        return take(folder, layout, Limits())

    now.folder = folder / "part1-convnet"
    return now


def test_nothing_changed(look):
    """Two looks at the same files are alike."""
    assert look().changed(look()) == []
    assert RELU in look().files


def test_a_save_in_place_and_one_by_rename(look, tmp_path):
    """A save counts however the editor makes it, even within the clock's grain."""
    before = look()
    path = look.folder / "modules" / "relu.py"
    path.write_text(path.read_text() + "# more\n")
    between = look()
    assert before.changed(between) == [RELU]
    status = path.stat()
    other = tmp_path / "other"
    other.write_text(path.read_text())
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(path)
    assert between.changed(look()) == [RELU]


def test_new_and_deleted_files(look):
    """A new helper and a deleted module count."""
    before = look()
    (look.folder / "modules" / "windows.py").write_text("")
    (look.folder / "modules" / "relu.py").unlink()
    assert before.changed(look()) == [RELU, "part1-convnet/modules/windows.py"]


@pytest.mark.parametrize(
    "path",
    [
        "modules/__pycache__/relu.cpython-311.pyc",
        "runs/overfit.png",
        "notes.txt",
        "modules/.relu.py.swp",
        "modules/relu.py~",
        ".git/index",
        ".venv/lib/x.py",
        "modules/4913",
        "modules/.relu.tmp.py",
    ],
)
def test_what_is_not_graded_does_not_count(look, path):
    """Caches, leavings, editors' files and what is hidden change nothing."""
    before = look()
    (look.folder / path).parent.mkdir(parents=True, exist_ok=True)
    (look.folder / path).write_text("x")
    assert before.changed(look()) == []


def test_a_part_that_moves(look):
    """Files are known by their part and place in it, not by where the part lies."""
    before = look()
    look.folder.rename(look.folder.with_name("renamed"))
    moved = look()
    assert moved.files[RELU].parts[-3] == "renamed"
    assert before.changed(moved) == []


def test_nothing_to_grade(tmp_path, assignment):
    """A folder without any part, or none at all, is an empty snapshot."""
    layout = Layout.from_table(assignment.table)
    assert take(tmp_path, layout, Limits()) == Snapshot()
    assert take(tmp_path / "gone", layout, Limits()) == Snapshot()
