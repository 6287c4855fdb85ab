"""The site's two pages of a run: who sees what, and how it is set at a terminal."""

import io
import json

import pytest
from rich.console import Console

from grader.authoring.gradescope import site
from grader.errors import GraderError

LOST = {"score": 0, "output": "The autograder failed to execute correctly."}


def table(number="1.1", **fields):
    """Give one test of a results.json; a full one unless told otherwise."""
    full = {"number": number, "name": "Conv2D", "score": 1.0, "max_score": 2.0, "output": "text"}
    return {**full, **fields}


def record(*tests, raw=b"", run=None, **results):
    """Give a record of a graded run with these results; `run` replaces fields of the record."""
    document = {
        "outcome": "graded",
        "reason": "",
        "results": {"tests": list(tests), **results},
        "stdout": "log",
        "exit_status": 0,
        "seconds": 12.34,
        "leftover": [],
        **(run or {}),
    }
    return site.from_document(document, raw)


def numbers(page):
    """The numbers of the tests on a page."""
    return [item.number for item in page.tests]


def shown(page, width=100):
    """What is printed of a page; each line without the blanks at its end."""
    stream = io.StringIO()
    console = Console(file=stream, width=width, color_system=None, highlight=False)
    site.show(console, page)
    return "\n".join(line.rstrip() for line in stream.getvalue().split("\n"))


class TestReading:
    """Records come from the container's folder."""

    def test_folder_with_raw_results(self, tmp_path):
        """A folder is read with the raw results beside the record, and so is the file itself."""
        document = {"outcome": "graded", "results": {"score": 1}, "seconds": 2, "oom_kills": 1}
        (tmp_path / "record.json").write_text(json.dumps(document))
        (tmp_path / "results.raw").write_bytes(b'{"score": 1}')
        found = site.read(tmp_path)
        assert found == site.read(tmp_path / "record.json")
        assert (found.outcome, found.results, found.seconds) == ("graded", {"score": 1}, 2)
        assert (found.oom_kills, found.exit_status, found.raw) == (1, None, b'{"score": 1}')

    @pytest.mark.parametrize(
        ("left", "text"), [({"outcomes": "{}"}, "{}"), ({}, ""), ({"outcomes": 7}, "")]
    )
    def test_outcomes_are_text(self, left, text):
        """What the grader left of every case is not looked into here; what is no text is none."""
        assert record(run=left).outcomes == text
        assert "{}" not in str(site.student(record(run=left)))

    def test_without_raw_results(self, tmp_path):
        """Where no results.json was found, there are no bytes of it."""
        (tmp_path / "record.json").write_text('{"outcome": "lost", "results": {}}')
        assert site.read(tmp_path).raw == b""

    def test_no_record(self, tmp_path):
        """A folder without a record is refused with its path."""
        with pytest.raises(GraderError, match=r"record\.json cannot be read"):
            site.read(tmp_path)

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"\xff",
            b"{",
            b"[" * 100_000,
            b"[]",
            b"{}",
            b'{"outcome": "fine", "results": {}}',
            b'{"outcome": [], "results": {}}',
            b'{"outcome": "graded"}',
            b'{"outcome": "graded", "results": []}',
        ],
    )
    def test_what_is_no_record(self, content):
        """Other content is refused in a sentence."""
        with pytest.raises(GraderError, match="no record of a run"):
            site.parse(content)

    def test_strange_fields(self):
        """Fields of wrong types count as unknown and break no page."""
        strange = {"seconds": "1", "exit_status": True, "peak_mb": [], "leftover": "x", "stdout": 1}
        found = record(run=strange)
        assert (found.seconds, found.exit_status, found.peak_mb) == (0, None, None)
        assert (found.leftover, found.stdout) == ((), "")

    @pytest.mark.parametrize(
        "results",
        [
            {"score": "9", "tests": 7, "leaderboard": {}, "extra_data": []},
            {"score": None, "tests": [1, {}], "leaderboard": [1, {"name": "a"}], "output": ""},
            {"score": 10**400, "tests": [{"score": True, "number": 1, "visibility": []}]},
            {"visibility": None, "output_format": 3, "output": "a", "stdout_visibility": []},
            {"extra_data": {"staff_notes": "x", "a": None, "b": [1]}},
        ],
    )
    def test_strange_results(self, results):
        """Results that the platform kept, however odd, can be shown."""
        found = site.from_document({"outcome": "graded", "results": results})
        assert "Score: " in shown(site.instructor(found))
        assert "Score: " in shown(site.student(found))


class TestTotal:
    """The number at the top of the page."""

    def test_score_at_the_top_wins(self):
        """A score at the top replaces the sum of the tests, as after a late penalty."""
        assert site.instructor(record(table(), score=0.8)).score == "0.8 of 2"

    def test_sum_of_the_tests(self):
        """Without a score at the top the tests are added up, those without points as 0."""
        tests = [table(), table(score=0.25), {"name": "without points"}]
        assert site.instructor(record(*tests)).score == "1.25 of 4"
        assert site.student(record(*tests)).score == "1.25 of 4"

    def test_above_the_maximum(self):
        """Too high a score is shown as it is, with a warning to the instructor."""
        page = site.instructor(record(table(score=3.0), score=14))
        assert page.score == "14 of 2"
        assert "The score, 14, is above the maximum, 2: the site shows it as it is." in page.notices
        assert "More points than their maximum, shown as they are: 1.1." in page.notices
        assert site.student(record(table(), score=14)).score == "14 of 2"

    def test_full_marks_are_no_warning(self):
        """Scores at their maximum are nothing to warn of, rounding included."""
        page = site.instructor(record(table(score=0.1 + 0.2, max_score=0.3 + 1e-9)))
        assert page.notices == ()

    def test_no_points_at_all(self):
        """Without tests there is a score and no maximum."""
        assert site.instructor(record(score=3)).score == "3"


class TestVisibility:
    """What is hidden from whom, and until when."""

    @pytest.mark.parametrize(
        ("visibility", "moments"),
        [
            ("visible", {"now", "due", "published", "both"}),
            ("after_due_date", {"due", "both"}),
            ("after_published", {"published", "both"}),
            ("hidden", set()),
            ("unheard-of", set()),
        ],
    )
    def test_a_tests_visibility(self, visibility, moments):
        """A test is shown at its moments only, and the total with all tests only."""
        found = record(table("1"), table("2", visibility=visibility), score=2)
        states = {"now": (0, 0), "due": (1, 0), "published": (0, 1), "both": (1, 1)}
        for moment, (due, published) in states.items():
            page = site.student(found, after_due=bool(due), published=bool(published))
            assert numbers(page) == (["1", "2"] if moment in moments else ["1"])
            assert page.score == ("2 of 4" if moment in moments else site.NO_TOTAL)

    def test_the_instructor_sees_hidden_tests(self):
        """Hidden tests are marked with when students see them, and a warning names the total."""
        tests = [
            table("1"),
            table("2", visibility="hidden"),
            table("3", visibility="after_due_date"),
            table("4", visibility="after_published"),
        ]
        page = site.instructor(record(*tests, score=1))
        assert numbers(page) == ["1", "2", "3", "4"]
        assert [item.note for item in page.tests] == [
            "",
            "never shown to students",
            "shown after the due date",
            "shown once grades are published",
        ]
        (notice,) = page.notices
        assert "Students see no total" in notice
        assert "2 (never shown to students), 3 (shown after" in notice
        assert "[never shown to students]" in shown(page)

    def test_no_hidden_test_no_warning(self):
        """Where all is visible there is nothing to warn of."""
        assert site.instructor(record(table(visibility="visible"))).notices == ()

    def test_the_whole_run_hidden(self):
        """A visibility at the top applies to the total, the output and all tests."""
        found = record(
            table(visibility="visible"),
            visibility="after_published",
            output="secret",
            score=1,
            stdout_visibility="visible",
            leaderboard=[{"name": "accuracy", "value": 1}],
        )
        text = shown(site.student(found, after_due=True))
        assert "Nothing of this run is shown" in text
        assert not any(word in text for word in ("secret", "Conv2D", "log", "accuracy", "1 of 2"))
        assert "secret" in shown(site.student(found, published=True))
        page = site.instructor(found)
        assert "The whole run is shown once grades are published." in page.notices
        assert page.score == "1 of 2"

    @pytest.mark.parametrize(
        ("visibility", "seen"),
        [(None, False), ("hidden", False), ("after_due_date", False), ("visible", True)],
    )
    def test_stdout(self, visibility, seen):
        """Output of the run is for instructors; for students where its own visibility says so."""
        results = {"stdout_visibility": visibility} if visibility else {}
        found = record(table(), **results)
        assert (site.student(found).stdout == "log") is seen
        assert site.instructor(found).stdout == "log"
        warned = any("stdout" in notice for notice in site.instructor(found).notices)
        assert warned is (visibility not in (None, "hidden"))

    def test_nothing_for_staff_on_the_students_page(self):
        """Notes for staff, extra_data, notices and the run's figures stay away from students."""
        found = record(table(), extra_data={"staff_notes": ["look here"], "tape": "abc"}, score=1)
        student, instructor = shown(site.student(found)), shown(site.instructor(found))
        for word in ("look here", "abc", "12.3 s", "log", "exit status"):
            assert word not in student
            assert word in instructor

    def test_titles(self):
        """Each title says whose page it is, and the student's at which moment."""
        found = record(table())
        assert "INSTRUCTOR" in site.instructor(found).title
        title = site.student(found).title
        assert "STUDENT" in title
        assert "before the due date, grades not published" in title
        later = site.student(found, after_due=True, published=True).title
        assert "after the due date, grades published" in later


class TestNotices:
    """What an instructor is told beyond the results."""

    @pytest.mark.parametrize(("outcome", "word"), [("lost", "is lost"), ("timed-out", "timed out")])
    def test_lost_run(self, outcome, word):
        """The instructor reads the reason, the student the platform's sentence and score 0."""
        run = {"outcome": outcome, "reason": "results.json is empty", "exit_status": None}
        found = site.from_document({**run, "results": LOST, "stdout": "Traceback"})
        page = site.instructor(found)
        assert f"{word}: results.json is empty" in page.notices[0]
        text = shown(site.student(found))
        assert "failed to execute correctly" in text
        assert "Score: 0\n" in text
        assert "results.json" not in text
        assert "Traceback" not in text
        assert "Traceback" in shown(page)

    def test_exit_status(self):
        """A non-zero exit status is a warning, and 0 is none."""
        assert "status 3" in site.instructor(record(run={"exit_status": 3})).notices[0]
        assert site.instructor(record(run={"exit_status": 0})).notices == ()

    def test_memory(self):
        """Kills for memory are told with the limit; the figures stand below, as far as known."""
        figures = {"oom_kills": 2, "memory_limit_mb": 768, "peak_mb": 767.8, "peak_anon_mb": 700.2}
        page = site.instructor(record(run=figures))
        assert "memory ran out (limit 768 MB): processes killed: 2" in page.notices[0]
        memory = dict(page.facts)["memory"]
        assert memory == "peak 768 MB, without file cache 700 MB, limit 768 MB"
        assert "memory" not in dict(site.instructor(record()).facts)

    def test_no_kills(self):
        """Without a kill there is no warning, whether they were counted or not."""
        for kills in (0, None):
            assert site.instructor(record(run={"oom_kills": kills})).notices == ()

    def test_leftover(self):
        """Processes that outlived the run are named."""
        page = site.instructor(record(run={"leftover": ["sleep", "python3"]}))
        assert "Processes outlived the run: sleep, python3." in page.notices

    def test_extra_data_is_shortened(self):
        """extra_data is one short line a key; what is empty is left out."""
        extra = {"long": "x" * 1000, "table": {"a": [1]}, "none": [], "late": {}, "staff_notes": []}
        facts = dict(site.instructor(record(extra_data=extra)).facts)
        assert facts["extra_data.table"] == '{"a": [1]}'
        assert len(facts["extra_data.long"]) < 200
        assert not facts.keys() & {"extra_data.none", "extra_data.late", "extra_data.staff_notes"}


class TestOrderAndStatus:
    """How the site lists tests."""

    def test_sorted_by_number(self):
        """Numbers are compared part by part, 1.2 before 1.10; tests without one come last."""
        tests = [table(number) for number in ("1.10", "", "2", "1.2", "1.2a", "10")]
        expected = ["1.2", "1.2a", "1.10", "2", "10", ""]
        assert numbers(site.instructor(record(*tests))) == expected
        assert numbers(site.student(record(*tests))) == expected

    @pytest.mark.parametrize(
        ("fields", "status"),
        [
            ({"score": 2.0}, "passed"),
            ({"score": 1.0}, "failed"),
            ({"score": 1.0, "status": "passed"}, "passed"),
            ({"score": 2.0, "status": "failed"}, "failed"),
            ({"score": None}, ""),
            ({"max_score": None}, ""),
        ],
    )
    def test_status(self, fields, status):
        """A status is shown as given, and otherwise follows from the points."""
        (item,) = site.instructor(record(table(**fields))).tests
        assert item.status == status


class TestShown:
    """The page at a terminal."""

    def test_markdown_is_set(self):
        """Markdown loses its marks, whether the format is the test's or that of all tests."""
        own = table(output="**bold** `code`", output_format="md")
        for found in (record(own), record(table(output="**bold** `code`"))):
            text = shown(site.instructor(found))
            assert ("bold code" in text) is (found.results["tests"][0] == own)
        inherited = record(table(output="**bold** `code`"), test_output_format="md")
        assert "bold code" in shown(site.instructor(inherited))

    @pytest.mark.parametrize("kind", ["text", "html", "simple_format", "ansi"])
    def test_other_formats_are_plain(self, kind):
        """Every other format is printed as text, without control sequences."""
        page = site.student(record(output="**a** [b] \x1b[31mred\x1b[0m", output_format=kind))
        assert "**a** [b] red" in shown(page)

    def test_nothing_fools_the_terminal(self):
        """No text that a student controls brings an escape sequence to the terminal."""
        evil = "a\x1b]0;title\x07\x1b[2Jb\x00"
        found = record(
            table(evil, name=evil, output=evil, output_format="md"),
            output=evil,
            leaderboard=[{"name": evil, "value": evil}],
            extra_data={evil: evil, "staff_notes": [evil]},
            run={"stdout": evil, "leftover": [evil], "outcome": "lost", "reason": evil},
            stdout_visibility="visible",
        )
        for page in (site.instructor(found), site.student(found)):
            text = shown(page)
            assert "ab" in text
            assert not {"\x1b", "\x00", "\x07"} & set(text)

    def test_points_and_leaderboard(self):
        """A test shows its points if it has any, and the leaderboard its values."""
        tests = [table(), table("1.2", max_score=None), table("1.3", score=None)]
        board = [{"name": "accuracy", "value": 0.8, "order": "desc"}]
        lines = shown(site.student(record(*tests, leaderboard=board))).split("\n")
        assert "✗ 1.1 Conv2D (1/2)" in lines
        assert "· 1.2 Conv2D (1)" in lines
        assert "· 1.3 Conv2D" in lines
        assert "  accuracy: 0.8" in lines

    def test_empty_stdout(self):
        """Where nothing was printed, the page says so; without the right to see it, nothing."""
        found = record(run={"stdout": ""})
        assert "(empty)" in shown(site.instructor(found))
        assert "stdout" not in shown(site.student(found))

    def test_no_line_is_too_long(self):
        """Everything keeps to the terminal's width."""
        long = "many words " * 40
        found = record(table(name=long, output=long, visibility="hidden"), output=long)
        assert max(map(len, shown(site.instructor(found), 60).split("\n"))) <= 60


class TestComplaints:
    """The lint of what the run wrote."""

    def test_good(self):
        """Good results are without fault."""
        raw = json.dumps({"score": 1.0, "tests": []}).encode()
        assert site.complaints(record(raw=raw)) == []

    def test_raw_bytes_are_judged(self):
        """It is the file's bytes that are judged, not what the platform kept."""
        assert "nan" in site.complaints(record(score=1, raw=b'{"score": NaN}'))[0]
        assert "half written" in site.complaints(record(score=1, raw=b'{"score": 1'))[0]

    def test_none_at_all(self):
        """Where there was no results.json, that is the complaint."""
        assert site.complaints(record()) == ["it is not there, or it is empty"]
