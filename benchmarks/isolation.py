"""What the layers of isolation cost: the same grading with and without them, side by side.

    python benchmarks/isolation.py [--rounds 5] [--data practice]

Each round grades the sample `complete` once with Landlock, the filter of system calls and
the self-test's findings, and once without the two layers, in changing order; then it
opens workers of both kinds. CPU seconds are those of the workers, which the layers bind;
wall seconds are the whole grading's, zygotes that run already.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from grader import sandbox
from grader.authoring import samples
from grader.sandbox import Limits
from grader.session import Options, grade, start

LAYERS = ("files", "system calls")
Measured = dict[str, list[float]]


def graded(pool: sandbox.WorkerPool, folder: Path, data: str, into: Measured) -> None:
    """Grade once; note wall seconds, and CPU seconds of all workers."""
    began = time.monotonic()
    run = grade(Options(path=folder, data=data), pool)
    into["wall"].append(time.monotonic() - began)
    into["cpu"].append(sum(check.cpu_seconds for check in run.checks))
    assert run.points == run.max_points, "the sample lost points"


def opened(pool: sandbox.WorkerPool, folder: Path, into: Measured) -> None:
    """Open and close one worker of each kind; note seconds until each is ready."""
    for kind in ("numpy", "torch"):
        root = folder / ("part1-convnet" if kind == "numpy" else "part2-pytorch")
        with pool.open(kind, root, Limits(cpu_seconds=10, wall_seconds=30)) as worker:
            into[kind].append(worker.usage.start_seconds)


def main() -> None:
    """Print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--data", default="practice")
    options = parser.parse_args()
    found: dict[str, Measured] = {
        name: {"wall": [], "cpu": [], "numpy": [], "torch": []} for name in ("with", "without")
    }
    with (
        tempfile.TemporaryDirectory() as name,
        sandbox.WorkerPool() as locked,
        sandbox.WorkerPool(without=LAYERS) as open_,
    ):
        Path(name).chmod(0o755)
        folder = samples.assemble("complete", Path(name))
        pools = [("with", locked), ("without", open_)]
        for _, pool in pools:
            start(pool)
            graded(pool, folder, options.data, {"wall": [], "cpu": []})  # zygotes are warm then
        for _ in range(options.rounds):
            for which, pool in pools:
                graded(pool, folder, options.data, found[which])
                for _ in range(5):
                    opened(pool, folder, found[which])
            pools.reverse()
    for what in ("wall", "cpu", "numpy", "torch"):
        one, other = (statistics.median(found[which][what]) for which in ("with", "without"))
        unit = "s" if what in ("wall", "cpu") else "s until a worker is ready"
        print(f"{what:6} with {one:.3f}, without {other:.3f} {unit}: ratio {one / other:.3f}")


if __name__ == "__main__":
    main()
