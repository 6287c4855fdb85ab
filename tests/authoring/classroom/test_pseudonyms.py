"""Names that say nothing: stable in one OUT, different in another."""

import pytest
from hiding import ADA, KEY, SOURCE, of_student
from making import record

from grader.authoring.classroom import records
from grader.authoring.classroom.pseudonyms import SALT, Owned, Pseudonyms
from grader.authoring.classroom.records import ClassError, Student


def test_the_same_in_one_out(tmp_path):
    """Opened again, OUT gives the same pseudonyms; another OUT gives others."""
    first, again = (Pseudonyms.of(tmp_path).of_source(SOURCE) for _ in range(2))
    (tmp_path / "other").mkdir()
    other = Pseudonyms.of(tmp_path / "other").of_source(SOURCE)
    assert first == again
    assert first.key != other.key
    assert first.students[0].name != other.students[0].name


def test_the_key_is_for_its_owner_alone(tmp_path):
    """Nobody else may read the file that undoes pseudonyms."""
    Pseudonyms.of(tmp_path)
    assert (tmp_path / SALT).stat().st_mode & 0o777 == 0o600


def test_nothing_of_a_name_is_left(tmp_path):
    """Key, name, address, number and file name are all replaced."""
    told = repr(Pseudonyms.of(tmp_path).of_source(SOURCE)).casefold()
    assert not any(word in told for word in ("ada", "lovelace", "example.edu", "900042"))


def test_a_student_is_known_by_the_address():
    """A name that is written differently is the same student, another address is not."""
    pseudonyms = Pseudonyms(KEY)
    same = Student("A. Lovelace", "ADAL@example.edu")
    assert pseudonyms.of_student(ADA) == pseudonyms.of_student(same)
    assert pseudonyms.of_student(ADA) != pseudonyms.of_student(Student("Ada Lovelace"))


def test_who_is_not_known_has_no_pseudonym():
    """Two of whom nothing is known are not taken for one."""
    assert Pseudonyms(KEY).of_student(Student()) == Student()


def test_a_source_and_its_record_are_one(hidden):
    """What was found and what was graded of it give the same pseudonyms."""
    graded = record("ada_l", students=(ADA,), source="ada_hw2.zip")
    later = Pseudonyms(KEY, [Owned.record(graded)])
    assert later.digest == hidden.digest
    assert later.of_key("ada_l") == hidden.of_source(SOURCE).key


def test_the_digest_follows_the_class(hidden):
    """Another student or another key is another digest."""
    others = [Pseudonyms(b"x" * 32, [Owned.source(SOURCE)]), of_student("Bob"), Pseudonyms(KEY)]
    assert hidden.digest not in {other.digest for other in others}


def test_a_key_that_was_taken_away(tmp_path):
    """Results that have pseudonyms are not given others without a word."""
    (tmp_path / records.BASIS).write_text('{"anonymous": true}')
    with pytest.raises(ClassError, match="put it back"):
        Pseudonyms.of(tmp_path)


def test_a_damaged_key(tmp_path):
    """Half a key is refused, as names would no longer match."""
    (tmp_path / SALT).write_bytes(b"short")
    with pytest.raises(ClassError, match="is damaged"):
        Pseudonyms.of(tmp_path)
