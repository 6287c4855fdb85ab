"""A whole class in one go, with what an evening brings: soak.py [COUNT] [IMAGES] [SLOTS] [KEPT].

COUNT (1200) submissions, the panel's samples shuffled and with names, as an export of Gradescope's.
Every one is graded on IMAGES (100) of the practice images, so that what is measured is the grader
more than the networks. On the way one slot is killed, and the command is interrupted and called
again. In the end every submission must have the outcome that its sample says. How long it took,
what was written, and the memory of a slot on the way are printed, for people to judge. With KEPT,
a folder that does not exist yet, what the command wrote stays there: its report has a real class.
"""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil
from classroom import SEED, cpu_of_children, export, proportional_mb, shuffled

from grader.authoring import samples
from grader.authoring.classroom import journal, records
from grader.evaluation.images import PRACTICE

KILLED, INTERRUPTED = 1 / 4, 1 / 2  # of the class, when it happens
SLOT_MODULE = "grader.authoring.classroom.slot"
EVERY_SECONDS = 2.0
SAID = "said.log"  # what the command printed
TOLD = 12  # lines of progress, and of memory


@dataclass
class Course:
    """What was seen while the class was graded: (done, seconds, MB a slot), CPU and deaths."""

    seen: list[tuple[int, float, float]] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)
    killed: int = 0
    interrupted: bool = False

    def look(self, root: psutil.Process, done: int) -> list[psutil.Process]:
        """Note how far it is, and return the slots' processes."""
        slots = []
        with contextlib.suppress(psutil.Error):
            slots = [one for one in root.children() if SLOT_MODULE in one.cmdline()]
        if slots:
            memory = sum(map(proportional_mb, slots)) / len(slots)
            self.seen.append((done, time.monotonic() - self.began, memory))
        return slots


def images(path: Path, count: int) -> None:
    """Write so many of the practice images, chosen at random."""
    with np.load(PRACTICE) as practice:
        arrays = {name: practice[name] for name in practice.files}
    total = max(len(value) for value in arrays.values() if value.ndim)
    chosen = np.random.default_rng(SEED).permutation(total)[:count]
    np.savez(path, **{
        name: value[chosen] if value.ndim and len(value) == total else value
        for name, value in arrays.items()
    })  # fmt: skip


def graded(command: list[str], out: Path, total: int, course: Course) -> None:
    """Run the command to its end, killing a slot and interrupting it once on the way."""
    while True:
        with out.with_name(SAID).open("ab") as said:
            running = subprocess.Popen(command, stdout=said, stderr=said)
        try:
            watch(running, out, total, course)
        finally:
            if running.poll() is None:  # we are interrupted ourselves
                running.send_signal(signal.SIGINT)
                running.wait()
        if running.returncode != 128 + signal.SIGINT:
            break
    if running.returncode:
        sys.exit(f"grader class ended with status {running.returncode}")


def watch(running: subprocess.Popen[bytes], out: Path, total: int, course: Course) -> None:
    """Look at the command until it ends, and trouble it when its time has come."""
    root = psutil.Process(running.pid)
    while running.poll() is None:
        done = finished(out)
        slots = course.look(root, done)
        if slots and not course.killed and done >= KILLED * total:
            course.killed = slots[0].pid
            slots[0].kill()
        if not course.interrupted and done >= INTERRUPTED * total:
            course.interrupted = True
            running.send_signal(signal.SIGINT)
        time.sleep(EVERY_SECONDS)


def finished(out: Path) -> int:
    """How many submissions have a line in the log."""
    log = out / journal.NAME
    return len({json.loads(line)["key"] for line in log.open()}) if log.exists() else 0


def wrong(out: Path, names: list[str]) -> Counter[str]:
    """Count what came out otherwise than the samples say."""
    found: Counter[str] = Counter()
    for number, name in enumerate(names, 1):
        path = records.folder(out, f"submission_{number}") / records.RECORD
        record = records.load(path) if path.exists() else None
        if record is None or record.run is None:
            found[f"{name}: not graded"] += 1
            continue
        found.update(f"{name}: {it}" for it in samples.expected(name).mismatches(record.run))
    return found


def main(count: str = "1200", shown: str = "100", slots: str = "2", kept: str = "") -> None:
    """Grade, and print what was seen; status 1 where anything came out wrong."""
    total = int(count)
    chosen = shuffled(total)
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(kept or temporary)
        place.mkdir(parents=True, exist_ok=not kept)
        images(place / "images.npz", int(shown))
        export(place / "class", chosen)
        command = [
            *(sys.executable, "-m", "grader", "class", str(place / "class")),
            *("-o", str(place / "out"), "--data", str(place / "images.npz"), "--jobs", slots),
        ]
        course, before = Course(), cpu_of_children()
        graded(command, place / "out", total, course)
        cpu, wall = cpu_of_children() - before, time.monotonic() - course.began
        for done, seconds, memory in course.seen[:: max(1, len(course.seen) // TOLD)]:
            print(f"{done:5d} done after {seconds / 60:5.1f} min, {memory:4.0f} MB a slot")
        print(
            f"{total} submissions of {len(set(chosen))} kinds, {shown} images, {slots} slots: "
            f"{wall / 60:.1f} min, {cpu / total:.2f} s of CPU each; "
            f"slot {course.killed} killed, interrupted: {course.interrupted}"
        )
        pages = {path.name: path.stat().st_size for path in (place / "out").glob("*.*")}
        print("written:", ", ".join(f"{name} {size / 1e6:.1f} MB" for name, size in pages.items()))
        differences = wrong(place / "out", chosen)
        for text, times in differences.most_common():
            print(f"{times} x {text}")
        sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
