"""`grader class`: what is written, what is said, and how it goes on after an interrupt."""

import contextlib
import csv
import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from grader import assignment, cli, libraries
from grader.authoring.classroom import engine, records
from grader.authoring.classroom.grading import Answer, failed
from grader.authoring.classroom.pseudonyms import Pseudonyms
from grader.exporters.gradescope import export
from grader.outcomes import Run, from_json, to_json

EXPORT = """\
submission_1:
  :submitters:
  - :name: Ada Lovelace
    :sid: u0042x
    :email: ada@example.edu
  :created_at: 2024-02-19 10:00:00.000000000 Z
submission_2:
  :submitters:
  - :name: Bob Noyce
    :sid: u0043x
    :email: bob@example.edu
submission_3:
  :submitters:
  - :name: Cyd
"""
NAMES = ("lovelace", "noyce", "example.edu", "u0042x", "u0043x")


@pytest.fixture
def course(tmp_path):
    """An export of two folders, and an entry that has none."""
    folder = tmp_path / "export"
    for number in (1, 2):
        place = folder / f"submission_{number}"
        place.mkdir(parents=True)
        (place / "x.py").write_text(str(number))
    (folder / "submission_metadata.yml").write_text(EXPORT)
    return folder


@pytest.fixture
def fake(monkeypatch):
    """An engine that grades nothing: every submission gets a run that names its student.

    `graded` lists the keys; what is put into `answers` or `error` is given or raised.
    """
    state = SimpleNamespace(graded=[], answers={}, error={}, settings=[], slots=[])

    def grade(cluster, setting, files, todo, told):
        state.settings.append((setting, files))
        for source in todo:
            if source.key in state.error:
                raise state.error[source.key]
            state.graded.append(source.key)
            if source.path is None:
                told(source, failed(source.problem))
            else:
                told(source, state.answers.get(source.key) or answer(source))

    def answer(source):
        run = Run("HW2", source.key, complete=True, notes=["/home/Ada Lovelace/x.py"])
        run.libraries = libraries.deciding()
        return Answer(to_json(run), export(run), {"part/x.py": "d"}, seconds=1.5)

    @contextlib.contextmanager
    def here(slots):
        state.slots.append(slots)
        yield SimpleNamespace(slots=slots, dashboard="http://127.0.0.1:1/status", remote=False)

    monkeypatch.setattr(engine, "grade", grade)
    monkeypatch.setattr(engine, "here", here)
    return state


def run(course, out, *more):
    """The command's status."""
    return cli.run(["class", str(course), "-o", str(out), "--data", "practice", *more])


def test_everything_that_is_written(course, tmp_path, fake, capsys):
    """Records, results, log, table and report; failures are named, and names are not printed."""
    out = tmp_path / "out"
    assert run(course, out) == 0
    assert fake.graded == ["submission_1", "submission_2", "submission_3"]
    one = records.load(records.folder(out, "submission_1") / records.RECORD)
    assert one.students[0].email == "ada@example.edu"
    assert (one.files, one.seconds, one.submitted_at[:10]) == (
        {"part/x.py": "d"},
        1.5,
        "2024-02-19",
    )
    assert one.basis.tape
    assert records.results(out, "submission_1")["score"] == 0
    three = records.load(records.folder(out, "submission_3") / records.RECORD)
    assert (three.run, "no folder" in three.failure) == (None, True)
    lines = [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]
    assert [line["key"] for line in lines] == fake.graded
    rows = list(csv.DictReader(io.StringIO((out / "grades.csv").read_text("utf-8-sig"))))
    assert [row["name"] for row in rows] == ["Ada Lovelace", "Bob Noyce", "Cyd"]
    assert (out / "report.html").is_file()
    assert json.loads((out / "class.json").read_text())["basis"]["code"] == one.basis.code
    said = capsys.readouterr()
    assert "3 to grade (3 new)" in said.err
    assert "dashboard: http://127.0.0.1:1/status" in said.err
    assert "submission_3: submission_metadata.yml lists it" in said.err
    assert "1 could not be graded" in said.err
    assert not any(name in (said.out + said.err).casefold() for name in NAMES)
    assert not any(name in (out / "log.jsonl").read_text().casefold() for name in NAMES)


def test_what_is_graded_is_not_graded_again(course, tmp_path, fake, capsys):
    """A second run grades what failed and what has changed, and says what it leaves."""
    out = tmp_path / "out"
    run(course, out)
    (course / "submission_2" / "x.py").write_text("other")
    fake.graded.clear()
    assert run(course, out) == 0
    assert fake.graded == ["submission_2", "submission_3"]
    assert "1 are graded already" in capsys.readouterr().err
    fake.graded.clear()
    run(course, out, "--only", "failed")
    run(course, out, "--only", "submission_1", "--only", "changed")
    assert fake.graded == ["submission_3", "submission_1"]


def test_an_interrupt_says_how_many_are_left(course, tmp_path, fake, capsys):
    """What was graded is in its files and in the table; the same command goes on."""
    out = tmp_path / "out"
    fake.error["submission_2"] = KeyboardInterrupt()
    assert run(course, out) == cli.INTERRUPTED
    assert "interrupted: 2 are left" in capsys.readouterr().err
    assert "Ada" in (out / "grades.csv").read_text("utf-8-sig")
    fake.error.clear()
    fake.graded.clear()
    assert run(course, out) == 0
    assert fake.graded == ["submission_2", "submission_3"]


def test_an_interrupt_before_the_first_result(course, tmp_path, fake):
    """Nothing is there yet, and nothing is broken."""
    fake.error["submission_1"] = KeyboardInterrupt()
    assert run(course, tmp_path / "out") == cli.INTERRUPTED
    assert not (tmp_path / "out" / "grades.csv").exists()


def texts(out):
    """All that is written below OUT, names of files too."""
    paths = [path for path in out.rglob("*") if path.is_file() and path.name != "salt"]
    assert paths
    return "".join(f"{path}\n{path.read_text('utf-8')}" for path in paths).casefold()


def test_anonymous_from_the_start(course, tmp_path, fake, capsys):
    """No name, address or number gets into OUT, and a later run goes on without them."""
    out = tmp_path / "out"
    assert run(course, out, "--anonymous") == 0
    assert not any(name in texts(out) for name in NAMES)
    assert "submission_1" not in texts(out)
    assert all(key.startswith("submission-") for key in fake.graded)
    assert fake.graded == sorted(fake.graded)  # in the order of the names it would tell them
    log = [json.loads(line)["key"] for line in (out / "log.jsonl").read_text().splitlines()]
    assert log == fake.graded
    known = Pseudonyms.of(out)
    first, third = known.of_key("submission_1"), known.of_key("submission_3")
    fake.graded.clear()
    run(course, out)  # an OUT without names stays one
    assert fake.graded == [third]
    run(course, out, "--only", "submission_1")  # the instructor knows it by this
    assert fake.graded == [third, first]
    assert not any(name in texts(out) for name in NAMES)
    (out / "salt").unlink()
    assert run(course, out) == cli.UNUSABLE
    assert "put it back" in capsys.readouterr().err


def test_anonymous_afterwards(course, tmp_path, fake):
    """In an OUT that has names, a second report without them is written beside the first."""
    out = tmp_path / "out"
    run(course, out)
    assert run(course, out, "--anonymous") == 0
    assert "ada lovelace" in (out / "report.html").read_text().casefold()
    assert not any(name in texts(out / "anonymous") for name in NAMES)


def test_jobs_and_their_number(course, tmp_path, fake):
    """As many slots as asked for, and no more than there is to do."""
    run(course, tmp_path / "a", "--jobs", "2")
    run(course, tmp_path / "b", "--jobs", "50")
    assert fake.slots == [2, 3]


def test_a_scheduler_is_used(course, tmp_path, fake, monkeypatch, capsys):
    """With an address, no cluster is started here."""
    asked = []

    @contextlib.contextmanager
    def at(address):
        asked.append(address)
        yield SimpleNamespace(slots=4, dashboard="", remote=True)

    monkeypatch.setattr(engine, "at", at)
    assert run(course, tmp_path / "out", "--scheduler", "tcp://h:8786") == 0
    assert (asked, fake.slots) == (["tcp://h:8786"], [])
    assert "the scheduler has no dashboard" in capsys.readouterr().err


def test_a_dashboard_that_could_show_nothing(course, tmp_path, fake, monkeypatch, capsys):
    """Without bokeh, its page would only say so: that is said here, with the way out."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert run(course, tmp_path / "out") == 0
    said = capsys.readouterr().err
    assert "`pip install bokeh`" in said
    assert "127.0.0.1" not in said


def test_options_that_do_not_go_together(course, tmp_path, fake, capsys):
    """One that would be ignored is refused."""
    assert run(course, tmp_path / "out", "--image", "x") == cli.UNUSABLE
    assert run(course, tmp_path / "out", "--scheduler", "x", "--jobs", "2") == cli.UNUSABLE
    said = capsys.readouterr().err
    assert "--image has images" in said
    assert "--jobs is for this machine" in said


def test_an_image_is_what_is_graded_with(course, tmp_path, fake, monkeypatch):
    """The image's id is the basis, because it has code and files of its own."""
    from grader.authoring.gradescope import engine as docker
    from grader.authoring.gradescope import image

    monkeypatch.setattr(docker, "connect", lambda: None)
    monkeypatch.setattr(image, "details", lambda client, tag: {"Id": f"sha256:{tag}"})
    out = tmp_path / "out"
    assert cli.run(["class", str(course), "-o", str(out), "--image", "tag"]) == 0
    one = records.load(records.folder(out, "submission_1") / records.RECORD)
    assert (one.basis.code, one.basis.tape) == ("sha256:tag", "unknown")
    assert fake.settings[0][0].image == "tag"


def test_without_images_it_is_said(course, tmp_path, fake, capsys, monkeypatch):
    """Accuracies that cannot be measured are announced before hours of grading."""
    from grader.evaluation import images

    monkeypatch.setattr(images, "CIFAR10", tmp_path / "none.npz")
    assert cli.run(["class", str(course), "-o", str(tmp_path / "out")]) == 0
    assert "there are no test images" in capsys.readouterr().err


def test_an_out_that_is_damaged_or_full(course, tmp_path, fake, capsys):
    """Whether names may be written must be known; a file in place of OUT is an error."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "class.json").write_text("{")
    assert run(course, out) == cli.UNUSABLE
    assert "is damaged" in capsys.readouterr().err
    assert run(course, course / "submission_metadata.yml") == cli.UNUSABLE
    assert "cannot be written" in capsys.readouterr().err
    assert fake.graded == []


def test_results_whose_submission_is_gone(course, tmp_path, fake, capsys):
    """They stay, and it is said; what `--only` leaves out is counted."""
    out = tmp_path / "out"
    run(course, out)
    text = EXPORT.replace("submission_2", "submission_9")
    (course / "submission_metadata.yml").write_text(text)
    (course / "submission_2").rename(course / "submission_9")
    run(course, out, "--only", "failed")
    said = capsys.readouterr().err
    assert "1 results stay whose submission is no longer there (submission_2)" in said
    assert "1 have no result yet" in said


def test_who_is_in_a_group_now(course, tmp_path, fake):
    """A member that comes later has a row at the next call, and nothing is graded for it."""
    out = tmp_path / "out"
    run(course, out)
    fake.graded.clear()
    group = EXPORT.replace("  - :name: Bob", "  - :name: Dora\n  - :name: Bob")
    (course / "submission_metadata.yml").write_text(group)
    run(course, out)
    assert fake.graded == ["submission_3"]
    rows = list(csv.DictReader(io.StringIO((out / "grades.csv").read_text("utf-8-sig"))))
    assert [row["name"] for row in rows] == ["Ada Lovelace", "Bob Noyce", "Cyd", "Dora"]


def test_results_among_the_submissions(course, fake):
    """OUT may lie in the export: the second call does not take it for a submission."""
    out = course / "graded"
    for _ in range(2):
        assert run(course, out) == 0
    assert fake.graded == ["submission_1", "submission_2", "submission_3", "submission_3"]


def test_dates_are_read_before_anything_is_graded(course, tmp_path, fake, capsys):
    """A slip in [dates] is refused at once, and a rate limit, which cannot count, is told."""
    text = assignment.DEFAULT.read_text()
    other = tmp_path / "other.toml"
    other.write_text(text.replace('after_grace = "accept"', 'after_grace = "acept"'))
    assert run(course, tmp_path / "out", "--assignment", str(other)) == cli.UNUSABLE
    assert "after_grace must be" in capsys.readouterr().err
    assert fake.graded == []
    other.write_text(text.replace("submissions = 0", "submissions = 3"))
    assert run(course, tmp_path / "out", "--assignment", str(other)) == 0
    assert "[rate_limit] does not count here" in capsys.readouterr().err


def test_help_imports_no_dask():
    """The command line starts without Dask, whose import takes a while."""
    import subprocess

    code = "import sys; from grader import cli as c; c.parser(); sys.exit('dask' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.slow
def test_a_class_from_end_to_end(tmp_path, capsys):
    """Real submissions are graded, the second time none; the broken one stops nothing."""
    from grader.authoring import samples

    course = tmp_path / "class"
    samples.assemble_zip("template", course)
    (course / "broken.zip").write_text("no zip")
    out = tmp_path / "out"
    assert run(course, out, "--jobs", "1") == 0
    template = records.load(records.folder(out, "template") / records.RECORD)
    assert (template.run.points, template.run.max_points) == (0, 14)
    assert template.files
    assert (records.folder(out, "template") / "features.json").is_file()
    broken = records.load(records.folder(out, "broken") / records.RECORD)
    assert "not a zip archive" in broken.run.error
    assert from_json(to_json(broken.run)) == broken.run
    capsys.readouterr()
    assert run(course, out) == 0
    assert "nothing to grade" in capsys.readouterr().err
    assert not list(Path(tmp_path).glob("slot-*"))
