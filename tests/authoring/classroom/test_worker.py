"""What a worker of Dask does with a submission, without Dask."""

import pickle
from pathlib import Path
from types import SimpleNamespace

import pytest

from grader.authoring.classroom import basis, parcels, worker
from grader.authoring.classroom.grading import Answer, Setting
from grader.authoring.classroom.records import ClassError


@pytest.fixture
def equipment(tmp_path):
    """Give a function that sets equipment up; it is taken down in the end."""
    made = []

    def setup(setting=None, **files):
        one = worker.Equipment("class-1", setting or Setting(basis.of_code(), 7.0), files)
        one = pickle.loads(pickle.dumps(one))
        one.setup(SimpleNamespace(local_directory=str(tmp_path)))
        made.append(one)
        return one

    yield setup
    for one in made:
        one.teardown(None)


@pytest.fixture
def slots(monkeypatch):
    """Slots that take down what they were asked."""
    asked = []

    def grade(self, request, seconds):
        asked.append((request, seconds, Path(request.path).read_bytes()))
        return Answer(failure="none")

    monkeypatch.setattr(worker.Slots, "grade", grade)
    return asked


def test_files_and_submission_arrive(equipment, slots, tmp_path):
    """A worker without our disk unpacks both; of the submission nothing is left afterwards."""
    for name in ("tape.npz", "ada.zip", "toml"):
        (tmp_path / name).write_text(name)
    one = equipment(
        tape=parcels.packed(tmp_path / "tape.npz", "tape.npz"),
        assignment=parcels.packed(tmp_path / "toml", "toml"),
    )
    task = worker.Task("class-1", "s1", parcels.packed(tmp_path / "ada.zip"), {"created_at": "x"})
    assert one.grade(task)["failure"] == "none"
    ((request, seconds, content),) = slots
    assert (request.key, seconds, content) == ("s1", 7.0, b"ada.zip")
    assert Path(request.tape).read_text() == "tape.npz"
    assert request.metadata == {"created_at": "x"}
    assert not Path(request.path).exists()
    one.teardown(None)
    assert not Path(request.tape).exists()


def test_a_task_prints_nothing(tmp_path):
    """Dask writes tasks into its logs: neither key nor path may be in them."""
    task = worker.Task("class-1", "ada_lovelace", parcels.shared(tmp_path / "ada.zip"), {})
    assert "ada" not in repr(task)


def test_another_grader_refuses(equipment, slots, tmp_path):
    """A worker whose code differs grades nothing."""
    one = equipment(Setting("0" * 64, 7.0))
    with pytest.raises(ClassError, match="has another grader"):
        one.grade(worker.Task("class-1", "s1", parcels.shared(tmp_path), {}))
    assert slots == []


def test_with_an_image_a_container_grades(equipment, slots, tmp_path, monkeypatch):
    """The image's tag decides who grades; a container hears when it is over."""
    asked = []

    def grade(tag, request, over):
        asked.append((tag, request.key, over))
        return Answer()

    monkeypatch.setattr(worker.boxed, "grade", grade)
    files = {name: parcels.shared(tmp_path) for name in ("tape", "assignment")}
    one = equipment(Setting(basis.of_code(), 7.0, "tag"), **files)
    one.grade(worker.Task("class-1", "s1", parcels.shared(tmp_path), {}))
    ((tag, key, over),) = asked
    assert (tag, key, slots, over.is_set()) == ("tag", "s1", [], False)
    one.teardown(None)
    assert over.is_set()
