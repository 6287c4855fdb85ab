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


def test_what_should_come_is_collected_from_all_cases(run):
    """Each wrong value has its words once, in the order of the cases; what passes adds none."""
    checks = run("""
@number("1.1")
@weight(7)
@handout("1.5 ReLU")
@cases([Case("a"), Case("b"), Case("c"), Case("d")])
def test_a(case):
    'A'
    words = {"a": {"dx": "a gradient"}, "b": {"dw": "a sum", "dx": "said before"}, "c": {}}
    if case.name in words:
        raise errors.WrongResult("no", expected=words[case.name])

@number("1.2")
@weight(0)
def test_b():
    'B'
""")
    assert list(checks["1.1"].expected.items()) == [("dx", "a gradient"), ("dw", "a sum")]
    assert (checks["1.1"].handout, checks["1.2"].handout) == ("1.5 ReLU", "")
    assert checks["1.2"].expected == {}


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


ABOUT_F = '''
@number("1.1")
@weight(7)
@cases([Case("a"), Case("b")])
@exercises("layer.py", "f")
def test_a(case):
    """A"""
    if case.name == "b":
        {body}
'''


@pytest.fixture
def claims(monkeypatch):
    """What the plugin asks; the answer is that `f` is the template's if `is_f`, or an error."""

    def answer(exercises, case, part, known):
        answer.asked.append((exercises[0].functions, case.name, part.part.number, known))
        if isinstance(answer.is_f, BaseException):
            raise answer.is_f
        return errors.NotStarted("f") if answer.is_f else None

    answer.asked, answer.is_f = [], True
    monkeypatch.setattr("grader.plugin.unwritten", answer)
    return answer


@pytest.mark.parametrize(
    "body",
    [
        "assert False, 'wrong sign'",
        "raise errors.WrongResult('no', code='mutated', expected={'dx': 'words'})",
        "raise errors.StudentCodeRaised('TypeError', 'no')",
        "raise errors.BadAnswer('no')",
        "raise errors.Blocked('first')",
        "raise errors.NotStarted('anything')",
    ],
)
def test_a_failure_of_the_templates_code_is_not_started(run, claims, body):
    """It takes the place of what was found, costs the same, and leaves no other trace."""
    check = run(ABOUT_F.format(body=body))["1.1"]
    passed, failed = check.cases
    assert (passed.status, failed.status) == (Status.PASSED, Status.FAILED)
    assert (failed.reason, failed.points, failed.detail) == ("not-started", 0, {"name": "f"})
    assert "Not started: `f`" in failed.message
    assert (check.points, check.expected, run.grading.run.staff_notes) == (Fraction(7, 2), {}, [])
    assert set(run.grading.observers["1.1"].seen) == {"a[a]"}
    assert claims.asked == [(("f",), "b", "1", {})]


def test_a_failure_of_code_that_was_begun_stays(run, claims):
    """Where the function is not the template's, the finding is told as it is."""
    claims.is_f = False
    (_, failed) = run(ABOUT_F.format(body="raise errors.WrongResult('no')"))["1.1"].cases
    assert (failed.reason, failed.message) == ("wrong", "no")
    assert "a[b]" in run.grading.observers["1.1"].seen


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("pass", ""),
        ("raise errors.MissingFile('a.py')", "missing-file"),
        ("raise errors.TimeLimitExceeded(3.0)", "time-limit"),
        ("raise errors.MemoryLimitExceeded(600)", "memory-limit"),
        ("raise errors.WorkerCrashed('SIGSEGV')", "crash"),
        ("raise errors.WorkerExited(1)", "exit"),
        ("raise errors.SandboxError('none')", "sandbox"),
        ("1 / 0", "grader-bug"),
    ],
)
def test_nobody_is_asked_after_other_ends(run, claims, body, reason):
    """A pass, a dead worker, a missing file and the grader's own fault need no question."""
    (_, case) = run(ABOUT_F.format(body=body))["1.1"].cases
    assert (case.reason, claims.asked) == (reason, [])


def test_nobody_is_asked_without_the_mark(run, claims):
    """A check that names no function keeps its findings."""
    text = ABOUT_F.format(body="raise errors.WrongResult('no')").replace("@exercises", "# ")
    assert run(text)["1.1"].cases[1].reason == "wrong"
    assert claims.asked == []


def test_a_question_that_fails_costs_nobody(run, claims):
    """The finding stays, and staff is told why nothing better is known."""
    claims.is_f = errors.ConfigurationError("template.json cannot be read")
    (_, failed) = run(ABOUT_F.format(body="raise errors.WrongResult('no')"))["1.1"].cases
    assert (failed.status, failed.reason) == (Status.FAILED, "wrong")
    assert run.grading.run.staff_notes == ["1.1: template.json cannot be read"]


def test_diagnosis_goes_by_evidence_and_not_by_words(run):
    """The same evidence in other words shows the same; other evidence or another code does not."""
    run("""
@number("1.1")
@weight(7)
@cases([Case("plain"), Case("reworded"), Case("other"), Case("coded")])
def test_a(case):
    'A'
    errors_of = {
        "plain": errors.WrongResult("No sum.", evidence="sum"),
        "reworded": errors.WrongResult("There is no sum.", evidence="sum"),
        "other": errors.WrongResult("No sum.", evidence="mean"),
        "coded": errors.WrongResult("No sum.", code="sum", evidence="sum"),
    }
    raise errors_of[case.name]
""")
    seen = run.grading.observers["1.1"].seen
    plain, reworded, other, coded = (
        tuple(seen[f"a[{name}]"].sketch) for name in ("plain", "reworded", "other", "coded")
    )
    assert plain == reworded
    assert len({plain, other, coded}) == 3


POOL = "modules/max_pool.py"
SCATTER = "np.add.at(self.dx, (n, c, i * s + u, j * s + v), dout)"


@pytest.mark.parametrize(
    ("lost", "hint"),
    [
        ("False", "It is wrong only where windows overlap."),
        ("(self.stride, x.shape[2]) == (1, 4)", "It is wrong only where windows overlap."),
        ("x.shape[2:] == (6, 4)", ""),
    ],
)
def test_a_factor_is_not_claimed_of_what_could_not_be_checked(submit, grade, lost, hint):
    """Where forward fails on a configuration without the property, backward may be wrong, too."""
    text = (submit() / "part1-convnet" / POOL).read_text()
    assert SCATTER in text
    text = text.replace(SCATTER, "self.dx[n, c, i * s + u, j * s + v] = dout")
    text += f"""

Whole = MaxPooling


class MaxPooling(Whole):
    def forward(self, x):
        if {lost}:
            raise ValueError("no")
        return super().forward(x)
"""
    check = grade(submit({POOL: text}), lambda number: number == "1.4")["1.4"]
    unchecked = [case.name for case in check.cases if case.status is Status.UNCHECKED]
    assert bool(unchecked) is (lost != "False")
    assert check.hint == hint
