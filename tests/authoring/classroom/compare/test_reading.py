"""The two gradings that are compared: folders of a class, or outcome files."""

import json

import pytest
from comparing import record
from making import save_class

from grader.authoring.classroom.compare.reading import read
from grader.authoring.classroom.records import UNKNOWN, ClassError
from grader.outcomes import to_json, write_json


def outcomes(path, entry):
    """Write what `grader grade --outcomes` writes."""
    write_json(path, to_json(entry.run))
    return path


def test_folders_of_a_class_are_read_whole(tmp_path):
    """All records of both folders come, by key."""
    old = save_class(tmp_path / "old", [record("bob"), record("ada")])
    new = save_class(tmp_path / "new", [record("ada")])
    before, after = read(old, new)
    assert [entry.key for entry in before.records] == ["ada", "bob"]
    assert [entry.key for entry in after.records] == ["ada"]
    assert (before.place, after.place) == (old, new)


def test_outcome_files_are_of_the_same_submission(tmp_path):
    """Two files are compared whatever the submissions are called in them."""
    before, after = read(
        outcomes(tmp_path / "a.json", record("first")),
        outcomes(tmp_path / "b.json", record("second", run={"grader_version": "9"})),
    )
    assert before.records[0].key == after.records[0].key == "second.zip"
    assert before.records[0].run.submission == "first.zip"
    assert (before.records[0].basis.grader, after.records[0].basis.grader) == ("0.1.0", "9")
    assert before.records[0].basis.code == UNKNOWN


@pytest.mark.parametrize(
    "content", ["{", "[]", "{}", '{"schema": 99}', '{"schema": 1, "checks": [{"cases": 3}]}']
)
def test_a_file_that_holds_no_outcomes_is_refused(tmp_path, content):
    """The sentence says which file it is, and what writes a right one."""
    good = outcomes(tmp_path / "good.json", record("ada"))
    bad = tmp_path / "bad.json"
    bad.write_text(content)
    with pytest.raises(ClassError, match=r"bad\.json holds no outcomes .*--outcomes"):
        read(good, bad)


def test_a_file_is_not_compared_with_a_folder(tmp_path):
    """Both must be of one kind, in either order."""
    folder = save_class(tmp_path / "old", [record("ada")])
    file = outcomes(tmp_path / "a.json", record("ada"))
    for pair in ((folder, file), (file, folder)):
        with pytest.raises(ClassError, match="cannot be compared"):
            read(*pair)


def test_a_missing_place_is_named(tmp_path):
    """What is not there is told, be it the first or the second."""
    folder = save_class(tmp_path / "old", [record("ada")])
    for pair in ((folder, tmp_path / "no"), (tmp_path / "no", folder)):
        with pytest.raises(ClassError, match=r"there is no .*no: name two folders"):
            read(*pair)


def test_a_damaged_record_is_named(tmp_path):
    """One record that cannot be read stops the comparison: who falls would be wrong."""
    folder = save_class(tmp_path / "old", [record("ada")])
    path = folder / "submissions" / "ada" / "record.json"
    document = json.loads(path.read_text())
    del document["run"]
    path.write_text(json.dumps(document))
    with pytest.raises(ClassError, match="delete it"):
        read(folder, folder)
