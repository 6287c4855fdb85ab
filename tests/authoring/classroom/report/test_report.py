"""The pages that are written: whole, harmless, and without names where so asked."""

import re
from fractions import Fraction
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from crowd import a_class
from making import Failure, record, save_class
from markupsafe import Markup

from grader.authoring.classroom import records, report
from grader.authoring.classroom.records import Basis, ClassError, Student
from grader.authoring.classroom.report import names as naming
from grader.authoring.classroom.report.sections import Section
from grader.outcomes import Status

VOID = {"meta", "br", "img", "input", "hr", "link", "use"}


class Page(HTMLParser):
    """What a browser would see: tags, links, ids, and whether all that is opened is closed."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.ids, self.open, self.wrong = [], [], [], [], []
        self.attributes, self.text = set(), ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name in {"href", "xlink:href"}:
                self.links.append(value)
            if name == "id":
                self.ids.append(value)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data):
        if not self.open or self.open[-1] != "style":
            self.text += data


def written(path):
    """The page at a path."""
    return Page(path.read_text(encoding="utf-8"))


def text_of(path):
    """What can be read on it, with single blanks."""
    return " ".join(written(path).text.split())


@pytest.fixture
def write(tmp_path, assignment):
    """Write a class and its report: gives the report's path."""

    def go(*entries, **options):
        save_class(tmp_path, list(entries))
        return report.write(tmp_path, assignment, **options)

    return go


@pytest.fixture(scope="module")
def crowd(tmp_path_factory, assignment):
    """The folder of a class that looks real, with its report."""
    out = save_class(tmp_path_factory.mktemp("class"), a_class(42))
    report.write(out, assignment)
    return out


class TestWhole:
    def test_well_formed(self, crowd):
        """Every page closes what it opens, and no id is there twice."""
        for path in (crowd / report.REPORT, *sorted(crowd.rglob(naming.PAGE))[:5]):
            page = written(path)
            assert (page.wrong, page.open) == ([], [])
            assert len(page.ids) == len(set(page.ids))

    def test_self_contained(self, crowd):
        """Nothing is loaded from anywhere, and nothing runs."""
        text = (crowd / report.REPORT).read_text()
        page = Page(text)
        assert not {"script", "link", "img", "iframe"} & set(page.tags)
        assert not {name for name in page.attributes if name.startswith("on")} | (
            {"src"} & page.attributes
        )
        assert "@import" not in text
        assert not re.search(r"url\((?!#)", text)

    def test_links_lead_somewhere(self, crowd):
        """Each link is an id of the page or a page that is there; every submission is linked."""
        page = written(crowd / report.REPORT)
        linked = set()
        for link in page.links:
            if link.startswith("#"):
                assert link[1:] in page.ids
            else:
                assert (crowd / unquote(link)).is_file()
                linked.add(unquote(link).split("/")[1])
        assert linked == {entry.key for entry in records.each(crowd)}

    def test_back(self, crowd):
        """A student's page links back to the report."""
        path = next(crowd.rglob(naming.PAGE))
        assert (path.parent / written(path).links[0]).resolve() == crowd / report.REPORT

    def test_same_bytes(self, crowd, assignment):
        """The same class gives the same bytes."""
        before = (crowd / report.REPORT).read_bytes()
        report.write(crowd, assignment)
        assert (crowd / report.REPORT).read_bytes() == before

    def test_everything_is_there(self, crowd):
        """All of the report's parts have something to tell of a real class."""
        text = text_of(crowd / report.REPORT)
        for words in (
            "41 of 42",
            "Not graded, or not wholly",
            "discrimination",
            "The commonest hints",
            "The same wrong output",
            "the dashed lines are the thresholds",
            "One case short of full credit in a check",
            "images that there was no time for",
            "only 31% of the predictions",
            "2024-02-19 23:59",
        ):
            assert words in text

    def test_nothing_to_tell(self, write):
        """A class without a fault gets a report without one, too."""
        text = text_of(write(record("ada")))
        assert "1 submission of 1 student" in text
        assert text.count("Nobody.") == 2
        assert "No two submissions have the same wrong output." in text
        assert "No accuracy was measured." in text
        assert "Not graded" not in text

    def test_nobody_graded(self, write):
        """Neither does a class of which nothing could be graded."""
        path = write(record("ada", graded=False, failure="no worker"))
        assert "0 of 1" in text_of(path)
        assert "no worker" in text_of(path)
        page = path.parent / "submissions" / "ada" / naming.PAGE
        assert "The grader could not grade this submission: no worker" in text_of(page)

    def test_long_tables_are_folded(self, write):
        """The first rows are there at once, the others behind their number; none is lost."""
        flags = [[{"check": "1.1", "kind": "odd", "text": f"seen {it}"}] for it in range(23)]
        path = write(*(record(f"s{it:02d}", run={"flags": own}) for it, own in enumerate(flags)))
        text = path.read_text("utf-8")
        flags = text[text.index('id="flags"') : text.index('id="late"')]
        before, after = flags.split("<summary>3 more</summary>")
        assert (before.count("page.html"), after.count("page.html")) == (20, 3)

    def test_one_network_for_all(self, write):
        """Where all have trained what was given, the section says so, and draws nothing."""
        facts = {"2.8": {"accuracy": 0.9, "thresholds": [0.8], "parameters": 10}}
        path = write(*(record(key, facts=facts) for key in "abcd"))
        assert "all have trained what was given" in text_of(path)
        assert written(path).tags.count("svg") == 1

    def test_percent(self, write):
        """A rate is 100% for all only, and has how many of how many beside it."""
        entries = [record(f"s{it}", points={"1.4": 0} if it == 0 else {}) for it in range(300)]
        text = text_of(write(*entries))
        assert "99.7% 299 of 300" in text
        assert "100% 300 of 300" in text

    def test_not_opened(self, write):
        """What cannot be opened stands apart from what was graded."""
        closed = record("b", run={"error": "not a zip"})
        closed.run.checks.clear()
        assert "cannot be opened" not in text_of(write(record("a")))
        text = text_of(write(closed))
        assert "1 of 2and 1 that cannot be opened, with 0 points" in text
        assert "100% 1 of 1" in text
        assert "of those that could be opened" in text

    def test_nobody_knows_who_was_late(self, write):
        """Where the due date is not known that is said once, and nobody is called late."""
        unknown, on_time = ({"late": {"status": status}} for status in ("unknown", "on-time"))
        text = text_of(write(record("a", run=unknown), record("b", run=unknown)))
        assert "When 2 submissions were due, or handed in, is not known" in text
        assert "Nobody handed in after the due date." not in text
        text = text_of(write(record("a", run=unknown), record("b", run=on_time)))
        assert "When 1 submission was due, or handed in, is not known" in text
        assert "Nobody handed in after the due date." in text
        text = text_of(write(record("a", run=on_time)))
        assert "is not known" not in text

    def test_penalties(self, write):
        """A penalty is told as it was set, with its decimals."""
        late = {"late": {"status": "late", "days": 1}, "penalty": Fraction(1, 8)}
        assert "12.5%" in text_of(write(record("a", run=late)))

    def test_no_class(self, tmp_path, assignment):
        """A folder without records is no class."""
        with pytest.raises(ClassError, match="no graded class"):
            report.write(tmp_path, assignment)

    def test_several_bases(self, write):
        """Where not all were graded with the same, the report says so; else it does not."""
        warning = "Not all were graded with the same"
        assert warning not in text_of(write(record("a"), record("b")))
        assert warning in text_of(write(record("b", basis=Basis("0.2.0"))))

    def test_several_libraries(self, write):
        """Other versions are another grading, and told; what was not graded ran with none."""
        old, new = ({"libraries": {"numpy": "2.0", "torch": it}} for it in ("2.12", "2.13"))
        text = text_of(write(record("a", run=old), record("b", graded=False)))
        assert "numpy 2.0, torch 2.12" in text
        assert "Not all were graded with the same" not in text
        assert "Not all were graded with the same" in text_of(write(record("c", run=new)))

    def test_sections(self, write):
        """Other sections come with their title and note escaped, and their HTML as it is."""
        section = Section("Similar <b>", Markup("<em id='own'>pair</em>"), "a & b")
        path = write(record("a"), sections=[section])
        page = written(path)
        assert "own" in page.ids
        assert "#section-1" in page.links
        assert "Similar <b>" in page.text
        assert "a & b" in page.text


class TestAgain:
    def test_the_last_counts(self, write):
        """Who hands in again counts once, with the last; the earlier one is named and linked."""
        hour = "2024-02-19T{}:00:00-05:00"
        path = write(
            record("ada_1", points={"1.2": 0}, submitted_at=hour.format(10)),
            record("ada_2", submitted_at=hour.format(11), students=("Ada_1",)),
            record("bob"),
        )
        text = text_of(path)
        assert "2 submissions of 2 students" in text
        assert "1 earlier submission of the same students is not counted: Ada_1" in text
        assert "100% 2 of 2" in text
        assert text.count("(not counted)") == 1
        assert "3 submissions" in text  # all are listed
        assert (path.parent / "submissions" / "ada_1" / naming.PAGE).is_file()

    def test_many(self, write):
        """Many earlier ones are folded."""
        path = write(*(record(f"s{it}", students=("Ada",)) for it in range(5)))
        assert "4 earlier submissions of the same students are not counted: which" in text_of(path)
        assert "<summary>which</summary>" in path.read_text("utf-8")

    def test_gone(self, write):
        """One whose submission is no longer there counts for who has no other."""
        one, other = (record(key, students=("Ada",)) for key in "ab")
        text = text_of(write(one, other, record("c"), gone=["b", "c"]))
        assert "2 submissions of 2 students" in text
        href = "submissions/{}/page.html"
        links = written(write(one, other, record("c"), gone=["b", "c"])).links
        assert links[0] == href.format("b")

    def test_each_counts(self, write):
        """Where nobody hands in again, nothing is said of it."""
        assert "not counted" not in text_of(write(record("a"), record("b")))


class TestHostile:
    def test_nothing_runs(self, write, hostile_text):
        """Hostile texts in every place come through as text."""
        evil = f"<script>alert(1)</script>\"'><img src=x onerror=y>{hostile_text}"
        evil = evil.encode("utf-8", "replace").decode()  # records are files
        failure = Failure(
            message=evil, hint=evil, reason="wrong", output="x", detail={"name": evil}
        )
        fault = Failure(reason="no-data", message=evil, status=Status.UNCHECKED)
        facts = {"accuracy": 0.79, "thresholds": [0.8], "parameters": 5, "images": 9}
        entries = [
            record(
                key,
                students=(Student(evil, f"{evil}{key}", evil),),
                source=evil,
                failing={"1.1": failure, "2.5": fault},
                facts={"2.8": {**facts, "classes": [evil], "per_class": [0.5], "parameters": i}},
                checks={"1.2": {"title": evil, "printed": evil, "remarks": [evil]}},
                run={
                    "notes": [evil],
                    "staff_notes": [evil],
                    "flags": [{"check": evil, "kind": evil, "text": evil}],
                    "late": {"status": evil, "due": evil, "created_at": evil, "notice": evil},
                    "part_titles": {"1": evil},
                    "isolation": {"summary": evil},
                    "data": evil,
                },
                submitted_at=evil,
                graded_at=evil,
                basis=Basis(evil, evil, evil, evil, evil, evil),
            )
            for i, key in enumerate("abcd", 1)
        ]
        entries.append(record("e", graded=False, failure=evil))
        for anonymous in (False, True):
            path = write(*entries, anonymous=anonymous)
            for file in (path, *path.parent.rglob(naming.PAGE)):
                page = written(file)
                assert not {"script", "img", "iframe"} & set(page.tags)
                assert not {name for name in page.attributes if name.startswith("on")}
                assert page.wrong == []

    def test_keys_are_quoted(self, write):
        """A key with signs of its own still leads to its page."""
        path = write(record("a b#c"))
        assert "submissions/a%20b%23c/page.html" in written(path).links


class TestStudent:
    def test_what_the_student_sees(self, write):
        """The page has score, outputs and points as on the site; staff's part is folded."""
        note = "given files differ"
        path = write(
            record(
                "ada", failing={"1.1": Failure(hint="Look at `x`.")}, run={"staff_notes": [note]}
            )
        )
        file = path.parent / "submissions" / "ada" / naming.PAGE
        html = file.read_text()
        before, after = html.split("<details>")
        assert "12.75 of 14" in before
        assert "Look at <code>x</code>." in before
        for words in (note, "ada@example.edu", "submission_ada"):
            assert words in after
            assert words not in before

    def test_hidden_checks(self, write):
        """What the site hides from the student is not in the student's part."""
        entry = record("ada", failing={"1.1": Failure(message="secret finding")})
        entry.run.checks[0].visibility = "hidden"
        path = write(entry)
        html = (path.parent / "submissions" / "ada" / naming.PAGE).read_text()
        before, after = html.split("<details>")
        assert "secret finding" not in before
        assert "not shown" in before
        assert "never shown to students" in after


class TestAnonymous:
    def test_no_name_anywhere(self, tmp_path, assignment):
        """No name, address, number, key or source is in any file of the anonymous report."""
        entries = a_class(30)
        for entry in entries:
            one = entry.students[0]
            if entry.run is not None:
                entry.run.checks[1].printed = f"/home/{one.name}/x by {one.email} {one.sid}"
                entry.run.notes.append(f"{entry.source} of {one.name}")
                entry.run.flags.append({"check": "1.1", "kind": "k", "text": f"by {one.name}"})
        save_class(tmp_path, entries)
        path = report.write(tmp_path, assignment, anonymous=True)
        told = "".join(file.read_text() for file in path.parent.rglob("*") if file.is_file())
        told += "".join(str(file.relative_to(path.parent)) for file in path.parent.rglob("*"))
        for entry in entries:
            for student in entry.students:
                for text in (student.name, student.email, student.sid):
                    assert text not in told
            assert entry.key not in told
            assert entry.source not in told
        assert "student-" in told

    def test_no_order_of_names(self, tmp_path, assignment):
        """Everything is in the order of pseudonyms: not even ties have that of the names."""
        facts = {"accuracy": 0.79, "thresholds": [0.8], "cpu_seconds": 3.0}
        flag = {"check": "1.1", "kind": "odd"}
        entries = [
            record(
                f"s{it:02d}",
                facts={"2.8": {**facts, "parameters": 1000 + it}},
                run={"late": {"status": "grace"}, "flags": [{**flag, "text": f"seen {it}"}]},
                graded_at=f"2024-02-21T09:{it:02d}:00+00:00",
            )
            for it in range(20)
        ]
        save_class(tmp_path, entries)
        path = report.write(tmp_path, assignment, anonymous=True)
        text = path.read_text("utf-8")
        parts = {
            "dots": text[text.index('id="networks"') : text.index('id="near"')],
            "near": text[text.index('id="near"') : text.index('id="limits"')],
            "flags": text[text.index('id="flags"') : text.index('id="late"')],
            "late": text[text.index('id="late"') : text.index('id="submissions"')],
        }
        for name, part in parts.items():
            told = re.findall(r'href="submissions/([^/]+)/', part)
            assert told[:20] == sorted(told[:20]), name
            assert len(set(told)) == 20, name
        for page in path.parent.rglob(naming.PAGE):
            assert "2024-02-21" not in page.read_text("utf-8")

    def test_as_much_as_with_names(self, tmp_path, assignment):
        """But for names it tells the same: as many links, the same figures."""
        save_class(tmp_path, a_class(12))
        named = written(report.write(tmp_path, assignment))
        hidden = written(report.write(tmp_path, assignment, anonymous=True))
        assert len(named.links) == len(hidden.links)
        assert named.tags.count("svg") == hidden.tags.count("svg") == 3


@pytest.mark.slow
def test_large_class(tmp_path, assignment):
    """A large class takes no longer a submission than a small one: nothing is quadratic."""
    import time

    def seconds(count):
        out = save_class(tmp_path / str(count), a_class(count))
        began = time.process_time()
        report.write(out, assignment)
        return time.process_time() - began

    seconds(5)  # everything is imported
    assert seconds(400) < 4 * 2 * seconds(100)
