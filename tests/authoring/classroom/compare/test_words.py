"""The words that the terminal and the page share."""

from fractions import Fraction
from pathlib import Path

import pytest
from comparing import record
from making import save_class

from grader.authoring.classroom.compare import words
from grader.authoring.classroom.compare.candidates import Cause, Kind
from grader.authoring.classroom.compare.changes import Change, compare
from grader.authoring.classroom.compare.reading import Grading, read
from grader.authoring.classroom.compare.words import Words
from grader.authoring.classroom.records import Student


@pytest.fixture
def said(tmp_path):
    """Words on two folders with these records, and what they compare to."""

    def make(old, new, *, anonymous=False):
        folders = save_class(tmp_path / "old", old), save_class(tmp_path / "new", new)
        gradings = read(*folders)
        return Words(*gradings, anonymous=anonymous), compare(*gradings)

    return make


def change(**fields):
    values = {"old": Fraction(1), "new": Fraction(0), "causes": (), **fields}
    return Change("1.4", "A check", **values)


def test_a_group_is_called_by_its_names(said):
    """All of a pair's students; the key stands beside them."""
    entry = record("s1", students=("Ada Lovelace", "Bob Ross"))
    say, comparison = said([entry], [entry])
    (one,) = comparison.standings
    assert (say.who(one), say.key(one)) == ("Ada Lovelace, Bob Ross", "s1")


def test_without_students_the_key_is_the_name(said):
    """It is not told twice."""
    say, comparison = said([record("s1", students=())], [record("s1", students=())])
    (one,) = comparison.standings
    assert (say.who(one), say.key(one)) == ("s1", "")


def test_a_hostile_name_is_one_harmless_line(said):
    """No escape sequence of a name reaches the terminal."""
    entry = record("s1", students=(Student("A\x1b[31m\nda\u202e", "a@b", "1"),))
    say, comparison = said([entry], [entry])
    assert say.who(comparison.standings[0]) == "A da"


def test_anonymous_words_name_nobody(said):
    """Neither name nor key nor place; the pseudonyms stay the same from call to call."""
    old = [record("ada"), record("gone")]
    new = [record("ada", graded=False, failure="ada.zip is no zip"), record("came")]
    say, comparison = said(old, new, anonymous=True)
    (one,) = comparison.standings
    told = [
        say.who(one),
        say.key(one),
        say.why(one.changes[0]),
        *say.all(comparison.vanished),
        *say.all(comparison.appeared),
        *say.places(comparison),
    ]
    assert not any(name in text.lower() for text in told for name in ("ada", "gone", "came"))
    assert len(set(told[:1] + told[3:5])) == 3
    again = Words(*read(comparison.old_place, comparison.new_place), anonymous=True)
    assert again.who(one) == say.who(one)


def test_a_single_submission_needs_no_pseudonym():
    """Of outcome files there is but one submission."""
    grading = Grading(Path("ada.json"), (record("ada.zip", students=()),))
    say = Words(grading, grading, anonymous=True)
    comparison = compare(grading, grading)
    assert say.who(comparison.standings[0]) == "the submission"
    assert say.places(comparison) == ("the old grading", "the new grading")
    assert say.page(comparison.standings[0]) is None


def test_a_page_of_the_report_is_found(said):
    """Where the new grading has a report; the anonymous report has its own pages."""
    say, comparison = said([record("s1")], [record("s1")])
    (one,) = comparison.standings
    assert say.page(one) is None
    page = comparison.new_place / "submissions" / "s1" / "page.html"
    page.touch()
    assert say.page(one) == page
    hidden = Words(*read(comparison.old_place, comparison.new_place), anonymous=True)
    assert hidden.page(one) is None


def test_reasons_are_one_line_and_staff_sees_more(said):
    """What only staff may see stands behind the reason, cut to some length."""
    say, _ = said([record("s1")], [record("s1")])
    causes = (
        Cause(Kind.FAILURE, "could not be graded now", "a long\nstory " * 50),
        Cause(Kind.CODE, "the code changed"),
    )
    text = say.why(change(causes=causes))
    assert text.startswith("could not be graded now (a long story a long")
    assert text.endswith(" …); the code changed")
    assert "\n" not in text
    assert len(text) < 300


def test_points_that_look_alike_are_told_exactly():
    """A fall must be seen, even where rounding hides it."""
    assert words.arrow(Fraction(7, 4), Fraction(1, 2)) == "1.75 → 0.5"
    assert words.arrow(Fraction(1, 3), Fraction(33, 100)) == "1/3 → 33/100"
    assert words.arrow(None, Fraction(2)) == "none → 2"
    assert words.arrow(Fraction(0), Fraction(-7, 5)) == "0 → \N{MINUS SIGN}1.4"


def test_differences_have_a_sign():
    """Gains, losses and neither."""
    assert words.signed(Fraction(1, 2)) == "+0.5"
    assert words.signed(Fraction(-1, 2)) == "\N{MINUS SIGN}0.5"
    assert words.signed(Fraction(0)) == "±0"


def test_few_cases_are_named():
    """Three at most, and how many more; none where there are none."""
    assert words.fails(change()) == ""
    assert words.fails(change(cases=("a", "b", "c"))) == "less for a / b / c"
    assert words.fails(change(cases=("a", "b", "c", "d", "e"))) == "less for a / b / c and 2 more"


def test_kinds_tell_what_is_seen_from_what_may_be():
    """A limit was seen; of two candidates nobody knows which it was."""
    both = (Kind.LIMIT, Kind.FILES, Kind.CODE)
    assert words.kinds(both) == (
        "time, memory, crashes, perhaps by the student's files or the grader's code"
    )
    assert words.kinds(both[1:]) == "the student's files or the grader's code"
    assert words.kinds(both[:1]) == "time, memory, crashes"


def test_counts_are_in_one_or_many():
    """One fall, two falls, no falls."""
    assert [words.count(number, "fall") for number in (0, 1, 2)] == ["0 falls", "1 fall", "2 falls"]
