"""Which checks a change affects."""

from fractions import Fraction

import pytest

from grader.outcomes import ALL_FILES, CheckOutcome, Run
from grader.watching import Imports, affected, merge

FOLDERS = {"1": "p", "2": "q", "3": "q"}


def check(number, *reads, points=0):
    """A check that read some files."""
    return CheckOutcome(number, number[0], f"Check {number}", Fraction(points), reads=list(reads))


@pytest.fixture
def imports(tmp_path):
    """p/a.py imports p/help.py."""
    (tmp_path / "a.py").write_text("import help\n")
    graph = Imports()
    graph.read({"p/a.py": tmp_path / "a.py"})
    return graph


CHECKS = [
    check("1.1", "p/a.py"),
    check("1.2", "p/b.py"),
    check("1.3"),
    check("2.1", "q/main.py", "q/solver.py"),
    check("2.2", "q/net.py", "q/checkpoints/net.pth"),
    check("2.3", ALL_FILES),
]


@pytest.mark.parametrize(
    ("changed", "numbers"),
    [
        (["p/a.py"], ["1.1", "1.3", "2.3"]),
        (["p/help.py"], ["1.1", "1.3", "2.3"]),
        (["p/b.py"], ["1.2", "1.3", "2.3"]),
        (["p/unread.py"], ["1.3", "2.3"]),
        (["q/solver.py"], ["2.1", "2.3"]),
        (["q/checkpoints/net.pth"], ["2.2", "2.3"]),
        (["p/b.py", "q/net.py"], ["1.2", "1.3", "2.2", "2.3"]),
        ([], []),
    ],
)
def test_a_change_affects_those_that_read_it(imports, changed, numbers):
    """A check reruns for its files and their imports; one that read nothing, for its part."""
    assert affected(CHECKS, changed, imports, FOLDERS) == numbers


def test_a_file_that_nobody_reads(imports):
    """Checks that all know their files leave an unread one alone."""
    assert affected(CHECKS[:2], ["p/unread.py"], imports, FOLDERS) == []


def test_what_ran_again_takes_its_place():
    """The order stays, the others stay, and the former outcomes are given back."""
    run = Run("HW", "s", checks=[check("1.1"), check("1.2")], left_out=["2.1"], peak_mb=9)
    run.isolation, run.notes = {"user": "on"}, ["old"]
    again = Run("HW", "s", checks=[check("1.2", points=2)], left_out=["1.1", "2.1"], peak_mb=5)
    again.isolation, again.notes = {"limits": "on"}, ["new"]
    merged, former = merge(run, again)
    assert [(c.number, c.max_points) for c in merged.checks] == [("1.1", 0), ("1.2", 2)]
    assert former == {"1.2": run.checks[1]}
    assert (merged.left_out, merged.peak_mb, merged.notes) == (["2.1"], 9, ["new"])
    assert merged.isolation == {"user": "on", "limits": "on"}
