"""`grader diff`: what it prints and writes, and its exit status."""

import io
import re
import sys
from fractions import Fraction

import pytest

from grader import cli
from grader.authoring.classroom import records
from grader.authoring.classroom.records import Record, Student
from grader.outcomes import CaseOutcome, CheckOutcome, Run, Status, to_json, write_json


def submission(key, points):
    """A record with one check that is worth 2, and got these points."""
    points = Fraction(points)
    status = Status.PASSED if points == 2 else Status.FAILED
    case = CaseOutcome("padding 0", "core", Fraction(2), status, points)
    check = CheckOutcome("1.1", "1", "Conv2D.forward", Fraction(2), cases=[case])
    run = Run("HW", key, checks=[check], complete=True)
    return Record(key, (Student(key.title(), f"{key}@example.edu"),), run=run)


@pytest.fixture
def place(tmp_path):
    """Write a class of these points; the folder."""

    def write(name, **points):
        for key, value in points.items():
            records.save(tmp_path / name, submission(key, value), None)
        return tmp_path / name

    return write


@pytest.fixture
def folders(place):
    """Ada falls by a half, Bob rises."""
    return place("old", ada=2, bob=1), place("new", ada="3/2", bob=2)


def diff(*options):
    return cli.run(["diff", *map(str, options)])


def test_nobody_falls(place, capsys):
    """Then the status is 0, and rises are told."""
    assert diff(place("old", ada=1), place("new", ada=2)) == 0
    out = capsys.readouterr().out
    assert "1 higher" in out
    assert "No check of anybody falls." in out
    assert "accept" not in out


def test_somebody_falls(folders, capsys):
    """Then the status is 1, with who, what, and the way out."""
    assert diff(*folders) == 1
    out = capsys.readouterr().out
    assert "Ada" in out
    assert "2 → 1.5" in out
    assert "1 fall not accepted: `--accept FILE` takes a list" in out


def test_a_grading_that_was_cut_short(place, tmp_path, capsys):
    """Who is not in it falls, until that is accepted."""
    old, new = place("old", ada=2, bob=1, eve=0), place("new", ada=2)
    assert diff(old, new) == 1
    out = capsys.readouterr().out
    assert "1 fall not accepted" in out
    assert "Only in the old grading: 2" in out
    path = tmp_path / "accept.txt"
    path.write_text("bob whole\n")
    assert diff(old, new, "--accept", path) == 0


def test_a_list_that_is_written_accepts_what_fell(folders, tmp_path, capsys):
    """Writing it does not accept; giving it does, for as long as nobody falls further."""
    path = tmp_path / "accept.txt"
    assert diff(*folders, "--write-accept", path) == 1
    assert f"--accept {path}" in capsys.readouterr().out.replace("\n", " ")
    assert diff(*folders, "--accept", path) == 0
    assert "1 accepted" in capsys.readouterr().out
    records.save(folders[1], submission("ada", 1), None)
    assert diff(*folders, "--accept", path) == 1
    assert "falls further now" in capsys.readouterr().out


def test_a_list_may_be_read_and_written_at_once(folders, tmp_path):
    """The same file takes what is accepted, and gets all that falls now."""
    path = tmp_path / "accept.txt"
    path.write_text("eve *\n")
    assert diff(*folders, "--accept", path, "--write-accept", path) == 1
    assert diff(*folders, "--accept", path) == 0
    assert "eve" not in path.read_text()


def test_the_page_is_written(folders, tmp_path, capsys):
    """Its path is the last thing that is told of it."""
    path = tmp_path / "diff.html"
    assert diff(*folders, "--html", path) == 1
    assert str(path) in capsys.readouterr().out
    assert "Ada" in path.read_text()


def test_outcome_files_are_compared(tmp_path, capsys):
    """Of one submission, as `grader grade --outcomes` leaves them."""
    for name, points in (("old.json", 2), ("new.json", 1)):
        write_json(tmp_path / name, to_json(submission("ada", points).run))
    assert diff(tmp_path / "old.json", tmp_path / "new.json") == 1
    assert "ada" in capsys.readouterr().out


def test_anonymous_output_names_nobody(folders, tmp_path, capsys):
    """Neither the terminal nor the page; what they are made with is kept in the new folder."""
    page = tmp_path / "diff.html"
    assert diff(*folders, "--anonymous", "--html", page) == 1
    told = (capsys.readouterr().out + page.read_text()).replace("padding", "")
    assert "ada" not in told.lower()
    assert "student-" in told
    assert (folders[1] / "salt").is_file()


def test_anonymous_falls_are_in_the_order_of_their_pseudonyms(place, capsys):
    """With a sorted list of the class, another order would tell who is who."""
    keys = [f"key{number:02}" for number in range(12)]
    folders = place("old", **dict.fromkeys(keys, 2)), place("new", **dict.fromkeys(keys, 1))
    assert diff(*folders, "--anonymous") == 1
    shown = re.findall(r"student-[0-9a-f]{10}", capsys.readouterr().out)
    assert len(shown) == 12
    assert shown == sorted(shown)


def test_a_list_of_keys_is_not_anonymous(folders, tmp_path, capsys):
    """Keys may tell names: both options at once are refused before anything is written."""
    path = tmp_path / "accept.txt"
    assert diff(*folders, "--anonymous", "--write-accept", path) == 2
    assert "leave out --anonymous" in capsys.readouterr().err
    assert not path.exists()


def test_pseudonyms_that_cannot_be_kept_stop_it(folders, capsys, monkeypatch):
    """Else the next comparison would call everybody something else."""

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("grader.authoring.classroom.pseudonyms.replacing", full)
    assert diff(*folders, "--anonymous") == 2
    assert "no pseudonyms can be kept" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--html", "--write-accept"])
def test_a_place_that_takes_no_file_is_told(folders, tmp_path, capsys, option):
    """A folder where the file should be."""
    assert diff(*folders, option, tmp_path) == 2
    assert "could not be written" in capsys.readouterr().err


@pytest.mark.parametrize("second", ["missing", "empty"])
def test_what_is_no_grading_is_told(folders, tmp_path, capsys, second):
    """A place that is not there, and a folder without records."""
    (tmp_path / "empty").mkdir()
    assert diff(folders[0], tmp_path / second) == 2
    assert second in capsys.readouterr().err


def test_gradings_without_anybody_in_common_are_refused(place, capsys):
    """Else two wrong folders would pass for a regrade in which nobody falls."""
    assert diff(place("old", ada=2), place("new", bob=1)) == 2
    captured = capsys.readouterr()
    assert "nobody is in both gradings" in captured.err
    assert "salt" in captured.err
    assert captured.out == ""


def test_a_list_without_sense_stops_it(folders, tmp_path, capsys):
    """The line is told, and nothing is compared."""
    path = tmp_path / "accept.txt"
    path.write_text("ada\n")
    assert diff(*folders, "--accept", path) == 2
    captured = capsys.readouterr()
    assert "line 1" in captured.err
    assert captured.out == ""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_without_arrows_gets_ascii(folders, monkeypatch, encoding):
    """What it cannot show is written in signs that it can."""
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
    assert diff(*folders) == 1
    sys.stdout.flush()
    assert b"2 -> 1.5" in raw.getvalue()
    assert b"?" not in raw.getvalue()


def test_a_terminal_gets_its_own_width(folders, monkeypatch):
    """Lines are as wide as the terminal, and what is bold is bold unless NO_COLOR says not."""

    class Screen(io.StringIO):
        encoding = "utf-8"

        def isatty(self):
            return True

    monkeypatch.setenv("COLUMNS", "60")
    for plain in (True, False):
        screen = Screen()
        monkeypatch.setattr(sys, "stdout", screen)
        monkeypatch.setenv("NO_COLOR", "1") if plain else monkeypatch.delenv("NO_COLOR")
        monkeypatch.setenv("TERM", "xterm")
        assert diff(*folders) == 1
        assert ("\x1b[" in screen.getvalue()) is not plain
        if plain:
            assert max(map(len, screen.getvalue().splitlines()[:-2])) <= 60
