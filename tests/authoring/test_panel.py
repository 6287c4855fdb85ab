"""The panel's verdicts about the grader."""

import pytest

from grader.authoring import panel
from grader.authoring.bugs.bug import REFERENCE
from grader.authoring.panel import Entrant, Verdict, idle_checks, judge

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


@pytest.mark.slow
def test_several_processes_give_the_same_verdicts(judged, monkeypatch):
    """Shared among processes, every entrant is judged once."""
    monkeypatch.setattr(panel, "SHARE", 1)
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
