"""What submissions are called, and that pseudonyms tell nobody's name."""

import json

import pytest
from making import Failure, record

from grader.authoring.classroom.records import ClassError, Student
from grader.authoring.classroom.report import names as naming
from grader.authoring.classroom.report.names import PSEUDONYMS, Names, Secret

ADA = Student("Ada Lovelace", "adal@example.edu", "900123456")


@pytest.fixture
def hidden(tmp_path):
    """Pseudonyms of Ada and another."""
    records = [record("ada_l", students=(ADA,), source="ada.zip"), record("bob")]
    return naming.of(tmp_path, records, anonymous=True)


class TestNamed:
    def test_labels(self, tmp_path):
        """A submission is called by its students, what else is known of them, or its key."""
        records = [
            record("a", students=(ADA, Student("Grace Hopper"))),
            record("b", students=(Student(email="x@y.z"),)),
            record("c", students=(Student(sid="42"),)),
            record("d", students=()),
        ]
        names = naming.of(tmp_path, records)
        labels = [names.who(key).label for key in "abcd"]
        assert labels == ["Ada Lovelace, Grace Hopper", "x@y.z", "42", "d"]
        assert not (tmp_path / PSEUDONYMS).exists()

    def test_links(self):
        """Every key gives an address that a page can hold."""
        names = Names({"a b#?%": "Ada"})
        assert names.who("a b#?%").href == "submissions/a%20b%23%3F%25/page.html"

    def test_by_label(self):
        """Several are told in the order of their labels."""
        names = Names({"1": "zoe", "2": "Ada", "3": "bob"})
        assert [who.label for who in names.all("123")] == ["Ada", "bob", "zoe"]

    def test_texts_stay(self):
        """With names, nothing is replaced."""
        names = Names({"a": "Ada"}, [Secret("Ada Lovelace", "x")])
        entry = record("a")
        assert names.scrub("by Ada Lovelace") == "by Ada Lovelace"
        assert names.record(entry) is entry


class TestPseudonyms:
    def test_kept(self, tmp_path):
        """They stay the same in a folder, and newcomers get numbers that are free."""
        records = [record(f"s{i}") for i in range(12)]
        first = naming.of(tmp_path, records[:9], anonymous=True)
        later = naming.of(tmp_path, records, anonymous=True)
        labels = [later.who(entry.key).label for entry in records]
        assert labels[:9] == [first.who(entry.key).label for entry in records[:9]]
        assert sorted(labels) == [f"submission {i:03d}" for i in range(1, 13)]

    def test_no_order(self, tmp_path):
        """Their order is drawn at random: it tells nothing of that of the names."""
        records = [record(f"s{i:02d}") for i in range(40)]
        drawn = []
        for place in ("a", "b"):
            names = naming.of(tmp_path / place, records, anonymous=True)
            drawn.append([names.who(entry.key).label for entry in records])
        assert drawn[0] != drawn[1]

    def test_damaged(self, tmp_path):
        """A list that cannot be read is named, with what to do."""
        (tmp_path / PSEUDONYMS).write_text("[1]")
        with pytest.raises(ClassError, match="delete it"):
            naming.of(tmp_path, [record("a")], anonymous=True)

    def test_list_for_staff(self, tmp_path, hidden):
        """Staff find in OUT who is who."""
        document = json.loads((tmp_path / PSEUDONYMS).read_text())
        assert document["ada_l"] == hidden.who("ada_l").label

    def test_pages(self, tmp_path, hidden):
        """Pages lie in a folder of their own, and no address holds a key."""
        assert hidden.place(tmp_path) == tmp_path / "anonymous"
        assert "ada" not in hidden.who("ada_l").href


class TestScrub:
    @pytest.mark.parametrize(
        "text",
        [
            "Ada Lovelace",
            "ADA LOVELACE",
            "Lovelace, Ada",
            "ada_lovelace",
            r"ada\_lovelace",
            "AdaLovelace",
            "ada.lovelace",
            "Lovelace",
            "adal@example.edu",
            "adal",
            "900123456",
            "ada_l",
            "ada.zip",
        ],
    )
    def test_replaced(self, hidden, text):
        """Names in every usual form, addresses, numbers, keys and sources are replaced."""
        label = hidden.who("ada_l").label
        assert hidden.scrub(f"File /home/{text}/x.py by {text}.") == (
            f"File /home/{label}/x.py by {label}."
        )

    @pytest.mark.parametrize(
        "text", ["", "lovelace as a word", "Lovelaces", "canada", "9001234567", "Ada", "İ ada"]
    )
    def test_left_alone(self, hidden, text):
        """Parts of words, and what is no name as it stands, stay."""
        assert hidden.scrub(text) == text.replace("İ", "i̇")

    def test_everything_in_a_record(self, hidden):
        """A record loses its students, its source, and their names in every text."""
        text = "by Ada Lovelace"
        entry = record(
            "ada_l",
            students=(ADA,),
            source="ada.zip",
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
        assert "Lovelace" not in str(hidden.record(entry))
        assert "Lovelace" in str(entry)
