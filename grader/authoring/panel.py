"""The panel: known mistakes must be caught where they are, and right solutions must pass.

Each variant is checked like a submission, once for every seed. A mistake that its check
lets pass, one that costs points elsewhere, a right solution that fails, and a check that
catches nothing at all are faults of the grader.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from grader import sandbox
from grader.assignment import load
from grader.authoring import side_by_side
from grader.authoring.bench import Bench, Trial
from grader.exporters.summary import is_grader_fault
from grader.outcomes import CheckOutcome, Status
from grader.session import start
from grader.tape import Tape


@dataclass(frozen=True)
class Entrant:
    """A variant on the panel: its files, and the checks that must fail and that are run."""

    name: str
    files: dict[str, str]
    must_fail: frozenset[str]
    checks: frozenset[str]


@dataclass
class Verdict:
    """What the panel found about one variant, over all seeds.

    `missed` counts for each check the seeds in which it let the mistake pass; `unrelated`
    likewise for checks that failed, or gave fewer points, without reason; `caught` for
    those that caught it; `broken` for those that the grader could not make. `lost` is the
    most points that each check gave less than it has, with any seed, and `worth` what the
    checks that were run give together.
    """

    name: str
    seeds: int = 0
    caught: dict[str, int] = field(default_factory=dict)
    missed: dict[str, int] = field(default_factory=dict)
    unrelated: dict[str, int] = field(default_factory=dict)
    lost: dict[str, Fraction] = field(default_factory=dict)
    worth: Fraction = Fraction(0)
    broken: dict[str, int] = field(default_factory=dict)

    @property
    def cost(self) -> Fraction:
        """The most points that the variant loses in all checks that were run."""
        return sum(self.lost.values(), Fraction(0))

    @property
    def sound(self) -> bool:
        """Whether the grader judged this variant rightly with every seed."""
        return not (self.missed or self.unrelated or self.broken)

    def add(self, entrant: Entrant, trial: Trial) -> None:
        """Count one seed."""
        self.seeds += 1
        self.worth = sum((check.max_points for check in trial.checks.values()), Fraction(0))
        for number, check in trial.checks.items():
            lost = check.max_points - check.points
            if lost:
                self.lost[number] = max(lost, self.lost.get(number, lost))
            if is_grader_fault(check):
                kind = self.broken
            elif number in entrant.must_fail:
                kind = self.caught if check.status is Status.FAILED else self.missed
            elif (lost or check.status is not Status.PASSED) and not _excused(check, entrant):
                kind = self.unrelated
            else:
                continue
            kind[number] = kind.get(number, 0) + 1

    def text(self) -> str:
        """One line for people."""
        parts = [f"{self.name}: {self.seeds} seeds"]
        faults = {
            "missed by": self.missed,
            "also fails": self.unrelated,
            "could not be checked by": self.broken,
        }
        for words, counts in faults.items():
            if counts:
                listed = ", ".join(f"{number} ({count} times)" for number, count in counts.items())
                parts.append(f"{words} {listed}")
        return ", ".join(parts)


def _excused(check: CheckOutcome, entrant: Entrant) -> bool:
    """Whether a check could not be made for a mistake that another check of its kind caught.

    A backward whose forward does not run is such a one.
    """
    return bool(entrant.must_fail) and check.status is Status.UNCHECKED


Told = Callable[[Verdict], None]


def judge(
    entrants: Sequence[Entrant],
    reference: Path,
    tape: Path,
    *,
    jobs: int = 1,
    told: Told = lambda _: None,
) -> list[Verdict]:
    """Run every entrant with every seed of the tape, `jobs` at a time.

    `told` hears of each verdict as it comes; they come in no particular order.
    """
    work = functools.partial(_opened, reference, tape)
    return side_by_side.run(work, entrants, jobs, told)


def idle_checks(verdicts: Iterable[Verdict], checks: Iterable[str]) -> list[str]:
    """Those of `checks` that caught no mistake at all."""
    caught = {number for verdict in verdicts for number in verdict.caught}
    return sorted(set(checks) - caught)


@contextlib.contextmanager
def _opened(reference: Path, tape_path: Path) -> Iterator[Callable[[Entrant], Verdict]]:
    """What judges one entrant after the other, with zygotes of its own."""
    with sandbox.WorkerPool() as pool:
        start(pool)
        bench = Bench(reference, load(), pool)
        yield functools.partial(_judge_one, bench, Tape(tape_path))


def _judge_one(bench: Bench, tape: Tape, entrant: Entrant) -> Verdict:
    verdict = Verdict(entrant.name)
    for seed in tape.header.seeds:
        trial = bench.run(entrant.files, tape, seed, entrant.checks.__contains__)
        verdict.add(entrant, trial)
    return verdict
