"""What a worker may do: as reported, and as observed from inside."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from grader.errors import SandboxError, StudentCodeRaised
from grader.sandbox import confinement
from grader.sandbox.confinement import Confinement

ROOT = Path(__file__).parents[2]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
linux = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")


def test_confinement_is_observed_from_inside(run):
    """What student code finds: no rights, no secrets, no writable file."""
    worker = run(
        """
        import ctypes, os, resource
        groups, env = os.getgroups(), dict(os.environ)
        limits = {n: resource.getrlimit(getattr(resource, "RLIMIT_" + n))
                  for n in ("CORE", "FSIZE", "NOFILE", "STACK")}
        session = os.getsid(0) == os.getpid()
        NO_NEW_PRIVILEGES, DUMPABLE = 39, 3
        states = [ctypes.CDLL(None).prctl(n, 0, 0, 0, 0) for n in (NO_NEW_PRIVILEGES, DUMPABLE)]
        def open_descriptors():
            found = []
            for number in range(64):
                try:
                    os.fstat(number)
                    found.append(number)
                except OSError:
                    pass
            return found
        def write(path):
            with open(path, "w") as f:
                f.write("x")
        def read(path):
            return open(path).read()
        def be_root():
            os.setuid(0)
        """
    )
    code = worker.load("code")
    assert code.session is True
    stack = (64 * 2**20, 64 * 2**20)
    assert code.limits == {"CORE": (0, 0), "FSIZE": (0, 0), "NOFILE": (64, 64), "STACK": stack}
    assert code.states == [1, 0]
    assert Path(f"/proc/{worker.pid}/oom_score_adj").read_text().strip() == "1000"
    assert code.open_descriptors() == [0, 1, 2, 3, 4]
    for path in ("/tmp/written-by-a-student", str(ROOT / "x"), "code.py"):
        with pytest.raises(StudentCodeRaised, match="PermissionError"):
            code.write(path)
    for path in ("/etc/passwd", f"/proc/{os.getpid()}/environ", __file__):
        with pytest.raises(StudentCodeRaised, match="PermissionError"):
            code.read(path)
    with pytest.raises(StudentCodeRaised, match="PermissionError"):
        code.be_root()
    if os.geteuid() == 0:
        assert code.groups == []


@linux
def test_layers_are_reported(run):
    """Each step of the confinement says whether it is on."""
    layers = run("").layers
    expected = {"session", "limits", "dies with grader", "undumpable", "no new privileges"}
    expected |= {"files", "system calls"}
    assert {name for name, state in layers.items() if state.startswith("on")} >= expected
    assert layers["user"].startswith("on" if os.geteuid() == 0 else "off: the grader")


@as_root
def test_folders_that_workers_cannot_read_are_named(pool, submit):
    """A closed folder is the grader's problem, and the message names it."""
    root = submit({"inside/code.py": ""})
    (root / "inside").chmod(0o700)
    with pytest.raises(SandboxError, match=str(root / "inside")):
        pool.open("numpy", root / "inside")
    root.chmod(0o700)
    with pytest.raises(SandboxError, match=r"cannot read .*" + root.name):
        pool.open("numpy", root / "inside")


def in_a_child(function) -> str:
    """Run a function that cannot be undone in a process of its own; give its text."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(write, function().encode())
        finally:
            os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    with os.fdopen(read) as pipe:
        return pipe.read()


def report_on(settings: Confinement) -> str:
    """Confine a child process; give the report as text."""
    return in_a_child(lambda: repr(confinement.enter(settings)))


def settings(**changes) -> Confinement:
    """Settings that need no rights, with changes."""
    defaults = {
        "uid": None,
        "cpu_seconds": 5.0,
        "memory_mb": 10_000,
        "processes": None,
        "parent": os.getpid(),
    }
    return Confinement(**{**defaults, **changes})


def test_a_step_that_fails_is_reported_and_the_rest_is_done(monkeypatch):
    """A refusal by the system switches one step off, not the others."""

    def refuse(_settings):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setitem(confinement.STEPS, "user", refuse)
    report = report_on(settings(uid=50_000))
    assert "'user': 'off: [Errno 1] Operation not permitted'" in report
    assert "'limits': 'on'" in report


def test_a_limit_that_is_refused_is_named(monkeypatch):
    """A limit that this system lacks or refuses is listed; the others are set."""
    monkeypatch.delattr(confinement.resource, "RLIMIT_MSGQUEUE", raising=False)
    report = report_on(settings())
    assert "'limits': 'on: without MSGQUEUE'" in report


def test_other_systems_say_what_they_lack(monkeypatch):
    """Where there is no prctl the steps are off, and say so."""
    monkeypatch.setattr(confinement, "_LINUX", False)
    report = report_on(settings())
    assert report.count("has no such restriction") == 6
    assert "'session': 'on'" in report


@linux
def test_a_worker_whose_grader_died_meanwhile_exits():
    """The death signal cannot be missed: the parent is looked at again afterwards."""
    assert report_on(settings(parent=1)) == ""


@linux
def test_prctl_raises_what_the_system_says():
    """An option that does not exist is an OSError with its number."""
    with pytest.raises(OSError, match="Invalid argument"):
        confinement.prctl(0xFFFF, 0)
