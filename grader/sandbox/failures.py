"""Failures of student code: described by the worker, rebuilt by the grader.

The worker turns an exception into a small JSON record with `describe`; only the
student's own frames are in it, with paths relative to the submission. The grader turns
a record, which hostile code may have written, into a `SubmissionError` with `rebuild`.
"""

from __future__ import annotations

import dis
import linecache
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn

from grader import errors

from .protocol import ProtocolError, is_integer
from .values import clean_text

MAX_MESSAGE = 2000
MAX_NAME = 200
MAX_LINE = 300
MAX_FRAMES = 12
MAX_LINE_NUMBER = 10_000_000
_RAISE = dis.opmap["RAISE_VARARGS"]
_PACKAGES = Path(__file__).resolve().parents[2]


class Missing(Exception):
    """A module was asked for that the submission does not have; the argument is its path."""


class Unusable(Exception):
    """A value cannot be sent, or a request does not fit; the message says why."""


def describe(error: BaseException, root: str, *, importing: bool) -> dict[str, Any]:
    """Describe `error` as a record; `root` is the submission's folder.

    Never raises, whatever the exception's class does: the worst case is a record that
    says less.
    """
    if isinstance(error, Missing):
        return {"kind": "missing", "message": _text(error)}
    if isinstance(error, Unusable):
        return {"kind": "answer", "message": _text(error)}
    if isinstance(error, SystemExit):
        return {"kind": "exit", "status": _exit_status(error)}
    if _out_of_memory(error):
        return {"kind": "memory"}
    frames = _frames(error, root)
    kind = "raised"
    if isinstance(error, NotImplementedError) and _raised_by_statement(error, root):
        kind = "not-started"
    return {
        "kind": kind,
        "type": type(error).__name__[:MAX_NAME],
        "message": scrub(_text(error), root)[:MAX_MESSAGE],
        "frames": frames,
        "importing": importing,
    }


def rebuild(record: object, memory_mb: int) -> errors.SubmissionError:
    """Turn a worker's record into the error it stands for.

    Raises `ProtocolError` when the record is malformed.
    """
    if type(record) is not dict:
        _refuse("an error is no JSON object")
    kind = record.get("kind")
    if kind == "memory":
        return errors.MemoryLimitExceeded(memory_mb)
    if kind == "exit":
        status = record.get("status")
        if not is_integer(status, -(2**31), 2**32):
            _refuse("an exit status is malformed")
        return errors.WorkerExited(int(status))  # type: ignore[arg-type]
    message = _received(record, "message", MAX_MESSAGE)
    if kind == "missing":
        return errors.MissingFile(message)
    if kind == "answer":
        return errors.BadAnswer(message)
    if kind not in ("raised", "not-started"):
        _refuse("an error has an unknown kind")
    frames = _received_frames(record.get("frames"))
    if kind == "not-started":
        return errors.NotStarted(message or (frames[-1].function if frames else "the code"))
    return errors.StudentCodeRaised(
        type_name=_received(record, "type", MAX_NAME),
        message=message,
        frames=frames,
        while_importing=record.get("importing") is True,
    )


def _text(error: BaseException) -> str:
    """Give `str(error)`, which is the student's code and may do anything."""
    try:
        text = str(error)
        return text[: 2 * MAX_MESSAGE]
    except BaseException as worse:
        return f"<its __str__ raised {type(worse).__name__}>"


def _exit_status(error: SystemExit) -> int:
    """Give the status that Python itself would end with."""
    code = error.code
    if code is None:
        return 0
    if isinstance(code, int):
        return int(code) & 0xFF
    return 1


def _out_of_memory(error: BaseException) -> bool:
    if isinstance(error, MemoryError):
        return True
    return isinstance(error, RuntimeError) and "can't allocate memory" in _text(error)


def _frames(error: BaseException, root: str) -> list[dict[str, Any]]:
    """List the student's frames, outermost first; the innermost `MAX_FRAMES` of them."""
    frames = []
    for frame, line in _walk(error.__traceback__):
        code = frame.f_code
        path = relative(code.co_filename, root)
        if path is not None:
            name = getattr(code, "co_qualname", code.co_name)
            frames.append(_frame(path, line, name, linecache.getline(code.co_filename, line)))
    if isinstance(error, SyntaxError):
        path = relative(str(error.filename), root)
        if path is not None:
            frames.append(_frame(path, error.lineno or 0, "<module>", str(error.text or "")))
    return frames[-MAX_FRAMES:]


def _frame(path: str, line: int, function: str, text: str) -> dict[str, Any]:
    return {
        "path": path[:MAX_NAME],
        "line": line,
        "function": function[:MAX_NAME],
        "text": text.strip()[:MAX_LINE],
    }


def _walk(traceback: TracebackType | None) -> list[tuple[Any, int]]:
    """List frames and line numbers, the innermost last."""
    found = []
    while traceback is not None:
        found.append((traceback.tb_frame, traceback.tb_lineno or 0))
        traceback = traceback.tb_next
    return found


def _raised_by_statement(error: BaseException, root: str) -> bool:
    """Whether a `raise` in the student's file raised it: torch has other uses for the class."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if last is None or relative(last.tb_frame.f_code.co_filename, root) is None:
        return False
    return last.tb_frame.f_code.co_code[last.tb_lasti] == _RAISE


def relative(path: str, root: str) -> str | None:
    """Give `path` relative to the submission's folder, or None if it lies elsewhere."""
    if not path.startswith(root + os.sep):
        return None
    return path[len(root) + 1 :].replace(os.sep, "/")


def scrub(text: str, root: str) -> str:
    """Take the machine's own paths out of a text, the submission's folder first."""
    own = (root, str(_PACKAGES), sys.prefix, sys.base_prefix)
    for prefix in own:
        if len(prefix) > 1:
            text = text.replace(prefix + os.sep, "")
    return text


def _received(record: dict[str, Any], key: str, limit: int) -> str:
    text = record.get(key)
    if type(text) is not str:
        _refuse("an error's text is missing")
    return clean_text(text, limit)


def _received_frames(frames: object) -> list[errors.Frame]:
    if type(frames) is not list or len(frames) > MAX_FRAMES:
        _refuse("an error's frames are malformed")
    result = []
    for frame in frames:
        if type(frame) is not dict or not is_integer(frame.get("line"), 0, MAX_LINE_NUMBER):
            _refuse("an error's frame is malformed")
        result.append(
            errors.Frame(
                path=_received(frame, "path", MAX_NAME),
                line=frame["line"],
                function=_received(frame, "function", MAX_NAME),
                text=_received(frame, "text", MAX_LINE),
            )
        )
    return result


def _refuse(what: str) -> NoReturn:
    raise ProtocolError(what)
