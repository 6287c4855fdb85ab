"""The list of falls that are known and wanted."""

from fractions import Fraction

import pytest
from comparing import by_key, record

from grader.authoring.classroom.compare import accepting
from grader.authoring.classroom.records import ClassError


@pytest.fixture
def falls(compared):
    """Ada falls by 1 in 1.4 and by 1/2 in 1.5, bob by a third in 1.4."""
    old = [record("ada"), record("bob")]
    new = [
        record("ada", points={"1.4": 0, "1.5": 0}),
        record("bob", points={"1.4": Fraction(2, 3)}),
    ]
    return compared(old, new).falls(by_key)


@pytest.fixture
def listed(tmp_path):
    """Read a list with this text."""

    def write(text):
        path = tmp_path / "accept.txt"
        path.write_text(text, encoding="utf-8")
        return accepting.read(path)

    return write


def rows(found):
    return [(one.key, change.check) for one, change in found]


def test_without_a_list_every_fall_is_open(falls):
    """Nothing is accepted that nobody wrote down."""
    verdict = accepting.judge(falls, [])
    assert rows(verdict.open) == [("ada", "1.4"), ("ada", "1.5"), ("bob", "1.4")]
    assert (verdict.accepted, verdict.remarks) == ((), ())


def test_a_check_of_a_submission_is_accepted(falls, listed):
    """That check alone, however far it falls."""
    verdict = accepting.judge(falls, listed("ada 1.4\n"))
    assert rows(verdict.accepted) == [("ada", "1.4")]
    assert rows(verdict.open) == [("ada", "1.5"), ("bob", "1.4")]


def test_a_submission_that_is_gone_is_accepted_as_a_whole(listed, compared):
    """Its key is that of the old grading."""
    falls = compared([record("ada"), record("bob")], [record("bob")]).falls(by_key)
    verdict = accepting.judge(falls, listed("ada whole"))
    assert rows(verdict.accepted) == [("ada", "whole")]
    assert (verdict.open, verdict.remarks) == ((), ())


def test_a_star_takes_all_falls_of_a_submission(falls, listed):
    """All of hers, and nobody else's."""
    verdict = accepting.judge(falls, listed("ada *"))
    assert rows(verdict.open) == [("bob", "1.4")]
    assert verdict.remarks == ()


@pytest.mark.parametrize(
    ("bound", "accepted"),
    [("1 0", True), ("1 1/2", False), ("2 1", True), ("1.0 0.0", True), ("1 1e-9", False)],
)
def test_a_fall_greater_than_accepted_counts_again(falls, listed, bound, accepted):
    """Points before and after bound the fall, exactly."""
    verdict = accepting.judge(falls, listed(f"# seen\n\nada 1.4 {bound}  # the sum"))
    assert (("ada", "1.4") in rows(verdict.accepted)) is accepted
    expected = () if accepted else ("line 3: falls further now than was accepted",)
    assert verdict.remarks == expected


def test_lines_that_accept_nothing_are_told(falls, listed):
    """Who does not fall, a check that does not, and nobody at all."""
    verdict = accepting.judge(falls, listed("bob 1.5\nada 1.4\neve *\nbob 1.4"))
    assert verdict.remarks == ("line 1: nothing falls there", "line 3: nothing falls there")
    assert rows(verdict.open) == [("ada", "1.5")]


def test_several_lines_may_speak_of_one_fall(falls, listed):
    """One that fits is enough; a bound that is too small beside it is told."""
    verdict = accepting.judge(falls, listed("ada 1.4 1 1/2\nada 1.4\n"))
    assert ("ada", "1.4") in rows(verdict.accepted)
    assert verdict.remarks == ("line 1: nothing falls there",)


def test_what_is_written_accepts_just_that(falls, tmp_path, compared):
    """The list of now takes all falls of now, and none that is greater or new."""
    path = tmp_path / "deep" / "accept.txt"
    accepting.write(path, falls)
    entries = accepting.read(path)
    verdict = accepting.judge(falls, entries)
    assert (verdict.open, verdict.remarks) == ((), ())
    worse = compared([record("bob")], [record("bob", points={"1.4": "0.6", "2.2": 0})]).falls(
        by_key
    )
    assert rows(accepting.judge(worse, entries).open) == [("bob", "2.2"), ("bob", "1.4")]


def test_keys_with_blanks_and_signs_survive(tmp_path, compared):
    """A zip may be called anything; what is written can be read."""
    keys = ["Lee, Kim (2)", "o'neill #1", 'say "hi"', "*", "Þóra"]
    old = [record(key, students=()) for key in keys]
    new = [record(key, students=(), graded=False, failure="lost") for key in keys]
    falls = compared(old, new).falls(by_key)
    accepting.write(tmp_path / "list", falls)
    verdict = accepting.judge(falls, accepting.read(tmp_path / "list"))
    assert (verdict.open, verdict.remarks) == ((), ())


@pytest.mark.parametrize(
    "line",
    [
        "ada",
        "ada 1.4 1",
        "ada 1.4 1 0 0",
        "ada 1.4 one 0",
        "ada 1.4 1/0 0",
        "ada '1.4",
        "a b nan 0",
    ],
)
def test_a_line_without_sense_is_named(listed, line):
    """The sentence says which line, and how one is written."""
    with pytest.raises(ClassError, match=r"accept\.txt, line 2 .*write KEY CHECK"):
        listed(f"ada *\n{line}\n")


def test_a_list_that_cannot_be_read_is_named(tmp_path):
    """A missing file, and one that is no text."""
    (tmp_path / "binary").write_bytes(b"\xff\xfe\xff")
    for name in ("missing", "binary"):
        with pytest.raises(ClassError, match=f"{name} cannot be read .*--write-accept"):
            accepting.read(tmp_path / name)
