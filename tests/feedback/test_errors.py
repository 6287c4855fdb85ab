"""A sentence for every error."""

import pytest

from grader import errors, feedback
from grader.feedback.errors import advise, unchanged

FRAME = errors.Frame("modules/relu.py", 12, "ReLU.forward", "return 1 / 0")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (errors.MissingFile("part1-convnet/modules/relu.py"), ["modules/relu.py", "exactly"]),
        (errors.NotStarted("ReLU.forward"), ["Not started", "`ReLU.forward`"]),
        (errors.NotStarted("Net", "train it first."), ["Not started: train it first."]),
        (errors.StudentCodeRaised("ValueError", "no", [FRAME]),
         ["`ValueError: no`", "`modules/relu.py:12`", "`return 1 / 0`"]),
        (errors.StudentCodeRaised("ValueError", ""), ["`ValueError`"]),
        (errors.StudentCodeRaised("SyntaxError", "bad", [FRAME], while_importing=True),
         ["Importing your file raised", "does not parse"]),
        (errors.TimeLimitExceeded(10, "cpu"), ["10 s of computing", "does not end"]),
        (errors.TimeLimitExceeded(30, "wall"), ["30 s by the clock"]),
        (errors.TimeLimitExceeded(10, "cpu", while_importing=True), ["Importing your file"]),
        (errors.MemoryLimitExceeded(600), ["600 MB", "a check has"]),
        (errors.MemoryLimitExceeded(768, container=True), ["768 MB", "whole grading"]),
        (errors.WorkerCrashed("SIGSEGV"), ["SIGSEGV", "as_strided"]),
        (errors.WorkerExited(3), ["exit status 3", "sys.exit"]),
        (errors.BadAnswer("more than 16 arrays"), ["more than 16 arrays", "plain array"]),
        (errors.WrongResult("`out` is wrong."), ["`out` is wrong."]),
        (errors.Blocked("forward comes first"), ["forward comes first"]),
        (errors.OutOfTime("the 600 s were used up"), ["Not run", "600 s"]),
        (errors.DataUnavailable("nothing at /secret/path"), ["could not be checked", "--data"]),
        (errors.TapeError("secret path"), ["not your fault", "staff"]),
        (AssertionError("the loss must fall\nassert 3 < 2"), ["the loss must fall"]),
        (AssertionError(), ["wrong"]),
        (RuntimeError("internal"), ["not your fault"]),
    ],
)  # fmt: skip
def test_every_error_has_a_sentence(error, words):
    """Each error says what happened and what to do."""
    text = feedback.explain(error)
    assert text
    for word in words:
        assert word in text


@pytest.mark.parametrize(
    "error",
    [
        errors.TapeError("/secret/path"),
        errors.DataUnavailable("/secret/path"),
        RuntimeError("/secret/path"),
    ],
)
def test_the_graders_own_problems_are_not_shown(error):
    """A student never reads the text of an error that is not theirs."""
    assert "/secret" not in feedback.explain(error)


def test_assertions_show_one_line():
    """What pytest adds below an assertion's message could show expected values."""
    assert "3 < 2" not in feedback.explain(AssertionError("wrong sign\nassert 3 < 2"))


def test_the_way_to_a_line_that_raised_is_told():
    """The nearest callers come first, each place once, and no more than three."""
    frames = [errors.Frame("main.py", line, "train", "step()") for line in (1, 2, 3, 4, 4)]
    text = feedback.explain(errors.StudentCodeRaised("ValueError", "no", [*frames, FRAME]))
    assert "at `modules/relu.py:12` in `ReLU.forward`, line `return 1 / 0`." in text
    assert text.endswith(
        "It was called from `main.py:4` in `train`, `main.py:3` in `train`, `main.py:2` in `train`."
    )


def test_a_line_that_calls_itself_has_no_other_caller():
    """Endless recursion is one place, however often it stands in the traceback."""
    text = feedback.explain(errors.StudentCodeRaised("RecursionError", "deep", [FRAME] * 12))
    assert "called from" not in text


def test_long_texts_are_cut():
    """Ten megabytes of message become a few hundred characters."""
    error = errors.StudentCodeRaised("ValueError", "x" * 10_000_000)
    assert len(feedback.explain(error)) < 1500


@pytest.mark.parametrize(
    ("kind", "message", "words"),
    [
        ("TabError", "inconsistent use of tabs", "does not parse"),
        ("IndentationError", "expected an indented block", "does not parse"),
        ("ValueError", "source code string cannot contain null bytes", "save it as UTF-8"),
        ("EOFError", "EOF when reading a line", "`input()`"),
        ("FileNotFoundError", "x.txt not found.", "Only code and checkpoints are there"),
    ],
)
def test_a_known_cause_gets_advice(kind, message, words):
    """What stops honest code here and not at home is explained."""
    assert words in feedback.explain(errors.StudentCodeRaised(kind, message))


def test_an_assignment_adds_advice_of_its_own(monkeypatch):
    """It comes before the engine's for the same error."""
    monkeypatch.setattr("grader.feedback.errors._ASSIGNMENTS", {})
    error = errors.StudentCodeRaised("FileNotFoundError", "x.txt not found.")
    assert "Read nothing." not in feedback.explain(error)
    advise({"x.txt": "Read nothing."})
    assert feedback.explain(error).endswith(" Read nothing.")


def test_a_function_known_to_be_the_templates():
    """What is sure has no second explanation beside it."""
    text = feedback.explain(errors.NotStarted("ReLU.forward", unchanged("ReLU.forward")))
    assert text == "Not started: `ReLU.forward` is still as the template has it."
