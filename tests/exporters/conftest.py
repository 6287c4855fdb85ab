"""Runs to export: a plain one, and one whose every text is hostile."""

from fractions import Fraction

import pytest

from grader.outcomes import CaseOutcome, CheckOutcome, Run, Status


def case(name="k3 s1 p1", status=Status.PASSED, points=1, maximum=1, **other):
    """One case; points may be fractions."""
    return CaseOutcome(
        name, "core", Fraction(maximum), status=status, points=Fraction(points), **other
    )


def check(number="1.1", cases=None, maximum=1, **other):
    """One check of Part 1."""
    cases = [case()] if cases is None else cases
    title = other.pop("title", f"Title of {number}")
    part = other.pop("part", "part1-convnet")
    return CheckOutcome(number, part, title, Fraction(maximum), cases=cases, **other)


@pytest.fixture
def make_case():
    """Build a case."""
    return case


@pytest.fixture
def make_check():
    """Build a check."""
    return check


@pytest.fixture
def make_run():
    """Build a complete run of checks."""

    def make(*checks, **other):
        values = {
            "assignment": "HW2",
            "submission": "hw2.zip",
            "part_titles": {"part1-convnet": "Part 1: layers", "part2-pytorch": "Part 2: PyTorch"},
            "complete": True,
            **other,
        }
        return Run(checks=list(checks), **values)

    return make


@pytest.fixture
def mixed(make_run):
    """A run with every outcome that there is."""
    wrong = "`dx`: 3 of 12 entries are wrong, the worst at index (0, 1)."
    return make_run(
        check("1.1", [case("a"), case("b")], 2),
        check(
            "1.2",
            [
                case("k3 p1"),
                case("k3 p0", Status.FAILED, 0, reason="wrong", message=wrong),
                case("k5 p0", Status.FAILED, 0, reason="wrong", message=wrong),
            ],
            3,
            remarks=["`forward` overwrites its input."],
            printed="hello\n",
            cpu_seconds=0.25,
        ),
        check("1.3", [case("c", Status.FAILED, 0, reason="not-started", message="Not started.")]),
        check(
            "2.1",
            [case("d", Status.UNCHECKED, 0, reason="tape", message="The grader had a problem.")],
            part="part2-pytorch",
        ),
        check(
            "2.2",
            [case("e", Status.UNCHECKED, 0, reason="needs", message="Needs 2.1.")],
            part="part2-pytorch",
        ),
        check("2.3", [case("f", Status.NOT_RUN, 0)], part="part2-pytorch"),
        notes=["Links were skipped: `a.py`."],
        staff_notes=["given files differ"],
        isolation={"level": "full", "open": [], "summary": "full: closed", "layers": {"u": "on"}},
        flags=[{"check": "2.8", "kind": "noise", "text": "look at it"}],
        tape="abc123",
        wall_seconds=12.5,
    )


@pytest.fixture
def hostile(make_run, hostile_text):
    """A run in which all that a student can influence, and more, is hostile."""
    return make_run(
        check(
            "1.1",
            [
                case(hostile_text, Status.FAILED, 0, reason=hostile_text, message=hostile_text),
                case(
                    hostile_text + "2",
                    Status.FAILED,
                    0,
                    reason="exception",
                    message=hostile_text * 3000,
                ),
                case("ok" + hostile_text),
            ],
            title=hostile_text,
            remarks=[hostile_text, "x" * 500_000],
            printed=hostile_text * 2000,
            tags=[hostile_text],
            visibility="sometimes",
            leaderboard=[
                {"name": hostile_text, "value": float("nan"), "order": "asc"},
                {"name": hostile_text, "value": 0.5, "order": "sideways"},
                {"value": 1},
            ],
            cpu_seconds=float("nan"),
            peak_mb=float("inf"),
            facts={"secret": 1},
            expected={hostile_text: hostile_text, "b": hostile_text},
            handout=hostile_text,
        ),
        notes=[hostile_text] * 300,
        staff_notes=[hostile_text],
        error=hostile_text,
        wall_seconds=float("inf"),
        submission_sha256="0" * 64,
        isolation={hostile_text: hostile_text},
        late={"notice": hostile_text, "deep": {"a": {"b": {"c": {"d": {"e": {"f": {"g": 1}}}}}}}},
        part_titles={"part1-convnet": hostile_text},
    )
