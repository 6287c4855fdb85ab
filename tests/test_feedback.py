"""Every sentence about a failed check."""

import pytest

from grader import errors, feedback
from grader.diagnosis.family import Family
from grader.diagnosis.report import Diagnosis
from grader.numerics.compare import Difference

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
        (errors.StudentCodeRaised("ModuleNotFoundError", "No module named 'scipy'"),
         ["Only numpy is there"]),
        (errors.TimeLimitExceeded(10, "cpu"), ["10 s of computing", "does not end"]),
        (errors.TimeLimitExceeded(30, "wall"), ["30 s by the clock"]),
        (errors.TimeLimitExceeded(10, "cpu", while_importing=True), ["Importing your file"]),
        (errors.MemoryLimitExceeded(600), ["600 MB"]),
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


@pytest.mark.parametrize("text", ["a`b", "``", "x```y", "`", "", "a\nb"])
def test_code_cannot_be_ended_from_inside(text):
    """Whatever a student's text holds, it stays inside its fence and on its line."""
    quoted = feedback.code(text)
    fence = quoted[: len(quoted) - len(quoted.lstrip("`"))]
    assert quoted.endswith(fence)
    assert fence not in quoted[len(fence) : -len(fence)]
    assert "\n" not in quoted


def test_long_texts_are_cut():
    """Ten megabytes of message become a few hundred characters."""
    error = errors.StudentCodeRaised("ValueError", "x" * 10_000_000)
    assert len(feedback.explain(error)) < 1500


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (Difference("none", expected_shape=(2,)), ["is None"]),
        (Difference("type", note="Tensor"), ["`Tensor`", "not an array"]),
        (Difference("shape", (1, 2), (2, 2)), ["shape (1, 2)", "expected (2, 2)"]),
        (Difference("finite", (4,), (4,), 1, 4, (3,)), ["1 of 4", "NaN", "(3,)"]),
        (Difference("values", (4,), (4,), 2, 4, (1,)), ["2 of 4 entries are wrong", "(1,)"]),
        (Difference("values", (4,), (4,), 4, 4, (1,), 0.5), ["0.5 times"]),
        (Difference("values", (), (), 1, 1, (), 0.5), ["1 of 1 entries are wrong"]),
    ],
)
def test_every_kind_of_difference_has_a_sentence(item, words):
    """What came is described by shape, count, place and ratio."""
    text = feedback.wrong_arrays({"dx": item}, {"dx": "the gradient"})
    assert text.startswith("`dx`")
    for word in words:
        assert word in text
    assert "the gradient" in text or item.ratio is not None


def test_a_single_number_is_not_told_by_its_ratio():
    """Who sees their own number and its ratio would know the expected one."""
    item = Difference("values", (), (), 1, 1, (), 0.5132)
    assert "0.51" not in feedback.wrong_arrays({"loss": item}, {})


@pytest.mark.parametrize(
    ("kind", "message", "words"),
    [
        ("TabError", "inconsistent use of tabs", "does not parse"),
        ("IndentationError", "expected an indented block", "does not parse"),
        ("ValueError", "source code string cannot contain null bytes", "save it as UTF-8"),
        ("EOFError", "EOF when reading a line", "`input()`"),
        ("FileNotFoundError", "x.txt not found.", "Only code and checkpoints are there"),
        ("AttributeError", "'Solver' object has no attribute 'steps'", "without Solver's"),
    ],
)
def test_a_known_cause_gets_advice(kind, message, words):
    """What stops honest code here and not at home is explained."""
    assert words in feedback.explain(errors.StudentCodeRaised(kind, message))


FAMILIES = {
    "crop": Family("cropped away", "What does `a[0:-0]` select?", "1.1 Convolution"),
    "sum": Family("not summed", "Over which axes is the sum?"),
}


@pytest.mark.parametrize(
    ("diagnosis", "text"),
    [
        (Diagnosis(), ""),
        (
            Diagnosis((("crop",),), complete=True, only_when="the padding is 0"),
            (
                "Likely mistake: What does `a[0:-0]` select? (Handout: 1.1 Convolution.) "
                "It is wrong only where the padding is 0."
            ),
        ),
        (Diagnosis((("sum",),)), "Perhaps, for most of it: Over which axes is the sum?"),
        (
            Diagnosis((("sum", "crop"),), complete=True),
            (
                "Likely mistake: either: Over which axes is the sum? Or: What does `a[0:-0]` "
                "select? (Handout: 1.1 Convolution.)"
            ),
        ),
        (
            Diagnosis((("sum",), ("crop",)), complete=True),
            (
                "Two mistakes. First: Over which axes is the sum? Second: What does `a[0:-0]` "
                "select? (Handout: 1.1 Convolution.)"
            ),
        ),
        (
            Diagnosis((("sum",), ("sum",))),
            (
                "Two mistakes, it seems. First: Over which axes is the sum? "
                "Second: Over which axes is the sum?"
            ),
        ),
        (Diagnosis(only_when="the padding is 0"), "It is wrong only where the padding is 0."),
    ],
)
def test_a_hint_is_as_sure_as_what_is_known(diagnosis, text):
    """One mistake, alternatives, two, or most of it: each has its own beginning."""
    assert feedback.hint(diagnosis, FAMILIES) == text
