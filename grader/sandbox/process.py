"""The grader's end of a worker process: messages, deadlines, its death and its remains.

Everything that comes back is hostile until it has been parsed. A worker that breaks the
protocol, dies or runs out of time is killed with all it started; from then on every
request raises the same error. Nothing here knows what the messages mean.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import resource
import select
import signal
import time
from collections.abc import Callable
from typing import Any, NoReturn

from grader.errors import (
    BadAnswer,
    MemoryLimitExceeded,
    SubmissionError,
    TimeLimitExceeded,
    WorkerCrashed,
    WorkerExited,
)

from . import cgroup, reaper
from .limits import MIB, Limits, Usage
from .prints import without_progress
from .protocol import Array, Frame, ProtocolError, pack, read_frame
from .values import clean_text

PRINTED_BYTES = 2048
_CHUNK = 64 * 1024
_MOST_CHUNKS = 64
_SLICE_SECONDS = 0.2
_EXIT_SECONDS = 1.0
_CPU_MARGIN = 0.1


class WorkerProcess:
    """A child process, the pipes to it, and its clock."""

    def __init__(self, limits: Limits, on_death: Callable[[], None]) -> None:
        """Make the pipes; `on_death` kills and reaps what the worker has started.

        `killed` becomes true when the process dies by a SIGKILL that no limit explains.
        """
        self.limits = limits
        self.pid: int | None = None
        self.death: SubmissionError | None = None
        self.killed = False
        self.closed = False
        self._start_seconds = 0.0
        self._used: resource.struct_rusage | None = None
        self._on_death = on_death
        self._wall_used = 0.0
        self._log = bytearray()
        self._log_dropped = 0
        self._importing = False
        self._reaped = False
        self._status = 0
        self._oom_kills = reaper.out_of_memory_kills()
        theirs_requests, self._requests = os.pipe()
        self._answers, theirs_answers = os.pipe()
        self._prints, theirs_prints = os.pipe()
        self.their_fds = (theirs_requests, theirs_answers, theirs_prints)
        self._ours = [self._requests, self._answers, self._prints]
        for fd in self._ours:
            os.set_blocking(fd, False)

    def started(self, pid: int, start_seconds: float) -> None:
        """Take note of the process id."""
        self.pid = pid
        self._start_seconds = start_seconds

    def close_their_ends(self) -> None:
        """Close the worker's ends of the pipes, once it has them (or never will)."""
        for fd in self.their_fds:
            with contextlib.suppress(OSError):
                os.close(fd)
        self.their_fds = ()  # type: ignore[assignment]

    @property
    def printed(self) -> str:
        """The first 2 KB that the submission printed, without progress bars."""
        self._drain_prints()
        return clean_text(without_progress(self._log.decode("utf-8", "replace")), PRINTED_BYTES)

    @property
    def printed_dropped(self) -> int:
        """How many bytes were printed beyond those."""
        self._drain_prints()
        return self._log_dropped

    @property
    def usage(self) -> Usage:
        """What the process has used; its peak memory is known when it is dead."""
        if self._used is None:
            cpu = reaper.cpu_seconds(self.pid) if self.pid and not self._reaped else 0.0
            return Usage(cpu, self._wall_used, 0.0, self._start_seconds)
        return Usage(
            cpu_seconds=self._used.ru_utime + self._used.ru_stime,
            wall_seconds=self._wall_used,
            peak_mb=self._used.ru_maxrss / reaper.MAXRSS_PER_MIB,
            start_seconds=self._start_seconds,
        )

    @property
    def wall_left(self) -> float:
        """Seconds that requests may still take."""
        return self.limits.wall_seconds - self._wall_used

    def exchange(
        self, header: dict[str, Any], arrays: list[Array], *, importing: bool = False
    ) -> Frame:
        """Send one message and wait for one; the wall clock runs meanwhile.

        Raises the `SubmissionError` that ended the worker, now or earlier.
        """
        started = time.monotonic()
        buffers = pack(header, arrays)
        self._raise_if_dead()
        self._refuse_unasked_bytes()
        deadline = started + self.wall_left
        self._importing = importing
        try:
            for buffer in buffers:
                self._write(buffer, deadline)
            return self._read(deadline, self.limits.answer_mb * MIB)
        except TimeoutError:
            self._end(TimeLimitExceeded(self.limits.wall_seconds, "wall"))
        except SubmissionError:
            raise
        except BaseException:  # Ctrl-C, say: an answer that comes later would be misread
            self._kill()
            raise
        finally:
            self._wall_used += time.monotonic() - started

    def receive(self, seconds: float) -> Frame:
        """Wait for a message that was not asked for: the worker's hello."""
        try:
            return self._read(time.monotonic() + seconds, MIB)
        except TimeoutError:
            self._end(TimeLimitExceeded(seconds, "wall"))

    def drop(self, violation: str) -> NoReturn:
        """End a worker that broke the protocol. Raises `BadAnswer`."""
        self._end(BadAnswer(violation))

    def close(self) -> None:
        """Kill the worker and all it started, reap, and close the pipes. May be repeated."""
        if self.closed:
            return
        self._kill()
        self._drain_prints()
        self.close_their_ends()
        for fd in self._ours:
            os.close(fd)
        self._ours = []
        self.closed = True

    # -- reading and writing -------------------------------------------------------

    def _read(self, deadline: float, max_bytes: int) -> Frame:
        reader = read_frame(max_bytes)
        try:
            buffer = next(reader)
            while True:
                self._fill(buffer, deadline)
                buffer = reader.send(None)
        except StopIteration as stop:
            frame: Frame = stop.value
        except ProtocolError as violation:
            self.drop(str(violation))
        self._refuse_unasked_bytes()
        return frame

    def _fill(self, buffer: memoryview, deadline: float) -> None:
        while buffer:
            try:
                count = os.readv(self._answers, [buffer])
            except BlockingIOError:
                self._wait(self._answers, select.POLLIN, deadline)
                continue
            if not count:
                self._end_of_pipe()
            buffer = buffer[count:]

    def _write(self, buffer: memoryview, deadline: float) -> None:
        while buffer:
            try:
                count = os.write(self._requests, buffer)
            except BlockingIOError:
                self._wait(self._requests, select.POLLOUT, deadline)
                continue
            except BrokenPipeError:
                self._end_of_pipe()
            buffer = buffer[count:]

    def _wait(self, fd: int, event: int, deadline: float) -> None:
        """Wait until `fd` is ready, draining what the worker prints.

        Looks in between whether the worker still lives: a process that it forked could
        hold the pipe open. Raises `TimeoutError` at the deadline.
        """
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            poll = select.poll()
            poll.register(fd, event)
            if self._prints in self._ours:
                poll.register(self._prints, select.POLLIN)
            ready = dict(poll.poll(1000 * min(left, _SLICE_SECONDS)))
            if self._prints in ready:
                self._drain_prints()
            if fd in ready:
                return
            if not ready and self._reap(os.WNOHANG):
                self._end_of_pipe()

    def _refuse_unasked_bytes(self) -> None:
        """Drop a worker that sent what nobody asked for."""
        with contextlib.suppress(BlockingIOError):
            if os.read(self._answers, 1):
                self.drop("the worker sent more than was asked for")

    def _drain_prints(self) -> None:
        """Read what is printed so far; keep the first bytes, count the rest."""
        for _ in range(_MOST_CHUNKS):  # code that prints for ever must not keep us here
            if self._prints not in self._ours:
                return
            try:
                data = os.read(self._prints, _CHUNK)
            except BlockingIOError:
                return
            if not data:
                os.close(self._prints)
                self._ours.remove(self._prints)
                return
            room = PRINTED_BYTES - len(self._log)
            self._log += data[:room]
            self._log_dropped += max(0, len(data) - room)

    # -- death ---------------------------------------------------------------------

    def _raise_if_dead(self) -> None:
        if self.death is not None:
            raise dataclasses.replace(self.death)  # type: ignore[type-var]
        if self._reaped:
            raise ValueError("the worker is closed")

    def _end_of_pipe(self) -> NoReturn:
        """Find out why the worker closed its end. Raises the error for that."""
        deadline = time.monotonic() + _EXIT_SECONDS
        while not self._reap(os.WNOHANG) and time.monotonic() < deadline:
            time.sleep(0.002)
        if not self._reaped:
            self._end(BadAnswer("the code closed the connection to the grader"))
        self._end(self._verdict())

    def _end(self, error: SubmissionError) -> NoReturn:
        """Kill the worker for `error` and raise it."""
        if isinstance(error, TimeLimitExceeded):
            error.while_importing = self._importing
        self.death = error
        self._kill()
        raise error

    def _kill(self) -> None:
        if self.pid is not None and not self._reaped:
            reaper.kill_group(self.pid)
            self._reap(0)
        self._on_death()

    def _reap(self, options: int) -> bool:
        """Take the exit status, if there is one; True once it has been taken."""
        if self._reaped or self.pid is None:
            return self._reaped
        try:
            pid, status, used = os.wait4(self.pid, options)
        except ChildProcessError:
            self._reaped = True  # somebody else took its status
            return True
        if pid:
            self._reaped, self._status, self._used = True, status, used
        return self._reaped

    def _verdict(self) -> SubmissionError:
        """Say what the exit status means."""
        if os.WIFEXITED(self._status):
            return WorkerExited(os.WEXITSTATUS(self._status))
        number = os.WTERMSIG(self._status)
        if number == signal.SIGXCPU:
            return TimeLimitExceeded(self.limits.cpu_seconds, "cpu")
        if number == signal.SIGKILL:
            if self.usage.cpu_seconds >= self.limits.cpu_seconds - _CPU_MARGIN:
                return TimeLimitExceeded(self.limits.cpu_seconds, "cpu")
            if reaper.out_of_memory_kills() > self._oom_kills:
                whole = cgroup.limit_mb()
                return MemoryLimitExceeded(
                    whole or self.limits.memory_mb, container=whole is not None
                )
            self.killed = True
        with contextlib.suppress(ValueError):
            return WorkerCrashed(signal.Signals(number).name)
        return WorkerCrashed(f"signal {number}")
