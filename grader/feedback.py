"""Every sentence about a failed check that a student reads.

Kind, short and specific: what was expected in words, what came, and what to look at.
Never an expected value, a hidden input, test code or a frame of the grader's. All
functions return Markdown; text that comes from the student is fenced by `code`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from grader import errors
from grader.diagnosis.family import Family
from grader.diagnosis.report import Diagnosis
from grader.numerics.compare import Difference

LARGEST_QUOTE = 600


def code(text: str) -> str:
    """Text of the student's as inline code that nothing inside can end."""
    flat = " ".join(text.split())[:LARGEST_QUOTE] or " "
    fence = "`"
    while fence in flat:
        fence += "`"
    pad = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{fence}{pad}{flat}{pad}{fence}"


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


def _raised(error: errors.StudentCodeRaised) -> str:
    importing = error.while_importing or error.type_name in _SYNTAX
    lead = "Importing your file raised" if importing else "Your code raised"
    what = f"{error.type_name}: {error.message}" if error.message else error.type_name
    text = f"{lead} {code(what)}"
    if error.frames:
        last = error.frames[-1]
        text += f" at {code(f'{last.path}:{last.line}')} in {code(last.function)}"
        if last.text:
            text += f", line {code(last.text)}"
    return text + "." + _advice(error)


def _advice(error: errors.StudentCodeRaised) -> str:
    """What to do about it, by the first sign of `_ADVICE` in the error's type or message."""
    text = f"{error.type_name}: {error.message}"
    return next((f" {advice}" for sign, advice in _ADVICE.items() if sign in text), "")


_LOCKED = (
    "While it is checked, code may write no files and start no processes: no "
    "`DataLoader(num_workers=...)`, `tempfile`, `subprocess` or `torch.compile` there."
)
_UNPARSED = "The file does not parse: run it once with Python before you submit."
_SYNTAX = ("SyntaxError", "IndentationError", "TabError")
_ADVICE = {
    "ModuleNotFoundError": (
        "Only numpy is there for Part 1 and torch for the others; "
        "import what is yours relative to the part's folder, as the template does."
    ),
    "null bytes": "The file is no plain text, or UTF-16: save it as UTF-8.",
    **dict.fromkeys(_SYNTAX, _UNPARSED),
    "CUDA": (
        "There is no GPU here: choose the device by `torch.cuda.is_available()`, and leave "
        "`.cuda()` out of networks and losses."
    ),
    "EOFError: EOF when reading a line": "Nobody answers `input()` here: take it out.",
    "FileNotFoundError": (
        "Only code and checkpoints are there while code is checked: read other files under "
        '`if __name__ == "__main__":`.'
    ),
    "NameError: name 'args'": (
        "The check imports the script and calls the step; `main()` does not run, so what only "
        "`main()` sets is not there."
    ),
    "AttributeError: 'Solver' object has no": (
        "The check calls this step without Solver's constructor, which would load data: only "
        "`model`, `optimizer`, `criterion` and `device` are set."
    ),
    "pretrained weights": (
        "Build the network without them (`weights=None`): your checkpoint holds all weights."
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
    return (
        f"Your code needed more than the {error.limit_mb} MB of memory that a check has. "
        "Look for arrays that grow, or that are much larger than the input."
    )


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


def wrong_arrays(differences: Mapping[str, Difference], meaning: Mapping[str, str]) -> str:
    """One sentence for each array that is wrong; `meaning` says what each should be."""
    return " ".join(_sentence(name, item, meaning) for name, item in differences.items())


def _sentence(name: str, item: Difference, meaning: Mapping[str, str]) -> str:
    subject = f"`{name}`"
    expected = f" It should be {meaning[name]}." if name in meaning else ""
    if item.kind == "none":
        return f"{subject} is None: nothing was computed or returned.{expected}"
    if item.kind == "type":
        return f"{subject} is a {code(item.note)}, not an array.{expected}"
    if item.kind == "shape":
        return f"{subject} has shape {item.got_shape}, expected {item.expected_shape}.{expected}"
    if item.kind == "finite":
        return (
            f"{subject} has {item.wrong} of {item.total} entries that are NaN or infinite, "
            f"the first at index {item.worst}.{expected}"
        )
    text = (
        f"{subject}: {item.wrong} of {item.total} entries are wrong, "
        f"the worst at index {item.worst}."
    )
    if item.ratio is not None and item.total > 1:  # of a single number it would tell the value
        text += f" Every entry is {item.ratio:.4g} times what it should be."
    elif item.pattern:
        text += f" What it looks like: {item.pattern}."
    return text + expected


def hint(diagnosis: Diagnosis, families: Mapping[str, Family]) -> str:
    """The likely mistakes, with care where others fit or something is left; '' if unknown."""
    sentences = []
    count = len(diagnosis.mistakes)
    for index, alternatives in enumerate(diagnosis.mistakes):
        lead = _lead(index, count, complete=diagnosis.complete)
        words = " Or: ".join(_family(families[key]) for key in alternatives)
        sentences.append(f"{lead}{'either: ' if len(alternatives) > 1 else ''}{words}")
    if diagnosis.only_when:
        sentences.append(f"It is wrong only where {diagnosis.only_when}.")
    return " ".join(sentences)


def _lead(index: int, count: int, *, complete: bool) -> str:
    """How a hint begins: sure of itself only if it explains everything."""
    if count == 1:
        return "Likely mistake: " if complete else "Perhaps, for most of it: "
    if index:
        return "Second: "
    return "Two mistakes. First: " if complete else "Two mistakes, it seems. First: "


def _family(family: Family) -> str:
    see = f" (Handout: {family.see}.)" if family.see else ""
    return f"{family.hint}{see}"
