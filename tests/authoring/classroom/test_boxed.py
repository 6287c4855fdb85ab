"""Grading in a container: what goes in, what becomes of the record, and what goes wrong."""

import json
import threading

import pytest
from making import Failure, record

from grader import assignment
from grader.authoring.classroom import boxed
from grader.authoring.classroom.grading import Request
from grader.authoring.classroom.slots import SlotLost
from grader.authoring.gradescope.container import NoRecord
from grader.exporters.gradescope import export
from grader.outcomes import from_json, to_json

WRONG = Failure(("padding 0",), message="`out` is wrong", hint="transposed")


@pytest.fixture
def ask(submit):
    """A request for a folder."""
    path = submit()
    return Request("s1", str(path), "", str(assignment.DEFAULT), metadata={"created_at": "x"})


@pytest.fixture
def container(monkeypatch):
    """A container that leaves a record without running; what it was asked for."""
    run = record("x", failing={"1.2": WRONG}).run
    asked = {
        "record": {
            "outcome": "graded",
            "results": export(run),
            "outcomes": json.dumps(to_json(run)),
        }
    }

    def grade(client, tag, path, metadata, setting, waiting):
        asked.update(tag=tag, path=path, metadata=metadata, setting=setting)
        waiting()
        return json.dumps(asked["record"]).encode(), b""

    monkeypatch.setattr(boxed.container, "grade", grade)
    monkeypatch.setattr(boxed, "_client", lambda: None)
    return asked


@pytest.fixture
def grade(ask):
    """Grade a request; the answer."""
    return lambda request=ask: boxed.grade("tag", request, threading.Event())


def test_grading(ask, container, grade):
    """The container gets tag, path, metadata and the assignment's time; files are read here."""
    answer = grade()
    assert (container["tag"], str(container["path"])) == ("tag", ask.path)
    assert container["metadata"] == {"created_at": "x"}
    assert container["setting"].seconds == assignment.load(assignment.DEFAULT).limits.total_seconds
    assert from_json(answer.run).submission == "s1"
    assert "part1-convnet/modules/relu.py" in answer.files
    assert answer.failure == ""


def test_the_outcomes_are_the_runs(container, grade):
    """Cases and hints are those of the container's grader; results.json is passed on as it is."""
    answer = grade()
    conv = from_json(answer.run).checks[1]
    assert ("padding 0", "failed") in [(case.name, case.status.value) for case in conv.cases]
    assert conv.hint == "transposed"
    assert answer.results == container["record"]["results"]


def test_an_older_image(container, grade):
    """Without outcomes the run is that of results.json, and staff are told in both places."""
    del container["record"]["outcomes"]
    answer = grade()
    assert [len(check["cases"]) for check in answer.run["checks"]] == [1] * 17
    notes = answer.results["extra_data"]["staff_notes"]
    assert "build it again with `grader image build`" in notes[-1]
    assert answer.run["staff_notes"][-1] == notes[-1]
    assert answer.results["score"] == container["record"]["results"]["score"]
    assert answer.failure == ""


def test_a_run_that_the_platform_loses(container, grade):
    """Staff are told what became of it, and the student that it is not their fault."""
    container["record"] = {"outcome": "timed-out", "reason": "600 s", "results": {}}
    answer = grade()
    assert answer.failure == "the run in the container timed-out: 600 s"
    assert (answer.run, answer.results["score"]) == (None, 0.0)


@pytest.mark.parametrize(
    ("left", "words"),
    [
        ({"outcome": "splendid"}, "no record of a run"),
        ({"outcome": "graded", "results": {"score": "14"}}, "score may not be '14'"),
        ({"outcome": "graded", "results": {"score": 14, "tests": 7}}, "tests may not be"),
    ],
)
def test_what_is_unclear_scores_nothing(ask, container, grade, left, words):
    """A record or results.json that cannot be understood is a failure of this one for staff."""
    container["record"] = left
    answer = grade()
    assert words in answer.failure
    assert (answer.run, answer.results["score"]) == (None, 0.0)
    assert words in answer.results["extra_data"]["staff_notes"][0]
    assert answer.files


def test_a_submission_of_no_use(container, grade, tmp_path):
    """What cannot be staged goes into the container all the same: it tells the student.

    Where nothing is known of when it was handed in, the metadata is there, and empty.
    """
    broken = tmp_path / "broken.zip"
    broken.write_text("no zip")
    answer = grade(Request("s1", str(broken), "", str(assignment.DEFAULT)))
    assert answer.files == {}
    assert container["metadata"] == {}
    assert answer.run is not None


@pytest.mark.usefixtures("container")
def test_a_container_that_leaves_nothing(grade, monkeypatch):
    """It is this submission's failure, not an error that Dask would try again for hours."""

    def hang(*arguments):
        raise NoRecord("the container was still running after 720 s: removed")

    monkeypatch.setattr(boxed.container, "grade", hang)
    answer = grade()
    assert answer.failure == "the container was still running after 720 s: removed"
    assert (answer.run, answer.results["score"]) == (None, 0.0)
    assert answer.files


@pytest.mark.usefixtures("container")
def test_when_it_is_over_nobody_waits(ask):
    """An interrupt ends the waiting for a container, which is removed by whoever started it."""
    over = threading.Event()
    over.set()
    with pytest.raises(SlotLost, match="no longer graded"):
        boxed.grade("tag", ask, over)
