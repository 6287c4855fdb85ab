"""Who runs the grader, and what is left of the lock then: each mode as a process of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = """
import sys
from pathlib import Path
import numpy as np
from grader.sandbox import Limits, WorkerPool, level
root, launch, *without = sys.argv[1:]
with WorkerPool(launch=launch, without=without) as pool:
    worker = pool.open("numpy", Path(root), Limits(wall_seconds=60))
    assert worker.load("code").twice(np.ones(2)).tolist() == [2, 2]
    print(level.level(worker.holes), *sorted(worker.holes), sep="|")
"""
LAYERS = ("files", "system calls")
BESIDE_FILES = ["files", "packages", "writing"]
BESIDE_CALLS = ["network", "processes", "shared memory"]

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's layers"),
    pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become somebody else"),
]


def as_root(command: list[str]) -> tuple[list[str], dict[str, object]]:
    """Root with all rights."""
    return command, {}


def as_nobody(command: list[str]) -> tuple[list[str], dict[str, object]]:
    """An ordinary user, as on a laptop."""
    return command, {"user": 65534, "group": 65534, "extra_groups": []}


def as_root_without_rights(command: list[str]) -> tuple[list[str], dict[str, object]]:
    """Root in a container that was started with --cap-drop ALL."""
    if shutil.which("setpriv") is None:
        pytest.skip("there is no setpriv here")
    return ["setpriv", "--bounding-set=-all", "--inh-caps=-all", *command], {}


@pytest.mark.parametrize("launch", ["zygote", "fresh"])
@pytest.mark.parametrize(
    ("become", "without", "expected", "open_anyway"),
    [
        (as_root, (), "full", []),
        (as_root, ("files",), "degraded", BESIDE_FILES),
        (as_root, ("system calls",), "degraded", BESIDE_CALLS),
        (as_root, LAYERS, "degraded", BESIDE_FILES + BESIDE_CALLS),
        (as_nobody, (), "full", []),
        (as_nobody, ("files",), "degraded", BESIDE_FILES),
        (as_nobody, ("system calls",), "degraded", [*BESIDE_CALLS, "permissions"]),
        (as_nobody, LAYERS, "none", [*BESIDE_FILES, *BESIDE_CALLS, "permissions", "signals"]),
        (as_root_without_rights, (), "degraded", ["user"]),
        (as_root_without_rights, LAYERS, "none", None),
    ],
)
def test_each_mode_works_and_says_what_is_open(
    submit, launch, become, without, expected, open_anyway
):
    """Code is graded in every mode, and the self-test finds what the mode leaves open."""
    from grader.sandbox import reachable

    if not reachable.torch_files() and open_anyway:
        open_anyway = [name for name in open_anyway if name != "packages"]
    root = submit({"code.py": "def twice(x):\n    return 2 * x\n"})
    command = [sys.executable, "-c", textwrap.dedent(SCRIPT), str(root), launch, *without]
    command, options = become(command)
    os.chown(root, options.get("user", 0), -1)  # whoever grades has staged the submission
    done = subprocess.run(
        command,
        env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.environ["PATH"]},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        **options,
    )
    if done.returncode and "ermission denied" in done.stderr and become is as_nobody:
        pytest.skip("this interpreter is closed to other users")
    assert done.returncode == 0, done.stderr
    word, *holes = done.stdout.strip().split("|")
    assert word == expected
    if open_anyway is not None:
        assert holes == sorted(open_anyway)
