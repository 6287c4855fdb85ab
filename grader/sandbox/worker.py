"""The loop that runs student code: reads requests, answers them, trusts nobody.

Everything in this process is the student's to change once their code has run; nothing
here is relied on by the grader, which checks every byte that comes back. Care is taken
only that honest code gets honest answers: output is flushed before each answer, results
are copied when they are sent, exceptions of any kind become records.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from . import failures
from .objects import ObjectTable, as_tensor
from .protocol import Array, Frame, ProtocolError, pack, read_frame
from .student import Student
from .values import Decoder

REQUEST_FD = 3
ANSWER_FD = 4
MAX_REQUEST_BYTES = 2**31 - 1


@dataclass(frozen=True)
class WorkerSettings:
    """What a worker is told when it starts: the submission's folder and the answer's bound."""

    root: str
    answer_bytes: int
    drivers: tuple[str, ...]


@dataclass
class _State:
    """What the operations work on."""

    settings: WorkerSettings
    student: Student
    table: ObjectTable


@dataclass
class _Request:
    """One decoded request."""

    target: Any
    name: str
    args: list[Any]
    kwargs: dict[str, Any]


def serve(settings: WorkerSettings) -> None:
    """Answer requests until the grader closes the connection."""
    _prepare_interpreter(settings.root)
    state = _State(settings, Student(settings.root), ObjectTable(settings.answer_bytes))
    while True:
        try:
            frame = _read()
        except EOFError:
            return
        _answer(state, frame)


def send(header: dict[str, Any], arrays: list[Array] | None = None) -> None:
    """Write one message to the grader."""
    for buffer in pack(header, arrays or []):
        rest = buffer
        while rest:
            rest = rest[os.write(ANSWER_FD, rest) :]


def _answer(state: _State, frame: Frame) -> None:
    """Run one request and send its result, or the record of what it raised."""
    header = frame.header
    number = header["id"]
    state.table.release(header["release"])
    try:
        value = _run(state, frame)
        node, arrays = state.table.encode(value, by_reference=header["by_reference"])
        _flush()
        try:
            send({"id": number, "ok": True, "value": node}, arrays)
        except ProtocolError:  # too long for a header: a list of a thousand names, say
            node, arrays = state.table.encode(value, by_reference=True)
            send({"id": number, "ok": True, "value": node}, arrays)
    except BaseException as error:
        record = failures.describe(error, state.settings.root, importing=header["op"] == "import")
        _flush()
        try:
            send({"id": number, "ok": False, "error": record})
        except ProtocolError:  # frames full of characters that JSON escapes
            record["frames"] = record["frames"][-1:]
            send({"id": number, "ok": False, "error": record})


def _run(state: _State, frame: Frame) -> Any:
    header = frame.header
    decoder = Decoder(frame.arrays, state.table.resolve, as_tensor)
    target = header["target"]
    request = _Request(
        target=None if target is None else state.table.look_up(target),
        name=header["name"],
        args=decoder.decode(header["args"]),
        kwargs=decoder.decode(header["kwargs"]),
    )
    return OPERATIONS[header["op"]](state, request)


def _import(state: _State, request: _Request) -> Any:
    return state.student.load(request.name, **request.kwargs)


def _get(_state: _State, request: _Request) -> Any:
    return getattr(request.target, request.name)


def _set(_state: _State, request: _Request) -> None:
    setattr(request.target, request.name, request.args[0])


def _call(_state: _State, request: _Request) -> Any:
    function = getattr(request.target, request.name) if request.name else request.target
    return function(*request.args, **request.kwargs)


def _item(_state: _State, request: _Request) -> Any:
    return request.target[request.args[0]]


def _length(_state: _State, request: _Request) -> int:
    return len(request.target)


def _put(_state: _State, request: _Request) -> Any:
    """Keep a value here (asked for by reference)."""
    return request.args[0]


def _fetch(_state: _State, request: _Request) -> Any:
    """Send an object's present value."""
    return request.target


def _drive(state: _State, request: _Request) -> Any:
    """Call a function of a driver module that was loaded before the submission."""
    module, _, function = request.name.partition(":")
    if module not in state.settings.drivers:
        message = f"{module} is no driver of this worker"
        raise failures.Unusable(message)
    return getattr(sys.modules[module], function)(state.student, *request.args, **request.kwargs)


OPERATIONS: dict[str, Callable[[_State, _Request], Any]] = {
    "import": _import,
    "get": _get,
    "set": _set,
    "call": _call,
    "item": _item,
    "length": _length,
    "put": _put,
    "fetch": _fetch,
    "drive": _drive,
}


def _read() -> Frame:
    """Read one request. Raises `EOFError` when the grader has closed the connection."""
    reader = read_frame(MAX_REQUEST_BYTES)
    try:
        buffer = next(reader)
        while True:
            rest = buffer
            while rest:
                count = os.readv(REQUEST_FD, [rest])
                if not count:
                    raise EOFError
                rest = rest[count:]
            buffer = reader.send(None)
    except StopIteration as stop:
        frame: Frame = stop.value
        return frame


def _prepare_interpreter(root: str) -> None:
    """Make this process look to the submission like a fresh `python` in its folder."""
    os.chdir(root)
    sys.argv = ["student"]
    sys.modules["__main__"] = ModuleType("__main__")
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - lives as long as the process
    sys.stdout = _log(1)
    sys.stderr = _log(2)
    importlib.invalidate_caches()
    _seed()


def _seed() -> None:
    """Draw the same random numbers in every worker: a regrade must give the same marks."""
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 - what student code draws from
    torch: Any = sys.modules.get("torch")
    if torch is not None:
        torch.manual_seed(0)


def _log(descriptor: int) -> io.TextIOWrapper:
    raw = open(descriptor, "wb", closefd=False)  # noqa: SIM115 - lives as long as the process
    return io.TextIOWrapper(raw, encoding="utf-8", errors="replace", line_buffering=True)


def _flush() -> None:
    """Flush what the student printed; they may have replaced or closed the streams."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BaseException):  # prints may be lost, the answer not
            stream.flush()
