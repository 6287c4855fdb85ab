"""`WorkerPool` makes workers, and sees to it that none survives.

The pool should be started before the grader reads any secret. It makes this process the
subreaper of its descendants (Linux), so that nothing a submission starts can escape.
Start it from the main thread: the kernel ends zygotes when the thread that made them ends.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import os
import random
import sys
import time
import weakref
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal

from grader.errors import SandboxError

from . import reaper
from .confinement import PR_SET_CHILD_SUBREAPER, PR_SET_DUMPABLE, Confinement, prctl
from .handle import Worker
from .launch import Fresh, Killed, Launcher, Preload, Zygote
from .limits import MIB, Limits

if TYPE_CHECKING:
    from typing_extensions import Self

Kind = Literal["numpy", "torch"]
Launch = Literal["auto", "zygote", "fresh"]

USER_IDS = range(40_000, 60_001)
PROCESSES_PER_USER = 64

_POOLS: weakref.WeakSet[WorkerPool] = weakref.WeakSet()
"""All pools of this process: one must not take another's workers for orphans."""


class WorkerPool:
    """Starts zygotes and opens workers; a context manager that leaves no process behind."""

    def __init__(self, launch: Launch = "auto", without: Iterable[str] = ()) -> None:
        """`launch` is how workers are made: by a zygote on Linux, else as fresh processes.

        `without` names steps of `confinement.STEPS` to leave out, to measure or test the rest.
        """
        self._without = tuple(without)
        self._fresh = launch == "fresh" or (launch == "auto" and sys.platform != "linux")
        self._launchers: dict[Kind, Launcher] = {}
        self._preloads: dict[Kind, Preload] = {}
        self._workers: list[Worker] = []
        self._used_ids: set[int] = set()
        self._random = random.SystemRandom()
        self._unprivileged_processes: int | None = None
        _POOLS.add(self)
        if sys.platform == "linux":
            prctl(PR_SET_CHILD_SUBREAPER, 1)
            # Workers that are the same user must read neither our memory nor our environment.
            prctl(PR_SET_DUMPABLE, 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.close()

    def start(self, kind: Kind, drivers: Sequence[str] = ()) -> None:
        """Begin to start the zygote for workers of `kind`, without waiting for it.

        `drivers` are dotted names of modules of ours that its workers may be asked to
        run (see `Worker.drive`). They are imported before any student code.
        """
        self._preloads[kind] = Preload(torch=kind == "torch", drivers=tuple(drivers))
        self._unprivileged_processes = None  # since the last run the user may have started more
        self._launcher(kind)

    def open(self, kind: Kind, root: Path, limits: Limits | None = None) -> Worker:
        """Start a worker whose submission is the folder `root`.

        As root, `root` and all folders above it must be open to other users. A worker or
        zygote that is killed before student code runs is replaced once. Raises
        `SandboxError` when the worker cannot be started or confined.
        """
        limits = limits or Limits()
        try:
            return self._open(kind, root, limits)
        except Killed:
            return self._open(kind, root, limits)

    def _open(self, kind: Kind, root: Path, limits: Limits) -> Worker:
        started = time.monotonic()
        launcher = self._launcher(kind)
        uid = self._new_user()
        worker = Worker(launcher, limits, functools.partial(self._sweep, uid, launcher))
        self._workers = [*(worker for worker in self._workers if worker.alive), worker]
        request = {
            "root": str(Path(root).resolve()),
            "answer_bytes": limits.answer_mb * MIB,
            "drivers": self._preloads[kind].drivers,
            "confinement": dataclasses.asdict(self._confinement(limits, uid)),
        }
        try:
            worker.begin(request, started)
        except BaseException:
            worker.close()
            raise
        return worker

    def close(self) -> None:
        """Kill all workers, all they started, and the zygotes. May be repeated."""
        for worker in self._workers:
            worker.close()
        self._workers.clear()
        for launcher in self._launchers.values():
            launcher.close()
        self._launchers.clear()

    def _launcher(self, kind: Kind) -> Launcher:
        """Give the launcher for `kind`; a zygote that died is replaced."""
        launcher = self._launchers.get(kind)
        if isinstance(launcher, Zygote) and not launcher.usable:
            launcher.close()
            launcher = None
        if launcher is None:
            preload = self._preloads.setdefault(kind, Preload(torch=kind == "torch"))
            launcher = Fresh(preload) if self._fresh else Zygote(preload)
            self._launchers[kind] = launcher
        return launcher

    def _new_user(self) -> int | None:
        """Pick a user id that nobody uses; random, as all containers of a host share them."""
        if sys.platform != "linux" or os.geteuid() != 0:
            return None
        present = {process.uid for process in reaper.processes()}
        uid = self._user_not_in(self._used_ids | present)
        if uid is None:  # after thousands of workers: nothing of the first ones is left
            self._used_ids.clear()
            uid = self._user_not_in(present)
        if uid is None:
            message = f"all user ids of workers ({USER_IDS}) have processes: end some of them"
            raise SandboxError(message)
        self._used_ids.add(uid)
        return uid

    def _user_not_in(self, taken: set[int]) -> int | None:
        """The first id that is free from a random place on, round to that place again."""
        start = self._random.randrange(len(USER_IDS))
        ids = itertools.chain(USER_IDS[start:], USER_IDS[:start])
        return next((number for number in ids if number not in taken), None)

    def _confinement(self, limits: Limits, uid: int | None) -> Confinement:
        processes: int | None = PROCESSES_PER_USER
        if uid is None:
            if self._unprivileged_processes is None:
                present = reaper.tasks_of_user()
                self._unprivileged_processes = present and present + PROCESSES_PER_USER
            processes = self._unprivileged_processes
        return Confinement(
            uid=uid,
            cpu_seconds=limits.cpu_seconds,
            memory_mb=limits.memory_mb,
            processes=processes,
            parent=os.getpid(),
            without=self._without,
        )

    def _living(self) -> set[int]:
        """The process ids of zygotes and of workers that still run."""
        pids = {launcher.pid for launcher in self._launchers.values()}
        pids |= {worker.pid for worker in self._workers if worker.alive}
        return {pid for pid in pids if pid is not None}

    def _sweep(self, uid: int | None, launcher: Launcher, worker: Worker) -> None:
        """Kill and reap whatever a worker has started; it is dead itself."""
        if uid is not None:
            reaper.kill_user(uid, functools.partial(self._kill_all, launcher))
        if not worker.layers.get("user", "").startswith("on"):
            living = set().union(*(pool._living() for pool in _POOLS))  # noqa: SLF001
            reaper.kill_orphans(keep=living)

    def _kill_all(self, launcher: Launcher, uid: int) -> None:
        """Kill a user's processes at once; `launcher` started the worker.

        A zygote forks for that, and a copy of the one without torch is made in a fifth of the
        time: any of them can do it.
        """
        for each in (self._launchers.get("numpy"), launcher):
            if each is not None and each.kill_user(uid):
                return
