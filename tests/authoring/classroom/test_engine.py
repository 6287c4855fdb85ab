"""Many submissions with Dask: each is told once, whatever is lost on the way."""

import contextlib
import os
import signal
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from distributed import KilledWorker
from distributed.comm import CommClosedError

from grader.authoring.classroom import basis, engine, slots
from grader.authoring.classroom.grading import Setting
from grader.authoring.classroom.records import ClassError
from grader.authoring.classroom.sources import Source

STUB = (sys.executable, str(Path(__file__).with_name("stub_slot.py")))
FEW, MANY = 40, pytest.param(200, marks=pytest.mark.slow)


@pytest.fixture
def stub(monkeypatch):
    """Processes that only act as if they graded."""
    monkeypatch.setattr(slots, "COMMAND", STUB)
    monkeypatch.setattr(slots, "_CLOSING_SECONDS", 0.2)


@pytest.fixture
def sources(tmp_path):
    """Give a function that makes submissions with these keys."""

    def make(*keys):
        for key in keys:
            (tmp_path / key).write_text("no zip")
        return [Source(key, tmp_path / key) for key in keys]

    return make


def grade(cluster, todo, hear=lambda source, answer: None, setting=None, files=None):
    """Grade, and give the answers by key; each is told exactly once."""
    told = []

    def tell(source, answer):
        told.append((source.key, answer))
        hear(source, answer)

    setting = setting or Setting(basis.of_code(), 60)
    engine.grade(cluster, setting, basis.files("practice", assignment=files), todo, tell)
    assert sorted(key for key, _ in told) == sorted(source.key for source in todo)
    return dict(told)


def children(parent):
    """The processes that a process has started."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if path.read_text().rpartition(")")[2].split()[1] == str(parent):
                found.append(int(path.parent.name))
    return found


def wait_for_end(pids):
    """Wait until none of these processes runs; a hang is the test's own time-out."""
    while any(
        Path(f"/proc/{pid}/stat").exists() and b") Z" not in Path(f"/proc/{pid}/stat").read_bytes()
        for pid in pids
    ):
        time.sleep(0.05)


def test_all_are_graded_with_the_files(stub, sources):
    """Each submission's request has its path, its metadata, and the files of the class."""
    todo = [
        Source(one.key, one.path, submitted_at="2024-02-19 10:00:00 Z")
        for one in sources("a", "b", "c")
    ]
    with engine.here(2) as cluster:
        assert (cluster.slots, cluster.remote) == (2, False)
        assert cluster.dashboard.startswith("http://127.0.0.1:")
        answers = grade(cluster, todo)
    request = answers["b"].results["request"]
    assert request["path"] == str(todo[1].path)
    assert request["metadata"]["created_at"] == "2024-02-19 10:00:00 Z"
    assert request["data"].endswith("practice_test.npz")
    assert request["private"] is None
    assert slots.open_pids() == []


@pytest.mark.parametrize("count", [FEW, MANY])
def test_a_killed_process_loses_no_submission(stub, sources, count):
    """Its submission is graded again, and all the others too."""
    killed = []

    def kill_one(_source, _answer):
        others = [pid for pid in slots.open_pids() if pid not in killed]
        if others and len(killed) < 3:
            killed.append(others[0])
            os.kill(killed[-1], signal.SIGKILL)

    with engine.here(2) as cluster:
        answers = grade(cluster, sources(*(f"s{number}" for number in range(count))), kill_one)
    assert len(answers) == count
    assert not any(answer.failure for answer in answers.values())
    assert len(set(killed)) == 3


def test_a_submission_that_always_kills_is_given_up(stub, sources):
    """After a few attempts it has an answer that says so, and the others are graded."""
    with engine.here(1) as cluster:
        answers = grade(cluster, sources("a", "dies", "once", "z"))
    assert "MemoryError: no room" in answers["dies"].failure
    assert "tried 4 times" in answers["dies"].failure
    assert answers["dies"].results["score"] == 0
    assert [answers[key].failure for key in ("a", "once", "z")] == ["", "", ""]


def test_a_submission_that_hangs_is_not_tried_again(stub, sources):
    """It has had all of its time, and more; another try would take as long."""
    with engine.here(1) as cluster:
        answers = grade(cluster, sources("hangs", "a"), setting=Setting(basis.of_code(), 5))
    assert answers["hangs"].failure == "a grading process gave no answer for 5 s"
    assert answers["a"].failure == ""


def test_what_cannot_be_read_has_an_answer(stub, sources, tmp_path):
    """Neither a missing path nor an unreadable one stops the class."""
    todo = [Source("a", None, problem="no folder"), *sources("b")]
    with engine.here(1) as cluster:
        answers = grade(cluster, todo)
    assert answers["a"].failure == "no folder"
    assert answers["b"].failure == ""


def test_an_interrupt_leaves_no_process(stub, sources):
    """What was told before stays told; what was under way is broken off."""

    def interrupt(source, _answer):
        if source.key == "a":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), engine.here(2) as cluster:
        grade(cluster, sources("a", "hangs", "b", "c"), interrupt)
    assert slots.open_pids() == []


def test_another_grader_on_the_worker(stub, sources):
    """A worker with other code refuses, in words that tell what to do."""
    with engine.here(1) as cluster:
        answers = grade(cluster, sources("a"), setting=Setting("0" * 64, 60))
    assert "install the same one on every worker" in answers["a"].failure


def test_nothing_to_grade(stub):
    """An empty class is done at once."""
    with engine.here(1) as cluster:
        assert grade(cluster, []) == {}


def test_slots_for_this_machine(monkeypatch):
    """A slot has a core and its memory; a container has half a core and more memory."""
    monkeypatch.setattr(engine.side_by_side, "cores", lambda: 8)
    monkeypatch.setattr(engine, "available_mb", lambda: 100_000.0)
    assert engine.default_slots() == 8
    assert engine.default_slots(in_containers=True) == 16
    monkeypatch.setattr(engine, "available_mb", lambda: 1100.0)
    assert engine.default_slots() == 2
    assert engine.default_slots(in_containers=True) == 1
    monkeypatch.setattr(engine, "available_mb", lambda: 10.0)
    assert engine.default_slots() == 1
    monkeypatch.setattr(engine, "available_mb", lambda: float("inf"))
    assert engine.default_slots() == 8


def test_a_limit_of_the_container_counts(monkeypatch):
    """Where a cgroup allows less than the machine has, that is what there is."""
    from grader.sandbox import cgroup

    free = engine.available_mb()
    monkeypatch.setattr(cgroup, "limit_mb", lambda: 1.5)
    assert engine.available_mb() == 1.5
    monkeypatch.setattr(cgroup, "limit_mb", lambda: None)
    assert engine.available_mb() == pytest.approx(free, rel=0.5)
    monkeypatch.setattr(engine, "Path", lambda _: Path("/nowhere"))
    assert engine.available_mb() == float("inf")


def test_no_scheduler(monkeypatch):
    """An address where nobody answers is an error with the command that helps."""
    monkeypatch.setattr(engine, "_PATIENCE", 0.2)
    for address in ("tcp://127.0.0.1:1", "nonsense://x"):
        with pytest.raises(ClassError, match="dask scheduler"), engine.at(address):
            pass


def test_without_dask(monkeypatch):
    """Where it is not installed, the message says what to install."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClassError, match="pip install"), engine.here(1):
        pass


@pytest.mark.slow
def test_a_cluster_of_processes_that_loses_a_worker(sources):
    """Over TCP bytes travel, a worker that is killed loses nothing, and no process is left."""
    from distributed import LocalCluster

    todo = sources(*(f"s{number}" for number in range(20)))
    killed, orphans = [], []
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as outer,
        engine.at(outer.scheduler_address) as cluster,
    ):

        def kill_one(_source, _answer):
            if not killed:
                pids = cluster.client.run(os.getpid)
                killed.append(next(iter(pids.values())))
                orphans.extend(children(killed[0]))
                os.kill(killed[0], signal.SIGKILL)

        answers = grade(cluster, todo, kill_one)
        assert cluster.remote
    assert orphans
    wait_for_end(orphans)
    assert not any(answer.failure for answer in answers.values())
    assert all("not a zip archive" in answer.run["error"] for answer in answers.values())
    assert all(answer.run["submission"] == key for key, answer in answers.items())


@pytest.mark.slow
def test_a_scheduler_without_workers(monkeypatch):
    """It is said how to start some."""
    from distributed import LocalCluster

    monkeypatch.setattr(engine, "_PATIENCE", 1)
    with (
        LocalCluster(n_workers=0, dashboard_address=None) as outer,
        pytest.raises(ClassError, match="dask worker"),
        engine.at(outer.scheduler_address),
    ):
        pass


def test_a_cluster_that_is_lost_ends_the_class():
    """Where the scheduler is gone, the rest is not counted as failed: it is graded later."""
    with pytest.raises(ClassError, match="grade again, and it goes on"):
        engine._answer(SimpleNamespace(status="cancelled"))


@pytest.mark.parametrize("status", ["lost", "pending"])
def test_an_answer_that_was_lost_with_its_worker(stub, sources, monkeypatch, status):
    """Dask makes it again: it is waited for, once more, and told once."""
    assert engine._answer(SimpleNamespace(status=status)) is None
    asked, real = [], engine._answer

    def lost_at_first(future):
        asked.append(future.key)
        return real(future) if asked.count(future.key) > 1 else None

    monkeypatch.setattr(engine, "_answer", lost_at_first)
    with engine.here(1) as cluster:
        answers = grade(cluster, sources("a", "b", "c"))
    assert not any(answer.failure for answer in answers.values())
    assert len(asked) == 6


@pytest.mark.parametrize("error", [CommClosedError(), RuntimeError("expiring Timeout")])
def test_a_scheduler_that_is_lost(stub, sources, monkeypatch, error):
    """What Dask's client raises then is told as that, not as a disk that is full."""

    def lost():
        raise error

    with engine.here(1) as cluster:
        monkeypatch.setattr(cluster.client, "nthreads", lost)
        with pytest.raises(ClassError, match="grade again, and it goes on"):
            grade(cluster, sources("a"))


def test_a_disk_that_is_full_is_no_lost_scheduler(stub, sources):
    """What is raised where results are written is passed on as it is."""

    def full(source, answer):
        raise OSError(28, "No space left on device")

    with engine.here(1) as cluster, pytest.raises(OSError, match="No space left"):
        grade(cluster, sources("a"), full)


def test_two_classes_on_one_cluster(stub, sources, tmp_path):
    """Each is graded with its own files, also where one begins and ends in the midst of another."""
    tapes = {}

    def hear(source, answer):
        tapes[source.key] = Path(answer.results["request"]["assignment"]).read_text()
        if source.key == "a5":
            grade(cluster, sources(*(f"b{number}" for number in range(4))), note, files=other)

    def note(source, answer):
        tapes[source.key] = Path(answer.results["request"]["assignment"]).read_text()

    own, other = (tmp_path / name for name in ("own.toml", "other.toml"))
    for path in (own, other):
        path.write_text(path.stem)
    with engine.here(2) as cluster:
        grade(cluster, sources(*(f"a{number}" for number in range(12))), hear, files=own)
    assert {key[0]: text for key, text in tapes.items()} == {"a": "own", "b": "other"}
    assert len(set(tapes.items())) == 16


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (FileNotFoundError(2, "No such file", "/home/ada/x.zip"), "No such file"),
        (OSError(), "OSError"),
        (ClassError("has another grader"), "has another grader"),
        (KeyError(), "KeyError"),
        (KilledWorker("task", None, 4), "workers were lost, 4 times"),
    ],
)
def test_why_a_submission_could_not_be_graded(error, words):
    """The reason is a sentence without the submission's path."""
    answer = engine._answer(SimpleNamespace(status="error", exception=lambda: error))
    assert words in answer.failure
    assert "ada" not in answer.failure
    assert (answer.run, answer.results["score"]) == (None, 0)
