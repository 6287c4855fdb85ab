"""Where workers come from; run as a script, by path, with a clean environment.

    zygote.py fork FD PRELOAD             imports what PRELOAD names, then forks a worker
                                          for each request that comes over the socket FD
    zygote.py fresh FDS PRELOAD REQUEST   becomes a worker itself, with the descriptors FDS:
                                          where fork is not to be trusted (macOS), each
                                          worker is a process of its own

Forking is what makes workers cheap: numpy and torch are imported once. A forked worker
is orphaned on purpose. The grader is the subreaper, so it becomes the worker's parent
and gets its exit status and its use of time and memory.

Nothing here may start a thread: a child forked beside one can hang in its first lock.
"""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import gc
import importlib
import json
import os
import signal
import site
import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

READY = b"ready"
MAX_MESSAGE = 64 * 1024
_WORKER_DESCRIPTORS = 3
_OUR_DESCRIPTORS = 5
_OUT_OF_THE_WAY = 20
_ADOPTION_SECONDS = 30.0
_MAP: dict[str, Any] = {}


def main(mode: str, descriptors: list[int], preload: dict[str, Any], *request: str) -> None:
    """Import everything that may be needed, then make workers or become one."""
    _import_all(preload)
    _survey(torch=preload["torch"])
    if mode == "fresh":
        _become_worker(json.loads(request[0]), descriptors)
        return
    channel = socket.socket(fileno=descriptors[0])
    _die_with_parent()
    # Workers that are the same user must read neither our memory nor our environment.
    confinement: Any = sys.modules["grader.sandbox.confinement"]
    confinement.prctl(confinement.PR_SET_DUMPABLE, 0)
    channel.send(READY)
    gc.freeze()  # the children's collections must not copy every page
    while _serve_one(channel):
        pass


def _import_all(preload: dict[str, Any]) -> None:
    """Import the package, numpy or numpy and torch, and the driver modules.

    A checkout's folder is on the path only meanwhile: a submission that lacks `data` must
    not get a folder of ours by that name, let alone the reference.
    """
    package_folder = str(Path(__file__).resolve().parents[2])
    sys.path.insert(0, package_folder)  # this checkout, where another one is installed
    importlib.import_module("grader.sandbox.worker")
    importlib.import_module("grader.sandbox.confinement")
    importlib.import_module("grader.sandbox.self_test")
    importlib.import_module("numpy.random")
    with contextlib.suppress(ImportError, OSError):  # a locked worker could not import it
        landlockpy: Any = importlib.import_module("landlockpy")
        landlockpy.supported()  # finds the C library, by running a program: not in each worker
    if preload["torch"]:
        _import_torch()
    for name in preload["drivers"]:
        importlib.import_module(name)
    if package_folder not in site.getsitepackages():
        sys.path[:] = [folder for folder in sys.path if folder != package_folder]


def _survey(*, torch: bool) -> None:
    """Find what workers may reach, while everything can still be looked at.

    A worker of the numpy kind looks for packages nowhere: what it may not read is not there.
    """
    reachable: Any = sys.modules["grader.sandbox.reachable"]
    _MAP["open"] = reachable.libraries(torch=torch)
    _MAP["closed"] = [] if torch else reachable.torch_files()
    if not torch:
        closed = reachable.package_folders()
        sys.path[:] = [folder for folder in sys.path if str(Path(folder).resolve()) not in closed]


def _import_torch() -> None:
    """Import torch, with one thread: a child forked from several hangs in its first lock.

    Not its compiler, which the constructor of any optimizer pulls in: a second and 70 MB
    that every worker would carry, and that only a submission's own training would need.
    Importing that later asks for a place for temporary files, which a worker has not got:
    an answer found ahead spares it the search.
    """
    tempfile.tempdir = "/tmp"
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)


def _serve_one(channel: socket.socket) -> bool:
    """Do what one message asks for; False when the grader has gone."""
    message, fds, _, _ = socket.recv_fds(channel, MAX_MESSAGE, _WORKER_DESCRIPTORS)
    if not message:
        return False
    request = json.loads(message)
    if "kill" in request:
        _kill_user(request["kill"])
        channel.send(b"{}")
        return True
    pid = _fork_orphan(request, fds)
    for fd in fds:
        os.close(fd)
    channel.send(json.dumps({"pid": pid}).encode())
    return True


def _fork_orphan(request: dict[str, Any], fds: list[int]) -> int:
    """Fork a worker by way of a child that exits at once; give the worker's process id."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        worker = os.fork()
        if worker:
            os.write(write_end, str(worker).encode())
            os._exit(0)
        _become_worker(request, fds)
    os.close(write_end)
    pid = os.read(read_end, 32)
    os.close(read_end)
    os.waitpid(child, 0)
    return int(pid)


def _kill_user(uid: int) -> None:
    """Kill every process of a worker's user at once, so that none can fork away from it."""
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setresgid(uid, uid, uid)
            os.setresuid(uid, uid, uid)
            os.kill(-1, signal.SIGKILL)
        finally:
            os._exit(0)
    os.waitpid(child, 0)


def _become_worker(request: dict[str, Any], fds: list[int]) -> None:
    """Arrange descriptors, confine, say hello, serve. Does not return."""
    try:
        _arrange_descriptors(fds)
        _confine_and_serve(request)
    except BrokenPipeError:
        pass  # the grader has closed the connection
    except BaseException as error:
        os.write(2, f"worker: {type(error).__name__}: {error}\n".encode())
    os._exit(0)


def _confine_and_serve(request: dict[str, Any]) -> None:
    confinement: Any = sys.modules["grader.sandbox.confinement"]
    worker: Any = sys.modules["grader.sandbox.worker"]
    self_test: Any = sys.modules["grader.sandbox.self_test"]
    libraries = _MAP["open"]
    reachable = dataclasses.replace(libraries, files=(request["root"], *libraries.files))
    settings = confinement.Confinement(**request["confinement"] | {"reachable": reachable})
    deadline = time.monotonic() + _ADOPTION_SECONDS
    while os.getppid() != settings.parent:  # the child between has yet to exit
        if time.monotonic() > deadline:
            os._exit(1)  # the grader was killed, so nobody will ever ask
        time.sleep(0.0005)
    layers = confinement.enter(settings)
    served = worker.WorkerSettings(
        root=request["root"],
        answer_bytes=request["answer_bytes"],
        drivers=tuple(request["drivers"]),
    )
    unreadable = _first_unreadable([request["root"], *_library_folders()])
    holes = self_test.holes(_MAP["closed"], settings.parent, request["root"])
    worker.send({"id": 0, "layers": layers, "holes": holes, "unreadable": unreadable})
    if unreadable is None:
        worker.serve(served)


def _arrange_descriptors(fds: list[int]) -> None:
    """0 is empty, 1 and 2 the log, 3 and 4 requests and answers, the rest closed."""
    # Out of the way first: one of them may already have a number that another needs.
    requests, answers, log = (fcntl.fcntl(fd, fcntl.F_DUPFD, _OUT_OF_THE_WAY) for fd in fds)
    null = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((null, 0), (log, 1), (log, 2), (requests, 3), (answers, 4)):
        os.dup2(source, target)
    os.closerange(_OUR_DESCRIPTORS, os.sysconf("SC_OPEN_MAX"))


def _library_folders() -> list[str]:
    """List the folders that student code imports from."""
    folders = {str(Path(os.__file__).parent)}
    for name in ("numpy", "torch"):
        module = sys.modules.get(name)
        if module is not None and module.__file__:
            folders.add(str(Path(module.__file__).parent))
    return sorted(folders)


def _first_unreadable(folders: list[str]) -> str | None:
    """Give the first of these folders, or of those above them, that this user cannot use."""
    for folder in folders:
        path = Path(folder)
        for place in (*reversed(path.parents), path):
            mode = os.R_OK | os.X_OK if place == path else os.X_OK
            if not os.access(place, mode):
                return str(place)
    return None


def _die_with_parent() -> None:
    confinement: Any = sys.modules["grader.sandbox.confinement"]
    parent = os.getppid()
    confinement.prctl(confinement.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


if __name__ == "__main__":
    main(
        sys.argv[1],
        [int(number) for number in sys.argv[2].split(",")],
        json.loads(sys.argv[3]),
        *sys.argv[4:],
    )
