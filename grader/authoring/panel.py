"""The panel: known mistakes must be caught where they are, and right solutions must pass.

Each variant is checked like a submission, once for every seed. A mistake that its check
lets pass, one that costs points elsewhere, a right solution that fails, and a check that
catches nothing at all are faults of the grader.
"""

from __future__ import annotations

import concurrent.futures
import multiprocessing
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader import sandbox
from grader.assignment import load
from grader.authoring.bench import Bench, Trial
from grader.outcomes import CheckOutcome, Status
from grader.session import start
from grader.tape import Tape

SHARE = 12  # variants that a process takes at a time; starting its zygotes takes seconds


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
    likewise for checks that failed without reason; `caught` for those that caught it.
    """

    name: str
    seeds: int = 0
    caught: dict[str, int] = field(default_factory=dict)
    missed: dict[str, int] = field(default_factory=dict)
    unrelated: dict[str, int] = field(default_factory=dict)

    @property
    def sound(self) -> bool:
        """Whether the grader judged this variant rightly with every seed."""
        return not self.missed and not self.unrelated

    def add(self, entrant: Entrant, trial: Trial) -> None:
        """Count one seed."""
        self.seeds += 1
        for number, check in trial.checks.items():
            if number in entrant.must_fail:
                kind = self.caught if check.status is Status.FAILED else self.missed
            elif check.status is not Status.PASSED and not _excused(check, entrant):
                kind = self.unrelated
            else:
                continue
            kind[number] = kind.get(number, 0) + 1

    def text(self) -> str:
        """One line for people."""
        parts = [f"{self.name}: {self.seeds} seeds"]
        for words, counts in (("missed by", self.missed), ("also fails", self.unrelated)):
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
    if jobs == 1:
        return _judge_some(entrants, reference, tape, told)
    verdicts: list[Verdict] = []
    spawn = multiprocessing.get_context("spawn")  # a fork would copy this process's pytest
    with concurrent.futures.ProcessPoolExecutor(jobs, spawn) as pool:
        shares = [
            pool.submit(_judge_some, entrants[at : at + SHARE], reference, tape)
            for at in range(0, len(entrants), SHARE)
        ]
        for done in concurrent.futures.as_completed(shares):
            for verdict in done.result():
                verdicts.append(verdict)
                told(verdict)
    return verdicts


def idle_checks(verdicts: Iterable[Verdict], checks: Iterable[str]) -> list[str]:
    """Those of `checks` that caught no mistake at all."""
    caught = {number for verdict in verdicts for number in verdict.caught}
    return sorted(set(checks) - caught)


def _judge_some(
    entrants: Sequence[Entrant], reference: Path, tape_path: Path, told: Told = lambda _: None
) -> list[Verdict]:
    """One process's share, with zygotes of its own."""
    tape = Tape(tape_path)
    verdicts = []
    with sandbox.WorkerPool() as pool:
        start(pool)
        bench = Bench(reference, load(), pool)
        for entrant in entrants:
            verdict = Verdict(entrant.name)
            for seed in tape.header.seeds:
                trial = bench.run(entrant.files, tape, seed, entrant.checks.__contains__)
                verdict.add(entrant, trial)
            verdicts.append(verdict)
            told(verdict)
    return verdicts
