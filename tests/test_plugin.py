"""From pytest items to outcome records."""

import dataclasses
from fractions import Fraction

import pytest

from grader import errors
from grader.assignment import load
from grader.budget import Budget
from grader.grading import Grading, Watcher
from grader.intake import Layout, Submission
from grader.outcomes import Run, Status
from grader.selection import Selection
from grader.session import run_checks

HEAD = """
import pytest
from grader import errors
from grader.marks import *
from gradescope_utils.autograder_utils.decorators import leaderboard, partial_credit, tags
"""


@pytest.fixture
def run(tmp_path):
    """Run the text of a check file as the only checks, worth 7 points in Part 1."""

    def go(text, points=7, clock=None, total=600, watcher=None, keep=None, overrides=None):
        (tmp_path / f"check_{go.count}.py").write_text(HEAD + text)
        base = load()
        parts = tuple(
            dataclasses.replace(part, points=Fraction(points if part.number == "1" else 0))
            for part in base.parts
        )
        assignment = dataclasses.replace(base, parts=parts, point_overrides=overrides or {})
        extra = {"clock": clock} if clock else {}
        saved = []
        grading = Grading(
            assignment,
            Budget(assignment, total, **extra),
            pool=None,
            submission=Submission("s", Layout({}), {}),
            run=Run("HW", "s"),
            seed=1,
            save=lambda run: saved.append([check.status for check in run.checks]),
            watcher=watcher or Watcher(),
        )
        try:
            run_checks(grading, keep, checks=tmp_path)
        finally:
            go.saved, go.grading = saved, grading
        return {check.number: check for check in grading.run.checks}

    go.count = abs(hash(str(tmp_path))) % 10**9
    return go


def test_a_check_that_returns_passes(run):
    """A check without cases that returns gets all its points, under its docstring's first line."""
    checks = run('''
@number("1.1")
@weight(7)
def test_a():
    """The sentence the student reads

    And more.
    """
''')
    check = checks["1.1"]
    assert (check.status, check.points) == (Status.PASSED, 7)
    assert check.title == "The sentence the student reads"


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        ("assert False, 'wrong sign'", Status.FAILED, "wrong"),
        ("raise errors.WrongResult('no')", Status.FAILED, "wrong"),
        ("raise errors.WrongResult('no', code='mutated')", Status.FAILED, "mutated"),
        ("raise errors.MissingFile('a.py')", Status.FAILED, "missing-file"),
        ("raise errors.Blocked('first')", Status.UNCHECKED, "needs"),
        ("raise errors.DataUnavailable('none')", Status.UNCHECKED, "no-data"),
        ("raise errors.SandboxError('none')", Status.UNCHECKED, "sandbox"),
        ("1 / 0", Status.UNCHECKED, "grader-bug"),
        ("pytest.skip('later')", Status.UNCHECKED, "grader-bug"),
        ("pytest.fail('x')", Status.UNCHECKED, "grader-bug"),
    ],
)
def test_each_way_to_end_has_its_outcome(run, body, status, reason):
    """A student's error fails; the grader's own could not be checked; both score nothing."""
    checks = run(f'''
@number("1.1")
@weight(7)
def test_a():
    """A"""
    {body}
''')
    check = checks["1.1"]
    assert (check.status, check.reason, check.points) == (status, reason, 0)
    assert check.cases[0].message
    noted = bool(run.grading.run.staff_notes)
    assert noted == (status is Status.UNCHECKED and reason != "needs")


def test_a_fixture_that_is_missing_is_the_graders_fault(run):
    """An error before the check begins is no failure of the student's."""
    checks = run('''
@number("1.1")
@weight(7)
def test_a(no_such_fixture):
    """A"""
''')
    assert checks["1.1"].status is Status.UNCHECKED


def test_cases_share_the_points(run):
    """Core cases carry four fifths; each case has its own outcome."""
    checks = run('''
@number("1.1")
@weight(7)
@cases([Case("a"), Case("b"), Case("c", WIDE)])
def test_a(case):
    """A"""
    assert case.name != "b", "b is wrong"
''')
    check = checks["1.1"]
    assert [case.name for case in check.cases] == ["a", "b", "c"]
    assert check.points == Fraction(7) * Fraction(6, 10)
    assert [case.status for case in check.cases] == [Status.PASSED, Status.FAILED, Status.PASSED]


def test_checks_run_in_the_order_of_their_numbers(run):
    """1.10 comes after 1.9, whatever the order of the file."""
    seen = []

    class Seen(Watcher):
        def started(self, check, seconds_left):
            assert seconds_left > 0
            seen.append(check.number)

    run(
        "\n".join(
            f'@number("1.{i}")\n@weight({7 if i == 1 else 0})\ndef test_{i}():\n    "x"\n'
            for i in (10, 9, 1)
        ),
        watcher=Seen(),
    )
    assert seen == ["1.1", "1.9", "1.10"]


def test_the_outcome_is_saved_before_and_after_every_check(run):
    """The first save says 'not run' everywhere; then one more check is done at each save."""
    run('''
@number("1.1")
@weight(3)
def test_a():
    """A"""

@number("1.2")
@weight(4)
def test_b():
    """B"""
''')
    not_run, passed = Status.NOT_RUN, Status.PASSED
    assert run.saved == [[not_run, not_run], [passed, not_run], [passed, passed]]


@pytest.mark.parametrize(("score", "points"), [(1, 1), (3.5, 3.5), (9, 7), (-2, 0)])
def test_partial_credit_counts_and_is_capped(run, score, points):
    """gradescope-utils' partial credit gives what the check sets, within its points."""
    checks = run(f'''
@number("1.1")
@partial_credit(7)
def test_a(set_score):
    """A"""
    set_score({score})
''')
    assert checks["1.1"].points == Fraction(str(points))


def test_tags_and_visibility_are_kept(run):
    """The other decorators of gradescope-utils reach the outcome."""
    check = run('''
@number("1.1")
@weight(7)
@tags("numpy", "core")
@visibility("after_due_date")
def test_a():
    """A"""
''')["1.1"]
    assert (check.tags, check.visibility) == (["numpy", "core"], "after_due_date")


def test_points_that_do_not_add_up_stop_the_run(run):
    """The run refuses to start, with both sums and the place to change."""
    with pytest.raises(errors.GraderError, match=r"part 1 add up to 6 points.*says 7"):
        run('@number("1.1")\n@weight(6)\ndef test_a():\n    "A"\n')


def test_an_override_replaces_the_weight(run):
    """assignment.toml's points for one check replace those of its decorator."""
    checks = run(
        '@number("1.1")\n@weight(6)\ndef test_a():\n    "A"\n', overrides={"1.1": Fraction(7)}
    )
    assert checks["1.1"].points == 7


def test_a_check_file_that_cannot_be_imported_stops_the_run(run):
    """A broken check file is an error of the grader's, not a lower score."""
    with pytest.raises(errors.GraderError, match="cannot be imported"):
        run("import no_such_module\n")


def test_a_number_of_no_part_stops_the_run(run):
    """A check that belongs to no part is refused."""
    with pytest.raises(errors.GraderError, match=r"9\.1 belongs to no part"):
        run('@number("9.1")\n@weight(7)\ndef test_a():\n    "A"\n')


def test_only_wanted_checks_run(run):
    """Selected checks run alone, and the points are still held against all of them."""
    checks = run(
        '@number("1.1")\n@weight(3)\ndef test_a():\n    "A"\n'
        '@number("1.2")\n@weight(4)\ndef test_b():\n    "B"\n',
        keep=lambda number: number == "1.2",
    )
    assert list(checks) == ["1.2"]


def test_what_is_left_out_is_noted(run):
    """The outcome names the checks that were not asked for, none where all were."""
    text = (
        '@number("1.1")\n@weight(3)\ndef test_a():\n    "A"\n'
        '@number("1.2")\n@weight(4)\ndef test_b():\n    "B"\n'
    )
    run(text, keep=Selection(frozenset({"1.2"})))
    assert run.grading.run.left_out == ["1.1"]


def test_a_selection_of_what_does_not_exist_stops_the_run(run):
    """Nothing runs when one of the selected checks is not there."""
    with pytest.raises(errors.GraderError, match=r"no check 1\.9: Part 1 has 1\.1"):
        run(
            '@number("1.1")\n@weight(7)\ndef test_a():\n    "A"\n',
            keep=Selection(frozenset({"1.1", "1.9"})),
        )
    assert run.saved == []


def test_advice_and_limit_reach_the_outcome(run):
    """What `advice` and `limit` say is in the outcome; without them there are defaults."""
    checks = run("""
@number("1.1")
@weight(7)
@advice("Loop less.")
@limit(cpu_seconds=3)
def test_a():
    'A'

@number("1.2")
@weight(0)
def test_b():
    'B'
""")
    assert (checks["1.1"].advice, checks["1.1"].cpu_limit) == ("Loop less.", 3.0)
    assert (checks["1.2"].advice, checks["1.2"].cpu_limit) == ("", 10.0)


@pytest.mark.parametrize(
    ("error", "detail"),
    [
        ("errors.NotStarted('ReLU.forward')", {"name": "ReLU.forward"}),
        ("errors.MissingFile('p/relu.py')", {"name": "p/relu.py"}),
        ("errors.WrongResult('no')", {}),
    ],
)
def test_what_a_case_waits_for_is_named(run, error, detail):
    """The function or file that has yet to be written is in the outcome as such."""
    checks = run(f'@number("1.1")\n@weight(7)\ndef test_a():\n    "A"\n    raise {error}\n')
    assert checks["1.1"].cases[0].detail == detail


def test_an_interrupt_ends_the_run_with_what_was_done(run):
    """Ctrl-C is passed on; what was finished is saved, and the rest says 'not run'."""
    with pytest.raises(KeyboardInterrupt):
        run('''
@number("1.1")
@weight(3)
def test_a():
    """A"""

@number("1.2")
@weight(4)
def test_b():
    """B"""
    raise KeyboardInterrupt
''')
    assert run.saved[-1] == [Status.PASSED, Status.NOT_RUN]


def test_a_check_without_time_says_what_used_it(run):
    """When the time is used up, a check that needs a worker is 'not run', with the reason."""
    now = [0.0]

    def clock():
        now[0] += 200
        return now[0]

    checks = run(
        '''
@number("1.1")
@weight(7)
def test_a(scope):
    """A"""
''',
        clock=clock,
        total=300,
    )
    assert checks["1.1"].reason == "out-of-time"
    assert "Not run" in checks["1.1"].cases[0].message
