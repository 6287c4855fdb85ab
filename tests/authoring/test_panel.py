"""The panel's verdicts about the grader."""

from fractions import Fraction

import pytest

from grader.authoring.bench import Trial
from grader.authoring.bugs.bug import REFERENCE
from grader.authoring.panel import Entrant, Verdict, idle_checks, judge
from grader.outcomes import CaseOutcome, CheckOutcome, Status

RELU = "part1-convnet/modules/relu.py"
CHECKS = frozenset({"1.5", "1.6"})


def relu(old, new):
    """The reference's ReLU with one edit."""
    return {RELU: (REFERENCE / RELU).read_text().replace(old, new)}


@pytest.fixture
def judged(tape):
    """Judge entrants with the seed of the tests' tape."""

    def run(*entrants, jobs=1):
        heard = []
        verdicts = judge(entrants, REFERENCE, tape.path, jobs=jobs, told=heard.append)
        assert sorted(v.name for v in heard) == sorted(v.name for v in verdicts)
        return verdicts

    return run


def test_a_mistake_that_is_caught_where_it_is_makes_a_sound_verdict(judged):
    """The check that must fail did, and no other."""
    (verdict,) = judged(Entrant("sign", relu("x > 0", "x < 0"), frozenset({"1.5"}), CHECKS))
    assert verdict.sound
    assert verdict.caught == {"1.5": 1}


def test_a_mistake_that_passes_is_missed(judged):
    """A check that should have failed and passed is the grader's fault."""
    (verdict,) = judged(Entrant("none", {}, frozenset({"1.5"}), CHECKS))
    assert not verdict.sound
    assert verdict.text() == "none: 1 seeds, missed by 1.5 (1 times)"


def test_a_right_solution_that_fails_is_a_fault(judged):
    """A check that should have passed and failed is named."""
    (verdict,) = judged(Entrant("right?", relu("x > 0", "x < 0"), frozenset(), CHECKS))
    assert verdict.unrelated == {"1.5": 1}
    assert verdict.text() == "right?: 1 seeds, also fails 1.5 (1 times)"


def test_what_cannot_be_checked_for_a_caught_mistake_is_no_fault(judged):
    """A forward that does not run fails, and its backward, which needs it, is left open."""
    path = "part1-convnet/modules/convolution.py"
    text = (REFERENCE / path).read_text().replace("k, s, p = self", "k, s, p = 1 / 0, self", 1)
    checks = frozenset({"1.1", "1.2"})
    (verdict,) = judged(Entrant("crash", {path: text}, frozenset({"1.1"}), checks))
    assert verdict.sound
    (verdict,) = judged(Entrant("right?", {path: text}, frozenset(), checks))
    assert verdict.unrelated == {"1.1": 1, "1.2": 1}


def test_a_check_that_the_grader_could_not_make_is_neither_missed_nor_unrelated():
    """What is broken is the grader, whatever the check should have said."""
    case = CaseOutcome("a", "core", Fraction(1), Status.UNCHECKED, reason="grader-bug")
    check = CheckOutcome("1.5", "1", "ReLU", Fraction(1), cases=[case])
    for must_fail in (frozenset(), frozenset({"1.5"})):
        verdict = Verdict("any")
        verdict.add(Entrant("any", {}, must_fail, CHECKS), Trial({"1.5": check}, {}))
        assert not verdict.sound
        assert verdict.text() == "any: 1 seeds, could not be checked by 1.5 (1 times)"


def test_points_lost(judged):
    """A verdict knows what the checks lost, and what they are worth."""
    (verdict,) = judged(Entrant("sign", relu("x > 0", "x < 0"), frozenset({"1.5"}), CHECKS))
    assert set(verdict.lost) == {"1.5"}
    assert 0 < verdict.cost == verdict.lost["1.5"] < verdict.worth


def trial(status, points):
    """A trial of one check, worth 1 point."""
    case = CaseOutcome("", "core", Fraction(1), status, Fraction(points))
    return Trial({"1.6": CheckOutcome("1.6", "1", "title", Fraction(1), cases=[case])}, {})


def test_points_lost_without_a_failure_are_a_fault():
    """A check that passes with fewer points costs, and without reason that is a fault."""
    verdict = Verdict("partial")
    verdict.add(Entrant("partial", {}, frozenset(), CHECKS), trial(Status.PASSED, "1/4"))
    assert verdict.unrelated == {"1.6": 1}
    assert verdict.cost == Fraction(3, 4)


def test_the_worst_seed_counts():
    """Of several seeds the one that costs most is kept, and a check that costs nothing is not."""
    verdict = Verdict("seeds")
    entrant = Entrant("seeds", {}, frozenset({"1.6"}), CHECKS)
    verdict.add(entrant, trial(Status.FAILED, "1/2"))
    verdict.add(entrant, trial(Status.FAILED, "3/4"))
    verdict.add(entrant, trial(Status.PASSED, "1"))
    assert verdict.lost == {"1.6": Fraction(1, 2)}
    assert verdict.missed == {"1.6": 1}
    other = Verdict("none")
    other.add(entrant, trial(Status.PASSED, "1"))
    assert other.lost == {}
    assert other.cost == 0


@pytest.mark.slow
def test_several_processes_give_the_same_verdicts(judged):
    """Shared among processes, every entrant is judged once."""
    entrants = [
        Entrant("right", {}, frozenset(), CHECKS),
        Entrant("sign", relu("x > 0", "x < 0"), frozenset({"1.5"}), CHECKS),
    ]
    verdicts = judged(*entrants, jobs=2)
    assert {verdict.name for verdict in verdicts if verdict.sound} == {"right", "sign"}


def test_checks_that_catch_nothing_are_named():
    """A check without a single catch is idle."""
    verdicts = [Verdict("one", caught={"1.5": 1}), Verdict("two")]
    assert idle_checks(verdicts, {"1.5", "1.6"}) == ["1.6"]
