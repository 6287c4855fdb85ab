"""`Worker`: what a check holds of one worker process.

It turns calls into requests and answers into values, `RemoteObject`s and errors. The
process itself, its pipes and its clock are `process.WorkerProcess`.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.errors import SandboxError, SubmissionError

from . import failures
from .launch import Killed, Launcher
from .limits import Limits, Usage
from .process import WorkerProcess
from .protocol import Frame, ProtocolError, is_integer
from .proxies import RemoteObject
from .values import Decoder, Encoder, NotEncodable, clean_text

if TYPE_CHECKING:
    from typing_extensions import Self

HELLO_SECONDS = 60.0
_MAX_TYPE_NAME = 120
_MAX_RELEASED = 2000
_MAX_NUMBER = 2**53


class Worker:
    """One process that runs one submission's code for one check.

    Every method that talks to it may raise any `SubmissionError`. Close it, or use it as
    a context manager; then `usage` and `printed` are final.
    """

    def __init__(self, launcher: Launcher, limits: Limits, sweep: Callable[[Worker], None]) -> None:
        """Made by `WorkerPool.open`; `sweep` kills what the dead process has started."""
        self.limits = limits
        self.layers: dict[str, str] = {}
        self.holes: list[str] = []
        self._launcher = launcher
        self._process = WorkerProcess(limits, lambda: sweep(self))
        self._released: list[int] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.close()

    def load(self, name: str, *, stub_missing: Sequence[str] = ()) -> RemoteObject:
        """Import the submission's module with the dotted `name`, by itself.

        `stub_missing` names top-level modules that may be replaced by stand-ins where
        they are not installed. Raises `MissingFile` when there is no such file.
        """
        options = {"stub_missing": tuple(stub_missing)}
        return self._as_reference(
            self._request("import", name=name, kwargs=options, by_reference=True)
        )

    def put(self, value: object) -> RemoteObject:
        """Copy a value to the worker and give a reference to it there.

        With `fetch`, this shows whether the code changes its arguments.
        """
        return self._as_reference(self._request("put", args=[value], by_reference=True))

    def fetch(self, reference: RemoteObject) -> Any:
        """Give the present value of an object; a reference if it has no plain value."""
        return self._request("fetch", target=reference)

    def drive(self, driver: str, *args: object, **kwargs: object) -> Any:
        """Call `function` of a driver "package.module:function" inside the worker.

        It gets a `student.Student` first, then the arguments. Its answer is as hostile
        as any other: student code runs in the same process.
        """
        return self._request("drive", name=driver, args=args, kwargs=kwargs)

    @property
    def pid(self) -> int | None:
        """The worker's process id, once it has started."""
        return self._process.pid

    @property
    def dead(self) -> bool:
        """Whether the process has ended; every further request raises the reason."""
        return self._process.death is not None

    @property
    def killed(self) -> bool:
        """Whether somebody killed the process, perhaps it itself; no limit explains it."""
        return self._process.killed

    @property
    def alive(self) -> bool:
        """Whether the worker has a process that must be closed."""
        return not self._process.closed

    @property
    def usage(self) -> Usage:
        """What the worker has used; complete once it is closed or dead."""
        return self._process.usage

    @property
    def printed(self) -> str:
        """The first 2 KB of what the submission printed."""
        return self._process.printed

    @property
    def printed_dropped(self) -> int:
        """How many more bytes it printed."""
        return self._process.printed_dropped

    def close(self) -> None:
        """Kill the process and all it started. May be repeated; works on a dead worker."""
        self._process.close()

    # -- for proxies ---------------------------------------------------------------

    def _request(
        self,
        operation: str,
        *,
        target: RemoteObject | None = None,
        name: str = "",
        args: Sequence[object] = (),
        kwargs: dict[str, Any] | None = None,
        by_reference: bool = False,
    ) -> Any:
        """Send one request and give its result."""
        encoder = Encoder(self._encode_special)
        released = self._released[:_MAX_RELEASED]
        try:
            header = {
                "op": operation,
                "target": None if target is None else self._number(target),
                "name": name,
                "args": encoder.encode(list(args)),
                "kwargs": encoder.encode(kwargs or {}),
                "by_reference": by_reference,
                "id": secrets.randbelow(_MAX_NUMBER) + 1,
                "release": released,
            }
        except NotEncodable as error:
            raise TypeError(str(error)) from None
        del self._released[: len(released)]
        frame = self._process.exchange(header, encoder.arrays, importing=operation == "import")
        return self._result(frame, header["id"])

    def _result(self, frame: Frame, number: int) -> Any:
        """Validate an answer and give its value, or raise the error it reports."""
        header = frame.header
        try:
            if not is_integer(header.get("id"), number, number):
                self._process.drop("the answer belongs to no request")
            if header.get("ok") is False and header.keys() == {"id", "ok", "error"}:
                error = failures.rebuild(header["error"], self.limits.memory_mb)
            elif header.get("ok") is True and header.keys() == {"id", "ok", "value"}:
                decoder = Decoder(frame.arrays, self._resolve)
                value = decoder.decode(header["value"])
                decoder.finish()
                return value
            else:
                self._process.drop("the answer is malformed")
        except ProtocolError as violation:
            self._process.drop(str(violation))
        raise error

    def _as_reference(self, value: object) -> RemoteObject:
        if not isinstance(value, RemoteObject):
            self._process.drop("a reference was asked for, a value came")
        return value

    def _encode_special(self, encoder: Encoder, value: object) -> Any:
        """Encode what only this side sends: references, numpy scalars."""
        if isinstance(value, RemoteObject):
            return {"r": self._number(value)}
        if isinstance(value, np.generic):
            return encoder.encode_array(np.asarray(value))
        message = f"cannot send a {type(value).__name__} to a worker"
        raise NotEncodable(message)

    def _number(self, reference: RemoteObject) -> int:
        worker, number = reference._sandbox  # noqa: SLF001 - the two sides of one reference
        if worker is not self:
            message = f"{reference!r} belongs to another worker"
            raise TypeError(message)
        return number

    def _resolve(self, node: dict[str, Any]) -> RemoteObject:
        """Make the proxy for a reference that the worker sent."""
        if (
            node.keys() != {"r", "type", "callable"}
            or not is_integer(node["r"], 1, _MAX_NUMBER)
            or type(node["type"]) is not str
            or type(node["callable"]) is not bool
        ):
            message = "a reference is malformed"
            raise ProtocolError(message)
        name = clean_text(node["type"], _MAX_TYPE_NAME)
        return RemoteObject(self, node["r"], name, is_callable=node["callable"])

    # -- start and end -------------------------------------------------------------

    def begin(self, request: dict[str, Any], started: float) -> None:
        """Start the process and wait until it is confined.

        Raises `SandboxError` when it fails, `Killed` when it was killed meanwhile.
        """
        process = self._process
        pid = self._launcher.spawn(request, process.their_fds)
        process.started(pid, 0.0)
        process.close_their_ends()
        try:
            hello = process.receive(HELLO_SECONDS).header
        except SubmissionError as error:
            message = f"a worker did not start: {error}. It said: {process.printed!r}"
            raise (Killed if process.killed else SandboxError)(message) from error
        process.started(pid, time.monotonic() - started)
        self.layers = hello["layers"]
        self.holes = hello["holes"]
        if hello["unreadable"] is not None:
            message = (
                f"student code runs as another user, who cannot read {hello['unreadable']}."
                " Run the grader with an interpreter and packages that all users can read"
                " (/usr/bin/python3, say), put the submission where they can, or run the"
                " grader as an ordinary user."
            )
            raise SandboxError(message)
