"""The self-test finds what is open, and nothing in a locked worker."""

from __future__ import annotations

import os
import sys

import pytest

from grader.sandbox import WorkerPool, level, reachable, self_test
from grader.sandbox.confinement import STEPS

linux = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's layers")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


@linux
@as_root
@pytest.mark.parametrize(
    ("without", "expected"),
    [
        ((), set()),
        (("files",), {"files", "packages", "writing"}),
        (("system calls",), {"processes", "network", "shared memory"}),
        (("limits",), {"memory"}),
        (("user", "files", "system calls"), set(level.HOLES) - {"memory"}),
        (
            ("files", "system calls"),
            {"files", "packages", "writing", "network", "processes", "shared memory"},
        ),
    ],
)
def test_each_layer_that_is_left_out_is_noticed(submit, without, expected):
    """What is found open is what the missing layers would have closed."""
    with WorkerPool(without=without) as pool, pool.open("numpy", submit({"code.py": ""})) as worker:
        found = set(worker.holes)
    if not reachable.torch_files():
        expected = expected - {"packages"}
    assert found == expected


@linux
def test_every_layer_is_needed_for_full():
    """The steps that can be left out are the ones that workers take."""
    assert {"files", "system calls", "user", "limits"} <= set(STEPS)


@linux
def test_nothing_is_left_behind_by_the_attempts(tmp_path, monkeypatch):
    """In a process that nothing locks all attempts succeed, and undo what they did."""
    monkeypatch.setattr(self_test, "_SHARED", (str(tmp_path),))
    secret = tmp_path / "package.py"
    secret.write_text("x")
    tmp_path.chmod(0o751)
    found = set(self_test.holes([str(secret)], os.getpid(), str(tmp_path)))
    assert tmp_path.stat().st_mode & 0o777 == 0o751
    assert set(level.HOLES) - {"user", "memory", "grader", "shared memory"} <= found
    assert list(tmp_path.iterdir()) == [secret]


def test_files_out_of_reach_that_do_not_exist_are_no_hole(tmp_path):
    """What is not there cannot be read."""
    assert "packages" not in self_test.holes([str(tmp_path / "absent")], None, str(tmp_path))
