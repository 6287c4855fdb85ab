"""`grader image`: what it asks the container for, which pages it shows, and its exit status."""

import io
import json
import sys

import pytest

from grader import cli
from grader.authoring.bundle import BundleError
from grader.authoring.gradescope import container, image
from grader.authoring.gradescope.engine import EngineError
from grader.commands import image as command
from grader.errors import UnusableSubmission

TEST = {"number": "1.1", "name": "Conv2D", "score": 1.0, "max_score": 2.0, "output": "Look there."}
RESULTS = {
    "score": 1.0,
    "output": "A summary.",
    "tests": [TEST, {**TEST, "number": "1.2", "name": "secretly", "visibility": "hidden"}],
    "stdout_visibility": "hidden",
    "extra_data": {"staff_notes": ["a note for staff"]},
}


def record(outcome="graded", results=None, **fields):
    """Give what the harness writes."""
    document = {
        "outcome": outcome,
        "reason": "",
        "results": RESULTS if results is None else results,
        "stdout": "the log",
        "exit_status": 0,
        "seconds": 12.0,
        "leftover": [],
        **fields,
    }
    return json.dumps(document).encode()


class Grading:
    """The command, with a container that answers at once."""

    def __init__(self, folder):
        self.folder = folder
        self.answer, self.raw = record(), json.dumps(RESULTS).encode()
        self.asked = []

    def grade(self, client, tag, submission, metadata, setting, waiting):
        """Take note of what is asked for."""
        assert client == "a client"
        self.asked.append((tag, submission, metadata, setting))
        waiting()
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer, self.raw

    def __call__(self, *options):
        """Run it; the exit status."""
        return cli.run(["image", "grade", str(self.folder), *map(str, options)])

    @property
    def metadata(self):
        """The metadata of the last grading."""
        return self.asked[-1][2]

    @property
    def setting(self):
        """The container that was asked for last."""
        return self.asked[-1][3]


@pytest.fixture
def grade(tmp_path, monkeypatch):
    """Give the command."""
    made = Grading(tmp_path)
    monkeypatch.setattr(command.engine, "connect", lambda: "a client")
    monkeypatch.setattr(command.container, "grade", made.grade)
    return made


class TestOptions:
    """What the command line says, and what is asked for."""

    def test_the_defaults(self, grade):
        """The smallest container, no network, the assignment's time, on time, one student."""
        assert grade() == 0
        ((tag, submission, document, setting),) = grade.asked
        assert (tag, submission) == ("convnet-grader", grade.folder)
        assert setting == container.Setting(container.SIZES["0.5"], "none", 600)
        assert len(document["users"]) == 1
        assert document["created_at"] < document["assignment"]["due_date"]

    @pytest.mark.parametrize("size", sorted(container.SIZES))
    @pytest.mark.parametrize("network", sorted(container.NETWORKS))
    def test_every_size_and_network_can_be_asked_for(self, grade, size, network):
        """The parser knows the same names."""
        assert grade("--size", size, "--network", network, "--seconds", 90, "--tag", "other") == 0
        assert grade.setting == container.Setting(container.SIZES[size], network, 90)
        assert grade.asked[-1][0] == "other"

    @pytest.mark.parametrize(
        "options",
        [("--size", "3"), ("--network", "host"), ("--seconds", "0"), ("--seconds", "x")],
    )
    def test_what_the_platform_does_not_have(self, grade, options, capsys):
        """Argparse says what there is."""
        with pytest.raises(SystemExit) as caught:
            grade(*options)
        assert caught.value.code == 2
        assert options[0] in capsys.readouterr().err

    def test_the_base_is_the_platforms(self):
        """The parser, which must start fast, repeats its name."""
        options = cli.parser().parse_args(["image", "build"])
        assert options.base == image.BASE

    def test_a_scenario(self, grade, tmp_path):
        """Late, extended, in a group, and not for the first time."""
        earlier = tmp_path / "results.json"
        earlier.write_text(json.dumps(RESULTS))
        options = ["--late", "26h", "--extension", "2d", "--group", 2, "--previous", earlier]
        assert grade(*options, "--previous", earlier) == 0
        document = grade.metadata
        assert [user["assignment"]["due_date"][:10] for user in document["users"]] == [
            "2024-02-21",
            "2024-02-19",
        ]
        assert document["created_at"].startswith("2024-02-21T01:59")
        assert len(document["previous_submissions"]) == 2

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            (["--group", 0], "at least one student"),
            (["--late", "soon"], "is no duration"),
            (["--late", ""], "is no duration"),
            (["--extension", "x"], "is no duration"),
            (["--previous", "none.json"], "cannot be used as an earlier result"),
        ],
    )
    def test_a_scenario_that_makes_no_sense(self, grade, capsys, options, words):
        """Status 2 with a sentence; no container is started."""
        assert grade(*options) == 2
        assert words in capsys.readouterr().err
        assert grade.asked == []

    def test_metadata_of_ones_own(self, grade, tmp_path):
        """It goes in as it is."""
        path = tmp_path / "metadata.json"
        path.write_text('{"id": 7}')
        assert grade("--metadata", path) == 0
        assert grade.metadata == {"id": 7}

    @pytest.mark.parametrize(
        "option",
        [("--late", "0h"), ("--extension", "1d"), ("--group", "0"), ("--previous", "a.json")],
    )
    def test_metadata_is_a_whole_scenario(self, grade, tmp_path, capsys, option):
        """None of the options that make one goes with it, whatever its value."""
        path = tmp_path / "metadata.json"
        path.write_text("{}")
        assert grade("--metadata", path, *option) == 2
        assert "leave out --late, --extension, --group, --previous" in capsys.readouterr().err
        assert grade.asked == []

    @pytest.mark.parametrize("content", [None, "", "{", "[]"])
    def test_metadata_that_cannot_be_read(self, grade, tmp_path, capsys, content):
        """The file is named."""
        path = tmp_path / "metadata.json"
        if content is not None:
            path.write_text(content)
        assert grade("--metadata", path) == 2
        assert f"{path} cannot be used: metadata.json " in capsys.readouterr().err
        assert grade.asked == []


class TestPages:
    """What is shown."""

    def test_both(self, grade, capsys):
        """The instructor's page first, with what students do not see."""
        assert grade() == 0
        instructor, student = capsys.readouterr().out.split("STUDENT'S PAGE")
        assert "INSTRUCTOR'S PAGE" in instructor
        assert "a note for staff" in instructor
        assert "secretly" in instructor
        assert "Look there." in student
        assert "secretly" not in student

    @pytest.mark.parametrize("view", ["student", "instructor"])
    def test_one_of_them(self, grade, capsys, view):
        """The other one is left out."""
        assert grade("--view", view) == 0
        shown = capsys.readouterr().out
        assert ("STUDENT'S PAGE" in shown) is (view == "student")
        assert ("INSTRUCTOR'S PAGE" in shown) is (view == "instructor")

    def test_the_seconds_at_a_terminal(self, grade, monkeypatch):
        """One line, which is gone in the end, also after an error."""
        screen = io.StringIO()
        screen.isatty = lambda: True
        monkeypatch.setattr(sys, "stderr", screen)
        grade("--seconds", 90)
        assert "grading at 0.5 CPU, 768 MB: 0 of 90 s" in screen.getvalue()
        assert screen.getvalue().endswith("\r\x1b[K")
        grade.answer = KeyboardInterrupt()
        grade()
        assert "\r\x1b[Kgrader: interrupted" in screen.getvalue()


class TestStatus:
    """The exit status: 0 only for a run that the platform keeps without a complaint."""

    @pytest.mark.parametrize("outcome", ["lost", "timed-out"])
    @pytest.mark.parametrize("raw", [b"", json.dumps(RESULTS).encode()])
    def test_a_run_that_is_lost(self, grade, outcome, raw):
        """1, whatever stood in results.json."""
        grade.answer, grade.raw = record(outcome, {"score": 0, "output": "It is lost."}), raw
        assert grade() == 1

    def test_complaints(self, grade, capsys):
        """Each in a line, whatever is shown."""
        strange = {**RESULTS, "score": 3.0, "visibility": "never"}
        grade.answer, grade.raw = record(results=strange), json.dumps(strange).encode()
        assert grade("--view", "student") == 1
        lines = capsys.readouterr().out.splitlines()
        assert any(line.startswith("results.json: ") and "visibility" in line for line in lines)

    @pytest.mark.parametrize(
        ("error", "words"),
        [
            (EngineError("no container engine answers: start one"), "start one"),
            (UnusableSubmission("There is nothing at a.zip."), "nothing at a.zip"),
        ],
    )
    def test_nothing_could_be_graded(self, grade, capsys, error, words):
        """2, with the sentence."""
        grade.answer = error
        assert grade() == 2
        assert words in capsys.readouterr().err

    def test_a_record_that_is_none(self, grade, capsys):
        """2: the harness is at fault."""
        grade.answer = b"garbage"
        assert grade() == 2
        assert "no record of a run" in capsys.readouterr().err

    def test_an_interrupt(self, grade):
        """130."""
        grade.answer = KeyboardInterrupt()
        assert grade() == 130

    def test_no_engine(self, grade, monkeypatch, capsys):
        """2, with the command to type."""

        def fail():
            raise EngineError("Docker's Python package is not installed: `pip install docker`")

        monkeypatch.setattr(command.engine, "connect", fail)
        assert grade() == 2
        assert "pip install docker" in capsys.readouterr().err


class TestResults:
    """The file that is written."""

    def test_what_the_site_keeps(self, grade, tmp_path):
        """The harness's results, not what was found: of a run that is lost, too."""
        path = tmp_path / "deep" / "kept.json"
        assert grade("--results", path) == 0
        assert json.loads(path.read_text()) == RESULTS
        lost = {"score": 0, "output": "It is lost."}
        grade.answer, grade.raw = record("lost", lost), b"{"
        assert grade("--results", path) == 1
        assert json.loads(path.read_text()) == lost

    def test_a_place_that_cannot_be_written(self, grade, tmp_path, capsys):
        """The pages are shown before; the status is 2."""
        (tmp_path / "file").touch()
        assert grade("--results", tmp_path / "file" / "kept.json") == 2
        said = capsys.readouterr()
        assert "could not be written" in said.err
        assert "STUDENT'S PAGE" in said.out


class TestBuild:
    """`grader image build`."""

    @pytest.fixture
    def build(self, monkeypatch):
        """Run it, with these lines or this error from the engine; what was asked for."""

        def go(*options, said=("Step 1/9 : ARG BASE",)):
            asked = {}

            def build(client, archive, *, told, **given):
                asked.update(given, client=client, archive=str(archive))
                if isinstance(said, BaseException):
                    raise said
                for line in said:
                    told(line)

            monkeypatch.setattr(command.engine, "connect", lambda: "a client")
            monkeypatch.setattr(command.image, "build", build)
            monkeypatch.setattr(command.image, "details", lambda *_: {"Size": 1_510_000_000})
            return cli.run(["image", "build", *options]), asked

        return go

    def test_lines_and_size(self, build, capsys):
        """Progress goes to standard error; the image, its size and the time to the output."""
        status, asked = build()
        assert status == 0
        assert asked == {
            "client": "a client",
            "archive": "autograder.zip",
            "tag": "convnet-grader",
            "base": image.BASE,
            "network": None,
        }
        said = capsys.readouterr()
        assert said.out.startswith("convnet-grader: 1.5 GB, ")
        assert said.err == "  Step 1/9 : ARG BASE\n"

    def test_options(self, build):
        """Each reaches the engine."""
        options = ["--bundle", "b.zip", "--base", "base", "--network", "host", "--tag", "t"]
        status, asked = build(*options)
        assert status == 0
        wanted = {"archive": "b.zip", "base": "base", "network": "host", "tag": "t"}
        assert asked == {"client": "a client", **wanted}

    @pytest.mark.parametrize(
        "error",
        [
            EngineError("the base image x cannot be had: `docker/local_base.sh TAG`"),
            BundleError("autograder.zip cannot be used: make it with `grader bundle`"),
        ],
    )
    def test_errors(self, build, capsys, error):
        """Status 2, with what to type."""
        status, _ = build(said=error)
        assert status == 2
        assert str(error) in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["push"], ["grade"]])
def test_what_is_to_be_done_must_be_said(arguments, capsys):
    """`build`, or `grade` with a submission."""
    with pytest.raises(SystemExit) as caught:
        cli.run(["image", *arguments])
    assert caught.value.code == 2
    assert "usage: grader image" in capsys.readouterr().err
