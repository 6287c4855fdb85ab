"""What is known of a submission of a class, and its file."""

import json
from fractions import Fraction

import pytest
from making import record

from grader.authoring.classroom import records
from grader.authoring.classroom.records import Basis, ClassError, Student


def path_of(out, key):
    return out / "submissions" / key / "record.json"


def test_what_is_written_is_read_again(tmp_path):
    """Everything, points as exact fractions."""
    entry = record("ada", students=(Student("Ada", "a@b", "007"), Student("Bob")))
    entry.run.checks[0].cases[0].points = Fraction(1, 3)
    records.save(tmp_path, entry, {"score": 1.5})
    assert records.load(path_of(tmp_path, "ada")) == entry
    assert records.results(tmp_path, "ada") == {"score": 1.5}
    assert records.folder(tmp_path, "ada").is_dir()


def test_a_failed_submission_has_no_run(tmp_path):
    """The record says why, and there are no results."""
    entry = record("ada", graded=False, failure="no zip")
    records.save(tmp_path, entry, None)
    again = records.load(path_of(tmp_path, "ada"))
    assert (again.run, again.failure) == (None, "no zip")
    assert records.results(tmp_path, "ada") is None


def test_records_without_files_and_students_have_empty_ones(tmp_path):
    """The least that can be known is a key."""
    records.save(tmp_path, records.Record("ada", ()), None)
    again = records.load(path_of(tmp_path, "ada"))
    assert (again.students, again.files, again.basis) == ((), {}, Basis())


def test_halves_of_surrogate_pairs_are_replaced(tmp_path):
    """Names of files and what a student's code printed may hold what no file in UTF-8 can."""
    odd = "\ud800 here"
    entry = record("ada", checks={"1.1": {"printed": odd}}, failure=odd, source=odd)
    records.save(tmp_path, entry, {"output": odd})
    again = records.load(path_of(tmp_path, "ada"))
    assert again.run.checks[0].printed == again.failure == again.source == "? here"
    assert records.results(tmp_path, "ada") == {"output": "? here"}


def test_all_records_come_by_key(tmp_path):
    """Whatever the order in which they were graded."""
    for key in ("bob", "eve", "ada"):
        records.save(tmp_path, record(key), None)
    assert [entry.key for entry in records.each(tmp_path)] == ["ada", "bob", "eve"]


def test_a_folder_without_its_record_is_passed_over(tmp_path):
    """A submission that is being graded has results, and no record yet."""
    records.save(tmp_path, record("ada"), None)
    records.folder(tmp_path, "bob").mkdir()
    (records.folder(tmp_path, "bob") / "results.json").write_text("{}")
    assert [entry.key for entry in records.each(tmp_path)] == ["ada"]


@pytest.mark.parametrize("make", [True, False])
def test_an_empty_class_is_told(tmp_path, make):
    """With the command that makes one, be the folder there or not."""
    if make:
        (tmp_path / "out").mkdir()
    with pytest.raises(ClassError, match="holds no graded class: `grader class SOURCE -o"):
        list(records.each(tmp_path / "out"))


@pytest.mark.parametrize(
    "damage",
    [
        lambda document: document.pop("schema"),
        lambda document: document.pop("run"),
        lambda document: document.pop("students"),
        lambda document: document.pop("key"),
        lambda document: document.update(unknown=1),
        lambda document: document.update(students=[{"nick": "a"}]),
        lambda document: document.update(basis={"color": "red"}),
        lambda document: document.update(basis=None),
        lambda document: document["run"].pop("checks"),
        lambda document: document["run"].update(schema=99),
        lambda document: document["run"]["checks"][0].update(max_points="many"),
        lambda document: document["run"]["checks"][0]["cases"][0].update(status="odd"),
    ],
)
def test_a_damaged_record_is_named(tmp_path, damage):
    """The sentence says which file it is, and that it can be graded again."""
    records.save(tmp_path, record("ada"), None)
    path = path_of(tmp_path, "ada")
    document = json.loads(path.read_text())
    damage(document)
    path.write_text(json.dumps(document))
    with pytest.raises(ClassError, match=r"record\.json cannot be read .*delete it"):
        records.load(path)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'{"schema": 1', b"\xff\xfe"])
def test_a_file_that_is_no_record_is_named(tmp_path, content):
    """Half a file, another kind of value, and no text at all."""
    path = tmp_path / "record.json"
    path.write_bytes(content)
    with pytest.raises(ClassError, match="delete it"):
        records.load(path)
    with pytest.raises(ClassError, match="cannot be read"):
        records.load(tmp_path / "missing.json")


def test_a_record_of_another_version_is_told(tmp_path):
    """It is not called damaged."""
    records.save(tmp_path, record("ada"), None)
    path = path_of(tmp_path, "ada")
    path.write_text(json.dumps(json.loads(path.read_text()) | {"schema": 2}))
    with pytest.raises(ClassError, match="version 2; this grader reads 1"):
        records.load(path)


@pytest.mark.parametrize("content", ["", "{", "\x00"])
def test_results_that_cannot_be_read_are_none(tmp_path, content):
    """Half-written ones count as not there."""
    records.save(tmp_path, record("ada"), {"score": 1})
    (records.folder(tmp_path, "ada") / "results.json").write_text(content)
    assert records.results(tmp_path, "ada") is None


def test_an_interrupted_save_leaves_the_old_record(tmp_path, monkeypatch):
    """What was there stays whole, and nothing half-written lies beside it."""
    records.save(tmp_path, record("ada"), {"score": 1})

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("os.replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        records.save(tmp_path, record("ada", points={"1.4": 0}), {"score": 0})
    assert records.load(path_of(tmp_path, "ada")) == record("ada")
    names = {path.name for path in records.folder(tmp_path, "ada").iterdir()}
    assert names == {"record.json", "results.json"}


def test_a_record_is_the_last_thing_written(tmp_path, monkeypatch):
    """Where there is a record, the results are there, too."""
    written = []
    monkeypatch.setattr(records, "write_json", lambda path, _: written.append(path.name))
    records.save(tmp_path, record("ada"), {"score": 1})
    assert written == ["results.json", "record.json"]


def test_numbers_that_are_none_are_refused(tmp_path):
    """NaN is no JSON: the run would be lost on the platform, and nothing is written."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        records.save(tmp_path, record("ada"), {"score": float("nan")})
    assert not path_of(tmp_path, "ada").exists()


@pytest.mark.slow
def test_a_large_class_is_read_one_by_one(tmp_path):
    """1200 records come as they are read, not as one list."""
    entry = record("ada")
    records.save(tmp_path, entry, None)
    text = path_of(tmp_path, "ada").read_text()
    for number in range(1199):
        place = records.folder(tmp_path, f"s{number:04}")
        place.mkdir()
        (place / "record.json").write_text(text.replace('"key": "ada"', f'"key": "s{number:04}"'))
    found = records.each(tmp_path)
    assert next(found).key == "ada"
    assert sum(1 for _ in found) == 1199


@pytest.mark.parametrize(
    ("text", "told"),
    [(None, None), ('{"anonymous": true}', True), ('{"anonymous": false}', False)],
)
def test_whether_names_stay_out(tmp_path, text, told):
    """What the first grading decided; nothing where there was none."""
    if text is not None:
        (tmp_path / records.BASIS).write_text(text)
    assert records.is_anonymous(tmp_path) is told


@pytest.mark.parametrize("text", ["", "[]", "{}"])
def test_an_out_that_does_not_say(tmp_path, text):
    """Whether names may be written there is unknown: that is an error."""
    (tmp_path / records.BASIS).write_text(text)
    with pytest.raises(ClassError, match="grade into another folder"):
        records.is_anonymous(tmp_path)
