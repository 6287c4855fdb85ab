"""`grader class` over generated submissions: classroom.py [COUNT] [SLOTS].

The panel's samples, shuffled and with names, as an export of Gradescope's; graded with one slot
and with SLOTS (2), on the practice images. Then COUNT templates, in which a student has computed
nothing: what one more of them takes is the fixed cost. CPU is that of all processes, and means the
same on a busy machine; memory is proportional, so that what slots share counts once.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from grader.authoring import samples
from grader.authoring.classroom import journal
from grader.authoring.classroom.export import METADATA

SEED = 20240219
FIRST = ("Ada", "Bo", "Chloé", "Dmitri", "Eun-ji", "Femi", "Grace", "Hạnh", "Ines", "Jörg")
LAST = ("Anand", "Brûlé", "Costa", "Dijkstra", "Eze", "Fischer", "Gao", "Hopper", "Ito", "Ng")
MANY = 100  # from here on a class has those that hang
SAMPLE_SECONDS = 0.25


@dataclass
class Measured:
    """One grading of a class, in seconds and MB; `warm` is from the first result to the last."""

    slots: int
    count: int
    wall: float
    warm: float
    cpu: float
    student_cpu: float
    peak_mb: float

    def each(self) -> float:
        """Wall seconds for each submission, once all slots are warm."""
        return self.warm / (self.count - self.slots)

    def text(self) -> str:
        """One line for people."""
        return (
            f"{self.slots} slots: {self.count} in {self.wall:.0f} s, warm {self.each():.2f} s "
            f"each; CPU {self.cpu / self.count:.2f} s each, of it the workers' "
            f"{self.student_cpu / self.count:.2f}; memory {self.peak_mb / self.slots:.0f} MB a slot"
        )


def shuffled(count: int) -> list[str]:
    """So many names of samples: all but the slow ones, over and over, in another order.

    Of those that hang there is one each, in a class that is large enough: every one takes all of
    its ten minutes, and in no class does one of thirty hang.
    """
    paces = {name: samples.describe(name).pace for name in samples.names()}
    names = [name for name, pace in paces.items() if not pace.slow and pace.seconds is None]
    hanging = [name for name, pace in paces.items() if pace.seconds is not None]
    chosen = hanging if count > MANY else []
    chosen = [*chosen, *itertools.islice(itertools.cycle(names), count - len(chosen))]
    random.Random(SEED).shuffle(chosen)
    return chosen


def export(folder: Path, names: Sequence[str]) -> None:
    """Write an export with one submission for each of the samples `names`."""
    made: dict[str, Path] = {}
    lines = []
    for number, name in enumerate(names, 1):
        if name not in made:
            made[name] = samples.assemble(name, folder.with_name(f"{folder.name}-samples"))
        key = f"submission_{number}"
        shutil.copytree(made[name], folder / key, copy_function=os.link, symlinks=True)
        person = f"{FIRST[number % len(FIRST)]} {LAST[number // len(FIRST) % len(LAST)]} {number}"
        lines += [
            f"{key}:",
            "  :submitters:",
            f"  - :name: {person}",
            f"    :sid: '{number:06d}'",
            f"    :email: student{number}@example.edu",
            f"  :created_at: 2024-02-{1 + number % 20:02d} 10:00:00.000000000 Z",
        ]
    (folder / METADATA).write_text("\n".join(lines) + "\n", encoding="utf-8")


def measured(source: Path, out: Path, count: int, slots: int) -> Measured:
    """Grade a class with so many slots, sampling the memory of all processes."""
    command = [sys.executable, "-m", "grader", "class", str(source), "-o", str(out)]
    before, began = cpu_of_children(), time.monotonic()
    running = subprocess.Popen(
        [*command, "--data", "practice", "--jobs", str(slots)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    root, peak, first, last, seen = psutil.Process(running.pid), 0.0, 0.0, 0.0, 0
    while running.poll() is None:
        peak = max(peak, proportional_mb(root))
        done = _lines(out / journal.NAME)
        now = time.monotonic()
        if done >= slots and not first:
            first = now
        if done > seen:
            seen, last = done, now
        time.sleep(SAMPLE_SECONDS)
    wall = time.monotonic() - began
    if running.returncode:
        sys.exit(f"grader class ended with status {running.returncode}")
    student = sum(_student_cpu(path) for path in out.glob("submissions/*/record.json"))
    return Measured(slots, count, wall, last - first, cpu_of_children() - before, student, peak)


def main(count: str = "12", slots: str = "2") -> None:
    """Grade with one slot and with several, then the fixed cost; print all of it."""
    many = int(count)
    if many <= int(slots):
        sys.exit("COUNT must be more than SLOTS: the first of each slot only warm it")
    chosen = shuffled(many)
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        export(place / "class", chosen)
        one = measured(place / "class", place / "one", many, 1)
        print(one.text(), flush=True)
        several = measured(place / "class", place / "several", many, int(slots))
        print(several.text(), flush=True)
        print(f"throughput of {slots} slots: {one.each() / several.each():.2f} x that of one")
        export(place / "few", ["template"] * int(slots))
        few = measured(place / "few", place / "start", int(slots), int(slots))
        export(place / "templates", ["template"] * many)
        fixed = measured(place / "templates", place / "fixed", many, int(slots))
        print(f"templates, {fixed.text()}")
        cpu = (fixed.cpu - few.cpu) / (many - int(slots))
        print(
            f"fixed cost a submission: {cpu:.2f} s of CPU, {cpu / int(slots):.2f} s where {slots} "
            f"cores are free; {fixed.each():.2f} s here and now"
        )


def cpu_of_children() -> float:
    """CPU seconds of all processes that have ended below this one."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def proportional_mb(root: psutil.Process) -> float:
    """Memory of a process and all below it, in MB; what they share counts once."""
    total = 0
    try:
        family = [root, *root.children(recursive=True)]
    except psutil.Error:
        return 0.0
    for process in family:
        try:
            total += process.memory_full_info().pss
        except psutil.Error:
            continue
    return total / 1e6


def _lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def _student_cpu(path: Path) -> float:
    run = json.loads(path.read_text(encoding="utf-8"))["run"] or {"checks": []}
    return sum(float(check["cpu_seconds"]) for check in run["checks"])


if __name__ == "__main__":
    main(*sys.argv[1:])
