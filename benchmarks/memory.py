"""The memory of a whole grading, sampled: memory.py [practice|FILE.npz].

Counts the grader and all its descendants together. Shared pages (the zygote's, in its
workers) count once: proportional set size.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from grader.authoring import samples
from grader.authoring.tape import REFERENCE


def proportional_mb(root: psutil.Process) -> float:
    """Megabytes of the process and its descendants."""
    total = 0
    for process in [root, *root.children(recursive=True)]:
        try:
            total += process.memory_full_info().pss
        except psutil.Error:
            continue
    return total / 1e6


def main(images: str = "practice") -> None:
    """Sample every 50 ms while the grading runs."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        submission = (
            samples.assemble("complete", Path(folder) / "complete")
            if images == "practice"
            else REFERENCE
        )
        command = [sys.executable, "-m", "grader", "grade", str(submission), "--data", images]
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        root, peak = psutil.Process(running.pid), 0.0
        while running.poll() is None:
            peak = max(peak, proportional_mb(root))
            time.sleep(0.05)
    print(f"peak of grader, zygotes and workers: {peak:.0f} MB")


if __name__ == "__main__":
    main(*sys.argv[1:])
