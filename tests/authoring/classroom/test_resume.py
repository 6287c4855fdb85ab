"""Which submissions are graded again, and which are left alone."""

from dataclasses import replace

import pytest
from making import Failure, record

from grader.authoring.classroom import basis, records, resume
from grader.authoring.classroom.records import Basis, ClassError, Student
from grader.authoring.classroom.sources import Source
from grader.outcomes import Status

NOW = Basis(code="c", tape="t")


@pytest.fixture
def course(tmp_path):
    """Give a function that makes sources, and one that saves a record of one as of now."""
    out = tmp_path / "out"

    def source(key):
        path = tmp_path / f"{key}.zip"
        path.write_text(key)
        return Source(key, path)

    def save(one, **changes):
        entry = record(one.key)
        now = {"sha256": basis.of_submission(one.path), "basis": NOW, "submitted_at": ""} | changes
        records.save(out, replace(entry, **now), None)

    return out, source, save


def whys(course, *only):
    """What is graded of a class of five, and why."""
    out, source, save = course
    new, done, failed, bytes_, code = map(source, ("new", "done", "failed", "bytes", "code"))
    save(done)
    save(failed, failure="no worker")
    save(bytes_, sha256="other")
    save(code, basis=Basis(code="old", tape="t"))
    return resume.plan([new, done, failed, bytes_, code], out, NOW, only)


def test_what_is_whole_is_left_alone(course):
    """The same bytes with the same code and files are not graded again."""
    plan = whys(course)
    assert plan.why == {"new": "new", "failed": "failed", "bytes": "changed", "code": "changed"}
    assert (plan.done, plan.new, plan.gone) == (1, 0, [])
    assert plan.counts() == {"new": 1, "failed": 1, "changed": 2}


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        (["failed"], ["failed"]),
        (["changed"], ["bytes", "code"]),
        (["done"], ["done"]),
        (["failed", "new"], ["new", "failed"]),
    ],
)
def test_only_what_is_asked_for(course, only, expected):
    """Words choose by what is there; a key chooses in any case."""
    plan = whys(course, *only)
    assert [source.key for source in plan.todo] == expected
    assert plan.new == ("new" not in only)
    assert plan.why.get("done", "asked for") == "asked for"


def test_a_key_that_nobody_has(course):
    """The message names one that is like it."""
    with pytest.raises(ClassError, match="do you mean done"):
        whys(course, "donne")
    with pytest.raises(ClassError, match="the first one is new"):
        whys(course, "zzzz")


def test_a_damaged_record_is_none(course):
    """Half a record is no result: its submission is graded."""
    out, source, save = course
    one = source("one")
    save(one)
    (records.folder(out, "one") / records.RECORD).write_text("{")
    assert resume.plan([one], out, NOW).why == {"one": "new"}


def test_a_run_that_did_not_end(course):
    """A run that is not complete counts as failed; a submission of no use does not."""
    out, source, save = course
    broken, useless = source("broken"), source("useless")
    save(broken, run=replace(record("broken").run, complete=False))
    save(useless, run=replace(record("useless").run, complete=True, error="no zip"))
    assert resume.plan([broken, useless], out, NOW).why == {"broken": "failed"}


@pytest.mark.parametrize(
    ("reason", "whole"),
    [("sandbox", False), ("grader-bug", False), ("no-data", True), ("needs", True)],
)
def test_a_check_that_could_not_be_made(reason, whole):
    """A worker's trouble and a bug are worth another try; what is lacking would lack again."""
    unchecked = Failure(("padding 0",), reason, status=Status.UNCHECKED)
    assert resume.is_whole(record("one", failing={"1.2": unchecked})) is whole


def test_other_dates(course):
    """Lateness is judged anew where the export has other dates."""
    out, source, save = course
    one = replace(source("one"), submitted_at="2024-02-19", dates={"due_date": "2024-02-20"})
    save(one, submitted_at=one.submitted_at, dates=one.dates)
    assert resume.plan([one], out, NOW).why == {}
    later = replace(one, submitted_at="2024-02-25")
    extended = replace(one, dates={"due_date": "2024-02-27"})
    for other in (later, extended):
        assert resume.plan([other], out, NOW).why == {"one": "changed"}


def test_other_students(course):
    """A result stands for those whose submission it is now; nothing is graded for a name."""
    out, source, save = course
    one = replace(source("one"), students=(Student("Ada"), Student("Bob")), name="folder")
    save(one, students=(Student("Ada"),), submitted_at="")
    plan = resume.plan([one], out, NOW)
    assert (plan.why, plan.done) == ({}, 1)
    assert [(told.students, told.source) for told in plan.retold] == [(one.students, "folder")]
    records.save(out, plan.retold[0], None)
    assert resume.plan([one], out, NOW).retold == []


@pytest.mark.parametrize(
    ("here", "expected"),
    [
        ({"Python": "3.11.2", "torch": "2.13.0"}, {}),
        ({"Python": "3.11.2", "torch": "2.14.0"}, {"one": "changed"}),
        (None, {}),
    ],
)
def test_other_libraries(course, here, expected):
    """Where submitted code would run with others it is graded again; unknown ones say nothing."""
    out, source, save = course
    one = source("one")
    run = {"libraries": {"Python": "3.11.2", "torch": "2.13.0"}}
    save(one, run=record("one", run=run).run)
    assert resume.plan([one], out, NOW, libraries=here).why == expected


def test_what_cannot_be_read_is_tried(course, tmp_path):
    """A source without a path, or whose file is gone, has no digest and is graded."""
    out, _, _ = course
    sources = [Source("a", None, problem="no folder"), Source("b", tmp_path / "gone.zip")]
    plan = resume.plan(sources, out, NOW)
    assert (list(plan.why), plan.digests) == (["a", "b"], {})


def test_results_without_a_submission_are_named(course):
    """What was graded once and is no longer there is told, and stays."""
    out, source, save = course
    old = source("old")
    save(old)
    assert resume.plan([source("one")], out, NOW).gone == ["old"]
