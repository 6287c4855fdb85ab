"""A sentence for every error that can end a check: what happened, the likely cause, what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from grader import errors
from grader.feedback.text import LARGEST_QUOTE, code

MOST_CALLERS = 3


def explain(error: BaseException) -> str:
    """What happened, the likely cause and what to do, for any error of a check."""
    for kind, sentence in _SENTENCES.items():
        if isinstance(error, kind):
            return sentence(error)
    if isinstance(error, errors.GraderError):
        return (
            "This could not be checked: the grader itself had a problem, "
            "which is not your fault. The course staff can see the reason."
        )
    if isinstance(error, AssertionError):
        return str(error).split("\n", 1)[0][:LARGEST_QUOTE] or "The result is wrong."
    return (
        "This could not be checked: something unexpected happened in the grader, "
        "which is not your fault. The course staff can see the details."
    )


def _missing_file(error: errors.MissingFile) -> str:
    return (
        f"{code(error.path)} is not in your submission. Check that the file has exactly this "
        "name and lies in the folder that the handout names, then pack again."
    )


def _not_started(error: errors.NotStarted) -> str:
    if error.text:
        return f"Not started: {error.text}"
    return (
        f"Not started: {code(error.name)} is still as the template has it, or its result is "
        "neither returned nor stored."
    )


def unchanged(name: str) -> str:
    """What `NotStarted` says of a function that is known to be the template's."""
    return f"{code(name)} is still as the template has it."


def _raised(error: errors.StudentCodeRaised) -> str:
    importing = error.while_importing or error.type_name in _SYNTAX
    lead = "Importing your file raised" if importing else "Your code raised"
    what = f"{error.type_name}: {error.message}" if error.message else error.type_name
    text = f"{lead} {code(what)}"
    if error.frames:
        text += f" at {_place(error.frames[-1])}"
        if error.frames[-1].text:
            text += f", line {code(error.frames[-1].text)}"
    return text + "." + _callers(error.frames) + _advice(error)


def _callers(frames: list[errors.Frame]) -> str:
    """Where the failing line was called from, the nearest place first; '' if from nowhere."""
    places = list(dict.fromkeys(_place(frame) for frame in reversed(frames)))[1:]
    return f" It was called from {', '.join(places[:MOST_CALLERS])}." if places else ""


def _place(frame: errors.Frame) -> str:
    return f"{code(f'{frame.path}:{frame.line}')} in {code(frame.function)}"


def advise(advice: Mapping[str, str]) -> None:
    """Add an assignment's own advice for what students' code raises.

    By a sign, which is a piece of 'Type: message', what to do. It comes before the engine's.
    """
    _ASSIGNMENTS.update(advice)


def _advice(error: errors.StudentCodeRaised) -> str:
    """What to do about it, by the first sign that is in the error's type or message."""
    text = f"{error.type_name}: {error.message}"
    known = (*_ASSIGNMENTS.items(), *_ADVICE.items())
    return next((f" {advice}" for sign, advice in known if sign in text), "")


_LOCKED = (
    "While it is checked, code may write no files and start no processes: no "
    "`DataLoader(num_workers=...)`, `tempfile`, `subprocess` or `torch.compile` there."
)
_UNPARSED = "The file does not parse: run it once with Python before you submit."
_SYNTAX = ("SyntaxError", "IndentationError", "TabError")
_ASSIGNMENTS: dict[str, str] = {}
_ADVICE = {
    "null bytes": "The file is no plain text, or UTF-16: save it as UTF-8.",
    **dict.fromkeys(_SYNTAX, _UNPARSED),
    "EOFError: EOF when reading a line": "Nobody answers `input()` here: take it out.",
    "FileNotFoundError": (
        "Only code and checkpoints are there while code is checked: read other files under "
        '`if __name__ == "__main__":`.'
    ),
    **dict.fromkeys(
        ("PermissionError", "InductorError", "File too large", "temporary directory", "open file"),
        _LOCKED,
    ),
}


def _time(error: errors.TimeLimitExceeded) -> str:
    where = "Importing your file" if error.while_importing else "This check"
    kind = "of computing" if error.kind == "cpu" else "by the clock"
    return (
        f"{where} was stopped after {error.seconds:.0f} s {kind}. The inputs are tiny, so look "
        "for a loop that does not end, training or input() at import, or a wait."
    )


def _memory(error: errors.MemoryLimitExceeded) -> str:
    ran_out = (
        f"The {error.limit_mb} MB of memory that the whole grading has ran out while your code ran"
        if error.container
        else f"Your code needed more than the {error.limit_mb} MB of memory that a check has"
    )
    return f"{ran_out}. Look for arrays that grow, or that are much larger than the input."


def _crash(error: errors.WorkerCrashed) -> str:
    return (
        f"The Python interpreter died ({error.signal_name}) while your code ran. In numpy the "
        "usual cause is `as_strided` with wrong shape or strides."
    )


def _exit(error: errors.WorkerExited) -> str:
    return (
        f"Your code ended the program (exit status {error.status}). Remove `sys.exit`, `exit` and "
        "`quit`, and keep script code, `parse_args()` too, under "
        '`if __name__ == "__main__":`.'
    )


def _bad_answer(error: errors.BadAnswer) -> str:
    return f"What your code returned could not be read: {error.detail}. Return a plain array."


_SENTENCES: dict[type[BaseException], Callable[[Any], str]] = {
    errors.MissingFile: _missing_file,
    errors.NotStarted: _not_started,
    errors.StudentCodeRaised: _raised,
    errors.TimeLimitExceeded: _time,
    errors.MemoryLimitExceeded: _memory,
    errors.WorkerCrashed: _crash,
    errors.WorkerExited: _exit,
    errors.BadAnswer: _bad_answer,
    errors.WrongResult: str,
    errors.Blocked: str,
    errors.UnusableSubmission: str,
    errors.OutOfTime: lambda error: f"Not run: {error}.",
    errors.DataUnavailable: lambda _: (
        "This could not be checked: there are no test images here. "
        "Give them with `--data FILE.npz`, or try `--data practice`."
    ),
}
