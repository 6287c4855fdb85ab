"""What stands beneath the table: failures, what is not started, what is open."""

import pytest

from grader.exporters import terminal
from grader.exporters.blocks import Marks
from grader.outcomes import ALL_FILES, Status

LAYERS = "part1-convnet/modules/relu.py"


@pytest.fixture
def text_of(make_run):
    """Render checks as plain text of 100 columns, from the first section on."""

    def render(*checks):
        whole = terminal.render(make_run(*checks), 100, color=False)
        return whole.split("\n\n", maxsplit=1)[1]

    return render


@pytest.fixture
def waiting(make_check, make_case):
    """A check whose cases wait for what `names` say."""

    def make(number, *names, reason="not-started", passed=0, **other):
        cases = [
            make_case(f"c{i}", Status.FAILED, 0, reason=reason, detail={"name": name})
            for i, name in enumerate(names)
        ]
        return make_check(number, [*cases, *[make_case() for _ in range(passed)]], 2, **other)

    return make


@pytest.mark.parametrize(
    ("status", "reason", "points", "mark"),
    [
        (Status.PASSED, "", 1, ("✓", "ok")),
        (Status.PASSED, "", 0, ("✗", "X")),
        (Status.FAILED, "wrong", 0, ("✗", "X")),
        (Status.FAILED, "not-started", 0, ("○", "o")),
        (Status.FAILED, "missing-file", 0, ("○", "o")),
        (Status.UNCHECKED, "needs", 0, ("?", "?")),
        (Status.NOT_RUN, "", 0, ("-", "-")),
    ],
)
def test_each_outcome_has_its_mark(make_check, make_case, status, reason, points, mark):
    """Failed, not started and not checked look different, in Unicode and in ASCII."""
    check = make_check(cases=[make_case("a", status, points, reason=reason)])
    assert (Marks(True).of(check)[0], Marks(False).of(check)[0]) == mark


def test_one_section_for_all_that_is_not_started(text_of, waiting):
    """A line for each check says what to write and where; nothing that it printed is shown."""
    text = text_of(
        waiting("1.1", "Conv.forward", "Conv.forward", reads=["p/conv.py"], printed="noise"),
        waiting("1.2", "Conv.forward", title="Conv.backward: dx", reads=["p/conv.py"]),
        waiting("2.1", "train", title="The step: once", reads=["q/main.py", "q/solver.py"]),
        waiting("2.5", "q/net.pth", reason="missing-file", reads=["q/net.py", "q/net.pth"]),
        waiting("2.9", "q/checkpoints", reads=[ALL_FILES]),
    )
    assert text.split("\n\n")[0].split("\n") == [
        "○ Not started",
        "  1.1  Conv.forward   p/conv.py",
        "  1.2  Conv.backward  after 1.1",
        "  2.1  train          The step",
        "  2.5  q/net.pth",
        "  2.9  q/checkpoints",
    ]
    assert "noise" not in text


def test_a_check_that_is_half_done(text_of, waiting):
    """Where some cases pass and the others are not started, the check is not started."""
    text = text_of(waiting("1.5", "ReLU.backward", passed=3, reads=[LAYERS]))
    assert f"  1.5  ReLU.backward  {LAYERS}" in text
    assert "Failed" not in text


def test_the_likely_mistake_comes_first(text_of, make_check, make_case):
    """A hint stands between the headline and the findings, without Markdown."""
    case = make_case("a", Status.FAILED, 0, reason="wrong", message="`dx` is wrong.")
    text = text_of(make_check("1.2", [case], hint="Likely mistake: `p:-p` with no padding."))
    assert "points.\n  Likely mistake: p:-p with no padding.\n  • a\n    dx is wrong." in text


def test_something_wrong_beside_what_is_not_started(text_of, make_check, make_case):
    """A case that is wrong makes the whole check a failed one, with all its findings."""
    wrong = make_case("a", Status.FAILED, 0, reason="wrong", message="Sign.")
    open_case = make_case("b", Status.FAILED, 0, reason="not-started", message="Not started: `f`.")
    text = text_of(make_check("1.5", [wrong, open_case]))
    assert "○" not in text
    assert "  • a\n    Sign.\n  • b\n    Not started: f." in text


def test_outcomes_without_names(text_of, make_check, make_case):
    """An older outcome, which does not name what is waited for, goes by its title."""
    case = make_case("a", Status.FAILED, 0, reason="not-started")
    assert "  1.3  Pool" in text_of(make_check("1.3", [case], title="Pool: largest"))


def test_the_same_reason_is_said_once(text_of, make_check, make_case):
    """Checks that could not be made for one reason stand together above it."""

    def blocked(number, *passed):
        case = make_case("accuracy", Status.UNCHECKED, 0, reason="no-data", message="No images.")
        return make_check(number, [*passed, case])

    text = text_of(blocked("2.5", make_case("loads")), blocked("2.8"))
    assert text.startswith(
        "? Could not be checked\n"
        "  2.5 Title of 2.5 (1 of 2 cases pass)\n"
        "  2.8 Title of 2.8\n"
        "    No images.\n"
    )


def test_cases_of_one_open_check_are_named(text_of, make_check, make_case):
    """Where a single check could not be made in some cases, those are named."""
    case = make_case("stride 2", Status.UNCHECKED, 0, reason="needs", message="Forward raises.")
    text = text_of(make_check("1.2", [make_case(), case]))
    assert "    • stride 2\n      Forward raises." in text


def test_a_remark_on_a_check_that_passes(text_of, make_check):
    """What costs no points is said all the same."""
    assert "✓ 1.1 Title of 1.1\n  Remark: Slow." in text_of(make_check(remarks=["Slow."]))


@pytest.mark.parametrize(
    ("count", "dropped", "end"),
    [
        (12, 0, "  line 11\n\n"),
        (13, 0, "  line 11\n  … and 1 more line\n"),
        (14, 0, "  line 11\n  … and 2 more lines\n"),
        (12, 5000, "  line 11\n  … and 5000 more bytes\n"),
        (13, 5000, "  line 11\n  … and 5007 more bytes\n"),
    ],
)
def test_long_prints_are_cut(text_of, make_check, make_case, count, dropped, end):
    """The first lines of what was printed are enough, and how much more there was."""
    case = make_case("a", Status.FAILED, 0, reason="wrong", message="Wrong.")
    printed = "".join(f"line {i}\n" for i in range(count))
    assert end in text_of(make_check(cases=[case], printed=printed, printed_more=dropped))


def test_prints_of_two_kilobytes_are_shown(text_of, make_check, make_case):
    """What a check keeps of prints is shown whole where it has few lines."""
    case = make_case("a", Status.FAILED, 0, reason="wrong", message="Wrong.")
    text = text_of(make_check(cases=[case], printed="\n".join(["x" * 400] * 5)))
    assert text.count("x") == 2000


def test_what_should_come_is_said_once(text_of, make_check, make_case):
    """Each wrong value has its words once, after the findings and before the section to read."""
    cases = [make_case(f"n{i}", Status.FAILED, 0, message=f"`dx` is {i}.") for i in range(2)]
    expected = {"dx": "the gradient, in `x`'s shape", "dw": "its sum"}
    text = text_of(make_check("1.2", cases, expected=expected, handout="1.1 Convolution"))
    assert (
        "    dx is 1.\n"
        "  What should come:\n"
        "    dx: the gradient, in x's shape.\n"
        "    dw: its sum.\n"
        "  Where to look: handout, 1.1 Convolution.\n"
    ) in text
