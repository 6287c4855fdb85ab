"""Checking again after every save."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader import cli
from grader.commands import watch as watching
from grader.errors import GraderError
from grader.outcomes import Status, from_json, to_json, write_json
from grader.selection import Selection
from grader.session import Options

BROKEN = "class ReLU:\n    def forward(self, x):\n        return x\n"


@pytest.fixture
def scene(submit, assignment, capsys):
    """Watch a submission through scripted saves; gives what was shown after each of them.

    Each save is a function of Part 1's folder; one that returns False changes nothing
    that is waited for. `scene.run` is the run as it stood in the end.
    """

    def play(*saves, wanted=("1",), outcomes=None):
        folder = submit()
        shown = []

        def events():
            for save in saves:
                shown.append(capsys.readouterr().out)
                save(folder / "part1-convnet")
                yield set()
            shown.append(capsys.readouterr().out)

        def save(run):
            if outcomes is not None:
                write_json(outcomes, to_json(run))

        options = Options(
            folder, selection=Selection(frozenset(wanted)), save=save, assignment=assignment
        )
        play.run = watching.watch(
            options, assignment, lambda _: None, lambda _: "The end.", events()
        )
        return shown[1:]

    return play


def write(path, text):
    """A save of `path` with a text."""
    return lambda part: (part / path).write_text(text)


def ran(text):
    """The numbers of the checks that ran again, as a shown text says."""
    return text.split("Ran again: ")[1].split(" (")[0].split(", ")


def test_a_save_reruns_what_it_affects(scene, reference_dir):
    """Only the checks of the saved file run, in the whole table, with details of their own."""
    right = (reference_dir / "part1-convnet/modules/relu.py").read_text()
    broken, mended = scene(write("modules/relu.py", BROKEN), write("modules/relu.py", right))
    assert "part1-convnet/modules/relu.py" in broken
    assert ran(broken) == ran(mended)
    assert "1.5" in ran(broken)
    assert "1.1" not in ran(broken)
    assert "» ✓→✗ 1.5" in broken
    assert "  ✓   1.1 Conv2D.forward" in broken
    assert "» ✗→✓ 1.5" in mended
    assert mended.rstrip().endswith("The end.")
    assert {check.status for check in scene.run.checks} == {Status.PASSED}
    assert len(scene.run.checks) == 8


def test_details_are_of_what_ran_again(scene):
    """What failed before and did not run again is in the table only."""
    text = scene(write("modules/relu.py", BROKEN), write("modules/max_pool.py", "x = (\n"))[1]
    assert "✗   1.5 ReLU" in text
    assert "✗ 1.3 MaxPooling.forward" in text
    assert "✗ 1.5 ReLU" not in text


def test_a_file_that_no_check_reads_reruns_nothing(scene):
    """An unread module is named in one line, and nothing runs."""
    (text,) = scene(write("spare.py", "x = 1\n"))
    assert text.strip().endswith("part1-convnet/spare.py. No check reads this: nothing runs again.")


def test_ignored_files_are_not_even_mentioned(scene):
    """Caches, leavings and what is hidden go unsaid."""

    def clutter(part):
        for path in ("runs/loss.csv", "modules/__pycache__/a.pyc", ".cache/x.py"):
            (part / path).parent.mkdir(exist_ok=True)
            (part / path).write_text("x")

    assert scene(clutter) == [""]


def test_a_helper_counts_once_it_is_imported(scene, reference_dir):
    """A new file that a checked module imports reruns the checks of that module."""
    right = (reference_dir / "part1-convnet/modules/relu.py").read_text()
    texts = scene(
        write("modules/helper.py", "ONE = 1\n"),
        write("modules/relu.py", f"from .helper import ONE\n{right}"),
        write("modules/helper.py", "ONE = (\n"),
        lambda part: (part / "modules/helper.py").unlink(),
    )
    assert "nothing runs again" in texts[0]
    assert ran(texts[1]) == ran(texts[2]) == ran(texts[3])
    assert "» ✓→✗ 1.5" in texts[2]
    assert "» ✗ 1.5" in texts[3] or "» ✗   1.5" in texts[3]


def test_a_save_during_a_run_is_seen_after_it(scene, monkeypatch):
    """What is saved while checks run is found at the next look, without an event of its own."""
    graded = watching.grade
    saves = []

    def grade(options, pool):
        run = graded(options, pool)
        while saves:
            saves.pop()()
        return run

    monkeypatch.setattr(watching, "grade", grade)

    def first(part):
        (part / "modules/max_pool.py").write_text("x = 1\n")
        saves.append(lambda: (part / "modules/relu.py").write_text(BROKEN))

    during, after = scene(first, lambda _: None)
    assert "1.3" in ran(during)
    assert "1.5" not in ran(during)
    assert "1.5" in ran(after)


def test_the_parts_go_and_come_back(scene):
    """Where nothing can be graded any more, that is said; then everything runs again."""

    def away(part):
        part.rename(part.parents[1] / "away")

    def back(part):
        (part.parents[1] / "away").rename(part)

    gone, there = scene(away, back)
    assert "Nothing could be graded" in gone
    assert "Everything ran again" in there
    assert len(scene.run.checks) == 8


def test_outcomes_hold_the_whole_run(scene, tmp_path):
    """A rerun is written in its place among the other checks, never alone."""
    path = tmp_path / "outcomes.json"
    scene(write("modules/relu.py", BROKEN), outcomes=path)
    run = from_json(json.loads(path.read_text()))
    statuses = {check.number: check.status for check in run.checks}
    assert len(statuses) == 8
    assert statuses["1.5"] is Status.FAILED
    assert len(run.left_out) == 11


def test_only_selected_checks_run_again(scene):
    """A save that affects checks beside the selected ones reruns the selected ones."""
    (text,) = scene(write("modules/convolution.py", "x = 1\n"), wanted=("1.2", "1.5"))
    assert ran(text) == ["1.2"]


def test_a_zip_cannot_be_watched(tmp_path, capsys):
    """There is nothing to save in a file; the message says to leave the option out."""
    (tmp_path / "a.zip").write_bytes(b"PK")
    assert cli.run(["check", str(tmp_path / "a.zip"), "--watch"]) == 2
    assert "leave it out" in capsys.readouterr().err


def test_many_names_are_counted():
    """The first few files are named, in text that cannot fool the terminal."""
    assert watching._listed(["a\x1b[2J", "b"]) == "a, b"
    assert watching._listed(list("abcdef")) == "a, b, c, d and 2 more"


@pytest.mark.parametrize("error", [OSError("watch limit reached"), RuntimeError("no inotify")])
def test_a_system_that_cannot_tell_of_saves(tmp_path, monkeypatch, error):
    """The error names the folder, the reason and the way out."""

    def refuse(*_, **__):
        raise error

    monkeypatch.setattr("watchfiles.watch", refuse)
    with pytest.raises(GraderError, match=f"{error}.*WATCHFILES_FORCE_POLLING") as raised:
        next(watching.saves(tmp_path))
    assert str(tmp_path) in str(raised.value)


def test_saves_are_looked_for_even_when_nobody_tells(tmp_path, monkeypatch):
    """There is an occasion to look every now and then, save or no save."""
    monkeypatch.setattr(watching, "LOOK_MS", 10)
    occasions = watching.saves(tmp_path)
    assert [next(occasions), next(occasions)] == [set(), set()]


class Terminal:
    """A program on a terminal of its own; `until` reads what it shows."""

    def __init__(self, *arguments):
        self._fd, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "grader", *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            env={**os.environ, "NO_COLOR": "1"},
        )
        os.close(theirs)
        self.text = ""

    def until(self, words, seconds=60):
        """What came up to and with `words`."""
        deadline = time.monotonic() + seconds
        while words not in self.text:
            ready, _, _ = select.select([self._fd], [], [], max(0, deadline - time.monotonic()))
            assert ready, f"{words!r} did not come; this did: {self.text!r}"
            try:
                self.text += os.read(self._fd, 65536).decode()
            except OSError:  # the program has ended
                assert words in self.text, self.text
        shown, _, self.text = self.text.partition(words)
        return shown + words

    def interrupt(self):
        """Ctrl-C; gives the exit status."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(30)

    def close(self):
        """End it, if it has not ended."""
        self.process.kill()
        self.process.wait()
        os.close(self._fd)


def children(pid):
    """The processes that `pid` has started."""
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(number) for number in text.split()]


def alive(pid):
    """Whether a process is there, and no mere zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc")
def test_on_a_terminal_from_the_first_run_to_ctrl_c(submit):
    """Saves in place and by rename rerun their checks in living zygotes; Ctrl-C leaves nothing."""
    folder = submit()
    modules = folder / "part1-convnet" / "modules"
    right = (modules / "relu.py").read_text()
    terminal = Terminal("check", str(folder), "--part", "1", "--watch")
    try:
        assert "7 of 7 points in the 8 selected checks" in terminal.until("waiting for a save")
        zygotes = children(terminal.process.pid)
        assert len(zygotes) == 1
        (modules / "relu.py").write_text(BROKEN)
        shown = terminal.until("waiting for a save")
        assert "✓→✗ 1.5" in shown
        assert "1.1," not in shown
        (modules / "relu.py.tmp").write_text(right)
        (modules / "relu.py.tmp").replace(modules / "relu.py")
        assert "✗→✓ 1.5" in terminal.until("waiting for a save")
        assert children(terminal.process.pid) == zygotes
        assert terminal.interrupt() == 130
        assert "interrupted" in terminal.until("interrupted")
        assert not any(map(alive, zygotes))
    finally:
        terminal.close()
