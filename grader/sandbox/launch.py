"""Starting worker processes: forked by a zygote, or each a fresh interpreter."""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from grader.errors import SandboxError

START_SECONDS = 120.0
REPLY_SECONDS = 30.0
STDERR_TAIL = 4000

_EXIT_SECONDS = 1.0
_SCRIPT = Path(__file__).with_name("zygote.py")
_MAX_REPLY = 4096


class Killed(SandboxError):
    """A process of ours was killed from outside before student code ran: worth another try."""


@dataclass(frozen=True)
class Preload:
    """What is imported before any student code: torch or not, and driver modules."""

    torch: bool = False
    drivers: tuple[str, ...] = ()

    def as_json(self) -> str:
        """Give the form that zygote.py reads."""
        return json.dumps({"torch": self.torch, "drivers": list(self.drivers)})


class Launcher(Protocol):
    """Makes worker processes that are children of this process."""

    def spawn(self, request: dict[str, Any], fds: Sequence[int]) -> int:
        """Start a worker with the descriptors for requests, answers and log; give its pid."""

    def kill_user(self, uid: int) -> bool:
        """Kill all processes of a worker's user at once; False if this launcher cannot."""

    def close(self) -> None:
        """End the launcher's own process."""

    @property
    def pid(self) -> int | None:
        """Process id of the launcher's own process, if it has one."""


@dataclass
class Zygote:
    """A process that has imported everything and forks workers on request.

    Starting does not wait: importing torch takes seconds, and the grader has other
    things to do. The first `spawn` waits.
    """

    preload: Preload
    _process: subprocess.Popen[bytes] = field(init=False)
    _channel: socket.socket = field(init=False)
    _ready: bool = field(init=False, default=False)
    _failure: str = field(init=False, default="")
    _killed: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        """Start the process."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._channel = ours
            fd = theirs.fileno()
            self._process = _start(
                ["fork", str(fd), self.preload.as_json()], [fd], stderr=subprocess.PIPE
            )

    @property
    def pid(self) -> int | None:
        """Process id of the zygote."""
        return self._process.pid

    @property
    def usable(self) -> bool:
        """Whether to ask this one for a worker: False once it was killed.

        One that has failed by itself gives its reason; another would fail as well.
        """
        return not self._killed and (self._process.poll() is None or not self._ready)

    def spawn(self, request: dict[str, Any], fds: Sequence[int]) -> int:
        """Fork a worker.

        Raises `SandboxError` when the zygote failed or does not answer, `Killed` when it
        was killed.
        """
        self._wait_until_ready()
        reply = self._ask(request, fds)
        return int(reply["pid"])

    def kill_user(self, uid: int) -> bool:
        """Kill all processes of a worker's user in one system call; False if it did not."""
        if not self._ready:
            return False  # it has forked nothing, and its next word is no answer
        try:
            self._ask({"kill": uid}, [])
        except SandboxError:
            return False
        return True

    def close(self) -> None:
        """Kill the process and reap it."""
        self._channel.close()
        self._process.kill()
        self._process.wait()
        if self._process.stderr is not None:
            self._process.stderr.close()

    def _wait_until_ready(self) -> None:
        if self._ready:
            return
        if not self._failure:
            with contextlib.suppress(OSError):
                self._ready = bool(self._receive(START_SECONDS))
            if self._ready:
                return
            self._failure = self._why_not()
        raise (Killed if self._killed else SandboxError)(self._failure)

    def _ask(self, request: dict[str, Any], fds: Sequence[int]) -> dict[str, Any]:
        try:
            socket.send_fds(self._channel, [json.dumps(request).encode()], list(fds))
            reply = self._receive(REPLY_SECONDS)
        except BaseException as error:  # Ctrl-C, too
            self._process.kill()  # a late answer would be taken for that to the next question
            if isinstance(error, TimeoutError):
                message = f"a zygote does not answer: {error}"
                raise SandboxError(message) from error
            if not isinstance(error, OSError):
                raise
            reply = b""
        if not reply:
            self._killed = True
            message = "a zygote has died; the next worker starts another"
            raise Killed(message)
        answer: dict[str, Any] = json.loads(reply)
        return answer

    def _receive(self, seconds: float) -> bytes:
        """Receive one message; empty when the zygote has died."""
        self._channel.settimeout(seconds)
        return self._channel.recv(_MAX_REPLY)

    def _why_not(self) -> str:
        """Say why the zygote did not become ready; ends it."""
        try:  # a socket that is closed belongs to a process that is about to be gone
            self._killed = self._process.wait(_EXIT_SECONDS) < 0
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        tail = _read_available(self._process.stderr)[-STDERR_TAIL:]
        what = "torch" if self.preload.torch else "numpy"
        return (
            f"the process that imports {what} for the workers did not start"
            f" (status {self._process.returncode}). It said:\n{tail}"
        )


@dataclass
class Fresh:
    """Starts a new interpreter for each worker: slower, for systems where fork is unsafe."""

    preload: Preload
    pid: int | None = None

    def spawn(self, request: dict[str, Any], fds: Sequence[int]) -> int:
        """Start a worker process."""
        numbers = ",".join(map(str, fds))
        process = _start(
            ["fresh", numbers, self.preload.as_json(), json.dumps(request)], fds, stderr=fds[-1]
        )
        process.returncode = 0  # the pool waits for it, with wait4; Popen must not
        return process.pid

    def kill_user(self, uid: int) -> bool:  # noqa: ARG002  the signature of Launcher
        """Do nothing: there is no process at hand that could change its user."""
        return False

    def close(self) -> None:
        """There is nothing to end."""


def clean_environment() -> dict[str, str]:
    """Give the environment of zygotes and workers: nothing of the grader's own."""
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": "/nonexistent",
        "USER": "student",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "VECLIB_MAXIMUM_THREADS": "1",
        "MPLBACKEND": "Agg",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _start(arguments: list[str], fds: Sequence[int], stderr: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-B", str(_SCRIPT), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=stderr,
        pass_fds=fds,
        env=clean_environment(),
        cwd="/",
        start_new_session=True,
    )


def _read_available(stream: Any) -> str:
    """Read what a dead process has left in its pipe, without waiting for more."""
    os.set_blocking(stream.fileno(), False)
    parts = []
    deadline = time.monotonic() + 1.0
    while time.monotonic() < deadline and select.select([stream], [], [], 0.1)[0]:
        data = stream.read(65536)
        if not data:
            break
        parts.append(data)
    return b"".join(parts).decode("utf-8", "replace")
