"""Gradescope's submission_metadata.yml: who handed in, when, and what cannot be read."""

import builtins

import pytest

from grader.authoring.classroom import export
from grader.authoring.classroom.records import ClassError, Student
from grader.lateness import parse_instant

TEXT = """\
submission_1:
  :submitters:
  - :name: Ada Lovelace
    :sid: 0042
    :email: ada@example.edu
  - :name: Bob
    :sid:
    :email: ~
  :created_at: 2024-02-19 23:58:01.123456000 Z
  :score: !ruby/object:BigDecimal 18:0.1e1
  :history:
  - :id: 7
    :created_at: 2024-02-18 10:00:00.000000000 Z
submission_2:
  submitters:
  - name: Cyd
  created_at: 2024-02-20 01:02:03 -05:00
  due_date: 2024-02-21 23:59:00 -05:00
not an entry: 5
"""


@pytest.fixture
def entries(tmp_path):
    """The entries of that file."""
    path = tmp_path / export.METADATA
    path.write_text(TEXT)
    return export.read(path)


def test_groups_with_their_numbers_as_text(entries):
    """Each submitter of a group is a student, and a number keeps its zeros without quotes."""
    ada, bob = export.students(entries["submission_1"])
    assert ada == Student("Ada Lovelace", "ada@example.edu", "0042")
    assert bob == Student("Bob", "", "")


def test_what_is_no_entry_is_left_out(entries):
    """Only folders' entries remain, those without colons in their keys too."""
    assert set(entries) == {"submission_1", "submission_2"}
    assert export.students(entries["submission_2"]) == (Student("Cyd"),)


def test_instants_are_what_lateness_reads(entries):
    """Ruby's way to write an instant is one that the late policy understands."""
    instants = [parse_instant(export.submitted_at(entry)) for entry in entries.values()]
    assert [instant.isoformat() for instant in instants] == [
        "2024-02-19T23:58:01.123456+00:00",
        "2024-02-20T06:02:03+00:00",
    ]


def test_dates_where_they_are_known(entries):
    """An entry's own due date is taken, and none is made up."""
    assert export.dates(entries["submission_1"]) == {}
    assert export.dates(entries["submission_2"]) == {"due_date": "2024-02-21 23:59:00 -05:00"}


@pytest.mark.parametrize("entry", [{}, {":submitters": "Ada"}, {":submitters": [5, ["x"]]}])
def test_entries_without_sense_name_nobody(entry):
    """What stands there in place of submitters raises nothing."""
    assert export.students(entry) == ()
    assert export.submitted_at(entry) == ""


@pytest.mark.parametrize("text", ["a: [", "\x00", "- one\n- two\n", "", "a: \xff"])
def test_damaged_files_are_refused(tmp_path, text):
    """What is no YAML, or holds no entries, is an error with the way out."""
    path = tmp_path / export.METADATA
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(ClassError, match=r"export the submissions again"):
        export.read(path)


def test_without_yaml(tmp_path, monkeypatch):
    """Where PyYAML is missing, the message says what to install."""
    real = builtins.__import__

    def refuse(name, *args, **kwargs):
        if name == "yaml":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(ClassError, match="pip install pyyaml"):
        export.read(tmp_path / export.METADATA)
