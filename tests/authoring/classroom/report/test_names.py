"""What submissions are called, and that pseudonyms tell nobody's name."""

import json

import pytest
from making import Failure, record

from grader.authoring.classroom import records
from grader.authoring.classroom.pseudonyms import SALT
from grader.authoring.classroom.records import ClassError, Student
from grader.authoring.classroom.report import names as naming
from grader.authoring.classroom.report.names import WHO_IS_WHO

ADA = Student("Ada Lovelace", "adal@example.edu", "900123456")
BOTH = record("ada_l", students=(ADA, Student("Bob")), source="ada.zip")


@pytest.fixture
def hidden(tmp_path):
    """Pseudonyms of Ada, and of a submission of nobody known."""
    return naming.of(tmp_path, [BOTH, record("s2", students=())], anonymous=True)


class TestNamed:
    def test_labels(self, tmp_path):
        """A submission is called by its students, what else is known of them, or its key."""
        entries = [
            record("a", students=(ADA, Student("Grace Hopper"))),
            record("b", students=(Student(email="x@y.z"),)),
            record("c", students=(Student(sid="42"),)),
            record("d", students=()),
        ]
        names = naming.of(tmp_path, entries)
        labels = [names.who(key).label for key in "abcd"]
        assert labels == ["Ada Lovelace, Grace Hopper", "x@y.z", "42", "d"]
        assert not names.anonymous
        assert not list(tmp_path.iterdir())

    def test_links(self, tmp_path):
        """Every key gives an address that a page can hold."""
        names = naming.of(tmp_path, [record("a b#?%")])
        assert names.who("a b#?%").href == "submissions/a%20b%23%3F%25/page.html"

    def test_by_label(self, tmp_path):
        """Several are told in the order of their labels."""
        called = {"1": "zoe", "2": "Ada", "3": "bob"}
        entries = [record(key, students=(Student(name),)) for key, name in called.items()]
        names = naming.of(tmp_path, entries)
        assert [who.label for who in names.all("123")] == ["Ada", "bob", "zoe"]

    def test_texts_stay(self, tmp_path):
        """With names, nothing is replaced."""
        names = naming.of(tmp_path, [BOTH])
        assert names.scrub("by Ada Lovelace") == "by Ada Lovelace"
        assert names.scrubbed(["Ada Lovelace"]) == ["Ada Lovelace"]
        assert names.record(BOTH) is BOTH
        assert (names.digest(), names.place(tmp_path)) == ("", tmp_path)


class TestPseudonyms:
    def test_kept(self, tmp_path, hidden):
        """They stay the same in a folder; another folder has others."""
        again = naming.of(tmp_path, [BOTH], anonymous=True)
        other = tmp_path / "other"
        other.mkdir()
        assert again.who("ada_l") == hidden.who("ada_l")
        assert naming.of(other, [BOTH], anonymous=True).who("ada_l") != hidden.who("ada_l")

    def test_students_and_submissions(self, hidden):
        """Each student of a group has one of its own; nobody known is called by the submission."""
        first, second = hidden.who("ada_l").label.split(", ")
        assert first.startswith("student-")
        assert second.startswith("student-")
        assert first != second
        assert hidden.who("s2").label == hidden.folder("s2")
        assert hidden.folder("s2").startswith("submission-")

    def test_damaged(self, tmp_path):
        """A key that cannot be read is named."""
        (tmp_path / SALT).write_text("[1]")
        with pytest.raises(ClassError, match="is damaged"):
            naming.of(tmp_path, [record("a")], anonymous=True)

    def test_list_for_staff(self, tmp_path, hidden):
        """Staff find in OUT who is who."""
        naming.write_who_is_who(tmp_path, [BOTH], hidden)
        document = json.loads((tmp_path / WHO_IS_WHO).read_text())
        assert document[hidden.folder("ada_l")] == "ada_l"
        assert document[hidden.who("ada_l").label.split(", ")[0]]["email"] == ADA.email

    def test_pages(self, tmp_path, hidden):
        """Pages lie in a folder of their own, and no address holds a key."""
        assert hidden.place(tmp_path) == tmp_path / "anonymous"
        assert "ada" not in hidden.who("ada_l").href

    def test_an_out_without_names(self, tmp_path):
        """Where records hold pseudonyms, these are told as they are, whatever is asked for."""
        (tmp_path / records.BASIS).write_text('{"anonymous": true}')
        entry = record("submission-1", students=(Student("student-2"),))
        for asked in (False, True):
            names = naming.of(tmp_path, [entry], anonymous=asked)
            assert (names.who("submission-1").label, names.anonymous) == ("student-2", True)
            assert names.place(tmp_path) == tmp_path
            assert names.record(entry) is entry
        assert not (tmp_path / SALT).exists()

    def test_everything_in_a_record(self, hidden):
        """A record loses its students, source and time of grading, and names in every text."""
        text = "by Ada Lovelace"
        entry = record(
            "ada_l",
            students=(ADA,),
            source="ada.zip",
            files={"part/ada_l.py": "0"},
            run={
                "notes": [text],
                "staff_notes": [text],
                "flags": [{"check": "2.8", "kind": "k", "text": text}],
                "error": text,
                "late": {"notice": text},
            },
            checks={
                "1.1": {"printed": text, "remarks": [text], "hint": text, "facts": {text: [text]}}
            },
            failing={"1.2": Failure(message=text, detail={"name": text})},
            failure=text,
        )
        assert entry.graded_at
        told = hidden.record(entry)
        assert "Lovelace" in str(entry)
        assert "Lovelace" not in str(told)
        assert told.graded_at == ""
        assert "ada" not in str(told).replace("ada_l", "", 1)  # the key finds the page's name
