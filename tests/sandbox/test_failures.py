"""Exceptions of student code arrive as facts, and never with anything of ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader import errors
from grader.errors import (
    MemoryLimitExceeded,
    NotStarted,
    StudentCodeRaised,
    WorkerExited,
)
from grader.sandbox import failures
from grader.sandbox.protocol import ProtocolError

CODE = """\
import numpy as np

class Layer:
    def forward(self, x):
        return helper(x)

def helper(x):
    return np.ones(2) @ np.ones(3)

def todo():
    raise NotImplementedError("Conv2D.forward")

def todo_unnamed():
    raise NotImplementedError

def abstract():
    return np.random.BitGenerator._spawn_unknown

def exit_with(status):
    raise SystemExit(status)

def memory():
    return np.zeros((1 << 40,))

def recursion():
    return recursion()

def long():
    raise ValueError("x" * 10_000_000)

def control():
    raise ValueError("\\x1b[31m\\ud800")

class Evil(BaseException):
    def __str__(self):
        raise KeyboardInterrupt

class Liar(Exception):
    def __str__(self):
        return 5

class Strange(type):
    pass

def evil():
    raise Evil

def liar():
    raise Liar

def interrupted():
    raise KeyboardInterrupt

def read():
    return input()

def own_path():
    raise ValueError(f"cannot use {__file__} and {np.__file__}")

def LETTERS(n):
    if n: LETTERS(n - 1); "EMOJI"
    raise ValueError("\\U0001f600" * 2000)

astral = LETTERS
""".replace("EMOJI", "\U0001f600" * 280).replace("LETTERS", "\U000102a0" * 100)


@pytest.fixture
def code(run):
    """The module above in a worker."""
    return run(CODE).load("code")


def raised(call) -> StudentCodeRaised:
    """Give the error of a call that must fail."""
    with pytest.raises(StudentCodeRaised) as caught:
        call()
    return caught.value


def test_the_students_own_frames_are_shown(code):
    """The traceback has the student's frames with relative paths, lines and source."""
    layer = code.Layer()
    error = raised(lambda: layer.forward(1))
    assert error.type_name == "ValueError"
    assert [(f.path, f.line, f.text) for f in error.frames] == [
        ("code.py", 5, "return helper(x)"),
        ("code.py", 8, "return np.ones(2) @ np.ones(3)"),
    ]
    assert error.frames[1].function == "helper"
    assert not error.while_importing


def test_a_template_that_raises_is_not_started(code):
    """NotImplementedError, raised in the student's file, names what is not started."""
    with pytest.raises(NotStarted) as caught:
        code.todo()
    assert caught.value.name == "Conv2D.forward"
    with pytest.raises(NotStarted) as caught:
        code.todo_unnamed()
    assert caught.value.name == "todo_unnamed"


def test_not_implemented_by_a_library_is_an_exception(run):
    """NotImplementedError out of a library's code is an error like any other."""
    code = run(
        "import socketserver\ndef f():\n    import numbers, io\n    io.IOBase().seek(0)\n"
        "def g():\n    import logging\n    logging.Handler().emit(None)\n"
    ).load("code")
    assert raised(code.g).type_name == "NotImplementedError"


@pytest.mark.parametrize(("argument", "status"), [(3, 3), (None, 0), ("message", 1), (-1, 255)])
def test_leaving_by_exception_is_an_exit(code, argument, status):
    """SystemExit is reported with the status that Python would give."""
    with pytest.raises(WorkerExited) as caught:
        code.exit_with(argument)
    assert caught.value.status == status


def test_running_out_of_memory_is_its_own_error(code):
    """Numpy's refusal to allocate is the memory limit."""
    with pytest.raises(MemoryLimitExceeded):
        code.memory()


def test_recursion_is_cut_to_the_innermost_frames(code):
    """A thousand frames are cut to a dozen."""
    error = raised(code.recursion)
    assert error.type_name == "RecursionError"
    assert len(error.frames) == failures.MAX_FRAMES


def test_messages_are_bounded_and_safe(code):
    """Ten megabytes become 2000 characters; control characters do not reach us."""
    assert len(raised(code.long).message) == failures.MAX_MESSAGE
    assert raised(code.control).message == "\ufffd[31m?"


def test_exceptions_with_hostile_texts(code):
    """A __str__ that raises, or gives no text, does not hide the exception."""
    assert raised(code.evil).message == "<its __str__ raised KeyboardInterrupt>"
    assert "TypeError" in raised(code.liar).message


def test_exceptions_outside_of_exception(code):
    """KeyboardInterrupt and others that derive from BaseException are reported too."""
    assert raised(code.interrupted).type_name == "KeyboardInterrupt"
    assert raised(code.evil).type_name == "Evil"


def test_there_is_nothing_to_read(code):
    """input() ends at once."""
    assert raised(code.read).type_name == "EOFError"


def test_messages_hold_no_paths_of_ours(code):
    """Paths are relative to the submission, and to the interpreter's folders."""
    message = raised(code.own_path).message
    assert message.startswith("cannot use code.py and ")
    assert str(Path(failures.__file__).parents[2]) not in message
    assert " /" not in message


def test_a_record_that_is_too_long_is_shortened(code):
    """Frames and a message full of emoji still arrive as that exception, with fewer frames."""
    error = raised(lambda: code.astral(20))
    assert error.type_name == "ValueError"
    assert error.message == "\U0001f600" * failures.MAX_MESSAGE
    assert len(error.frames) == 1


def test_syntax_errors_name_file_and_line(run):
    """A file that cannot be parsed is reported with the place."""
    worker = run("x = 1\ndef f(:\n    pass\n")
    error = raised(lambda: worker.load("code"))
    assert error.type_name == "SyntaxError"
    assert error.while_importing
    assert (error.frames[-1].path, error.frames[-1].line) == ("code.py", 2)


@pytest.mark.parametrize(
    "record",
    [
        None,
        [],
        {},
        {"kind": "unknown", "message": ""},
        {"kind": "exit"},
        {"kind": "exit", "status": "0"},
        {"kind": "exit", "status": True},
        {"kind": "missing"},
        {"kind": "answer", "message": 5},
        {"kind": "raised", "message": "m"},
        {"kind": "raised", "message": "m", "frames": []},
        {"kind": "raised", "message": "m", "type": "T", "frames": {}},
        {"kind": "raised", "message": "m", "type": "T", "frames": [{}] * 13},
        {"kind": "raised", "message": "m", "type": "T", "frames": [1]},
        {"kind": "raised", "message": "m", "type": "T", "frames": [{"line": 1}]},
        {
            "kind": "raised",
            "message": "m",
            "type": "T",
            "frames": [{"path": "p", "line": -1, "function": "f", "text": "t"}],
        },
    ],
)
def test_malformed_records_are_refused(record):
    """A record that no worker of ours would write is a violation."""
    with pytest.raises(ProtocolError):
        failures.rebuild(record, 100)


def test_long_texts_in_records_are_cut():
    """The grader bounds every text itself."""
    frame = {"path": "p" * 999, "line": 1, "function": "f" * 999, "text": "t" * 999}
    record = {"kind": "raised", "message": "m" * 9999, "type": "T" * 999, "frames": [frame]}
    error = failures.rebuild(record, 100)
    assert isinstance(error, StudentCodeRaised)
    assert len(error.message) == failures.MAX_MESSAGE
    assert len(error.type_name) == len(error.frames[0].path) == failures.MAX_NAME
    assert isinstance(failures.rebuild({"kind": "memory"}, 7), errors.MemoryLimitExceeded)
