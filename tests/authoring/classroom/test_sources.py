"""The submissions of a class, in every form in which they come."""

import pytest

from grader.authoring.classroom.records import ClassError, Student
from grader.authoring.classroom.sources import Keys, find

ENTRY = "  :submitters:\n  - :name: {name}\n  :created_at: 2024-02-19 10:00:00 Z\n"


@pytest.fixture
def export(tmp_path):
    """An export of two folders, of which one is listed, and an entry without a folder."""
    (tmp_path / "submission_1").mkdir()
    (tmp_path / "submission_2").mkdir()
    text = "".join(f"submission_{n}:\n{ENTRY.format(name=f'N{n}')}" for n in (1, 3))
    (tmp_path / "submission_metadata.yml").write_text(text)
    return tmp_path


def test_an_export(export):
    """Folders have the students of their entry, and keys that name nobody."""
    found = find(export)
    assert [source.key for source in found.sources] == [
        "submission_1",
        "submission_3",
        "submission_2",
    ]
    first, missing, unlisted = found.sources
    assert first.path == export / "submission_1"
    assert first.students == (Student("N1"),)
    assert first.metadata() == {"created_at": "2024-02-19 10:00:00 Z", "assignment": {}}
    assert missing.path is None
    assert "no folder" in missing.problem
    assert (unlisted.students, unlisted.metadata()) == ((), {})
    assert "1 of the folders" in found.notes[0]


def test_an_export_in_a_folder(export, tmp_path_factory):
    """The folder that unpacking made around an export is seen through."""
    outer = tmp_path_factory.mktemp("outer")
    export.rename(outer / "assignment_5_export")
    assert len(find(outer).sources) == 3


def test_zips_and_folders_by_their_names(tmp_path):
    """Archives and folders are submissions; hidden files, clutter and texts are not."""
    for name in ("b.zip", "a.tar.gz", "notes.txt", ".hidden.zip", "._b.zip"):
        (tmp_path / name).write_text("")
    for name in ("folder", "__MACOSX", ".git"):
        (tmp_path / name).mkdir()
    found = find(tmp_path)
    assert [source.key for source in found.sources] == ["a", "b", "folder"]
    assert [source.students[0].name for source in found.sources] == ["a", "b", "folder"]
    assert found.sources[1].name == "b.zip"
    assert found.notes == ["1 files are no archives, and were left out"]


def test_names_that_are_no_utf8(tmp_path):
    """A name of any bytes has a key, and a text that can be written."""
    path = tmp_path.joinpath(b"r\xe9sum\xe9.zip".decode("utf-8", "surrogateescape"))
    path.write_text("")
    (source,) = find(tmp_path).sources
    assert source.key == "r_sum-3840f0d2"
    source.name.encode("utf-8")


def test_keys_are_safe_and_single():
    """No two are the same where case does not count, and none leaves its folder."""
    keys = Keys()
    names = ["ada", "ADA", "../x", "..", "ада", "a" * 300, "ada"]
    made = [keys.make(name) for name in names]
    assert made[0] == "ada"
    assert [key.split("-")[0] for key in made] == [
        *("ada", "ADA", "x", "submission", "submission", "a" * 80, "ada")
    ]
    assert len({key.casefold() for key in made}) == len(made)
    assert all(len(key) <= 90 and "/" not in key and not key.startswith(".") for key in made)


def test_a_key_depends_on_its_name_alone(tmp_path):
    """Who comes later takes nobody's key, also where no letter of a name is safe."""
    for name in ("李四", "王五"):
        (tmp_path / f"{name}.zip").write_text("")
    before = {source.name: source.key for source in find(tmp_path).sources}
    (tmp_path / "丁一.zip").write_text("")
    after = {source.name: source.key for source in find(tmp_path).sources}
    assert len(set(after.values())) == 3
    assert {name: after[name] for name in before} == before


def test_results_are_no_submission(tmp_path):
    """OUT may lie among the submissions, or beside them; other results are left out and told."""
    export = tmp_path / "assignment_1_export"
    (export / "submission_1").mkdir(parents=True)
    (export / "submission_metadata.yml").write_text("submission_1: {}\n")
    out = tmp_path / "graded"
    out.mkdir()
    assert [source.key for source in find(tmp_path, out=out).sources] == ["submission_1"]
    earlier = export / "earlier"
    (earlier / "submissions").mkdir(parents=True)
    (earlier / "class.json").write_text("{}")
    found = find(tmp_path, out=out)
    assert [source.key for source in found.sources] == ["submission_1"]
    assert found.notes == ["earlier holds results of `grader class`, and is no submission"]


def test_what_is_no_class(tmp_path):
    """A file, nothing, an empty folder and a single submission are refused with what to do."""
    file = tmp_path / "export.zip"
    file.write_text("")
    with pytest.raises(ClassError, match="unpack the export first"):
        find(file)
    with pytest.raises(ClassError, match="cannot be read"):
        find(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ClassError, match="holds no submission"):
        find(tmp_path / "empty")
    (tmp_path / "one" / "part1-convnet").mkdir(parents=True)
    with pytest.raises(ClassError, match="grader grade"):
        find(tmp_path / "one", ["part1-convnet"])
