"""A grader in a process of its own, for tests: grades one archive for each line that it reads.

    python grading_process.py RESULTS LAYER...

The workers go without the LAYERs named, steps of `confinement.STEPS`. A line is JSON:

    {"archive": path, "data": path, "only": [numbers], "seconds": null or number}

The answer is a line with the run, what `export` makes of it, the processes that are left,
and what this process may use, before and after. RESULTS is rewritten after every check, as
`grader grade` does.
"""

from __future__ import annotations

import dataclasses
import json
import os
import resource
import sys
import time
from pathlib import Path

from grader import sandbox
from grader.exporters import gradescope
from grader.outcomes import to_json, write_json
from grader.sandbox import reaper
from grader.selection import Selection
from grader.session import Options, grade, start

PATIENCE_SECONDS = 2.0


def serve(results: Path, without: list[str], requests, answers) -> None:
    """Answer until there are no more requests; the zygotes serve all of them."""
    with sandbox.WorkerPool(without=without) as pool:
        start(pool)
        for line in requests:
            answers.write(json.dumps(answer(json.loads(line), results, pool)) + "\n")
            answers.flush()


def answer(request, results: Path, pool: sandbox.WorkerPool):
    """Grade one archive."""
    before = standing()
    run = grade(
        Options(
            path=Path(request["archive"]),
            data=request["data"],
            seconds=request["seconds"],
            selection=Selection(frozenset(request["only"])),
            save=lambda run: write_json(results, gradescope.export(run)),
        ),
        pool,
    )
    return {
        "run": to_json(run),
        "results": gradescope.export(run),
        "left": [dataclasses.asdict(process) for process in left(pool)],
        "standing": [before, standing()],
    }


def standing():
    """Priority, processors and limits of this process, which its user's others might change."""
    limits = {name: getattr(resource, name) for name in dir(resource) if name.startswith("RLIMIT")}
    return {
        "priority": os.getpriority(os.PRIO_PROCESS, 0),
        "processors": sorted(os.sched_getaffinity(0)),
        "policy": os.sched_getscheduler(0),
        "limits": {name: resource.getrlimit(number) for name, number in limits.items()},
    }


def left(pool: sandbox.WorkerPool):
    """What descends from this process and is no zygote; it gets a moment to be gone.

    This process is the subreaper: whatever a worker has started descends from it.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        table = {process.pid: process for process in reaper.processes()}
        found = reaper._descendants({os.getpid()}, table) - pool._living()
        if not found or time.monotonic() > deadline:
            return [table[pid] for pid in found]
        time.sleep(0.01)


if __name__ == "__main__":
    # What a check or pytest prints goes to the log; the answers have a channel to themselves.
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.set_inheritable(channel.fileno(), False)
    os.dup2(2, 1)
    serve(Path(sys.argv[1]), sys.argv[2:], sys.stdin, channel)
