"""`grader panel`: known mistakes must be caught, and right solutions must pass (instructors)."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from grader.authoring import panel, tape
from grader.authoring.bugs import COMPONENTS, Component
from grader.authoring.bugs.bug import Bug
from grader.authoring.panel import Entrant, Verdict
from grader.authoring.right import solutions
from grader.commands.progress import overwrite
from grader.errors import ConfigurationError
from grader.tape import Header, write

# A mistake must cost nothing in the other components of its part, which run with one seed.
PARTS = {
    part: frozenset(check for c in COMPONENTS for check in c.checks if check[0] in part)
    for part in ("1", "23")
}


def run(options: argparse.Namespace) -> int:
    """Run the panel; 0 if every verdict is right, else 1.

    Raises ConfigurationError for an unknown component.
    """
    components = _chosen(options.component)
    faults = 0
    if not options.right:
        faults += _bugs(components, options.seeds or 20, options.jobs)
    if not options.bugs:
        faults += _right(components, options.seeds or 200, options.jobs)
    print("the grader judged all of them rightly" if not faults else f"{faults} wrong verdicts")
    return 1 if faults else 0


def _chosen(name: str | None) -> list[Component]:
    chosen = [component for component in COMPONENTS if name in (None, component.name)]
    if not chosen:
        known = ", ".join(component.name for component in COMPONENTS)
        raise ConfigurationError(f"there is no component {name!r}: take one of {known}")
    return chosen


def _bugs(components: list[Component], seeds: int, jobs: int) -> int:
    """The kill matrix; returns how many verdicts are wrong."""
    bugs = [(component, bug) for component in components for bug in component.bugs()]
    own = [
        Entrant(bug.name, bug.files, _must_fail(bug), component.checks) for component, bug in bugs
    ]
    others = [
        Entrant(f"{bug.name} (other components)", bug.files, frozenset(), _others(component))
        for component, bug in bugs
    ]
    print(f"known mistakes: {len(bugs)}, {seeds} seeds")
    verdicts = _judge(own, seeds, jobs)
    verdicts += _judge(others, 1, jobs)
    checks = {check for component in components for check in component.checks}
    idle = panel.idle_checks(verdicts, checks)
    for check in idle:
        print(f"  check {check} catches nothing")
    for component, bug in bugs:
        if bug.equivalent:
            print(f"  equivalent in {component.name}: {bug.name}: {bug.equivalent}")
    return sum(not verdict.sound for verdict in verdicts) + len(idle)


def _must_fail(bug: Bug) -> frozenset[str]:
    return frozenset() if bug.equivalent else bug.caught_by


def _others(component: Component) -> frozenset[str]:
    part = next(checks for checks in PARTS.values() if component.checks <= checks)
    return part - component.checks


def _right(components: list[Component], seeds: int, jobs: int) -> int:
    """Right solutions in other styles; returns how many failed."""
    checks = frozenset(check for component in components for check in component.checks)
    entrants = [
        Entrant(right.name, right.files, frozenset(), right.checks & checks)
        for right in solutions()
        if right.checks & checks
    ]
    print(f"right solutions: {len(entrants)}, {seeds} seeds")
    return sum(not verdict.sound for verdict in _judge(entrants, seeds, jobs))


def _judge(entrants: list[Entrant], seeds: int, jobs: int) -> list[Verdict]:
    """Judge with fresh seeds; prints each wrong verdict, and how far it is."""
    done = 0

    def told(verdict: Verdict) -> None:
        nonlocal done
        done += 1
        if not verdict.sound:
            print(f"  {verdict.text()}")
        overwrite(f"{done} of {len(entrants)}")

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "panel.npz")
        numbers = tuple(tape.PANEL_SEED + i for i in range(seeds))
        write(path, Header(numbers, "panel", ""), tape.record(tape.REFERENCE, numbers))
        verdicts = panel.judge(entrants, tape.REFERENCE, path, jobs=jobs, told=told)
    overwrite("")
    return verdicts
