"""Which checks a change affects, and what a run is after they ran again."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping

from grader.outcomes import ALL_FILES, CheckOutcome, Run
from grader.watching.imports import Imports


def affected(
    checks: Collection[CheckOutcome],
    changed: Collection[str],
    imports: Imports,
    folders: Mapping[str, str],
) -> list[str]:
    """The numbers of the checks that read a changed file, or what imports one.

    `folders` has the folder of each part's number. A check that ended before it read
    anything may depend on every file of its part.
    """

    def is_hit(check: CheckOutcome) -> bool:
        if not check.reads:
            return any(path.startswith(f"{folders[check.part]}/") for path in changed)
        if ALL_FILES in check.reads:
            return bool(changed)
        return not imports.closure(check.reads).isdisjoint(changed)

    return [check.number for check in checks if is_hit(check)]


def merge(run: Run, again: Run) -> tuple[Run, dict[str, CheckOutcome]]:
    """The run with the checks that ran again in their places, and their former outcomes."""
    fresh = {check.number: check for check in again.checks}
    former = {check.number: check for check in run.checks if check.number in fresh}
    merged = dataclasses.replace(
        again,
        checks=[fresh.get(check.number, check) for check in run.checks],
        left_out=run.left_out,
        isolation=run.isolation | again.isolation,
        peak_mb=max(run.peak_mb, again.peak_mb),
    )
    return merged, former
