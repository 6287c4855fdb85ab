"""`grader panel`: whether the grader is right (instructors).

Sample submissions must get what they are said to, known mistakes must be caught, and right
solutions must pass.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.assignment import load
from grader.authoring import gradings, panel, rubric, rubric_views, samples, side_by_side, tape
from grader.authoring.bar import bar
from grader.authoring.bugs import COMPONENTS, Component
from grader.authoring.bugs.bug import Bug
from grader.authoring.costs import costs
from grader.authoring.gradings import Graded
from grader.authoring.panel import Entrant, Verdict
from grader.authoring.right import solutions
from grader.errors import ConfigurationError
from grader.tape import Header, write
from grader.text import clean

BUG_SEEDS = 20
RIGHT_SEEDS = 200
PLAIN_WIDTH = 120
# A mistake must cost nothing in the other components of its part, which run with one seed.
PARTS = {
    part: frozenset(check for c in COMPONENTS for check in c.checks if check[0] in part)
    for part in ("1", "23")
}


def run(options: argparse.Namespace) -> int:
    """Run the panel; 0 if the grader judged all as it must, else 1.

    Raises ConfigurationError for options that do not go together or a component that does
    not exist, SampleError for a sample that does not exist or makes no sense.
    """
    _refuse_misfits(options)
    jobs = options.jobs or side_by_side.cores()
    if options.bugs or options.right:
        components = _chosen(options.component)
        if options.bugs:
            faults = _bugs(components, options.seeds or BUG_SEEDS, jobs)
        else:
            faults = _right(components, options.seeds or RIGHT_SEEDS, jobs)
        print(f"{faults} wrong verdicts" if faults else "the grader judged all of them rightly")
        return 1 if faults else 0
    graded = _samples(options.names, jobs)
    if options.points:
        _report(graded, options.output)
    return _differences(graded)


def _refuse_misfits(options: argparse.Namespace) -> None:
    variants = options.bugs or options.right
    misfits = {
        "names of samples": options.names and variants,
        "--component": options.component and not variants,
        "--seeds": options.seeds is not None and not variants,
        "--output": options.output and not options.points,
    }
    for what, given in misfits.items():
        if given:
            message = f"{what} does not go with this: see `grader panel --help`"
            raise ConfigurationError(message)
    for what, number in (("--jobs", options.jobs), ("--seeds", options.seeds)):
        if number is not None and number < 1:
            raise ConfigurationError(f"{what} must be at least 1, not {number}")


def _samples(names: Sequence[str], jobs: int) -> list[Graded]:
    """Grade the samples, with a bar."""
    total = len(set(names)) or len(samples.names())
    with bar("samples", total) as advance:

        def told(graded: Graded) -> None:
            count = len(graded.differences)
            how = f"{count} difference{'s' * (count > 1)}" if count else "as expected"
            advance(f"{graded.name}: {how} ({graded.seconds:.0f} s)")

        return gradings.grade_all(names, jobs=jobs, told=told)


def _differences(graded: Sequence[Graded]) -> int:
    """Print what came out otherwise than expected; 1 if anything did, else 0."""
    wrong = [one for one in graded if one.differences]
    if not wrong:
        print(f"all {len(graded)} sample submissions get what they must")
        return 0
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("submission", "check"):
        table.add_column(column, no_wrap=True)
    for column in ("expected", "got"):
        table.add_column(column, ratio=1)
    for one in wrong:
        for difference in one.differences:
            cells = (one.name, difference.where, difference.expected, difference.got)
            table.add_row(*(Text(clean(cell)) for cell in cells))
    _console().print(table)
    print(f"{len(wrong)} of {len(graded)} sample submissions do not get what they must")
    return 1


def _report(graded: Sequence[Graded], output: Path | None) -> None:
    """Print what each sample gets and why, and write it as Markdown where that is asked for."""
    assignment = load()
    report = rubric.entries(graded, assignment)
    prices = rubric.prices(report)
    rubric_views.show(_console(), report, prices)
    if output is not None:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(rubric_views.markdown(report, prices, assignment.title), encoding="utf-8")
        print(output)
    print()


def _console() -> Console:
    width = None if sys.stdout.isatty() else PLAIN_WIDTH
    return Console(width=width, highlight=False, markup=False, emoji=False)


def _chosen(name: str | None) -> list[Component]:
    chosen = [component for component in COMPONENTS if name in (None, component.name)]
    if not chosen:
        known = ", ".join(component.name for component in COMPONENTS)
        raise ConfigurationError(f"there is no component {name!r}: take one of {known}")
    return chosen


def _bugs(components: list[Component], seeds: int, jobs: int) -> int:
    """The kill matrix, and what mistakes cost; returns how many verdicts are wrong."""
    bugs = [(component, bug) for component in components for bug in component.bugs()]
    own = [
        Entrant(bug.name, bug.files, _must_fail(bug), component.checks) for component, bug in bugs
    ]
    others = [
        Entrant(f"{bug.name} (other components)", bug.files, frozenset(), _others(component))
        for component, bug in bugs
    ]
    print(f"known mistakes: {len(bugs)}, {seeds} seeds")
    verdicts = _judge("known mistakes", own, seeds, jobs)
    verdicts += _judge("other components", others, 1, jobs)
    checks = {check for component in components for check in component.checks}
    idle = panel.idle_checks(verdicts, checks)
    for check in idle:
        print(f"  check {check} catches nothing")
    for component, bug in bugs:
        if bug.equivalent:
            print(f"  equivalent in {component.name}: {bug.name}: {bug.equivalent}")
    mistakes = {bug.name: component.name for component, bug in bugs if not bug.equivalent}
    for cost in costs(verdicts, mistakes):
        print(f"  {cost.text()}")
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
    return sum(not verdict.sound for verdict in _judge("right solutions", entrants, seeds, jobs))


def _judge(what: str, entrants: list[Entrant], seeds: int, jobs: int) -> list[Verdict]:
    """Judge with fresh seeds; prints each wrong verdict, and how far it is."""
    with tempfile.TemporaryDirectory() as folder, bar(what, len(entrants)) as advance:

        def told(verdict: Verdict) -> None:
            if not verdict.sound:
                print(f"  {verdict.text()}")
            advance(verdict.name)

        path = Path(folder, "panel.npz")
        numbers = tuple(tape.PANEL_SEED + i for i in range(seeds))
        write(path, Header(numbers, "panel", ""), tape.record(tape.REFERENCE, numbers))
        return panel.judge(entrants, tape.REFERENCE, path, jobs=jobs, told=told)
