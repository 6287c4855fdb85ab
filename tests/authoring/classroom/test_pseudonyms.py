"""Names that say nothing: stable in one OUT, different in another."""

import pytest

from grader.authoring.classroom.pseudonyms import SALT, Pseudonyms
from grader.authoring.classroom.records import ClassError, Student
from grader.authoring.classroom.sources import Source

ADA = Student("Ada Lovelace", "ada@example.edu", "900042")
SOURCE = Source("ada", None, (ADA,), "ada_hw2.zip")


def test_the_same_in_one_out(tmp_path):
    """Opened again, OUT gives the same pseudonyms; another OUT gives others."""
    first, again = (Pseudonyms.of(tmp_path).of_source(SOURCE) for _ in range(2))
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
    pseudonyms = Pseudonyms(b"k" * 32)
    same = Student("A. Lovelace", "ADA@example.edu")
    assert pseudonyms.of_student(ADA) == pseudonyms.of_student(same)
    assert pseudonyms.of_student(ADA) != pseudonyms.of_student(Student("Ada Lovelace"))


def test_texts_about_the_class():
    """Names are found at any depth, in upper and lower case, and only as words."""
    pseudonyms = Pseudonyms(b"k" * 32, [SOURCE])
    ada = pseudonyms.of_student(ADA).name
    document = {"a": ["/home/ADA LOVELACE/x.py", {"b": "mail ada@example.edu"}], "n": 3}
    assert pseudonyms.scrubbed(document) == {
        "a": [f"/home/{ada}/x.py", {"b": f"mail {ada}"}],
        "n": 3,
    }
    assert pseudonyms.scrubbed("19000427") == "19000427"
    for text in ("Lovelace, Ada", "AdaLovelace", "ada_lovelace", "900042", "ada_hw2.zip"):
        assert text not in pseudonyms.scrubbed(f"by {text}.")


def test_short_names_stay_in_texts():
    """A name of two letters would be found in ordinary texts: it is left."""
    source = Source("x", None, (Student("Li"),))
    assert Pseudonyms(b"k" * 32, [source]).scrubbed("Li, light") == "Li, light"


def test_our_own_words_stay():
    """A submission that is called like a status changes no outcome, and no key."""
    source = Source("failed", None, (Student("failed"),), "failed.zip")
    pseudonyms = Pseudonyms(b"k" * 32, [source])
    told = pseudonyms.scrubbed({"status": "failed", "failed": "failed"})
    assert told["status"] == "failed"
    assert told["failed"].startswith("s")
    assert "failed" not in told["failed"]


def test_a_damaged_key(tmp_path):
    """Half a key is refused, as names would no longer match."""
    (tmp_path / SALT).write_bytes(b"short")
    with pytest.raises(ClassError, match="is damaged"):
        Pseudonyms.of(tmp_path)
