"""How often the diagnosis names the right family: single mistakes, and random pairs of them.

    python benchmarks/diagnosis.py [--component pooling] [--singles 20] [--pairs 40]

Known mistakes are run as submissions, alone and two at a time, and what each failed check
showed is looked up on the public tape. So are mistakes in code that made no fingerprints
(tests/diagnosis/blind). A look-up is *falsely sure* if it explains everything and yet, for one
of the mistakes that it claims, names no family that is there. Times are those of a look-up
alone: from the tape, where a check failed, to the families.
"""

from __future__ import annotations

import argparse
import importlib
import random
import statistics
import time
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from merging import merged

from grader import checks, sandbox
from grader.assignment import load
from grader.authoring.bench import Bench
from grader.authoring.bugs import COMPONENTS, Component
from grader.authoring.bugs.bug import REFERENCE, Bug
from grader.authoring.unseen import load as load_unseen
from grader.diagnosis.report import Diagnosis, diagnose
from grader.outcomes import CheckOutcome, Status
from grader.session import start
from grader.tape import PUBLIC, Tape

SEED = 4  # of the samples
UNSEEN = Path(__file__).parents[1] / "tests" / "diagnosis" / "blind"
ATTEMPTS = 30  # at a pair, for each that is wanted: most edits get in each other's way


@dataclass(frozen=True)
class LookUp:
    """What is known of one failed check, and how long it took to find out."""

    check: str
    found: Diagnosis
    seconds: float

    def falsely_sure(self, families: set[str]) -> bool:
        """Whether it claims to know all, and names a mistake that is none of `families`."""
        return self.found.complete and any(
            not families.intersection(alternatives) for alternatives in self.found.mistakes
        )


@dataclass
class Counts:
    """How many submissions were diagnosed, and how well."""

    total: int = 0
    all_named: int = 0
    some_named: int = 0
    falsely_sure: int = 0

    def add(self, looks: Sequence[LookUp], families: set[str], also: set[str]) -> bool:
        """Count a submission with mistakes of these families; whether all went well.

        `also` are families that describe it as well, but need not be named.
        """
        named = {f for look in looks for group in look.found.mistakes for f in group} & families
        false = any(look.falsely_sure(families | also) for look in looks)
        self.total += 1
        self.all_named += named == families
        self.some_named += bool(named)
        self.falsely_sure += false
        return named == families and not false


@dataclass
class Diagnoser:
    """Runs submissions and looks up what their failed checks showed."""

    bench: Bench
    tape: Tape
    functions: dict[str, Any]
    seconds: dict[str, list[float]] = field(default_factory=dict)

    def __call__(self, checks: frozenset[str], files: Mapping[str, str]) -> list[LookUp]:
        """One look-up for each of the checks that fails."""
        seed = self.tape.header.seeds[0]
        trial = self.bench.run(files, self.tape, seed, checks.__contains__)
        looks = []
        for number, check in trial.checks.items():
            if check.status is not Status.FAILED:
                continue
            function, seen = self.functions[number], trial.observers[number].seen
            began = time.perf_counter()
            library = self.tape.library(seed, number)
            sides = _sides(function, check)
            found = diagnose(seen, library, function.__families__, *sides)
            looks.append(LookUp(number, found, time.perf_counter() - began))
            self.seconds.setdefault(number, []).append(looks[-1].seconds)
        return looks


def _sides(function: Any, check: CheckOutcome) -> tuple[list[Any], list[Any]]:
    """The properties of the failing configurations, and of the passing ones."""
    cases = list(zip(function.__cases__, check.cases))
    return (
        [case.properties() for case, outcome in cases if outcome.status is Status.FAILED],
        [case.properties() for case, outcome in cases if outcome.status is Status.PASSED],
    )


def diagnosed_checks() -> dict[str, Any]:
    """The check functions that have hints, by number."""
    names = sorted(path.stem for path in Path(str(checks.__file__)).parent.glob("check_*.py"))
    modules: list[ModuleType] = [importlib.import_module(f"grader.checks.{n}") for n in names]
    found = [value for module in modules for value in vars(module).values()]
    return {f.__number__: f for f in found if hasattr(f, "__families__")}


def singles(component: Component, diagnoser: Diagnoser, wanted: int | None) -> Counts:
    """Mistakes by themselves, `wanted` of them at random, or all; prints what went wrong."""
    bugs = [bug for bug in component.bugs() if not bug.equivalent]
    if wanted is not None and wanted < len(bugs):
        bugs = random.Random(SEED).sample(bugs, wanted)
    counts = Counts()
    for bug in bugs:
        _count(counts, diagnoser(component.checks, bug.files), [bug])
    return counts


def pairs(component: Component, diagnoser: Diagnoser, wanted: int) -> Counts:
    """Random pairs of mistakes of different families that fit into one submission."""
    rng = random.Random(SEED)
    bugs = [bug for bug in component.bugs() if not bug.equivalent]
    counts, tried = Counts(), set()
    for _ in range(ATTEMPTS * wanted):
        if counts.total == wanted:
            break
        one, two = rng.sample(bugs, 2)
        names = frozenset({one.name, two.name})
        if names in tried or one.family == two.family:
            continue
        tried.add(names)
        files = merged(one, two)
        looks = diagnoser(component.checks, files) if files else []
        if looks:
            _count(counts, looks, [one, two])
    return counts


def unseen(path: Path, diagnoser: Diagnoser) -> Counts:
    """The mistakes of one file, in code that made no fingerprints."""
    counts = Counts()
    for mistake in load_unseen(path):
        looks = diagnoser(mistake.checks, mistake.bug.files)
        _count(counts, looks, [mistake.bug], set(mistake.families))
    return counts


def _count(
    counts: Counts, looks: list[LookUp], bugs: list[Bug], also: AbstractSet[str] = frozenset()
) -> None:
    if not counts.add(looks, {bug.family for bug in bugs}, set(also)):
        names = " + ".join(f"{bug.name} ({bug.family})" for bug in bugs)
        claims = "; ".join(
            f"{look.check}{' surely' if look.found.complete else ''} {list(look.found.mistakes)}"
            for look in looks
        )
        print(f"  {names}: {claims or 'no check fails'}", flush=True)


def table(rows: Mapping[str, Counts]) -> str:
    """A line for each kind of submissions."""
    lines = [f"{'':22s} {'run':>5s} {'all named':>10s} {'some named':>11s} {'falsely sure':>13s}"]
    for name, counts in rows.items():
        shares = (100 * n / max(counts.total, 1) for n in (counts.all_named, counts.some_named))
        all_named, some_named = (f"{share:.1f} %" for share in shares)
        cells = f"{counts.total:5d} {all_named:>10s} {some_named:>11s} {counts.falsely_sure:13d}"
        lines.append(f"{name:22s} {cells}")
    return "\n".join(lines)


def times(seconds: Mapping[str, list[float]]) -> str:
    """A line for each check: how long its look-ups took."""
    lines = []
    for check, taken in sorted(seconds.items()):
        median, worst = 1e3 * statistics.median(taken), 1e3 * max(taken)
        lines.append(
            f"{check}: {len(taken)} look-ups, median {median:.0f} ms, worst {worst:.0f} ms"
        )
    return "\n".join(lines)


def main() -> None:
    """Print the look-ups that went wrong, then the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--component", choices=[component.name for component in COMPONENTS])
    parser.add_argument("--singles", type=int, help="how many of each component (default: all)")
    parser.add_argument("--pairs", type=int, default=40, help="how many of each component")
    parser.add_argument("--tape", type=Path, default=PUBLIC)
    options = parser.parse_args()
    rows: dict[str, Counts] = {}
    with sandbox.WorkerPool() as pool:
        start(pool)
        bench = Bench(REFERENCE, load(), pool)
        diagnoser = Diagnoser(bench, Tape(options.tape), diagnosed_checks())
        for component in COMPONENTS:
            if options.component in (None, component.name):
                print(f"{component.name}:", flush=True)
                rows[component.name] = singles(component, diagnoser, options.singles)
                rows[f"{component.name}, pairs"] = pairs(component, diagnoser, options.pairs)
        if options.component is None:
            for path in sorted(UNSEEN.glob("*.toml")):
                print(f"unseen, {path.stem}:", flush=True)
                rows[f"unseen, {path.stem}"] = unseen(path, diagnoser)
    print(table(rows), times(diagnoser.seconds), sep="\n\n")


if __name__ == "__main__":
    main()
