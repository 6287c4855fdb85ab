"""Grading processes: what they answer, how they are lost, and that none is left."""

import os
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from grader.authoring.classroom import slots
from grader.authoring.classroom.grading import Request
from grader.authoring.classroom.slots import Slot, SlotLost, Slots, SlotStuck

STUB = (sys.executable, str(Path(__file__).with_name("stub_slot.py")))


@pytest.fixture
def stub(monkeypatch):
    """Processes that only act as if they graded."""
    monkeypatch.setattr(slots, "COMMAND", STUB)
    monkeypatch.setattr(slots, "_CLOSING_SECONDS", 0.2)


@pytest.fixture
def pool():
    """Slots that are closed in the end."""
    made = Slots()
    yield made
    made.close()


def request(key, path=""):
    """A request for the stub."""
    return Request(key=key, path=str(path), tape="", assignment="")


def is_alive(pid):
    """Whether the process is there, and no zombie."""
    try:
        return b") Z" not in Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return False


def test_one_process_grades_one_after_the_other(stub, pool):
    """A free process is taken again, and the answer belongs to the request."""
    for key in ("a", "b"):
        assert pool.grade(request(key), 60).results["request"]["key"] == key
    assert len(pool.pids()) == 1


def test_two_at_a_time_are_two_processes(stub, pool):
    """What is asked in two threads at once is not done by one process."""
    barrier = threading.Barrier(2)

    def ask():
        with pool._borrowed() as slot:
            barrier.wait(60)
            slot.ask(request("a"), 60)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(pool.pids()) == 2


def test_a_process_that_dies_is_lost_with_its_last_words(stub, pool):
    """The next submission gets another process."""
    pool.grade(request("a"), 60)
    (first,) = pool.pids()
    with pytest.raises(SlotLost, match=r"status 1. It said:\nMemoryError: no room"):
        pool.grade(request("dies"), 60)
    assert not is_alive(first)
    pool.grade(request("b"), 60)
    assert pool.pids() != [first]


def test_a_process_that_is_killed_is_lost(stub, pool):
    """A signal from outside, as for want of memory, is told as such."""
    pool.grade(request("a"), 60)
    os.kill(pool.pids()[0], signal.SIGKILL)
    with pytest.raises(SlotLost, match="status -9, most likely for want of memory"):
        pool.grade(request("b"), 60)


def test_a_process_that_gives_no_answer_is_lost(stub, pool):
    """After the time that it may take it is ended, and not waited for."""
    pool.grade(request("a"), 60)
    (pid,) = pool.pids()
    with pytest.raises(SlotStuck, match="no answer for 0 s"):
        pool.grade(request("hangs"), 0.05)
    assert not is_alive(pid)


def test_closing_frees_who_waits(stub, pool):
    """Whoever is asked and whoever asks later gets SlotLost; no process is left."""
    said = []

    def ask():
        try:
            pool.grade(request("hangs"), 600)
        except SlotLost as error:
            said.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    while not pool.pids():
        time.sleep(0.01)
    (pid,) = pool.pids()
    slots.close_all()
    thread.join(60)
    assert said
    assert not is_alive(pid)
    with pytest.raises(SlotLost, match="no longer graded here"):
        pool.grade(request("a"), 60)
    assert pid not in slots.open_pids()


def test_temporary_files_go_with_the_process(stub):
    """What a killed process leaves behind is removed."""
    slot = Slot()
    folder = Path(slot._folder.name)
    assert folder.parent == Path(tempfile.gettempdir())
    (folder / "grading-x").mkdir()
    os.kill(slot.pid, signal.SIGKILL)
    slot.close()
    slot.close()
    assert not folder.exists()


@pytest.mark.slow
def test_a_real_process_grades_and_ends_with_its_socket(tmp_path):
    """The real process answers with a run, starts zygotes, and leaves none when it is closed."""
    from grader import assignment, tape

    broken = tmp_path / "broken.zip"
    broken.write_text("no zip")
    slot = Slot()
    try:
        answer = slot.ask(
            Request("one", str(broken), str(tape.PUBLIC), str(assignment.DEFAULT)), 120
        )
        children = [
            int(path.parent.name)
            for path in Path("/proc").glob("[0-9]*/stat")
            if path.read_text().rpartition(")")[2].split()[1] == str(slot.pid)
        ]
    finally:
        slot.close()
    assert answer.failure == ""
    assert "not a zip archive" in answer.run["error"]
    assert len(children) == 2
    assert not any(map(is_alive, children))


@pytest.mark.slow
def test_a_process_whose_holder_is_gone_ends_in_the_middle_of_a_grading(submit, tmp_path):
    """When the socket closes while it grades, the process breaks off and cleans up."""
    from grader import assignment, tape

    slow = {"modules/relu.py": "import time\ntime.sleep(60)\n"}
    slot = Slot()
    threading.Timer(5.0, slot.close).start()
    with pytest.raises(SlotLost):
        slot.ask(Request("one", str(submit(slow)), str(tape.PUBLIC), str(assignment.DEFAULT)), 120)
    slot._process.wait(30)
    assert not is_alive(slot.pid)
