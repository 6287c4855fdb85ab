"""Texts without names: as whole words, in every usual spelling, and nothing else."""

import unicodedata

import pytest

from grader.authoring.classroom.scrubbing import SOMEBODY, Scrubber, Secret, Where


@pytest.mark.parametrize(
    "text",
    [
        "Ada Lovelace",
        "ADA LOVELACE",
        "by Ada Lovelace.",
        "/home/Ada Lovelace/x.py",
        "Ada Lovelace_",
    ],
)
def test_whole_words_in_any_case(text):
    """A secret is found in capital and small letters, but not where a word goes on."""
    told = Scrubber([Secret("Ada Lovelace", "X")]).text(text)
    assert ("X" in told) is not text.endswith("_")
    assert ("lovelace" in told.lower()) is text.endswith("_")


def test_as_written():
    """A name that may be a word is one only with its capital letter."""
    scrubber = Scrubber([Secret("Stone", "X", Where.AS_WRITTEN)])
    assert scrubber.text("a stone by Stone, Stones") == "a stone by X, Stones"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("/home/bo/x.py", "/home/X/x.py"),
        (r"C:\Users\Bo\x.py", r"C:\Users\X\x.py"),
        ("~bo/x.py", "~X/x.py"),
        ("bo/x.py, a bo", "bo/x.py, a bo"),
        ("/bones", "/bones"),
    ],
)
def test_in_paths(text, told):
    """A short name counts behind a slash, where people have their folders."""
    assert Scrubber([Secret("bo", "X", Where.IN_PATHS)]).text(text) == told


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_accents(form):
    """Composed, apart as some file systems write them, or left out: it is one name."""
    scrubber = Scrubber([Secret(unicodedata.normalize(form, "Chloé Brûlé"), "X")])
    for text in ("Chloé Brûlé", unicodedata.normalize("NFD", "Chloé Brûlé"), "chloe brule"):
        assert scrubber.text(f"by {text}!") == "by X!"
    assert scrubber.text("Chloe Brule\N{COMBINING ACUTE ACCENT}e") != "Xe"


def test_as_markdown_has_it():
    """What Markdown escapes is found escaped."""
    assert Scrubber([Secret("ada_l", "X")]).text(r"ada\_l and ada_l") == "X and X"


def test_the_longest_counts():
    """A full name has its own label, not that of a piece of it and the rest beside it."""
    scrubber = Scrubber([Secret("Ada", "short"), Secret("Ada Lovelace", "long")])
    assert scrubber.text("Ada Lovelace, Ada") == "long, short"


def test_a_name_of_two():
    """A text that may stand for either of two is said to be somebody's, whoever came first."""
    for labels in (("X", "Y"), ("Y", "X")):
        scrubber = Scrubber([Secret("Lovelace", label) for label in labels])
        assert scrubber.text("lovelace") == SOMEBODY
    assert Scrubber([Secret("Lovelace", "X")] * 2).text("lovelace") == "X"


def test_json():
    """Texts at any depth and paths as names of members are scrubbed; words of ours stay."""
    scrubber = Scrubber([Secret("failed", "X")])
    document = {"status": "failed", "failed": ["failed", 1, None], "a/failed.py": ("failed",)}
    assert scrubber.json(document) == {
        "status": "failed",
        "failed": ["X", 1, None],
        "a/X.py": ["X"],
    }


def test_no_secrets():
    """Without any, texts are the very same; one without a word is none."""
    assert Scrubber([Secret("--", "X")]).text("a -- b") == "a -- b"
    assert Scrubber().text("Ada") == "Ada"
