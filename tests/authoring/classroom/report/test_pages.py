"""A student's page is written where something of it is new, and only there."""

import pytest
from making import Failure, record, save_class

from grader.authoring.classroom import records
from grader.authoring.classroom.report import names as naming
from grader.authoring.classroom.report import pages


@pytest.fixture
def write(tmp_path):
    """Write the pages of these records: the keys of those that were written."""

    def go(*entries, title="HW", anonymous=False):
        save_class(tmp_path, list(entries))
        names = naming.of(tmp_path, entries, anonymous=anonymous)
        told = [names.record(entry) for entry in entries]
        return [entry.key for entry in told if pages.write(tmp_path, entry, names, title)]

    return go


def page_of(out, key):
    return out / records.SUBMISSIONS / key / naming.PAGE


def test_what_is_there_stays(write, tmp_path):
    """The same class again writes nothing, and no page is touched."""
    class_ = [record("a"), record("b")]
    assert write(*class_) == ["a", "b"]
    before = page_of(tmp_path, "a").stat()
    assert write(*class_) == []
    after = page_of(tmp_path, "a").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_what_is_new_is_written(write):
    """One that was graded again, or is there for the first time."""
    write(record("a"), record("b"))
    assert write(record("a"), record("b", points={"1.1": "0.5"}), record("c")) == ["b", "c"]


def test_what_the_student_would_see_counts(write, tmp_path):
    """Other results with the same record are another page."""
    write(record("a"))
    path = records.folder(tmp_path, "a") / records.RESULTS
    names = naming.of(tmp_path, [record("a")])
    path.write_text(path.read_text().replace('"score"', '"old_score"', 1))
    assert pages.write(tmp_path, record("a"), names, "HW")


def test_another_title_or_grader(write, monkeypatch):
    """All are written anew: the title is on each, and other code may make other pages."""
    write(record("a"))
    assert write(record("a"), title="HW 2") == ["a"]
    monkeypatch.setattr(pages, "of_makers", lambda: "other")
    assert write(record("a"), title="HW 2") == ["a"]


@pytest.mark.parametrize("content", [b"", b"<html>", b"x" * 9999])
def test_a_page_that_is_damaged(write, tmp_path, content):
    """One that does not end as it should is written again."""
    write(record("a"))
    whole = page_of(tmp_path, "a").read_bytes()
    page_of(tmp_path, "a").write_bytes(content)
    assert write(record("a")) == ["a"]
    assert page_of(tmp_path, "a").read_bytes() == whole


def test_without_names(write, tmp_path):
    """A newcomer's name may stand in anybody's page: then all are written anew."""
    assert write(record("a"), anonymous=True) == ["a"]
    assert write(record("a"), anonymous=True) == []
    assert write(record("a"), record("b"), anonymous=True) == ["a", "b"]
    assert len(list((tmp_path / naming.ANONYMOUS).rglob(naming.PAGE))) == 2


def test_no_results(write, tmp_path):
    """A submission of which nothing was written has a page that says so, once."""
    entry = record("a", graded=False, failure="no worker")
    assert write(entry) == ["a"]
    assert "no worker" in page_of(tmp_path, "a").read_text()
    assert write(entry) == []


def test_the_makers():
    """The digest is of this package, and the same each time."""
    assert pages.of_makers() == pages.of_makers.__wrapped__()
    assert len(pages.of_makers()) == 64


def test_a_failing_check_is_shown(write, tmp_path):
    """The page is whole: what is written is not only an ending."""
    write(record("a", failing={"1.1": Failure(message="all of `dx` is wrong")}))
    text = page_of(tmp_path, "a").read_text()
    assert "all of <code>dx</code> is wrong" in text
    assert text.rstrip().endswith("-->")
