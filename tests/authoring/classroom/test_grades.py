"""grades.csv: what a spreadsheet shows of it, and what it never runs."""

import csv
import io
from dataclasses import replace

import pytest
from making import record, save_class

from grader.authoring.classroom import grades, records
from grader.authoring.classroom.grading import failed
from grader.authoring.classroom.records import Student


def table(out):
    """The rows as dictionaries."""
    text = (out / grades.NAME).read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def written(out, entries):
    """Save these records, write the table and read it."""
    save_class(out, entries)
    assert grades.write(out, entries) == len(table(out))
    return table(out)


def test_a_row_for_each_student(tmp_path):
    """All of a group have a row with the points of their submission."""
    group = (Student("Bob", "b@x", "0007"), Student("Ada", "a@x", ""))
    entry = record("s1", students=group, failing={"1.2": ["padding 0"]})
    rows = written(tmp_path, [entry])
    assert [row["name"] for row in rows] == ["Ada", "Bob"]
    expected = round(float(entry.run.checks[1].points), 2)
    assert [float(row["1.2"]) for row in rows] == [expected, expected]
    assert {row["key"] for row in rows} == {"s1"}
    assert rows[1]["sid"] == '="0007"'


def test_the_submission_that_counts_is_the_last(tmp_path):
    """Who handed in twice has one row, that of the later submission."""
    ada = (Student("Ada", "a@x"),)
    early = replace(record("s2", students=ada), submitted_at="2024-02-01 10:00 Z")
    late = replace(record("s1", students=ada), submitted_at="2024-02-02 10:00 Z")
    assert [row["key"] for row in written(tmp_path, [late, early])] == ["s1"]


def test_later_is_an_instant(tmp_path):
    """Of times in two zones the later moment counts, not the greater text."""
    ada = (Student("Ada", "a@x"),)
    late = replace(record("s1", students=ada), submitted_at="2024-03-10 01:30:00 -08:00")
    early = replace(record("s2", students=ada), submitted_at="2024-03-10 03:00:00 -04:00")
    assert [row["key"] for row in written(tmp_path, [late, early])] == ["s1"]


def test_a_submission_that_is_gone(tmp_path):
    """It counts for those who have no other; the one that is there counts, though it is older."""
    ada, bob = (Student("Ada", "a@x"),), (Student("Bob", "b@x"),)
    entries = [
        replace(record("s1", students=ada), submitted_at="2024-02-01 10:00 Z"),
        replace(record("s2", students=ada), submitted_at="2024-02-02 10:00 Z"),
        record("s3", students=bob),
    ]
    save_class(tmp_path, entries)
    grades.write(tmp_path, entries, gone=["s2", "s3"])
    assert [row["key"] for row in table(tmp_path)] == ["s1", "s3"]
    assert grades.counted(tmp_path, entries, gone=["s2", "s3"]) == {"s1", "s3"}
    assert grades.counted(tmp_path, entries) == {"s2", "s3"}


def test_a_pseudonym_is_one_student(tmp_path):
    """Without addresses and numbers, who handed in twice is known by the pseudonym."""
    (tmp_path / records.BASIS).write_text('{"anonymous": true}')
    same = (Student("student-1a2b3c4d5e"),)
    early = replace(record("s2", students=same), submitted_at="2024-02-01 10:00 Z")
    late = replace(record("s1", students=same), submitted_at="2024-02-02 10:00 Z")
    assert [row["key"] for row in written(tmp_path, [late, early])] == ["s1"]


def test_nobody_known_has_rows_too(tmp_path):
    """Submissions without students are in the table, each by itself."""
    rows = written(tmp_path, [record("s1", students=()), record("s2", students=())])
    assert [row["key"] for row in rows] == ["s1", "s2"]


def test_a_column_for_each_check_in_their_order(tmp_path):
    """1.2 stands before 1.10, whatever the alphabet says."""
    entry = record("s1")
    entry.run.checks[1].number = "1.10"
    written(tmp_path, [entry])
    header = (tmp_path / grades.NAME).read_text("utf-8-sig").splitlines()[0]
    assert header.index('"1.3"') < header.index('"1.10"') < header.index('"2.1"')


def test_what_could_not_be_graded(tmp_path):
    """A failure has a row without points, and its reason in the last column.

    What the student would see has a 0, which must not get into a gradebook.
    """
    entry = replace(record("s1"), run=None, failure="no zip\nmore")
    records.save(tmp_path, entry, failed(entry.failure).results)
    assert records.results(tmp_path, "s1")["score"] == 0
    grades.write(tmp_path, [entry])
    (row,) = table(tmp_path)
    assert (row["total"], row.get("1.1", ""), row["remark"]) == ("", "", "no zip")


def test_every_cell_is_quoted(tmp_path):
    """Names with commas, quotes and line ends stay in their cell."""
    rows = written(tmp_path, [record("s1", students=(Student('A "B", C\nD'),))])
    assert rows[0]["name"] == 'A "B", C D'
    for line in (tmp_path / grades.NAME).read_text("utf-8-sig").splitlines():
        assert line.startswith('"')
        assert line.endswith('"')


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "|", "%", "\uff1d", "\uff20"])
def test_formulas_are_texts(start):
    """What a spreadsheet would run begins with an apostrophe."""
    assert grades.text(f"{start}HYPERLINK(1)") == f"'{start}HYPERLINK(1)"
    assert grades.text(f"\t {start}1") == f"'{start}1"


def test_ordinary_texts_stay():
    """Names, addresses and keys are written as they are."""
    for text in ("Ada O'Neil", "a=b@x", "submission_1", ""):
        assert grades.text(text) == text


def test_numbers_of_students():
    """A number is a text that keeps its zeros; one that could be anything is a guarded text."""
    assert grades.identifier("0042") == '="0042"'
    assert grades.identifier("1E5") == '="1E5"'
    assert grades.identifier("") == ""
    assert grades.identifier('1"&CMD()') == '1"&CMD()'
    assert grades.identifier("=1") == "'=1"
