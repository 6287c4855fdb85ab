"""The division of the run's time."""

import dataclasses

import pytest

from grader.assignment import load
from grader.budget import SLOWEST, Budget, calibrate, speed_factor
from grader.errors import OutOfTime


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def assignment():
    return load()


PLAN = [("1", f"1.{i}") for i in range(1, 9)] + [("2", f"2.{i}") for i in range(1, 9)]
PLAN += [("3", "3.1"), ("3", "3.2")]


def planned(cpu_seconds=10.0):
    """The plan with one limit for every check."""
    return [(part, check, cpu_seconds) for part, check in PLAN]


def spend(budget, clock, cpu_seconds):
    """Run the plan with checks that use all they get; returns what each got."""
    given = {}
    budget.plan(planned(cpu_seconds))
    for _, check in PLAN:
        began = clock.now
        try:
            allowance = budget.allowance(check)
        except OutOfTime:
            given[check] = 0.0
        else:
            clock.now += allowance.wall_seconds
            given[check] = allowance.wall_seconds
        budget.used(check, clock.now - began)
    return given


def test_wall_time_is_three_times_cpu_time(assignment, clock):
    """A check with plenty of time left gets its CPU seconds, and three times that by the clock."""
    budget = Budget(assignment, 600, clock=clock)
    budget.plan(planned())
    allowance = budget.allowance("1.1")
    assert (allowance.cpu_seconds, allowance.wall_seconds) == (10, 30)


def test_a_slow_machine_gets_more(assignment, clock):
    """Limits grow with the measured slowness of the machine."""
    budget = Budget(assignment, 600, speed=2, clock=clock)
    budget.plan(planned())
    assert budget.allowance("1.1").cpu_seconds == 20


@pytest.mark.parametrize("total", [20, 60, 600])
@pytest.mark.parametrize("speed", [1, 4])
def test_everything_that_hangs_ends_inside_the_limit(assignment, clock, total, speed):
    """Checks that use all they may still end before the limit, less the margin."""
    budget = Budget(assignment, total, speed=speed, clock=clock)
    began = clock.now
    spend(budget, clock, 240)
    assert clock.now - began <= budget.usable_seconds < total


@pytest.mark.parametrize("total", [20, 60, 600])
def test_a_slow_first_part_does_not_starve_the_second(assignment, clock, total):
    """However much Part 1 uses, Part 2 gets its reserve, and each of its checks something."""
    budget = Budget(assignment, total, clock=clock)
    given = spend(budget, clock, 240)
    second = sum(seconds for check, seconds in given.items() if check.startswith("2"))
    reserve = next(part.reserve_seconds for part in assignment.parts if part.number == "2")
    assert second >= 0.99 * reserve * budget.usable_seconds / 570
    assert all(given[f"2.{i}"] > 0 for i in range(1, 9))


@pytest.mark.parametrize("total", [20, 60, 600])
def test_a_check_that_hangs_leaves_time_for_the_next(assignment, clock, total):
    """The first of two checks gets no more than three quarters of the time."""
    budget = Budget(assignment, total, clock=clock)
    budget.plan([("1", "1.1", 1000), ("1", "1.3", 1000)])
    assert budget.allowance("1.1").wall_seconds <= 0.75 * budget.usable_seconds


def test_out_of_time_names_what_used_it(assignment, clock):
    """The message for a check that got no time names the slowest checks before it."""
    budget = Budget(assignment, 600, clock=clock)
    budget.plan(planned())
    budget.used("1.4", 500)
    clock.now += 595
    with pytest.raises(OutOfTime, match=r"1\.4 \(500 s\)"):
        budget.allowance("3.2")


def test_remaining_time_falls_with_the_clock(assignment, clock):
    """What remains is the usable time less what has passed."""
    budget = Budget(assignment, 600, clock=clock)
    clock.now += 70
    assert budget.elapsed() == 70
    assert budget.remaining() == 500


def test_margin_shrinks_with_a_short_limit(assignment, clock):
    """A limit of 20 s keeps back 15 % of it, not the whole margin."""
    assert Budget(assignment, 20, clock=clock).usable_seconds == 17


def test_speed_factor_is_bounded():
    """The factor is never below 1 and never above the largest."""
    assert calibrate() > 0
    assert speed_factor(1e9) == 1
    assert speed_factor(1e-9) == SLOWEST


def test_reserves_of_all_parts_fit_the_limit(assignment):
    """The reserves in assignment.toml leave time over."""
    limits = assignment.limits
    reserved = sum(part.reserve_seconds for part in assignment.parts)
    assert reserved < limits.total_seconds - limits.margin_seconds
    assert dataclasses.asdict(limits)["archive_mb"] == 100
