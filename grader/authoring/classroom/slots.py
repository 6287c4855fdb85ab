"""`Slot`: what holds one grading process; `Slots`: as many of them as are needed at a time."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import grader
from grader.authoring.classroom.grading import Answer, Request

COMMAND = (sys.executable, "-m", "grader.authoring.classroom.slot")
"""What is started, with a socket's descriptor and a folder behind it; another one in tests."""

_CLOSING_SECONDS = 15.0
_LAST_WORDS = 1000  # bytes
_PLACE = 0o711  # workers, who are other users, must get through it, and see nothing


class SlotLost(Exception):
    """A grading process ended: what it graded is worth another try."""


class SlotStuck(SlotLost):
    """A grading process does not answer, in spite of its own clock: it would take as long again."""


class Slot:
    """One process of `slot`, and its folder for temporary files."""

    def __init__(self) -> None:
        """Start it, without waiting; raises OSError."""
        self._folder = tempfile.TemporaryDirectory(prefix="slot-", ignore_cleanup_errors=True)
        Path(self._folder.name).chmod(_PLACE)
        self._said: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115  lives as long as the slot
        self._channel, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  our own interpreter
                [*COMMAND, str(theirs.fileno()), self._folder.name],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._said,
                pass_fds=[theirs.fileno()],
                env=self._environment(),
                start_new_session=True,  # Ctrl-C at a terminal is for the process that decides
            )
        self._stream = self._channel.makefile("rw", encoding="utf-8", newline="\n")

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def ask(self, request: Request, seconds: float) -> Answer:
        """Have one submission graded.

        Raises SlotLost when the process ends, SlotStuck when it gives no answer in time; it is of
        no more use then.
        """
        try:
            self._channel.settimeout(seconds)
            self._stream.write(json.dumps(request.as_json()) + "\n")
            self._stream.flush()
            line = self._stream.readline()
        except TimeoutError as error:
            message = f"a grading process gave no answer for {seconds:.0f} s"
            raise SlotStuck(message) from error
        except (OSError, ValueError) as error:
            raise SlotLost(self._why()) from error
        if not line.endswith("\n"):
            raise SlotLost(self._why())
        return Answer(**json.loads(line))

    def close(self) -> None:
        """End the process and all it started. May be repeated, and from another thread."""
        with contextlib.suppress(OSError):
            self._channel.shutdown(socket.SHUT_RDWR)
        try:
            self._process.wait(_CLOSING_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        with contextlib.suppress(OSError, ValueError):
            self._stream.close()
        self._channel.close()
        self._said.close()
        self._folder.cleanup()

    def _environment(self) -> dict[str, str]:
        """Ours, with this very package first, and temporary files where they are removed."""
        ours = str(Path(grader.__file__).parents[1])
        paths = [ours, *filter(None, [os.environ.get("PYTHONPATH")])]
        return {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(paths),
            "TMPDIR": self._folder.name,
            "OMP_NUM_THREADS": "1",
        }

    def _why(self) -> str:
        """How it ended, with its last words."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1.0)
        status = self._process.returncode
        with contextlib.suppress(OSError, ValueError):
            size = self._said.seek(0, os.SEEK_END)
            self._said.seek(max(0, size - _LAST_WORDS))
            said = self._said.read().decode("utf-8", "replace").strip()
            if said:
                return f"a grading process ended with status {status}. It said:\n{said}"
        return f"a grading process ended with status {status}, most likely for want of memory"


class Slots:
    """Grading processes, started when one is needed and none is free."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._free: list[Slot] = []
        self._all: set[Slot] = set()
        self._closed = False
        _EVERY.add(self)

    def grade(self, request: Request, seconds: float) -> Answer:
        """Grade in a free process; raises SlotLost, and whatever starting one raises."""
        with self._borrowed() as slot:
            return slot.ask(request, seconds)

    def pids(self) -> list[int]:
        """The processes' ids."""
        with self._lock:
            return [slot.pid for slot in self._all]

    def close(self) -> None:
        """End all of them; who waits for one gets SlotLost."""
        with self._lock:
            self._closed = True
            doomed, self._all, self._free = self._all, set(), []
        for slot in doomed:
            slot.close()

    @contextlib.contextmanager
    def _borrowed(self) -> Iterator[Slot]:
        with self._lock:
            if self._closed:
                raise SlotLost("the class is no longer graded here")
            slot = self._free.pop() if self._free else Slot()
            self._all.add(slot)
        try:
            yield slot
        except BaseException:
            with self._lock:
                self._all.discard(slot)
            slot.close()
            raise
        with self._lock:
            if not self._closed:
                self._free.append(slot)


_EVERY: weakref.WeakSet[Slots] = weakref.WeakSet()
"""All of this process, to be ended with it."""


def close_all() -> None:
    """End every grading process that this one started."""
    for slots in list(_EVERY):
        slots.close()


def open_pids() -> list[int]:
    """The ids of every grading process that this one started."""
    return [pid for slots in list(_EVERY) for pid in slots.pids()]
