"""Whatever is killed, filled or taken away at whatever moment, results.json stays whole.

Each kind of fault strikes at random moments of a short grading of the reference. The seed
is in every failure's message; FAULT_SEED sets another.
"""

from __future__ import annotations

import collections
import contextlib
import json
import os
import random
import resource
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from grader.exporters.lint import validate
from tests.hostile import short_gradings

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")

SEED = os.environ.get("FAULT_SEED", "20")
ONLY = ("1.1", "1.2", "1.5", "1.6")
PATIENCE_SECONDS = 90.0
GLANCE_SECONDS = 0.02
INTERRUPTED = 130
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
FIRST = 0.4
UNLIMITED = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


class Ended(Exception):
    """The grading ended before the fault could strike."""


@dataclass
class Grading:
    """One grading while it runs, and what was seen of it."""

    process: psutil.Process
    results: Path
    log: Path
    channel: object
    status: int | None = None
    documents: list[dict] = field(default_factory=list)

    def glance(self, seconds: float) -> bool:
        """Wait so long, or until it ends; look at results.json. Whether it has ended."""
        if self.status is None and select.select([self.channel], [], [], seconds)[0]:
            self.status = int(self.channel.readline())
        self.look()
        return self.status is not None

    def look(self) -> None:
        """Read results.json, if there is one: it is whole at any moment."""
        with contextlib.suppress(FileNotFoundError):
            document = json.loads(self.results.read_text("utf-8"))
            if not self.documents or document != self.documents[-1]:
                self.documents.append(document)

    def wait(self, seconds: float) -> None:
        """Let it run so long; raises Ended when it ends before."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if self.glance(min(left, GLANCE_SECONDS)):
                raise Ended

    def finish(self) -> None:
        """Wait for its end."""
        with contextlib.suppress(Ended):
            self.wait(PATIENCE_SECONDS)
        assert self.status is not None, "the grading hangs"

    def descendants(self) -> list[psutil.Process]:
        """Its zygotes and workers."""
        with contextlib.suppress(psutil.NoSuchProcess):
            return self.process.children(recursive=True)
        return []

    @property
    def scores(self) -> dict[str, float]:
        """The points that the last results.json gives, by number of the check."""
        tests = self.documents[-1]["tests"] if self.documents else []
        return {test["number"]: test["score"] for test in tests}

    @property
    def staff_notes(self) -> list[str]:
        """What the last results.json tells staff."""
        return self.documents[-1]["extra_data"]["staff_notes"] if self.documents else []


class Gradings:
    """Starts gradings of one submission, one after the other."""

    def __init__(self, archive: Path, folder: Path) -> None:
        self._request = {"archive": str(archive), "only": ONLY}
        self._folder = folder
        self._server = subprocess.Popen(
            [sys.executable, short_gradings.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            env={**os.environ, "TMPDIR": str(folder), "PYTHONPATH": str(Path(__file__).parents[1])},
        )
        began = time.monotonic()
        undisturbed = self.start()
        undisturbed.finish()
        self.seconds = time.monotonic() - began
        self.scores = undisturbed.scores
        assert (undisturbed.status, len(self.scores)) == (0, len(ONLY)), undisturbed.log.read_text()
        assert all(self.scores.values())
        began = time.monotonic()
        self.start().finish()  # the first one had caches to fill
        self.seconds = time.monotonic() - began

    def start(self) -> Grading:
        """Begin another grading."""
        results, log = self._folder / "results.json", self._folder / "log.txt"
        results.unlink(missing_ok=True)
        for left in self._folder.glob("grading-*"):  # by a grader that was killed
            shutil.rmtree(left)
        request = {**self._request, "results": str(results), "log": str(log)}
        self._server.stdin.write(json.dumps(request) + "\n")
        pid = int(self._server.stdout.readline())
        return Grading(psutil.Process(pid), results, log, self._server.stdout)

    def left(self) -> list[psutil.Process]:
        """What lives on after a grading; it gets a moment to be gone."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            found = psutil.Process(self._server.pid).children(recursive=True)
            found = [process for process in found if not is_zombie(process)]
            if not found:
                break
            time.sleep(GLANCE_SECONDS)
        return found

    def close(self) -> None:
        """End the process that they come from."""
        self._server.stdin.close()
        self._server.wait(30)
        self._server.stdout.close()


def is_zombie(process) -> bool:
    """Whether a process has ended; its parent may not have noticed yet."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.fixture(scope="module")
def gradings(tmp_path_factory):
    """Gradings of the reference's first part; workers may pass through their folder."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        root = Path(__file__).parents[1] / "reference" / "part1-convnet"
        ignored = shutil.ignore_patterns("__pycache__", "*.npz", "runs")
        shutil.copytree(root, folder / "submission" / "part1-convnet", ignore=ignored)
        started = Gradings(folder / "submission", folder)
        yield started
        started.close()


def kill_a_descendant(grading, chance, _seconds) -> None:
    """Kill a zygote or a worker, whichever is there."""
    while not (found := grading.descendants()):
        grading.wait(0.001)
    with contextlib.suppress(psutil.NoSuchProcess):
        chance.choice(found).kill()


def kill_the_grader(grading, _chance, _seconds) -> None:
    """Kill the grading process, which can do nothing about it."""
    grading.process.kill()


def interrupt(grading, chance, _seconds) -> None:
    """Ask the grading process to end."""
    grading.process.send_signal(chance.choice(SIGNALS))


def take_the_memory(grading, chance, _seconds) -> None:
    """Leave the grading process at most a few megabytes beyond what it has."""
    used = grading.process.memory_info().vms
    most = used + chance.randrange(4 << 20)
    resource.prlimit(grading.process.pid, resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))


def fill_the_disk(grading, chance, seconds) -> None:
    """Let no file of the grading process grow any more, for a while or for good."""
    pid = grading.process.pid
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    if chance.random() < 0.7:
        grading.wait(chance.uniform(0, seconds / 2))
        resource.prlimit(pid, resource.RLIMIT_FSIZE, UNLIMITED)


def after_a_kill(grading, scores) -> None:
    """Nobody loses a point by a worker or zygote that was killed."""
    assert grading.status == 0
    assert grading.scores == scores
    assert grading.documents[-1]["extra_data"]["complete"]


def after_the_graders_death(grading, scores) -> None:
    """The last results.json stands, with the points of all checks that were done."""
    assert grading.status in (0, -signal.SIGKILL)
    assert_done_have_points(grading, scores)


def after_an_interrupt(grading, scores) -> None:
    """The grading ends by itself, leaves nothing behind, and the checks done have their points."""
    unready = [] if grading.documents else [-number for number in SIGNALS]
    assert grading.status in (0, INTERRUPTED, *unready)
    assert_done_have_points(grading, scores)
    if grading.status == INTERRUPTED:
        assert list(grading.results.parent.glob("grading-*")) == []


def after_lack_of_memory(grading, _scores) -> None:
    """The grading is complete, or its status says that it is not."""
    assert grading.status or grading.documents[-1]["extra_data"]["complete"]


def after_a_full_disk(grading, scores) -> None:
    """With room again, all is as if nothing had been; without, the status says so."""
    if grading.status == 0:
        assert grading.scores == scores
        assert grading.documents[-1]["extra_data"]["complete"]


def assert_done_have_points(grading, scores) -> None:
    """What the log calls passed has its points in results.json."""
    lines = grading.log.read_text().splitlines()
    passed = [line for line in lines if line.endswith(": passed")]
    done = [number for number in scores if any(f"] {number} " in line for line in passed)]
    assert {number: grading.scores[number] for number in done} == {n: scores[n] for n in done}


def assert_whole(grading, scores) -> None:
    """Each results.json was valid, listed all checks, and took back no point."""
    total = 0.0
    for document in grading.documents:
        assert validate(document) == []
        assert document["score"] >= total
        total = document["score"]
        listed = {test["number"]: test["score"] for test in document["tests"]}
        assert listed.keys() in (set(), set(ONLY))
        assert all(0 <= score <= scores[number] for number, score in listed.items())


FAULTS = {
    "worker": (kill_a_descendant, after_a_kill),
    "grader": (kill_the_grader, after_the_graders_death),
    "signal": (interrupt, after_an_interrupt),
    "memory": (take_the_memory, after_lack_of_memory),
    "disk": (fill_the_disk, after_a_full_disk),
}
MOMENTS = {"worker": 70, "grader": 40, "signal": 40, "memory": 25, "disk": 25}


def strike(gradings, kind, moment) -> Grading | None:
    """One grading and one fault; None if it ended before the fault struck."""
    fault, verify = FAULTS[kind]
    chance = random.Random(f"{SEED}/{kind}/{moment}")
    grading = gradings.start()
    struck = True
    try:
        grading.wait(gradings.seconds * (chance.random() if moment else FIRST))
        fault(grading, chance, gradings.seconds)
    except (Ended, psutil.NoSuchProcess, ProcessLookupError):
        struck = False
    grading.finish()
    try:
        assert gradings.left() == []
        assert_whole(grading, gradings.scores)
        verify(grading, gradings.scores)
    except (AssertionError, KeyError) as error:
        message = f"FAULT_SEED={SEED}, {kind}, moment {moment}: {error}\n{grading.log.read_text()}"
        raise AssertionError(message) from error
    return grading if struck else None


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault(gradings, kind):
    """A results.json is complete and valid after a fault, and no check lost what it had."""
    assert strike(gradings, kind, 0) is not None


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", FAULTS)
def test_faults_at_random_moments(gradings, kind):
    """The same at many moments."""
    struck = [strike(gradings, kind, moment) for moment in range(1, MOMENTS[kind])]
    hits = [grading for grading in struck if grading is not None]
    statuses = collections.Counter(grading.status for grading in hits)
    repeated = sum(any("killed" in note for note in grading.staff_notes) for grading in hits)
    report = f"FAULT_SEED={SEED}, {kind}: {len(hits)} of {len(struck)} struck, {dict(statuses)}"
    print(f"{report}, {repeated} cases repeated")  # noqa: T201  for pytest -s
    assert len(hits) > len(struck) / 2
    assert bool(repeated) == (kind == "worker")
