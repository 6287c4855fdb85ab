"""A comparison as one page."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from comparing import by_key, record
from making import save_class

from grader.authoring.classroom.compare import accepting, page
from grader.authoring.classroom.compare.accepting import Entry
from grader.authoring.classroom.compare.changes import compare
from grader.authoring.classroom.compare.reading import read
from grader.authoring.classroom.compare.words import MINUS, Words
from grader.authoring.classroom.records import Student

HOSTILE = "</style></p><script>alert(1)</script><img src=x onerror=y> & {{ 7 * 7 }}"


class Outline(HTMLParser):
    """The page's tags, addresses and text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.links, self.text = [], [], []
        self.feed(html)
        self.text = " ".join(" ".join(self.text).split())

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]
        assert not any(name.startswith("on") for name, _ in attrs)

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture
def written(tmp_path):
    """Write the page on two lists of records; its HTML."""

    def write(old, new, entries=(), *, anonymous=False):
        gradings = read(save_class(tmp_path / "old", old), save_class(tmp_path / "new", new))
        comparison = compare(*gradings)
        verdict = accepting.judge(comparison.falls(by_key), entries)
        say = Words(*gradings, anonymous=anonymous)
        page.write(tmp_path / "pages" / "diff.html", comparison, verdict, say)
        return (tmp_path / "pages" / "diff.html").read_text(encoding="utf-8")

    return write


def test_the_page_has_every_change(written):
    """Falls and rises of all submissions, with points and reasons, however many."""
    old = [record(f"s{number}", points={"1.5": 0}) for number in range(20)]
    new = [record(f"s{number}", points={"1.4": 0}) for number in range(20)]
    outline = Outline(written(old, new))
    assert outline.tags.count("article") == 20
    assert outline.text.count(" 1 → 0 ") == 20
    assert outline.text.count(" 0 → 0.5 ") == 20


def test_submissions_with_rises_only_stand_apart(written):
    """They are folded, and no fall is among them."""
    old = [record("ada"), record("bob", points={"1.4": 0}), record("eve")]
    new = [record("ada", points={"1.4": 0}), record("bob"), record("eve")]
    html = written(old, new)
    fall, rise = html.split("<details>")
    assert "Ada" in fall
    assert "Bob" not in fall
    assert "Bob" in rise
    assert "Eve" not in html


def test_nothing_changed_is_said(written):
    """A page without any change is a page, too."""
    text = Outline(written([record("ada")], [record("ada")])).text
    assert "No check of anybody falls." in text
    assert "Nothing that is recorded." in text


def test_hostile_texts_are_escaped(written):
    """Names, keys, failures and titles come as text, and nothing is fetched or run."""
    student = (Student(HOSTILE, "a@b", "1"),)
    old = [record("ada", students=student), record("gone", students=(HOSTILE,))]
    new = [record("ada", students=student, graded=False, failure=HOSTILE)]
    html = written(old, new)
    outline = Outline(html)
    assert "script" not in outline.tags
    assert "img" not in outline.tags
    assert outline.text.count("alert(1)") == 4  # with the list of those who are gone
    assert "{{ 7 * 7 }}" in outline.text
    assert outline.links == []
    assert not re.search(r"https?:|url\(|@import", html)


def test_the_page_suits_a_phone_and_the_dark(written):
    """It tells the width of the screen, and has colours for both schemes."""
    html = written([record("ada")], [record("ada")])
    assert 'name="viewport"' in html
    assert "prefers-color-scheme: dark" in html
    assert "max-width: 700px" in html


def test_pages_of_the_report_are_linked_as_seen_from_the_page(written, tmp_path):
    """Where the new grading has them; a key is quoted in the address."""
    entries = [record("a b", points={"1.4": 0}), record("bob", points={"1.4": 0})]
    place = tmp_path / "new" / "submissions" / "a b"
    place.mkdir(parents=True)
    (place / "page.html").touch()
    outline = Outline(written([record("a b"), record("bob")], entries))
    assert outline.links == ["../new/submissions/a%20b/page.html"]


def test_accepted_falls_are_marked(written):
    """They stay on the page, quieter; what is odd about the list stands at the end."""
    new = [record("ada", points={"1.4": 0, "1.5": 0})]
    html = written([record("ada")], new, [Entry(1, "ada", "1.4"), Entry(2, "eve", "*")])
    assert html.count('<li class="accepted">') == 1
    assert html.count('<li class="fall">') == 1
    assert "(accepted)" in html
    assert "line 2: nothing falls there" in html


def test_an_anonymous_page_names_nobody(written):
    """Neither names nor addresses, ids, keys, sources or what staff are told."""
    person = Student("Ada Lovelace", "ada@example.edu", "90210")
    old = [record("lovelace_ada", students=(person,)), record("gone_gunther")]
    new = [
        record(
            "lovelace_ada", students=(person,), graded=False, failure="lovelace_ada.zip is none"
        ),
        replace(record("came_carla"), source="came_carla.zip"),
    ]
    html = written(old, new, anonymous=True).lower()
    for secret in ("ada", "lovelace", "90210", "gunther", "carla", "example.edu"):
        assert secret not in re.sub(r"<style>.*</style>", "", html, flags=re.DOTALL)
    assert "student-" in html
    assert "could not be graded now" in html


def test_an_anonymous_page_is_in_the_order_of_its_pseudonyms(written):
    """With a sorted list of the class, another order would tell who is who."""
    keys = [f"student{number:02}" for number in range(12)]
    html = written(
        [record(key) for key in keys],
        [record(key, points={"1.4": 0}) for key in keys],
        anonymous=True,
    )
    shown = re.findall(r"student-[0-9a-f]{10}", html)
    assert len(set(shown)) == 12
    assert shown == sorted(shown)


def test_submissions_that_are_gone_are_counted_and_listed(written):
    """Each is a fall of its own; where none is gone, none is counted."""
    old = [record("ada"), record("bob")]
    text = Outline(written(old, [record("ada")])).text
    assert "only in the old grading 1" in text
    assert f"14 → none {MINUS}14 the whole submission is not in the new grading" in text
    assert text.endswith("Only in the old grading Bob")
    assert "only in the old grading" not in Outline(written(old, old)).text


def test_what_was_there_stays_when_the_page_fails(written, tmp_path, monkeypatch):
    """A page that cannot be made leaves the old one."""
    html = written([record("ada")], [record("ada")])
    monkeypatch.setattr(page, "_figures", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        written([record("ada")], [record("ada")])
    assert (tmp_path / "pages" / "diff.html").read_text(encoding="utf-8") == html
