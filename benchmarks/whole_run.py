"""`grader grade` beside the floor, on the same images: whole_run.py FILE.npz [PAIRS]."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from grader.authoring import samples
from grader.authoring.tape import REFERENCE

PART = REFERENCE / "part2-pytorch"
HERE = Path(__file__).parent


def timed(*command: str) -> float:
    """Wall seconds of a whole process."""
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, *command],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=dict(os.environ, OMP_NUM_THREADS="1"),
    )
    return time.perf_counter() - began


def main(images: str, pairs: str = "3") -> None:
    """Run both in turn; the reference is what is graded."""
    practice = images == "practice"
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        if practice:
            submission = samples.assemble("complete", Path(folder) / "complete")
            checkpoints = next(submission.rglob("checkpoints"))
            data = str(HERE.parent / "grader" / "data" / "practice_test.npz")
        else:
            submission, checkpoints, data = REFERENCE, PART / "checkpoints", images
        measured = []
        for _ in range(int(pairs)):
            grading = timed("-m", "grader", "grade", str(submission), "--data", images)
            floor = timed(str(HERE / "floor.py"), str(PART), str(checkpoints), data)
            measured.append((grading, floor))
            print(f"grading {grading:.1f} s, floor {floor:.1f} s, ratio {grading / floor:.2f}")
    ratios = [a / b for a, b in measured]
    print(f"median ratio {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
